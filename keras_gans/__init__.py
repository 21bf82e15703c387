"""GANs as ordinary Keras models: two networks, one game, `fit`."""

from keras_gans import (
    augmentation,
    callbacks,
    datasets,
    drawing,
    layers,
    losses,
    metrics,
    networks,
    ops,
)
from keras_gans.callbacks import ImageMonitor
from keras_gans.models import DCGAN, GAN, R3GAN, WGANGP, ConditionalGAN
from keras_gans.version import __version__

__all__ = [
    "DCGAN",
    "GAN",
    "R3GAN",
    "WGANGP",
    "ConditionalGAN",
    "ImageMonitor",
    "__version__",
    "augmentation",
    "callbacks",
    "datasets",
    "drawing",
    "layers",
    "losses",
    "metrics",
    "networks",
    "ops",
]
