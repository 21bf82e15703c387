"""DCGAN: a convolutional GAN."""

import functools
from typing import Any

import keras

from keras_gans import networks
from keras_gans.losses import R1
from keras_gans.models.building import activation_for
from keras_gans.models.combinations import limits_itself
from keras_gans.models.gan import GAN
from keras_gans.optimizers import LinearDecayAdam
from keras_gans.protocols import ValueRange
from keras_gans.saving import serializable


@serializable()
class DCGAN(GAN):
    """A convolutional GAN that learns from images without labels; the first model to try.

    The networks default to `networks.dcgan_generator` and `networks.dcgan_discriminator`. By
    default, both are trained with the non-saturating loss, the penalty `losses.R1(0.2)`, and Adam
    with a learning rate of 2e-3, beta_1 of 0.5 and beta_2 of 0.99. Images come from an averaged
    generator whose half-life is 5% of the images seen. Without labels, this average makes a decay
    of the learning rates unnecessary. With labels, the optimizers are
    `optimizers.LinearDecayAdam`: the rates decrease to zero over the epochs of `fit`. If your own
    discriminator has BatchNorm, dropout or spectral normalization, the defaults are no penalty, and
    Adam with a learning rate of 1e-3 and beta_1 of 0.5.

    Args:
        image_shape: Tuple `(height, width, channels)`, with sides of at least 8 pixels. Inferred
            from a built network if one is given.
        latent_dim: Integer. Inferred from a built generator; otherwise 16 for images of up to
            1,024 numbers, 32 for up to 4,096, and 64 for larger ones.
        generator: Built `keras.Model` or factory; see `GAN`.
        discriminator: Built `keras.Model` or factory; see `GAN`.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats `(N, condition_dim)`.
        condition_shape: Tuple, if labels are images `(N, *condition_shape)`. Requires networks of
            your own; see also `Pix2Pix`.
        prior: Object of `keras_gans.priors`, or a callable that turns standard normal noise into
            latents.
        value_range: Pair `(low, high)`, the range of the images, which determines the last
            activation of the default generator. Defaults to (-1, 1).
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If the networks do not match each other or an argument.

    Example:

    >>> gan = DCGAN(image_shape=(28, 28, 1))
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (64, 28, 28, 1), "uint8"), verbose=0)
    >>> gan.generate(16, seed=0).shape
    (16, 28, 28, 1)

    Reference:
        - [Radford et al., 2016](https://arxiv.org/abs/1511.06434). Unlike the paper, the
          discriminator has a penalty instead of BatchNorm, images come from an averaged
          generator, and the learning rates are higher.
        - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406): the penalty.
        - [Karras et al., 2024](https://arxiv.org/abs/2312.02696), section 3.1: averaging over a
          constant share of the training.
    """

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        return dcgan_networks(value_range)

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        return {**super().compile_defaults(), **dcgan_training(self)}


def dcgan_networks(value_range: ValueRange | None) -> dict[str, Any]:
    """Returns the two network factories of `DCGAN`, for images in a given range.

    Args:
        value_range: Pair `(low, high)`, or None for (-1, 1).
    """
    activation = activation_for(value_range)
    return {
        "generator": functools.partial(networks.dcgan_generator, activation=activation),
        "discriminator": networks.dcgan_discriminator,
    }


def dcgan_training(gan: Any) -> dict[str, Any]:
    """Returns the default optimizers and penalties of `DCGAN`.

    Args:
        gan: The model. If it has labels, the learning rates decrease. If its discriminator has
            BatchNorm, dropout or spectral normalization, there is no penalty, and they are lower.
    """
    alone = limits_itself(gan.discriminator)
    labels = gan.num_classes, gan.condition_dim, gan.condition_shape
    adam = keras.optimizers.Adam if labels == (None, None, None) else LinearDecayAdam
    settings = {"learning_rate": 1e-3} if alone else {"learning_rate": 2e-3, "beta_2": 0.99}
    players = "discriminator", "generator"
    optimizers = {f"{name}_optimizer": adam(beta_1=0.5, **settings) for name in players}
    return {**optimizers, "penalties": [] if alone else [R1(0.2)]}
