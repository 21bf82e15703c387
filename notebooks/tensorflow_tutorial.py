# %% [markdown]
# # TensorFlow's DCGAN tutorial, with `fit`
#
# TensorFlow's tutorial draws handwritten digits with two networks and a training loop that is
# written out. Here are the same two networks, to the parameter, and `fit` in place of the loop.
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
from IPython.display import Image, display

import keras_gans as kg

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The data
#
# MNIST: 60,000 handwritten digits of 28x28 pixels, from -1 (black) to 1 (white). They are
# downloaded once, where they are not found on your disk.

# %%
dataset = kg.datasets.mnist(batch_size=64, seed=0)
digits = next(iter(dataset))
print(f"A batch has the shape {digits.shape}; there are {len(dataset)} of them.")
kg.drawing.plot_images(digits[:32], columns=16)

# %% [markdown]
# ## The two networks
#
# The generator makes a coarse image of 7x7 with 256 channels out of 100 random numbers and
# enlarges it twice. The discriminator has two convolutions, each followed by dropout. They are
# the tutorial's `make_generator_model` and `make_discriminator_model`, with two differences: the
# slope of LeakyReLU is 0.2 in place of 0.3, and the momentum of BatchNorm 0.9 in place of 0.99.

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
# The penalty R1 keeps the discriminator smooth, so that the rates can be higher than in the
# tutorial. An epoch here is 100 batches, a ninth of the digits; the tutorial has 50 epochs of all.

# %%
gan.compile(penalties=[kg.losses.R1(0.2)])
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=100,
    epochs=8,
    callbacks=[kg.ImageMonitor("samples/tensorflow_tutorial")],
)

# %% [markdown]
# ## What has been learnt
#
# The last cell of the tutorial makes an animation of the training; `ImageMonitor` has made it
# already. `generate` draws new digits with an averaged generator, whose weights are the mean of
# the last ones: its pictures are better than those of the generator itself.

# %%
display(Image("samples/tensorflow_tutorial/image.gif"))
display(kg.drawing.plot_learning_curves(history))
kg.drawing.plot_images(gan.generate(32, seed=1), columns=16)

# %% [markdown]
# ## Exercises
#
# 1. **Which architecture?** Replace both networks by the default ones,
#    `kg.DCGAN(image_shape=(28, 28, 1), seed=0)`, and call `gan.compile()` without arguments. How
#    many weights do they have? How long does an epoch take, and how do the digits look after it?
# 2. **What does the batch size do?** The tutorial has batches of 256. Train with
#    `kg.datasets.mnist(256, seed=0)` and `steps_per_epoch=25`, which is as many digits. What
#    changes: the time, or the pictures?
# 3. **What is between two digits?** `kg.drawing.plot_latent_interpolation(gan)` walks from one
#    latent to another. Does one digit turn into the next gradually, or does it jump?
# 4. Keep the model with `gan.save("digits.keras")`, load it with
#    `keras.saving.load_model("digits.keras")`, and train it further. Which epoch is better?

# %%

# %% [markdown]
# *Your answers:*
