# %% [markdown]
# # Biometrics: a GAN of digits
#
# In this lab you choose two networks, let them play against each other, and ask how real the digits
# are that come out. The alternation that one writes by hand, batch after batch, is `fit` here.
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
import numpy as np
from IPython.display import display
from keras import layers

import keras_gans as kg

keras.utils.set_random_seed(0)
LATENT_DIM = 32

# %% [markdown]
# ## Choosing the networks
#
# The generator turns noise into a coarse image of 14x14 with many channels, then into a finer one
# with few. The discriminator goes the other way and ends in one number, the logit: above 0 if it
# finds the image real.


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
# fake = generator.predict(noise)                         # deceive
# d_loss = discriminator.train_on_batch(                  # mix real and fake, with their labels
#     np.concatenate([real, fake]), np.concatenate([ones, zeros]))
# g_loss = gan.train_on_batch(noise, ones)                # mislead, through a frozen copy
# ```
#
# where `gan` is the generator followed by a discriminator with `trainable = False`. Here nothing is
# copied or frozen: the update of each network is given the weights of that network alone.
#
# An epoch here is 60 batches of 32 digits. Ten digits are drawn after every fifth epoch.

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
# ## How real are they?
#
# A classifier that has learnt real digits looks at 500 generated ones: of how many is it at least
# 90% sure? Then the digits that it is most sure of, and those that it is least sure of.

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
# 1. **Which architecture?** Change one thing at a time: begin at 7x7 in place of 14x14 (with one
#    more step of `strides=2`), halve the filters, leave out BatchNorm. For each, note the number
#    of weights, the time of an epoch, and the share that the classifier is sure of.
# 2. **How many latents?** Try `LATENT_DIM = 2` and `LATENT_DIM = 100`.
# 3. **Which digit?** Which digits does the generator draw too seldom? Count
#    `judge.probabilities(generated).argmax(axis=1)` with `np.bincount`.
# 4. **A digit on demand.** Replace the model by `kg.ConditionalGAN((28, 28, 1), num_classes=10)`
#    and the data by `kg.datasets.mnist(32, labels=True, seed=0)`, train, and draw sevens with
#    `gan.generate(16, labels=7)`.
# 5. **Faces.** `kg.datasets.cartoon_faces(32, seed=0)` has drawn faces of 64x64 pixels in colour,
#    and needs no network. What must change in your networks? (`kg.DCGAN((64, 64, 3))` knows.)

# %%

# %% [markdown]
# *Your answers:*
