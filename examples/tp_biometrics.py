"""A biometrics course's GAN of digits, with its networks, its alternation and its images.

What you will see: the summaries of both networks; every ten epochs, the losses and ten digits (in
thirty epochs, each digit is used once); and how recognizable the digits are to a classifier of real
ones. The course continues with faces and with a GAN that draws a given digit: see
`celeba_faces.py` and `mnist_conditional.py`.

    python examples/tp_biometrics.py

Two cores of an AMD EPYC (AVX-512), with other programs running: 10.1 minutes of training, 11.6
including the evaluation. Expected at the end: the classifier is at least 0.9 sure of 69% of the
digits.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
EPOCHS = 30
EVERY = 10  # epochs between two grids
BATCH_SIZE = 64
STEPS_PER_EPOCH = 32  # 2,048 digits, a thirtieth of the dataset
LATENT_DIM = 32
LEARNING_RATE = 2e-3  # high, because the penalty stabilizes training; it decays to zero
BETAS = 0.5, 0.99  # of Adam: short averages, because the opponent keeps changing
GAMMA = 0.2  # weight of the penalty
FOLDER = "samples/tp_biometrics"
SURE = 0.9


# The course's networks. The generator turns noise into a coarse image of 14x14 pixels with many
# channels, then into a finer one with few channels; the discriminator does the reverse.
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

# Training. The course alternates by hand, for each batch:
#
#   noise = np.random.normal(size=(n, 32))                 draw noise
#   fake = generator.predict(noise)                        generate images
#   d_loss = discriminator.train_on_batch(                 mix real and fake, with their labels
#       np.concatenate([real, fake]), np.concatenate([ones, zeros]))
#   g_loss = gan.train_on_batch(noise, ones)               fool the frozen discriminator
#
# where `gan` is the generator followed by the discriminator with `trainable = False`. Here, nothing
# is frozen: each player updates only its own weights.
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

# Evaluation: a classifier trained on real digits classifies 1,000 generated ones.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=5, verbose=0)
probabilities = judge.probabilities(gan.generate(1000, seed=2))
sure = np.mean(probabilities.max(axis=1) >= SURE)
print(f"The classifier is at least {SURE} sure of {sure:.1%} of 1,000 generated digits.")
print(f"{minutes:.1f} minutes of training; see {os.path.abspath(FOLDER)}/image.gif")
