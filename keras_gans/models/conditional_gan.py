"""ConditionalGAN: a DCGAN that generates images for given labels."""

from typing import Any

from keras_gans.models.dcgan import dcgan_networks, dcgan_training
from keras_gans.models.gan import GAN
from keras_gans.protocols import ValueRange
from keras_gans.saving import serializable


@serializable()
class ConditionalGAN(GAN):
    """A `DCGAN` that generates images for given labels: integer classes or vectors of floats.

    Both networks receive the labels. The model is trained on images and labels, and `generate`
    returns images for the given `labels`.

    Args:
        image_shape: Tuple `(height, width, channels)`, with sides of at least 8 pixels. Inferred
            from a built network if one is given.
        latent_dim: Integer. Inferred from a built generator; otherwise see `DCGAN`.
        generator: Built `keras.Model` from `[latents, labels]` to images; or a factory, a
            function of `image_shape=`, `latent_dim=`, and `num_classes=` or
            `condition_dim=`.
        discriminator: Built `keras.Model` from `[images, labels]` to logits `(N, 1)`; or a
            factory, a function of `image_shape=`, and `num_classes=` or `condition_dim=`.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats. Scale them to about (-1, 1).
        condition_shape: Tuple, for labels that are images `(N, *condition_shape)`. Requires
            networks of your own; see also `Pix2Pix`.
        prior: Object of `keras_gans.priors`, or a callable that turns standard normal noise into
            latents.
        value_range: Pair `(low, high)`, the range of the images. Defaults to (-1, 1).
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If not exactly one kind of labels is given, or the networks do not match each
            other or an argument.

    Example:

    >>> gan = ConditionalGAN(image_shape=(28, 28, 1), num_classes=10)
    >>> gan.generate(labels=[3, 7], seed=0).shape
    (2, 28, 28, 1)

    Reference:
        - [Mirza and Osindero, 2014](https://arxiv.org/abs/1411.1784).
    """

    required_labels = ("num_classes", "condition_dim", "condition_shape")

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        return dcgan_networks(value_range)

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        return {**super().compile_defaults(), **dcgan_training(self)}
