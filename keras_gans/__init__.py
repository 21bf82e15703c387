"""Generative adversarial networks (GANs) as Keras models that are trained with `fit`."""

import keras_gans.backend  # noqa: F401 (must come first, because it checks Keras' backend)
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
    optimizers,
    priors,
)
from keras_gans.callbacks import ImageMonitor
from keras_gans.models import (
    ACGAN,
    DCGAN,
    GAN,
    R3GAN,
    WGANGP,
    ConditionalGAN,
    CycleGAN,
    InfoGAN,
    Pix2Pix,
    SelfConditionedGAN,
)
from keras_gans.version import __version__

__all__ = [
    "ACGAN",
    "DCGAN",
    "GAN",
    "R3GAN",
    "WGANGP",
    "ConditionalGAN",
    "CycleGAN",
    "ImageMonitor",
    "InfoGAN",
    "Pix2Pix",
    "SelfConditionedGAN",
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
    "optimizers",
    "priors",
]


def __dir__() -> list[str]:
    return __all__
