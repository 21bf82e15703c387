"""R3GAN: a regularized relativistic GAN with plain residual networks."""

import functools
from typing import Any

import keras

from keras_gans import networks
from keras_gans.losses import R1, R2, RelativisticPairing
from keras_gans.models.building import activation_for
from keras_gans.models.gan import GAN
from keras_gans.ops import CosineSchedule
from keras_gans.protocols import ValueRange
from keras_gans.saving import serializable

_BURN_IN = 200_000  # images


@serializable()
class R3GAN(GAN):
    """A GAN with a relativistic loss, and penalties at both real and generated images.

    Use it for datasets with many modes: with both penalties, training converges locally for any
    dataset. The networks default to `networks.r3gan_generator` and `networks.r3gan_discriminator`,
    small networks for images of 28 to 64 pixels. Training defaults to `RelativisticPairing`, to
    `R1` and `R2` with weights that decrease from 0.2 to 0.02 over 200,000 images, and to Adam with
    a learning rate of 1e-3, beta_1 of 0 and beta_2 of 0.99. The half-life of the averaged generator
    increases to 10,000 images over the same period.

    Args:
        image_shape: See `DCGAN`, also for the other arguments.
        latent_dim: Integer. Defaults to 64 for the default generator.
        generator: Built `keras.Model` or factory.
        discriminator: Built `keras.Model` or factory, without BatchNorm.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats `(N, condition_dim)`.
        condition_shape: Tuple, if labels are images `(N, *condition_shape)`. Requires networks of
            your own; see also `Pix2Pix`.
        prior: Object of `keras_gans.priors`, or a callable that turns standard normal noise into
            latents.
        value_range: Pair `(low, high)`, the range of the images.
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If the networks do not match each other or an argument.

    Example:

    >>> gan = R3GAN(image_shape=(8, 8, 1), latent_dim=4)
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (64, 8, 8, 1), "uint8"), verbose=0)
    >>> type(gan.loss).__name__
    'RelativisticPairing'

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441). Unlike the paper, the learning
          rate is for small networks (wide networks: 2e-4) and is constant, as is beta_2 in Keras'
          Adam; the weights of the penalties are for small gray images (faces of 64 pixels: 2 to
          0.2, of 256 pixels: 150 to 15); schedules are shorter; the generator ends in a tanh; and
          its loss uses the real images of the discriminator's turn.
    """

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        activation = activation_for(value_range)
        return {
            "generator": functools.partial(networks.r3gan_generator, activation=activation),
            "discriminator": networks.r3gan_discriminator,
            "latent_dim": 64,
        }

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        falling = [CosineSchedule(0.2, 0.02, _BURN_IN) for _ in range(2)]
        return {
            **super().compile_defaults(),
            "discriminator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99),
            "generator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99),
            "loss": RelativisticPairing(),
            "penalties": [R1(falling[0]), R2(falling[1])],
            "ema_half_life": CosineSchedule(0.0, 10_000, _BURN_IN),
        }
