"""Pix2Pix: image-to-image translation, learned from pairs of images."""

import functools
from typing import Any

import keras

from keras_gans import networks
from keras_gans.losses import Reconstruction
from keras_gans.models.building import activation_for
from keras_gans.models.gan import GAN
from keras_gans.protocols import ValueRange
from keras_gans.saving import serializable


@serializable()
class Pix2Pix(GAN):
    """A GAN that translates one image into another, such as a sketch into a photograph.

    It learns from pairs. Labels are images of the shape `condition_shape`. The default networks are
    `networks.unet_generator` and `networks.patch_discriminator`. By default, training uses the
    non-saturating loss on each patch, `losses.Reconstruction` with a weight of 100, and, for both
    players, Adam with a learning rate of 2e-4 and beta_1 of 0.5. `fit(images, conditions)` trains
    on images and their conditions, and `generate(labels=conditions)` translates new conditions.

    Args:
        image_shape: See `DCGAN`, also for the other arguments.
        latent_dim: Integer, the length of the latents, for different images of the same condition.
            Defaults to 0, for a single image per condition.
        generator: Built `keras.Model` from conditions, or `[latents, labels]`, to images; or a
            factory, a function of `image_shape=`, `latent_dim=` and `condition_shape=`.
        discriminator: Built `keras.Model` from `[images, labels]` to logits `(N, ...)`; or a
            factory, a function of `image_shape=` and `condition_shape=`.
        num_classes: Not supported; see `ConditionalGAN`.
        condition_dim: Not supported; see `ConditionalGAN`.
        condition_shape: Tuple, the shape of one condition `(height, width, channels)`. uint8 and
            bool conditions are rescaled to `value_range`; floats are used unchanged.
        prior: Object of `keras_gans.priors`.
        value_range: Pair `(low, high)`, the range of the images.
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If `condition_shape` is missing, or the networks do not match each other.

    Example:

    >>> gan = Pix2Pix(image_shape=(16, 16, 1), condition_shape=(16, 16, 3))
    >>> gan.compile()
    >>> images = np.random.randint(0, 256, (32, 16, 16, 1), "uint8")
    >>> conditions = np.random.uniform(-1, 1, (32, 16, 16, 3))
    >>> history = gan.fit(images, conditions, verbose=0)
    >>> gan.generate(labels=conditions[:5]).shape
    (5, 16, 16, 1)

    Reference:
        - [Isola et al., 2017](https://arxiv.org/abs/1611.07004). Unlike the paper, images come
          from an averaged generator without dropout, and the networks are smaller.
    """

    required_labels = ("condition_shape",)

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        activation = activation_for(value_range)
        return {
            "generator": functools.partial(networks.unet_generator, activation=activation),
            "discriminator": networks.patch_discriminator,
            "latent_dim": 0,
        }

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        players = "discriminator", "generator"
        optimizers = {f"{name}_optimizer": keras.optimizers.Adam(2e-4, 0.5) for name in players}
        return {
            **super().compile_defaults(),
            **optimizers,
            "auxiliary_losses": [Reconstruction(100.0)],
        }
