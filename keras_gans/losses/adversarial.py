"""Adversarial losses: one class holds the losses of both players, so they always match."""

from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable


class AdversarialLoss:
    """Base class of adversarial losses: one method per player, and a score for the logs.

    To write your own loss, override `discriminator_loss` and `generator_loss`. Register the class
    with `keras.saving.register_keras_serializable`, so that models that use it can be loaded, and
    add `get_config` if its constructor takes arguments. Models call the methods with float logits
    of shape `(N, 1)`, or `(N, ...)` if the discriminator returns a map of logits. For a loss on
    probabilities, set `from_logits = False`; the discriminator must then end in a sigmoid.

    Example:

        @keras.saving.register_keras_serializable(package="my_project")
        class LeastSquares(keras_gans.losses.AdversarialLoss):
            threshold = 0.5  # half-way between fake, 0, and real, 1

            def discriminator_loss(self, real_logits, fake_logits):
                return keras.ops.mean((real_logits - 1) ** 2 + fake_logits**2) / 2

            def generator_loss(self, real_logits, fake_logits):
                return keras.ops.mean((fake_logits - 1) ** 2) / 2
    """

    from_logits: bool | None = True  # False: the discriminator must end in a sigmoid
    # Images with larger logits count as real; None: half-way between the two means.
    threshold: float | None = 0.0
    generator_compares = False  # whether `generator_loss` reads `real_logits`

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns what the discriminator minimizes.

        Args:
            real_logits: Floats `(N, ...)`, the discriminator's output on real images.
            fake_logits: Floats `(N, ...)`, its output on generated images.

        Returns:
            A float scalar.
        """
        raise _missing(self, "discriminator_loss")

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns what the generator minimizes.

        Args:
            real_logits: Floats `(N, ...)`, from the updated discriminator if the class sets
                `generator_compares = True`; otherwise from the discriminator's turn, before its
                update.
            fake_logits: Floats `(N, ...)`, from the updated discriminator.

        Returns:
            A float scalar.
        """
        raise _missing(self, "generator_loss")

    def score(self, logits: Tensor) -> Tensor:
        """Returns how real a batch looks to the discriminator, for the logs.

        Args:
            logits: Floats `(N, ...)`.

        Returns:
            A float scalar: the mean logit. Losses whose logits stand for probabilities return the
            mean probability.
        """
        return ops.mean(logits)

    def accuracies(self, real_logits: Tensor, fake_logits: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the accuracies of the discriminator, for `HealthMonitor`.

        Args:
            real_logits: Floats `(N, ...)`.
            fake_logits: Floats `(N, ...)`.

        Returns:
            Two float scalars in [0, 1]: the fraction of real images whose logits are above
            `threshold`, and the fraction of generated images whose logits are not. If `threshold`
            is None, because only differences between logits matter, the mean of the two mean
            logits is used.
        """
        threshold = self.threshold
        if threshold is None:
            threshold = (ops.mean(real_logits) + ops.mean(fake_logits)) / 2
        return (
            ops.mean(ops.cast(real_logits > threshold, keras.config.floatx())),
            ops.mean(ops.cast(fake_logits <= threshold, keras.config.floatx())),
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the loss from the dict that `get_config` returned."""
        return cls(**config)


def _missing(loss, method):
    return TypeError(
        f"A loss must define `{method}(real_logits, fake_logits)`. "
        f"Received: loss={loss.__class__.__name__}, which does not. Define it in the class."
    )


@serializable()
class NonSaturating(AdversarialLoss):
    """Cross-entropy for both players; the default loss of `DCGAN`.

    Formula, with `sp(t) = log(1 + exp(t))`, logits `D(.)` and label smoothing `s`:

        discriminator: mean((1 - s) sp(-D(x)) + s sp(D(x))) + mean(sp(D(G(z))))
        generator:     mean(sp(-D(G(z))))

    Args:
        label_smoothing: Float in [0, 0.5). The target of real images is `1 - label_smoothing`.
            The target of generated images stays 0 (one-sided smoothing).

    Raises:
        ValueError: If `label_smoothing` is out of range.

    Example:

    >>> loss = NonSaturating()
    >>> round(float(loss.discriminator_loss(np.zeros((4, 1)), np.zeros((4, 1)))), 4)
    1.3863

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), section 3.
        - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 3.4, for smoothing.
    """

    def __init__(self, label_smoothing: float = 0.0):
        self.label_smoothing = checks.finite_number(
            "label_smoothing", label_smoothing, 0, 0.5, open_ends=")", repair="0.1 is usual."
        )

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean((1 - s) sp(-D(x)) + s sp(D(x))) + mean(sp(D(G(z))))`."""
        # (1 - s) sp(-t) + s sp(t) = sp(-t) + s t
        real = ops.softplus(-real_logits) + self.label_smoothing * real_logits
        return ops.mean(real) + ops.mean(ops.softplus(fake_logits))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(sp(-D(G(z))))`."""
        return ops.mean(ops.softplus(-fake_logits))

    def score(self, logits: Tensor) -> Tensor:
        """Returns the mean probability of being real, in [0, 1]."""
        return ops.mean(ops.sigmoid(logits))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"label_smoothing": self.label_smoothing}


@serializable()
class Minimax(AdversarialLoss):
    """The zero-sum game of the original paper: the generator maximizes the discriminator's loss.

    Prefer `NonSaturating` in practice. Here, the generator's gradient vanishes when the
    discriminator is confident that its images are fake, which is when it is needed most.

    Formula, with `sp(t) = log(1 + exp(t))` and logits `D(.)`:

        discriminator: mean(sp(-D(x))) + mean(sp(D(G(z))))
        generator:     mean(-sp(D(G(z))))

    Example:

    >>> round(float(Minimax().generator_loss(None, np.zeros((4, 1)))), 4)
    -0.6931

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), equation 1.
    """

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(sp(-D(x))) + mean(sp(D(G(z))))`."""
        return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(-sp(D(G(z))))`."""
        return -ops.mean(ops.softplus(fake_logits))

    def score(self, logits: Tensor) -> Tensor:
        """Returns the mean probability of being real, in [0, 1]."""
        return ops.mean(ops.sigmoid(logits))


@serializable()
class LeastSquares(AdversarialLoss):
    """Squared distance to the targets 1 (real) and 0 (fake): LSGAN.

    Formula, with linear outputs `D(.)`:

        discriminator: mean((D(x) - 1)^2) / 2 + mean(D(G(z))^2) / 2
        generator:     mean((D(G(z)) - 1)^2) / 2

    Example:

    >>> float(LeastSquares().discriminator_loss(np.ones((4, 1)), np.ones((4, 1))))
    0.5

    Reference:
        - [Mao et al., 2017](https://arxiv.org/abs/1611.04076), equation 9.
    """

    threshold = 0.5

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean((D(x) - 1)^2) / 2 + mean(D(G(z))^2) / 2`."""
        return ops.mean(ops.square(real_logits - 1)) / 2 + ops.mean(ops.square(fake_logits)) / 2

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean((D(G(z)) - 1)^2) / 2`."""
        return ops.mean(ops.square(fake_logits - 1)) / 2


