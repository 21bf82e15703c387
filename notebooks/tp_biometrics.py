# %% [markdown]
# # Biometrics: a GAN of digits
#
# In this lab, you choose two networks, train them against each other, and measure how real the
# generated digits look. The alternation that you would write by hand, batch after batch, is done by
# `fit`.
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
from keras import layers

keras.utils.set_random_seed(0)
LATENT_DIM = 32

# %% [markdown]
# ## Choosing the networks
#
# The generator turns noise into a coarse image of 14x14 pixels with many channels, then into a
# finer one with few channels. The discriminator does the reverse, and ends in a single number, the
# logit. It is positive if the discriminator considers the image real.


# %%
def make_generator():
    latents = keras.Input((LATENT_DIM,))
    x = layers.Dense(14 * 14 * 128)(latents)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Reshape((14, 14, 128))(x)
    for filters, kernel_size, strides in ((128, 4, 1), (256, 5, 2)):
        x = layers.Conv2DTranspose(filters, kernel_size, strides, padding="same")(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    images = layers.Conv2D(1, 5, padding="same", activation="tanh")(x)
    return keras.Model(latents, images, name="generator")


def make_discriminator():
    images = keras.Input((28, 28, 1))
    x = images
    for filters in (64, 128):
        x = layers.Conv2D(filters, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    logits = layers.Dense(1)(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


generator, discriminator = make_generator(), make_discriminator()
generator.summary()
discriminator.summary()

# %% [markdown]
# ## The game
#
# By hand, each batch takes four steps:
#
# ```python
# noise = np.random.normal(size=(n, 32))                  # draw noise
# fake = generator.predict(noise)                         # generate images
# d_loss = discriminator.train_on_batch(                  # mix real and fake, with their labels
#     np.concatenate([real, fake]), np.concatenate([ones, zeros]))
# g_loss = gan.train_on_batch(noise, ones)                # fool the frozen discriminator
# ```
#
# where `gan` is the generator followed by the discriminator with `trainable = False`. Here, nothing
# is frozen: each network updates only its own weights.
#
# An epoch has 60 batches of 32 digits. Ten digits are drawn every five epochs.

# %%
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
gan.compile()
dataset = kg.datasets.mnist(batch_size=32, seed=0)
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=60,
    epochs=15,
    callbacks=[kg.ImageMonitor("samples/tp_biometrics", every=5, num_images=10)],
)
kg.drawing.plot_learning_curves(history)

# %% [markdown]
# ## How real do they look?
#
# A classifier trained on real digits looks at 500 generated ones. The number is the share of which
# it is at least 90% sure. The figures show the digits of which it is most sure and least sure.

# %%
images, labels = next(iter(kg.datasets.mnist(20_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=3, verbose=0)
generated = gan.generate(500, seed=1)
certainty = judge.probabilities(generated).max(axis=1)
order = np.argsort(certainty)
display(kg.drawing.plot_images(generated[order[-16:]], columns=16, title="Most sure"))
display(kg.drawing.plot_images(generated[order[:16]], columns=16, title="Least sure"))
print(f"{np.mean(certainty >= 0.9):.0%}")

# %% [markdown]
# ## Exercises
#
# 1. **Which architecture?** Change one thing at a time: begin with 7x7 pixels instead of 14x14 (and
#    add a step with `strides=2`), halve the number of filters, remove BatchNorm. Each time, note
#    the number of weights, the duration of an epoch, and the share of digits of which the
#    classifier is sure.
# 2. **How many latents?** Try `LATENT_DIM = 2` and `LATENT_DIM = 100`.
# 3. **Which digits?** Which digits does the generator draw too rarely? Count
#    `judge.probabilities(generated).argmax(axis=1)` with `np.bincount`.
# 4. **A digit on demand.** Replace the model with `kg.ConditionalGAN((28, 28, 1), num_classes=10)`
#    and the data with `kg.datasets.mnist(32, labels=True, seed=0)`. Train, and draw sevens with
#    `gan.generate(16, labels=7)`.
# 5. **Faces.** `kg.datasets.cartoon_faces(32, seed=0)` contains cartoon faces of 64x64 pixels in
#    color, and needs no internet access. What do you have to change in your two networks? Compare
#    them with those that `kg.DCGAN((64, 64, 3))` builds.

# %%

# %% [markdown]
# *Your answers:*
