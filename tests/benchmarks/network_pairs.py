"""Quality per CPU minute of the default networks and of others, on MNIST.

    python tests/benchmarks/network_pairs.py

Trains each pair of networks for the same number of CPU seconds (user and system time of the
process) with the named settings and batches of 64. Then judges 5,000 images of the averaged
generator: the share that a classifier of real digits is at least 0.9 sure of, the share of the
rarest digit, and the coverage of 5,000 real digits in the features of the classifier (0.97 for
other real digits). Needs MNIST, from the internet or in KERAS_GANS_DATA.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import functools
import time

import keras
import numpy as np


CPU_SECONDS = 60
LATENT_DIM = 16
SHAPE = (28, 28, 1)
generator = kg.networks.dcgan_generator
discriminator = functools.partial(kg.networks.dcgan_discriminator, dropout=0.3)

# name: generator, discriminator, learning rate of both players, penalties
PAIRS = {
    "TensorFlow's tutorial, 1e-4": (
        functools.partial(generator, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2)),
        functools.partial(discriminator, width=64, kernel_size=5, strides=(2, 2)),
        1e-4,
        [],
    ),
    "two strides, no layer at full size, 5e-4": (
        functools.partial(generator, width=(64, 32), strides=(2, 2)),
        functools.partial(discriminator, strides=(2, 2)),
        5e-4,
        [],
    ),
    "default pair with dropout, 5e-4": (generator, discriminator, 5e-4, []),
    "default pair with dropout, 1e-3 (version 0.1)": (generator, discriminator, 1e-3, []),
    "default pair, R1(0.2), 2e-3 with beta_2 of 0.999": (
        generator,
        functools.partial(discriminator, dropout=0.0),
        2e-3,
        [kg.losses.R1(0.2)],
    ),
}


class Budget(keras.callbacks.Callback):
    """Stops the training when the process has used its seconds."""

    def on_train_begin(self, logs=None):
        self.start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        if time.process_time() - self.start > CPU_SECONDS:
            self.model.stop_training = True


def train(make_generator, make_discriminator, rate, penalties):
    keras.utils.set_random_seed(1)
    gan = kg.DCGAN(
        SHAPE, LATENT_DIM, generator=make_generator, discriminator=make_discriminator, seed=1
    )
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.5) for _ in range(2)]
    gan.compile(*optimizers, penalties=penalties)
    gan.fit(kg.datasets.mnist(64, seed=0), epochs=1000, verbose=0, callbacks=[Budget()])
    return gan


def main():
    images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
    classifier = kg.metrics.DomainClassifier(SHAPE, num_classes=10)
    classifier.fit(images, labels, epochs=5)
    real = classifier.features(next(iter(kg.datasets.mnist(5_000, split="test", seed=0))))
    print(f"{CPU_SECONDS} CPU seconds each, {os.cpu_count()} cores, Keras {keras.__version__}")
    print("| pair | images seen | sure | rarest digit | coverage |\n|---|---|---|---|---|")
    for name, pair in PAIRS.items():
        gan = train(*pair)
        made = gan.generate(5_000, seed=2)
        probabilities = classifier.probabilities(made)
        sure = np.mean(probabilities.max(1) >= 0.9)
        rarest = np.bincount(probabilities.argmax(1), minlength=10).min() / len(made)
        _, covered = kg.metrics.density_and_coverage(real, classifier.features(made))
        print(f"| {name} | {gan.images_seen:,} | {sure:.1%} | {rarest:.1%} | {covered:.2f} |")


if __name__ == "__main__":
    main()