@serializable()
class Hinge(AdversarialLoss):
    """Hinge loss: pushes real logits above 1 and fake logits below -1, but no further.

    Formula, with logits `D(.)`:

        discriminator: mean(max(0, 1 - D(x))) + mean(max(0, 1 + D(G(z))))
        generator:     -mean(D(G(z)))

    Usually combined with spectral normalization.

    Example:

    >>> float(Hinge().discriminator_loss(np.ones((4, 1)), -np.ones((4, 1))))
    0.0

    Reference:
        - [Lim and Ye, 2017](https://arxiv.org/abs/1705.02894).
    """

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(max(0, 1 - D(x))) + mean(max(0, 1 + D(G(z))))`."""
        return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 + fake_logits))

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `-mean(D(G(z)))`."""
        return -ops.mean(fake_logits)


@serializable()
class Wasserstein(AdversarialLoss):
    """Difference between the mean logits: the loss of WGAN.

    It estimates a distance between the distributions if the critic's gradient norm stays near 1.
    Use it with `GradientPenalty` or with spectral normalization.

    Formula, with logits `D(.)` of a critic:

        discriminator: mean(D(G(z))) - mean(D(x))
        generator:     -mean(D(G(z)))

    Example:

    >>> float(Wasserstein().discriminator_loss(np.full((4, 1), 3.0), np.ones((4, 1))))
    -2.0

    Reference:
        - [Arjovsky et al., 2017](https://arxiv.org/abs/1701.07875), equations 2 and 3.
    """

    threshold = None  # adding a constant to all logits changes nothing

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `mean(D(G(z))) - mean(D(x))`."""
        return ops.mean(fake_logits) - ops.mean(real_logits)

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `-mean(D(G(z)))`."""
        return -ops.mean(fake_logits)
