# %% [markdown]
# # TensorFlow's DCGAN tutorial, with `fit`
#
# TensorFlow's tutorial draws handwritten digits with two networks and a training loop written by
# hand. This notebook uses the same two networks, with the same number of parameters, and `fit`
# instead of the loop.
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
from IPython.display import Image, display

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The data
#
# MNIST contains 60,000 handwritten digits of 28x28 pixels, from -1 (black) to 1 (white). The
# dataset is downloaded once, unless it is already on your disk.

# %%
dataset = kg.datasets.mnist(batch_size=64, seed=0)
digits = next(iter(dataset))
print(f"A batch has the shape {digits.shape}; there are {len(dataset)} of them.")
kg.drawing.plot_images(digits[:32], columns=16)

# %% [markdown]
# ## The two networks
#
# The generator turns 100 random numbers into a coarse image of 7x7 pixels with 256 channels, and
# enlarges it twice. The discriminator has two convolutions, each followed by dropout. They
# correspond to the tutorial's `make_generator_model` and `make_discriminator_model`, with two
# differences: LeakyReLU has a slope of 0.2 instead of 0.3, and BatchNorm a momentum of 0.9 instead
# of 0.99.

# %%
generator = kg.networks.dcgan_generator(
    (28, 28, 1), latent_dim=100, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2)
)
discriminator = kg.networks.dcgan_discriminator(
    (28, 28, 1), width=64, kernel_size=5, strides=(2, 2), dropout=0.3
)
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
print(f"{generator.count_params():,} weights and {discriminator.count_params():,} weights")

# %% [markdown]
# ## The training
#
# | in the tutorial | here |
# |---|---|
# | `cross_entropy`, `generator_loss`, `discriminator_loss`, two optimizers | `gan.compile()` |
# | `train_step` with two tapes, `train` | `gan.fit` |
# | `generate_and_save_images`, `seed` | `kg.ImageMonitor()`: the same latents after each epoch |
# | checkpoints | `kg.callbacks.Resume("checkpoints")`, if you add it to the callbacks |
#
# The penalty R1 regularizes the discriminator, so that the learning rates can be higher than in the
# tutorial. Here, an epoch has 100 batches, a ninth of the digits. The tutorial trains for 50 epochs
# on all digits.

# %%
gan.compile(penalties=[kg.losses.R1(0.2)])
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=100,
    epochs=8,
    callbacks=[kg.ImageMonitor("samples/tensorflow_tutorial")],
)

# %% [markdown]
# ## The result
#
# The last cell of the tutorial creates an animation of the training; `ImageMonitor` has already
# created it. `generate` draws new digits with the averaged generator, whose weights are the average
# of those of the last steps. Its images are better than those of the generator itself.

# %%
display(Image("samples/tensorflow_tutorial/image.gif"))
display(kg.drawing.plot_learning_curves(history))
kg.drawing.plot_images(gan.generate(32, seed=1), columns=16)

# %% [markdown]
# ## Exercises
#
# 1. **Which architecture?** Replace both networks with the default ones,
#    `kg.DCGAN(image_shape=(28, 28, 1), seed=0)`, and call `gan.compile()` without arguments. How
#    many weights do they have? How long does an epoch take, and what do the digits look like after
#    it?
# 2. **What is the effect of the batch size?** The tutorial uses batches of 256. Train with
#    `kg.datasets.mnist(256, seed=0)` and `steps_per_epoch=25`, so that the number of digits is the
#    same. What changes: the time, or the images?
# 3. **What is between two digits?** `kg.drawing.plot_latent_interpolation(gan)` moves from one
#    latent to another. Does one digit turn into the next gradually, or does it jump?
# 4. **Does it help to train longer?** Save the model with `gan.save("digits.keras")`, load it with
#    `keras.saving.load_model("digits.keras")`, and continue the training. Which epoch is the best?

# %%

# %% [markdown]
# *Your answers:*
