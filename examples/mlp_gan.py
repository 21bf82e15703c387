"""Train a lecture's first GAN: digits from perceptrons with hidden layers of 784.

What you will see: after each epoch, a grid of digits from fully connected networks; then the same
from convolutional networks, which have a tenth of the weights. At the end, both are compared with
real digits. A perceptron does not know which pixels are neighbors: it has to learn each stroke
separately at each position, and leaves single pixels lit. A convolution uses the same weights at
every position.

    python examples/mlp_gan.py

One core of an AMD EPYC, with other programs running: 22 minutes of CPU time. Expected at the end,
in the features of a classifier: a Fréchet distance of 14.6, precision 0.66 and recall 0.71 for
perceptrons; 4.4, 0.72 and 0.83 for convolutions.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import functools
import time

import keras

keras.utils.set_random_seed(0)
BATCH_SIZE = 64
FOLDER = "samples/mlp_gan"

# name: epochs, generator, discriminator
PAIRS = {
    "perceptrons": (
        8,
        functools.partial(kg.networks.mlp_generator, width=784),
        functools.partial(kg.networks.mlp_discriminator, width=784),
    ),
    "convolutions": (
        4,
        kg.networks.dcgan_generator,
        kg.networks.dcgan_discriminator,
    ),
}

# The judge: a classifier of real digits.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=5, verbose=0)
test = kg.datasets.mnist(500, split="test", seed=0)

for name, (epochs, generator, discriminator) in PAIRS.items():
    keras.utils.set_random_seed(0)
    dataset = kg.datasets.mnist(BATCH_SIZE, seed=0)
    gan = kg.DCGAN((28, 28, 1), generator=generator, discriminator=discriminator, seed=0)
    gan.compile(metrics=[kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)])
    start = time.perf_counter()
    gan.fit(dataset, epochs=epochs, verbose=2, callbacks=[kg.ImageMonitor(FOLDER, name=name)])
    minutes = (time.perf_counter() - start) / 60
    weights = gan.generator.count_params() + gan.discriminator.count_params()
    print(f"\nThe {name}, {weights:,} weights, {minutes:.1f} minutes:")
    gan.evaluate(test)
print(f"Look at {os.path.abspath(FOLDER)}: perceptrons.gif, convolutions.gif")
