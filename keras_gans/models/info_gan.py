"""InfoGAN: interpretable codes, learned without labels."""

import functools
from typing import Any

from keras_gans import networks
from keras_gans.losses import MutualInformation
from keras_gans.models.dcgan import dcgan_networks, dcgan_training
from keras_gans.models.gan import GAN
from keras_gans.priors import Codes
from keras_gans.protocols import ShapeLike, ValueRange
from keras_gans.saving import serializable


@serializable()
class InfoGAN(GAN):
    """A GAN that learns without labels how images differ, such as in kind, slant and width.

    This is a `DCGAN` whose latents end in codes (`priors.Codes`): by default, one discrete code
    with ten categories and two continuous codes. The discriminator also estimates the codes of each
    generated image, and `losses.MutualInformation` is an auxiliary loss of both players. As a
    result, each code learns to control a visible property of the images. To use them, change the
    codes in the result of `sample_latents`, and pass it to `generate`.

    Args:
        image_shape: See `DCGAN`, also for the other arguments.
        latent_dim: Integer, the length of the latents including the codes. Defaults to 74.
        generator: Built `keras.Model` or factory.
        discriminator: Built `keras.Model` from images to a dict of `"logits"` and `"codes"`,
            floats `(N, prior.size)`; or a factory, a function of `image_shape=`.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats.
        condition_shape: Tuple, if labels are images.
        prior: `priors.Codes`.
        value_range: Pair `(low, high)`, the range of the images.
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If the networks do not match each other or an argument.

    Example:

    >>> gan = InfoGAN(image_shape=(8, 8, 1))
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (64, 8, 8, 1), "uint8"), verbose=0)
    >>> gan.sample_latents(2, seed=0).shape
    (2, 74)

    Reference:
        - [Chen et al., 2016](https://arxiv.org/abs/1606.03657). Unlike the paper, the networks and
          optimizers are the defaults of `DCGAN`; see also `losses.MutualInformation`.
    """

    def __init__(
        self,
        image_shape: ShapeLike | None = None,
        latent_dim: Any = None,
        *further: Any,
        generator: Any = None,
        discriminator: Any = None,
        num_classes: int | None = None,
        condition_dim: int | None = None,
        condition_shape: ShapeLike | None = None,
        prior: Any = None,
        value_range: ValueRange | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        prior = _checked(prior)
        default = functools.partial(_estimating_discriminator, size=prior.size)
        super().__init__(
            *(image_shape, latent_dim, *further),
            generator=generator,
            discriminator=default if discriminator is None else discriminator,
            num_classes=num_classes,
            condition_dim=condition_dim,
            condition_shape=condition_shape,
            prior=prior,
            value_range=value_range,
            seed=seed,
            **kwargs,
        )

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks and `latent_dim`, used if none are given."""
        return dcgan_networks(value_range) | {"latent_dim": 74}

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        defaults = {**super().compile_defaults(), **dcgan_training(self)}
        return defaults | {"auxiliary_losses": [MutualInformation(self.prior)]}


def _checked(prior):
    if prior is not None and not isinstance(prior, Codes):
        raise ValueError(
            "The latents of an InfoGAN must have codes. "
            f"Received: prior={prior!r}. Pass keras_gans.priors.Codes(categories=[10])."
        )
    return prior or Codes()


def _estimating_discriminator(image_shape, size, **labels):
    return networks.dcgan_discriminator(image_shape, heads={"codes": size}, **labels)
