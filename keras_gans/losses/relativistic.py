"""Relativistic losses: how much more real a real image looks than a generated one."""

from keras import ops

from keras_gans.losses.adversarial import AdversarialLoss
from keras_gans.ops.replicas import mean_over_replicas
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable


@serializable()
class RelativisticPairing(AdversarialLoss):
    """Each generated image is compared with one real image, that of its place in the batch.

    What `R3GAN` trains with. It converges with `R1` and `R2` together, and not without. Use no
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
    """Each image is compared with the mean of the other kind in the batch.

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
        """Returns the same with the two kinds exchanged."""
        return _contrast(fake_logits, real_logits)


def _contrast(high, low):
    """Small where the first are above the mean of the second, and the second below theirs."""
    above = ops.softplus(mean_over_replicas(ops.mean(low)) - high)
    below = ops.softplus(low - mean_over_replicas(ops.mean(high)))
    return ops.mean(above) + ops.mean(below)
