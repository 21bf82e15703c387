"""Relativistic losses, which compare real and generated images with each other."""

from keras import ops

from keras_gans.losses.adversarial import AdversarialLoss
from keras_gans.ops.replicas import mean_over_replicas
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable


@serializable()
class RelativisticPairing(AdversarialLoss):
    """Compares each generated image with the real image at the same position in the batch.

    This is the loss of `R3GAN`. It converges only together with both `R1` and `R2`. Do not use
    BatchNorm in the discriminator: it mixes the images that are compared.

    Formula, with `sp(t) = log(1 + exp(t))` and logits `D(.)`:

        discriminator: mean(sp(-(D(x) - D(G(z)))))
        generator:     mean(sp(-(D(G(z)) - D(x))))

    Example:

    >>> loss = RelativisticPairing()
    >>> round(float(loss.generator_loss(np.full((4, 1), 7.0), np.full((4, 1), 7.0))), 4)
    0.6931

    Reference:
        - [Jolicoeur-Martineau, 2018](https://arxiv.org/abs/1807.00734), section 4.1.
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), section 2.
    """

    threshold = None
    generator_compares = True

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(sp(-(D(x) - D(G(z)))))`."""
        return ops.mean(ops.softplus(fake_logits - real_logits))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(sp(-(D(G(z)) - D(x))))`."""
        return ops.mean(ops.softplus(real_logits - fake_logits))


@serializable()
class RelativisticAverage(AdversarialLoss):
    """Compares each image with the mean logit of the other kind (real or generated).

    Formula, with `sp(t) = log(1 + exp(t))` and logits `D(.)`:

        discriminator: mean(sp(-(D(x) - mean D(G(z))))) + mean(sp(D(G(z)) - mean D(x)))
        generator:     mean(sp(-(D(G(z)) - mean D(x)))) + mean(sp(D(x) - mean D(G(z))))

    Example:

    >>> loss = RelativisticAverage()
    >>> round(float(loss.discriminator_loss(np.ones((4, 1)), np.ones((4, 1)))), 4)
    1.3863

    Reference:
        - [Jolicoeur-Martineau, 2018](https://arxiv.org/abs/1807.00734), section 4.
    """

    threshold = None
    generator_compares = True

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(sp(-(D(x) - mean D(G(z))))) + mean(sp(D(G(z)) - mean D(x)))`."""
        return _contrast(real_logits, fake_logits)

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns the same as `discriminator_loss` with real and generated logits exchanged."""
        return _contrast(fake_logits, real_logits)


def _contrast(high, low):
    """Is small if `high` is above the mean of `low`, and `low` is below the mean of `high`."""
    above = ops.softplus(mean_over_replicas(ops.mean(low)) - high)
    below = ops.softplus(low - mean_over_replicas(ops.mean(high)))
    return ops.mean(above) + ops.mean(below)
