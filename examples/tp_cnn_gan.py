"""A course's "CNN-based GAN", with unchanged networks, trained by `fit`.

What you will see: the error about a discriminator that the course's script has frozen, the line
that fixes it, a grid of digits after each epoch, and a comparison with real digits.
`tests/benchmarks/throughput.py` compares the speed of `fit` with that of the course's loop.

    python examples/tp_cnn_gan.py

Two cores of an AMD EPYC (AVX-512), with other programs running: 13.2 minutes of training, 15.1
including the evaluation (17 minutes of CPU time). Expected at the end: precision 0.45 and recall
0.67 in the features of a classifier.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
from keras import layers

keras.utils.set_random_seed(0)
EPOCHS = 9
STEPS_PER_EPOCH = 188  # a fifth of the digits
BATCH_SIZE = 64
LATENT_DIM = 100
LEARNING_RATE = 2e-3  # the course uses 2e-4 and many more epochs; decays to zero
BETAS = 0.5, 0.99  # of Adam: short averages, because the opponent keeps changing
GAMMA = 1  # weight of a penalty on the gradient of the discriminator
FOLDER = "samples/tp_cnn_gan"


# The course's networks.
def slope():
    return layers.LeakyReLU(negative_slope=0.2)


generator = keras.Sequential(
    [
        keras.Input((LATENT_DIM,)),
        layers.Dense(7 * 7 * 256),
        slope(),
        layers.Reshape((7, 7, 256)),
        layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
        slope(),
        layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
        slope(),
        layers.Conv2D(1, 7, padding="same", activation="sigmoid"),  # pixels in [0, 1]
    ],
    name="generator",
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
    ],
    name="discriminator",
)

# In the course's script, the discriminator is compiled, then frozen inside a second model, whose
# `train_on_batch` is meant to update the generator only.
discriminator.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), loss="binary_crossentropy")
discriminator.trainable = False

# Data: the value range (0, 1) is inferred from the generator's sigmoid; floats must be in it.
dataset = kg.datasets.mnist(BATCH_SIZE, value_range=(0, 1), seed=0)

# Model. Nothing is frozen here: each player updates only its own weights.
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
steps = EPOCHS * STEPS_PER_EPOCH
optimizers = [
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), *BETAS)
    for _ in range(2)  # one for each player
]
settings = {"loss": keras.losses.BinaryCrossentropy(), "penalties": [kg.losses.R1(GAMMA)]}
try:
    gan.compile(*optimizers, **settings)
except ValueError as error:
    print(f"With the frozen discriminator of the course: {error}\n")
    discriminator.trainable = True  # what the error asks for
    gan.compile(*optimizers, **settings)
else:
    raise SystemExit("`compile` should have refused a frozen discriminator.")

# Training: `fit` replaces the loop over batches, the labels of ones and zeros, `generator.predict`,
# the second model and both calls of `train_on_batch`.
start = time.perf_counter()
gan.fit(
    dataset.repeat(),
    steps_per_epoch=STEPS_PER_EPOCH,
    epochs=EPOCHS,
    callbacks=[kg.ImageMonitor(FOLDER)],
)
minutes = (time.perf_counter() - start) / 60

# Evaluation, in the features of a classifier of real digits.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=5, verbose=0)
gan.measure_with([kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)])
gan.evaluate(kg.datasets.mnist(500, split="test", value_range=(0, 1), seed=0))
print(f"{minutes:.1f} minutes of training; see {os.path.abspath(FOLDER)}/image.gif")
