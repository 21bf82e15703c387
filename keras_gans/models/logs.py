"""The means over images that the logs of training report."""

from typing import Any

import keras
from keras import ops

from keras_gans.losses import AdversarialLoss
from keras_gans.protocols import Tensor

_ALWAYS = ("discriminator_loss", "generator_loss", "real_score", "fake_score")
_AUXILIARY = ("discriminator_auxiliary_loss", "generator_auxiliary_loss")
_HEALTH = (  # if a callback asks for them
    "real_accuracy",
    "fake_accuracy",
    "discriminator_gradient_norm",
    "generator_gradient_norm",
)


class Logs:
    """One mean over images for each number that a step returns, since the epoch began."""

    names = (*_ALWAYS, "penalty", *_AUXILIARY, *_HEALTH)

    def __init__(self) -> None:
        self._means = {name: keras.metrics.Mean(name) for name in self.names}
        self._shown = {"penalty": False, "auxiliary": False, "health": False}

    def show(self, **groups: bool) -> bool:
        """Sets which logs are shown besides both losses and both scores.

        Args:
            **groups: `penalty`, `auxiliary` (the auxiliary losses of both players), or `health`
                (accuracies of the discriminator and gradient norms). Others do not change.

        Returns:
            Whether this has changed the selection.
        """
        before = dict(self._shown)
        self._shown.update(groups)
        return self._shown != before

    @property
    def trackers(self) -> list[Any]:
        """The means that are shown, a list."""
        groups = {"penalty": ("penalty",), "auxiliary": _AUXILIARY, "health": _HEALTH}
        shown = [name for group, names in groups.items() if self._shown[group] for name in names]
        return [self._means[name] for name in (*_ALWAYS, *shown)]

    @property
    def in_evaluation(self) -> list[Any]:
        """The means of losses and scores, a list."""
        return [self._means[name] for name in _ALWAYS]

    def of_all_replicas(self) -> dict[str, float]:
        """The means of losses and scores, a dict of floats; steps return the first replica's."""
        return {mean.name: float(mean.result()) for mean in self.in_evaluation}

    def track(self, images: Tensor, **values: Tensor) -> None:
        """Adds each value, a mean over images `(N, ...)`, to that of the same name, if shown."""
        num_images = ops.cast(ops.shape(images)[0], keras.config.floatx())
        for tracker in self.trackers:
            if tracker.name in values:
                tracker.update_state(values[tracker.name], sample_weight=num_images)

    def track_player(
        self,
        player: str,
        images: Tensor,
        loss: Tensor,
        auxiliary: Tensor,
        norm: Tensor,
        penalty: Tensor = 0.0,
    ) -> None:
        """Adds a player's losses, the norm of its gradient, and the discriminator's penalty."""
        values = {"loss": loss, "auxiliary_loss": auxiliary, "gradient_norm": norm}
        self.track(images, **{f"{player}_{name}": value for name, value in values.items()})
        if player == "discriminator":
            self.track(images, penalty=penalty)

    def track_scores(
        self, loss: AdversarialLoss, images: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> None:
        """Adds how real both kinds of images look, measured by the loss's score and accuracies."""
        real, fake = loss.accuracies(real_logits, fake_logits)
        scores = {"real_score": loss.score(real_logits), "fake_score": loss.score(fake_logits)}
        self.track(images, real_accuracy=real, fake_accuracy=fake, **scores)

    def track_all(
        self, loss: AdversarialLoss, images: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> None:
        """Adds both losses, and the values that `track_scores` adds."""
        self.track(
            images,
            discriminator_loss=loss.discriminator_loss(real_logits, fake_logits),
            generator_loss=loss.generator_loss(real_logits, fake_logits),
        )
        self.track_scores(loss, images, real_logits, fake_logits)

    def results(self) -> dict[str, Any]:
        """Returns the means by name; NaN for a player that had no turn."""
        means = self.trackers
        return {m.name: m.result() if m.count > 0 else float("nan") for m in means}
