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
    """Learns without labels how images differ, for example in kind, slant and width.

    A `DCGAN` whose latents end in codes (`priors.Codes`): by default, one discrete code with
    ten categories and two continuous codes. The discriminator also estimates the codes of each
    generated image, and `losses.MutualInformation` is an auxiliary loss of both players, so that
    each code learns to control a visible property of the images. `sample_latents` returns latents
    whose codes you can change before you pass them to `generate`.

    Args:
        image_shape: See `DCGAN`; this also applies to the other arguments.
        latent_dim: Integer, length of the latents including the codes; 74 by default.
        generator: Built `keras.Model` or factory.
        discriminator: Built `keras.Model` from images to a dict of `"logits"` and `"codes"`,
            floats `(N, prior.size)`; or a factory, a function of `image_shape=`.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats.
        condition_shape: Tuple, if labels are images.
        prior: `priors.Codes`.
        value_range: Pair `(low, high)`, range of the images.
        seed: Integer, seed of the noise in training.

    Raises:
        ValueError: If the networks do not fit together or contradict an argument.

    Example:

    >>> gan = InfoGAN(image_shape=(8, 8, 1))
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (64, 8, 8, 1), "uint8"), verbose=0)
    >>> gan.sample_latents(2, seed=0).shape
    (2, 74)

    Reference:
        - [Chen et al., 2016](https://arxiv.org/abs/1606.03657). Unlike the paper, networks and
          optimizers are those of `DCGAN`; see also `losses.MutualInformation`.
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
        """The recipe's generator, used where the constructor is given none."""
        return dcgan_networks(value_range) | {"latent_dim": 74}

    def compile_defaults(self) -> dict[str, Any]:
        """The recipe's defaults, used where an argument of `compile` is None."""
        defaults = {**super().compile_defaults(), **dcgan_training(self.discriminator)}
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
