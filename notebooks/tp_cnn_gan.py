# %% [markdown]
# # A "CNN-based GAN", trained by `fit`
#
# Many courses train a GAN in this way: compile the discriminator, freeze it inside a second model,
# and call `train_on_batch` of the two in turn. This notebook takes the networks of such a course as
# they are, shows what goes wrong with the frozen discriminator, and trains both with `fit`.
#
# **To install**
#
# - On your computer, in a clone of the repository:
#   `python3 -m venv .venv && .venv/bin/pip install -e . jupyterlab`, then
#   `.venv/bin/jupyter lab notebooks`.
# - On Colab: in a clone, `pip wheel --no-deps .` makes a file `keras_gans-...whl`. Upload it to the
#   "Files" panel, and run `%pip install keras_gans-*.whl` in a new cell above this one.
# - In a classroom without network, everything is installed. Where data are needed, write the path
#   of their folder into the next cell, and remove the `#` before it.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up messages
# os.environ["KERAS_GANS_DATA"] = "/path/to/the/data"
import keras
from IPython.display import display
from keras import layers

import keras_gans as kg

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The course's networks
#
# The generator ends in a sigmoid: its pixels lie between 0 and 1. So must the real ones, which is
# what `value_range=(0, 1)` is for, further below.


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
# The course compiles the discriminator and then freezes it for the second model. Up to Keras 2, the
# compiled discriminator went on learning. In Keras 3 it keeps its initial weights, and there is no
# error: the generator learns to mislead a network that knows nothing. `compile` below refuses such
# a network. Read the error: what does it ask you to do?

# %%
discriminator.compile("adam", loss="binary_crossentropy")
discriminator.trainable = False  # as the course leaves it

gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
settings = {"loss": keras.losses.BinaryCrossentropy(), "penalties": [kg.losses.R1(1)]}
try:
    gan.compile(**settings)
except ValueError as error:
    print(error)

# %% [markdown]
# ## The training
#
# Nothing is frozen here: the update of each network is given the weights of that network alone. The
# loop over batches, the labels of ones and zeros, `generator.predict`, the second model and both
# calls of `train_on_batch` are the one line `fit`. An epoch here is 100 batches of 64 digits.

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
# ## What has been learnt

# %%
display(kg.drawing.plot_learning_curves(history))
kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=(0, 1))

# %% [markdown]
# ## Exercises
#
# 1. **Which architecture?** Train the library's own networks for as many epochs:
#    `kg.DCGAN((28, 28, 1), seed=0)`, then `gan.compile()`, with `kg.datasets.mnist(64, seed=0)`.
#    Compare the number of weights, the time of an epoch, and the pictures.
# 2. **Sigmoid or logit?** Take `activation="sigmoid"` out of the discriminator and leave `loss` out
#    of `settings`. Does it change the pictures?
# 3. **What does the penalty do?** Train with `penalties=[]`. What do `real_score` and `fake_score`
#    do then?
# 4. **And by hand?** Write the course's loop for a few batches, with a discriminator that is frozen
#    after `compile`, and compare `discriminator.get_weights()` before and after.

# %%

# %% [markdown]
# *Your answers:*
