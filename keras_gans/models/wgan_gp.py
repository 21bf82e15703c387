"""WGANGP: a GAN whose discriminator, or critic, estimates a distance."""

from typing import Any

import keras

from keras_gans.losses import GradientPenalty, Wasserstein
from keras_gans.models.dcgan import dcgan_networks
from keras_gans.models.gan import GAN
from keras_gans.protocols import ValueRange
from keras_gans.saving import serializable


@serializable()
class WGANGP(GAN):
    """A GAN whose discriminator, or critic, estimates the Wasserstein-1 distance.

    This is a `DCGAN` whose training defaults to the Wasserstein loss, a gradient penalty with a
    weight of 10, five discriminator updates per generator update, and Adam with a learning rate of
    1e-3, beta_1 of 0 and beta_2 of 0.9. Each of the five updates uses a new batch of real images.
    The penalty keeps the gradient norm of the critic at about 1. The difference between its mean
    logits of real and generated images, `-discriminator_loss` in the logs, then estimates the
    distance. It decreases as the images improve.

    Args:
        image_shape: See `DCGAN`, also for the other arguments.
        latent_dim: Integer.
        generator: Built `keras.Model` or factory.
        discriminator: Built `keras.Model` or factory, without BatchNorm.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats.
        condition_shape: Tuple, if labels are images.
        prior: Object of `keras_gans.priors`.
        value_range: Pair `(low, high)`, the range of the images.
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If the networks do not match each other or an argument.

    Example:

    >>> gan = WGANGP(image_shape=(8, 8, 1), latent_dim=4)
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (64, 8, 8, 1), "uint8"), verbose=0)
    >>> gan.discriminator_steps
    5

    Reference:
        - [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028), algorithm 1. Unlike the
          paper, the learning rate is for small networks (wide networks: 1e-4), one of five batches
          also trains the generator, and images come from an averaged generator.
    """

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        return dcgan_networks(value_range)

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        return {
            **super().compile_defaults(),
            "discriminator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.9),
            "generator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.9),
            "loss": Wasserstein(),
            "penalties": [GradientPenalty(10.0)],
            "discriminator_steps": 5,
        }
