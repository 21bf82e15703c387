"""ACGAN: a conditional GAN whose discriminator also recognises classes."""

from typing import Any

from keras_gans import networks
from keras_gans.losses import Classification
from keras_gans.models.dcgan import dcgan_networks, dcgan_training
from keras_gans.models.gan import GAN
from keras_gans.protocols import Shape, ValueRange
from keras_gans.saving import serializable


@serializable()
class ACGAN(GAN):
    """Generates images of a given class; its discriminator learns to recognise the class.

    The discriminator does not receive the class, as that of `ConditionalGAN` does, but has to
    predict it. It returns a dict of `"logits"` and `"classes"` (the logits of the classes), and
    `losses.Classification` is an auxiliary loss of both players. The model is suitable for classes
    that are easy to tell apart; compared with those of `ConditionalGAN`, its images show their
    class more clearly and vary less.

    Args:
        image_shape: See `DCGAN`; this also applies to the other arguments.
        latent_dim: Integer.
        generator: Built `keras.Model` from `[latents, labels]` to images, or factory.
        discriminator: Built `keras.Model` from images to a dict of `"logits"` and `"classes"`,
            floats `(N, num_classes)`; or a factory, a function of `image_shape=` and
            `num_classes=`.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Not supported; see `ConditionalGAN`.
        condition_shape: Not supported; see `Pix2Pix`.
        prior: Object of `keras_gans.priors`.
        value_range: Pair `(low, high)`, range of the images.
        seed: Integer, seed of the noise in training.

    Raises:
        ValueError: If `num_classes` is missing, or the networks do not fit together.

    Example:

    >>> gan = ACGAN(image_shape=(8, 8, 1), latent_dim=4, num_classes=3)
    >>> gan.compile()
    >>> images = np.random.randint(0, 256, (48, 8, 8, 1), "uint8")
    >>> history = gan.fit(images, np.arange(48) % 3, verbose=0)
    >>> gan.generate(labels=2, num_images=4).shape
    (4, 8, 8, 1)

    Reference:
        - [Odena et al., 2017](https://arxiv.org/abs/1610.09585). Unlike the paper, networks and
          optimizers are those of `DCGAN`.
    """

    required_labels = ("num_classes",)

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """The recipe's networks, used where the constructor is given none."""
        return dcgan_networks(value_range) | {"discriminator": classifying_discriminator}

    def compile_defaults(self) -> dict[str, Any]:
        """The recipe's defaults, used where an argument of `compile` is None."""
        defaults = {**super().compile_defaults(), **dcgan_training(self.discriminator)}
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
