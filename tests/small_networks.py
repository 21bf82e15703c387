"""Networks of a few numbers, for tests that make no claim about networks."""

import functools

import keras

from keras_gans import networks

SMALL = {
    "generator": functools.partial(networks.mlp_generator, width=4, depth=1),
    "discriminator": functools.partial(networks.mlp_discriminator, width=4, depth=1),
}


def drift_apart(gan, images, labels=None):
    """Trains until the averaged generator is another than the trained one: a step of many images,
    and one of a single image, which the average follows by half."""
    data = (images,) if labels is None else (images, labels)
    optimizers = [keras.optimizers.SGD(1.0) for _ in range(2)]
    gan.compile(*optimizers, ema_half_life=1000, run_eagerly=True)
    for size in (len(images), 1):
        gan.train_on_batch(*(part[:size] for part in data))
