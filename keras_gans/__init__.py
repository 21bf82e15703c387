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

__version__ = "0.1.0"

__all__ = [
    "DCGAN",
    "GAN",
    "R3GAN",
    "WGANGP",
    "ConditionalGAN",
    "ImageMonitor",
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
