"""Floor 3: `gan.py` contains the algorithm; the other models provide defaults."""

from keras_gans.models.acgan import ACGAN
from keras_gans.models.conditional_gan import ConditionalGAN
from keras_gans.models.cycle_gan import CycleGAN
from keras_gans.models.dcgan import DCGAN
from keras_gans.models.gan import GAN
from keras_gans.models.info_gan import InfoGAN
from keras_gans.models.pix2pix import Pix2Pix
from keras_gans.models.r3gan import R3GAN
from keras_gans.models.self_conditioned_gan import SelfConditionedGAN
from keras_gans.models.wgan_gp import WGANGP

__all__ = [
    "ACGAN",
    "DCGAN",
    "GAN",
    "R3GAN",
    "WGANGP",
    "ConditionalGAN",
    "CycleGAN",
    "InfoGAN",
    "Pix2Pix",
    "SelfConditionedGAN",
]


def __dir__() -> list[str]:
    return __all__
