"""GANs as ordinary Keras models: two networks, one game, `fit`."""

from keras_gans import callbacks, datasets, drawing, layers, losses, metrics, networks, ops
from keras_gans.callbacks import ImageMonitor
from keras_gans.models import DCGAN, GAN, ConditionalGAN

__version__ = "0.1.0"

__all__ = [
    "DCGAN",
    "GAN",
    "ConditionalGAN",
    "ImageMonitor",
    "callbacks",
    "datasets",
    "drawing",
    "layers",
    "losses",
    "metrics",
    "networks",
    "ops",
]
