"""R3GAN: a loss that converges, with plain residual networks."""

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
    """Trains with relativistic pairs and penalties at both real and generated images.

    For datasets with many modes: with both penalties, training converges locally, whatever the
    modes. Networks default to `networks.r3gan_generator` and `networks.r3gan_discriminator`,
    small networks for 28 to 64 pixels. Training defaults to `RelativisticPairing`, `R1` and `R2`
    with weights that fall from 0.2 to 0.02 over 200,000 images, Adam with a learning rate of 1e-3,
    beta_1 of 0 and beta_2 of 0.99, and an averaged generator whose half-life rises to 10,000 images
    over the same period.

    Args:
        image_shape: See `DCGAN`; this also applies to the other arguments.
        latent_dim: Integer; 64 for the default generator.
        generator: Built `keras.Model` or factory.
        discriminator: Built `keras.Model` or factory, without BatchNorm.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats `(N, condition_dim)`.
        condition_shape: Tuple, if labels are images `(N, *condition_shape)`; needs networks of
            your own, see `Pix2Pix`.
        prior: Object of `keras_gans.priors`, or a callable that turns standard normal noise into
            latents.
        value_range: Pair `(low, high)`, range of the images.
        seed: Integer, seed of the noise in training.

    Raises:
        ValueError: If the networks do not fit together or contradict an argument.

    Example:

    >>> gan = R3GAN(image_shape=(8, 8, 1), latent_dim=4)
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (64, 8, 8, 1), "uint8"), verbose=0)
    >>> type(gan.loss).__name__
    'RelativisticPairing'

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441). Unlike the paper, the learning
          rate suits small networks (wide ones: 2e-4) and is constant, as is beta_2 (Keras' Adam
          keeps it constant); the weights suit small grey images (faces of 64 pixels: 2 to 0.2, of
          256: 150 to 15); schedules are shorter, the generator ends in a tanh, and its loss uses
          the real images of the discriminator's turn.
    """

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """The recipe's networks, used where the constructor is given none."""
        activation = activation_for(value_range)
        return {
            "generator": functools.partial(networks.r3gan_generator, activation=activation),
            "discriminator": networks.r3gan_discriminator,
            "latent_dim": 64,
        }

    def compile_defaults(self) -> dict[str, Any]:
        """The recipe's defaults, used where an argument of `compile` is None."""
        falling = [CosineSchedule(0.2, 0.02, _BURN_IN) for _ in range(2)]
        return {
            **super().compile_defaults(),
            "discriminator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99),
            "generator_optimizer": keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99),
            "loss": RelativisticPairing(),
            "penalties": [R1(falling[0]), R2(falling[1])],
            "ema_half_life": CosineSchedule(0.0, 10_000, _BURN_IN),
        }
