# %% [markdown]
# # A "CNN-based GAN", trained by `fit`
#
# Many courses train a GAN in this way: they compile the discriminator, freeze it inside a second
# model, and call `train_on_batch` of the two models in turn. This notebook uses the networks of
# such a course, unchanged. It shows what goes wrong with the frozen discriminator, and trains both
# networks with `fit`.
#
# **Installation**
#
# - On your computer, in a clone of the repository:
#   `python3 -m venv .venv && .venv/bin/pip install -e . jupyterlab`, then
#   `.venv/bin/jupyter lab notebooks`.
# - On Colab: in a clone, `pip wheel --no-deps .` creates a file `keras_gans-...whl`. Upload it to
#   the "Files" panel, and run `%pip install keras_gans-*.whl` in a new cell above this one.
# - In a classroom without internet access, everything is already installed. If data is needed,
#   write the path of its folder in the next cell, and remove the `#` before it.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages
# os.environ["KERAS_GANS_DATA"] = "/path/to/the/data"
import keras_gans as kg  # before Keras, which would print messages

import keras
from IPython.display import display
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The course's networks
#
# The generator ends in a sigmoid, so its pixels are between 0 and 1. Real pixels must be in the
# same range, hence `value_range=(0, 1)` further below.


# %%
def slope():
    return layers.LeakyReLU(negative_slope=0.2)


generator = keras.Sequential(
    [
        keras.Input((100,)),
        layers.Dense(7 * 7 * 256),
        slope(),
        layers.Reshape((7, 7, 256)),
        layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
        slope(),
        layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
        slope(),
        layers.Conv2D(1, 7, padding="same", activation="sigmoid"),
    ]
)
discriminator = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 3, strides=2, padding="same"),
        slope(),
        layers.Dropout(0.4),
        layers.Conv2D(64, 3, strides=2, padding="same"),
        slope(),
        layers.Dropout(0.4),
        layers.Flatten(),
        layers.Dense(1, activation="sigmoid"),
    ]
)

# %% [markdown]
# ## The frozen discriminator
#
# The course compiles the discriminator, and then freezes it for the second model. Up to Keras 2,
# the compiled discriminator continued to learn. In Keras 3, it keeps its initial weights, without
# any error: the generator learns to fool a network that has learned nothing. Below, `compile`
# refuses such a network. Read the error: what does it ask you to do?

# %%
discriminator.compile("adam", loss="binary_crossentropy")
discriminator.trainable = False  # as in the course

gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
settings = {"loss": keras.losses.BinaryCrossentropy(), "penalties": [kg.losses.R1(1)]}
try:
    gan.compile(**settings)
except ValueError as error:
    print(error)

# %% [markdown]
# ## The training
#
# Here, nothing is frozen: each network updates only its own weights. `fit` replaces the loop over
# batches, the labels of ones and zeros, `generator.predict`, the second model, and both calls of
# `train_on_batch`. An epoch has 100 batches of 64 digits.

# %%
discriminator.trainable = True
gan.compile(**settings)
dataset = kg.datasets.mnist(64, value_range=(0, 1), seed=0)
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=100,
    epochs=8,
    callbacks=[kg.ImageMonitor("samples/tp_cnn_gan")],
)

# %% [markdown]
# ## The result

# %%
display(kg.drawing.plot_learning_curves(history))
kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=gan.value_range)

# %% [markdown]
# ## Exercises
#
# 1. **Which architecture?** Train the library's own networks for the same number of epochs:
#    `kg.DCGAN((28, 28, 1), seed=0)`, then `gan.compile()`, with `kg.datasets.mnist(64, seed=0)`.
#    Compare the number of weights, the duration of an epoch, and the images.
# 2. **Sigmoid or logit?** Remove `activation="sigmoid"` from the discriminator, and `loss` from
#    `settings`. Do the images change?
# 3. **What is the penalty for?** Train with `penalties=[]`. What happens to `real_score` and
#    `fake_score`?
# 4. **What happens by hand?** Write the course's loop for a few batches, with a discriminator that
#    is frozen after `compile`. Compare `discriminator.get_weights()` before and after.

# %%

# %% [markdown]
# *Your answers:*
