"""Floor 2: factories, which are functions that return built `keras.Model`s."""

from keras_gans.networks.class_mixing import class_mixing_generator
from keras_gans.networks.dcgan import dcgan_discriminator, dcgan_generator
from keras_gans.networks.mlp import mlp_discriminator, mlp_generator
from keras_gans.networks.patch import patch_discriminator
from keras_gans.networks.r3gan import r3gan_discriminator, r3gan_generator
from keras_gans.networks.unet import unet_generator
from keras_gans.networks.upsampling import upsampling_generator

__all__ = [
    "class_mixing_generator",
    "dcgan_discriminator",
    "dcgan_generator",
    "mlp_discriminator",
    "mlp_generator",
    "patch_discriminator",
    "r3gan_discriminator",
    "r3gan_generator",
    "unet_generator",
    "upsampling_generator",
]


def __dir__() -> list[str]:
    return __all__
