"""Floor 3: `gan.py` is the algorithm; the other models provide defaults."""

from keras_gans.models.conditional_gan import ConditionalGAN
from keras_gans.models.dcgan import DCGAN
from keras_gans.models.gan import GAN
from keras_gans.models.r3gan import R3GAN
from keras_gans.models.wgan_gp import WGANGP

__all__ = ["DCGAN", "GAN", "R3GAN", "WGANGP", "ConditionalGAN"]
