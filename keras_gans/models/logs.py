"""The means behind the logs of a training."""

from typing import Any

import keras

from keras_gans.losses import AdversarialLoss
from keras_gans.protocols import Tensor

_ALWAYS = ("discriminator_loss", "generator_loss", "real_score", "fake_score")
_HEALTH = (  # where a callback asks for them
    "real_accuracy",
    "fake_accuracy",
    "discriminator_gradient_norm",
    "generator_gradient_norm",
)


class Logs:
    """One mean for each number that a step returns, since the epoch began."""

    names = (*_ALWAYS, "penalty", *_HEALTH)

    def __init__(self) -> None:
        self._means = {name: keras.metrics.Mean(name) for name in self.names}
        self._penalty = self._health = False

    def show(self, penalty: bool | None = None, health: bool | None = None) -> bool:
        """Says which logs there are beside both losses and both scores; None changes nothing.

        Args:
            penalty: Whether there is the penalty.
            health: Whether there are accuracies of the discriminator and norms of gradients.

        Returns:
            Whether that is another answer than before.
        """
        before = self._penalty, self._health
        self._penalty = self._penalty if penalty is None else penalty
        self._health = self._health if health is None else health
        return (self._penalty, self._health) != before

    @property
    def trackers(self) -> list[Any]:
        """The means that are shown, a list."""
        names = [*_ALWAYS, *["penalty"] * self._penalty, *_HEALTH * self._health]
        return [self._means[name] for name in names]

    @property
    def in_evaluation(self) -> list[Any]:
        """The means of losses and scores, a list."""
        return [self._means[name] for name in _ALWAYS]

    def of_all_replicas(self) -> dict[str, float]:
        """The means of losses and scores, a dict of floats; a step's are of the first replica."""
        return {mean.name: float(mean.result()) for mean in self.in_evaluation}

    def track(self, **values: Tensor) -> None:
        """Adds a value to each mean of that name, if it is shown."""
        for tracker in self.trackers:
            if tracker.name in values:
                tracker.update_state(values[tracker.name])

    def track_scores(self, loss: AdversarialLoss, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Adds how real both kinds of images look, by the score and the accuracies of a loss."""
        real, fake = loss.accuracies(real_logits, fake_logits)
        scores = {"real_score": loss.score(real_logits), "fake_score": loss.score(fake_logits)}
        self.track(real_accuracy=real, fake_accuracy=fake, **scores)

    def track_all(self, loss: AdversarialLoss, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Adds both losses, and what `track_scores` adds."""
        self.track(
            discriminator_loss=loss.discriminator_loss(real_logits, fake_logits),
            generator_loss=loss.generator_loss(real_logits, fake_logits),
        )
        self.track_scores(loss, real_logits, fake_logits)

    def results(self) -> dict[str, Any]:
        """The means by name; NaN of a player that had no turn."""
        means = self.trackers
        return {m.name: m.result() if m.count > 0 else float("nan") for m in means}
