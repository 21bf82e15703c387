"""The cost of the width of the default networks: weights, and images per second in training.

    python tests/benchmarks/width.py

Trains DCGAN on 50x50 designs with batches of 64. The width of each network is half its default, the
default, or twice the default. Each line is the median of the epochs after the first. Needs no data
and no internet access.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import functools
import time

import keras
import numpy as np


IMAGE_SHAPE = (50, 50, 1)
EPOCHS = 4
BATCHES = 16  # per epoch
DEFAULTS = 16, 32  # of the generator, of the discriminator
WIDTHS = [(16, 32), (8, 32), (32, 32), (16, 16), (16, 64), (8, 16), (32, 64)]


class Clock(keras.callbacks.Callback):
    """Measures the seconds of each epoch."""

    def on_train_begin(self, logs=None):
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


def main():
    print(f"{os.cpu_count()} cores, Keras {keras.__version__}; default widths {DEFAULTS}")
    images = next(iter(kg.datasets.mechanical_designs(64 * BATCHES, seed=0))).numpy()
    for generator_width, discriminator_width in WIDTHS:
        gan = kg.DCGAN(
            image_shape=IMAGE_SHAPE,
            latent_dim=16,
            generator=functools.partial(kg.networks.dcgan_generator, width=generator_width),
            discriminator=functools.partial(
                kg.networks.dcgan_discriminator, width=discriminator_width
            ),
        )
        gan.compile(steps_per_execution=8)
        clock = Clock()
        gan.fit(images, batch_size=64, epochs=EPOCHS, verbose=0, callbacks=[clock])
        weights = gan.generator.count_params(), gan.discriminator.count_params()
        print(
            f"width {generator_width:2} and {discriminator_width:2}: {weights[0]:8,} and"
            f" {weights[1]:9,} weights, {len(images) / np.median(clock.seconds[1:]):4.0f} images/s"
        )


if __name__ == "__main__":
    main()
