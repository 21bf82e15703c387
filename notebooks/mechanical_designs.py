# %% [markdown]
# # Mechanical designs
#
# Each design in this dataset is the stiffest part that can be made from a given amount of material,
# as computed by a topology optimizer. You will look at the real designs, choose two networks, train
# them against each other, and compare the generated designs with the real ones. The data is part of
# the package: this notebook needs no internet access.
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
import numpy as np
from IPython.display import display

# %% [markdown]
# ## The real designs
#
# How many designs are there? What do they look like on top of each other? How much material do they
# use? White is material, black is void. Each part is fixed at its left edge or at its two lower
# corners, and a force acts at one point.

# %%
images = next(iter(kg.datasets.mechanical_designs(5000, seed=0))).numpy()
held_out = next(iter(kg.datasets.mechanical_designs(1000, split="test", seed=0))).numpy()
BINS = np.arange(0.095, 0.7, 0.02)  # the designs have whole percentages


def material(designs):
    """The share of each design that is material."""
    return (designs > 0).mean(axis=(1, 2, 3))


display(kg.drawing.plot_images(images[:24], columns=12, title=f"24 of {len(images):,} designs"))
display(kg.drawing.plot_mean_images(images))
kg.drawing.plot_histograms(material(images), bins=BINS, label="Share of material")

# %% [markdown]
# ## Two networks
#
# The generator turns 16 random numbers, the latents, into a design of 50x50 pixels. The
# discriminator judges how real a design looks. The width of a network is its number of channels at
# the finest resolution; deeper layers use multiples of it. In a course where you write the networks
# by hand, it is often called `nf`.


# %%
def make_gan(generator_width=8, discriminator_width=16):
    keras.utils.set_random_seed(0)  # the same initial weights each time
    return kg.DCGAN(
        generator=kg.networks.dcgan_generator((50, 50, 1), latent_dim=16, width=generator_width),
        discriminator=kg.networks.dcgan_discriminator((50, 50, 1), width=discriminator_width),
        seed=0,
    )


gan = make_gan()
print(f"The generator has {gan.generator.count_params():,} weights,")
print(f"the discriminator {gan.discriminator.count_params():,}.")

# %% [markdown]
# ## The training
#
# `compile()` without arguments chooses the loss, the optimizers, and a penalty that regularizes the
# discriminator. `ImageMonitor` draws images from the same sixteen latents after each epoch, so that
# you can watch each design take shape. The images and an animation are saved in the folder
# `samples`.

# %%
EPOCHS = 20
dataset = kg.datasets.mechanical_designs(batch_size=64, seed=0)
gan.compile()
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor("samples/mechanical_designs")])

# %% [markdown]
# ## How good are they?
#
# The losses of a GAN do not decrease like the loss of a classifier: each network improves, and so
# does its opponent. Therefore, compare the designs themselves. The last line checks for copies. If
# `nearest_distance` is about 1, the generated designs are as far from the training designs as
# held-out designs are. For these, `near_copies` is 1%.

# %%
generated = gan.generate(1000, seed=1)
display(kg.drawing.plot_learning_curves(history))
display(kg.drawing.plot_images(generated[:24], columns=12, title="24 generated designs"))
display(kg.drawing.plot_mean_images(images, generated))
display(
    kg.drawing.plot_histograms(material(images), material(generated), BINS, "Share of material")
)
kg.metrics.NearestTrainingImage(kg.metrics.RawPixels(), images)(held_out, generated)

# %% [markdown]
# ## Exercises
#
# 1. **What is the effect of the width?** Train `make_gan(4, 8)` and `make_gan(16, 32)` for the same
#    number of epochs. How many weights do the networks have? How long does an epoch take? Which
#    images are better? Change one width at a time: which of the two matters more?
# 2. **Which model?** Replace `kg.DCGAN(...)` with `kg.SelfConditionedGAN((50, 50, 1), seed=0)`,
#    which first looks for groups of similar designs. Its networks are wider, so an epoch takes
#    longer. Which of the figures above changes most?
# 3. **What is the effect of the learning rate?** Compile with a `rate` of 3e-2, then of 2e-5, as
#    below. Look at the curves first, then at the images. Then give the two networks different
#    rates.
#
# ```python
# gan.compile(
#     discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
#     generator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
# )
# ```

# %%

# %% [markdown]
# *Your answers:*
