"""A biometrics course's GAN of digits: its networks, its alternation, its pictures.

What you will see: the summaries of both networks; the losses and ten digits every ten epochs, of
which thirty see each digit once; and how sure a classifier of real digits is about the generated
ones. The course continues with faces and with a GAN that is told the digit: see `celeba_faces.py`
and `mnist_conditional.py`.

    python examples/tp_biometrics.py

Two cores of an AMD EPYC (AVX-512), other work beside: 10.1 minutes of training, 11.6 with the
judgement. Expected at the end: the classifier is at least 0.9 sure of 69% of the digits.

Without internet access, set KERAS_GANS_DATA to a folder that holds MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up messages of TensorFlow

import keras_gans as kg  # before Keras, which would print some

import time

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
EPOCHS = 30
EVERY = 10  # epochs between two pictures
BATCH_SIZE = 64
STEPS_PER_EPOCH = 32  # 2,048 digits: a thirtieth of the set
LATENT_DIM = 32
LEARNING_RATE = 2e-3  # high, because the penalty keeps the game calm; it ends at zero
BETAS = 0.5, 0.99  # of Adam: a short memory for a game whose rules keep changing
GAMMA = 0.2  # weight of the penalty
FOLDER = "samples/tp_biometrics"
SURE = 0.9


# The course's networks. The choice: noise becomes a coarse image of 14x14 with many channels, then
# a finer one with few; the discriminator goes the other way.
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

# The game. By hand, the course alternates on every batch:
#
#   noise = np.random.normal(size=(n, 32))                 draw noise
#   fake = generator.predict(noise)                        deceive
#   d_loss = discriminator.train_on_batch(                 mix real and fake, with their labels
#       np.concatenate([real, fake]), np.concatenate([ones, zeros]))
#   g_loss = gan.train_on_batch(noise, ones)               mislead, through a frozen copy
#
# where `gan` is the generator followed by a discriminator with `trainable = False`. Here nothing is
# copied or frozen: the discriminator's update is given its own weights, the generator's its own.
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
steps = EPOCHS * STEPS_PER_EPOCH
optimizers = [
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), *BETAS)
    for _ in range(2)  # one for each player
]
gan.compile(*optimizers, penalties=[kg.losses.R1(GAMMA)])


def print_losses(epoch, logs):
    if (epoch + 1) % EVERY == 0:
        print(f"epoch {epoch + 1}:", ", ".join(f"{key} {value:.2f}" for key, value in logs.items()))


dataset = kg.datasets.mnist(BATCH_SIZE, seed=0)
start = time.perf_counter()
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=STEPS_PER_EPOCH,
    epochs=EPOCHS,
    callbacks=[
        kg.ImageMonitor(FOLDER, every=EVERY, num_images=10),
        keras.callbacks.LambdaCallback(on_epoch_end=print_losses),
    ],
    verbose=0,
)
minutes = (time.perf_counter() - start) / 60
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")

# Judgement: a classifier that was trained on real digits looks at 1,000 new ones.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=5, verbose=0)
probabilities = judge.probabilities(gan.generate(1000, seed=2))
sure = np.mean(probabilities.max(axis=1) >= SURE)
print(f"The classifier is at least {SURE} sure of {sure:.1%} of 1,000 generated digits.")
print(f"{minutes:.1f} minutes of training; look at {os.path.abspath(FOLDER)}/image.gif")
