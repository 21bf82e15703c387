"""Floor 3: `gan.py` is the algorithm; the other models fill in defaults."""

from keras_gans.models.conditional_gan import ConditionalGAN
from keras_gans.models.dcgan import DCGAN
from keras_gans.models.gan import GAN

__all__ = ["DCGAN", "GAN", "ConditionalGAN"]
