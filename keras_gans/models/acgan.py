"""ACGAN: a conditional GAN whose discriminator also recognizes classes."""

from typing import Any

from keras_gans import networks
from keras_gans.losses import Classification
from keras_gans.models.dcgan import dcgan_networks, dcgan_training
from keras_gans.models.gan import GAN
from keras_gans.protocols import Shape, ValueRange
from keras_gans.saving import serializable


@serializable()
class ACGAN(GAN):
    """A conditional GAN whose discriminator predicts the class of each image.

    The discriminator does not receive the class, unlike the discriminator of `ConditionalGAN`. It
    returns a dict of `"logits"` and `"classes"` (the logits of the classes), and
    `losses.Classification` is an auxiliary loss of both players. Use this model for classes that
    are easy to tell apart. Its images show their class more clearly than those of
    `ConditionalGAN`, and vary less.

    Args:
        image_shape: See `DCGAN`, also for the other arguments.
        latent_dim: Integer.
        generator: Built `keras.Model` from `[latents, labels]` to images, or a factory.
        discriminator: Built `keras.Model` from images to a dict of `"logits"` and `"classes"`,
            floats `(N, num_classes)`; or a factory, a function of `image_shape=` and
            `num_classes=`.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Not supported; see `ConditionalGAN`.
        condition_shape: Not supported; see `Pix2Pix`.
        prior: Object of `keras_gans.priors`.
        value_range: Pair `(low, high)`, the range of the images.
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If `num_classes` is missing, or the networks do not match each other.

    Example:

    >>> gan = ACGAN(image_shape=(8, 8, 1), latent_dim=4, num_classes=3)
    >>> gan.compile()
    >>> images = np.random.randint(0, 256, (48, 8, 8, 1), "uint8")
    >>> history = gan.fit(images, np.arange(48) % 3, verbose=0)
    >>> gan.generate(labels=2, num_images=4).shape
    (4, 8, 8, 1)

    Reference:
        - [Odena et al., 2017](https://arxiv.org/abs/1610.09585). Unlike the paper, the networks and
          optimizers are the defaults of `DCGAN`.
    """

    required_labels = ("num_classes",)

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        return dcgan_networks(value_range) | {"discriminator": classifying_discriminator}

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        defaults = {**super().compile_defaults(), **dcgan_training(self)}
        return defaults | {"auxiliary_losses": [Classification()]}


def classifying_discriminator(image_shape: Shape, num_classes: int, **settings: Any) -> Any:
    """Builds the default discriminator of `ACGAN`.

    Args:
        image_shape: Tuple.
        num_classes: Integer.
        **settings: Further arguments of `networks.dcgan_discriminator`.
    """
    heads = {"classes": num_classes}
    return networks.dcgan_discriminator(image_shape, heads=heads, **settings)
