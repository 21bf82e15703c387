"""The means over images that the logs of training contain."""

from typing import Any

import keras
from keras import ops

from keras_gans.losses import AdversarialLoss
from keras_gans.protocols import Tensor

_ALWAYS = ("discriminator_loss", "generator_loss", "real_score", "fake_score")
_AUXILIARY = ("discriminator_auxiliary_loss", "generator_auxiliary_loss")
_HEALTH = (  # shown if a callback needs them
    "real_accuracy",
    "fake_accuracy",
    "discriminator_gradient_norm",
    "generator_gradient_norm",
)


class Logs:
    """A mean over the images of the epoch so far for each number that a step returns."""

    names = (*_ALWAYS, "penalty", *_AUXILIARY, *_HEALTH)

    def __init__(self) -> None:
        self._means = {name: keras.metrics.Mean(name) for name in self.names}
        self._shown = {"penalty": False, "auxiliary": False, "health": False}

    def show(self, **groups: bool) -> bool:
        """Sets which logs are shown in addition to both losses and both scores.

        Args:
            **groups: True or False for `penalty`, `auxiliary` (the auxiliary losses of both
                players), or `health` (accuracies of the discriminator and gradient norms). Omitted
                groups do not change.

        Returns:
            Whether the selection has changed.
        """
        before = dict(self._shown)
        self._shown.update(groups)
        return self._shown != before

    @property
    def trackers(self) -> list[Any]:
        """A list of the means that are shown."""
        groups = {"penalty": ("penalty",), "auxiliary": _AUXILIARY, "health": _HEALTH}
        shown = [name for group, names in groups.items() if self._shown[group] for name in names]
        return [self._means[name] for name in (*_ALWAYS, *shown)]

    @property
    def in_evaluation(self) -> list[Any]:
        """A list of the means of losses and scores."""
        return [self._means[name] for name in _ALWAYS]

    def of_all_replicas(self) -> dict[str, float]:
        """Returns the means of losses and scores over all replicas, a dict of floats."""
        return {mean.name: float(mean.result()) for mean in self.in_evaluation}

    def track(self, images: Tensor, **values: Tensor) -> None:
        """Updates the shown means of the given names with values, each a mean over the images."""
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
        """Updates the means of a player's losses, its gradient norm and its penalty."""
        values = {"loss": loss, "auxiliary_loss": auxiliary, "gradient_norm": norm}
        self.track(images, **{f"{player}_{name}": value for name, value in values.items()})
        if player == "discriminator":
            self.track(images, penalty=penalty)

    def track_scores(
        self, loss: AdversarialLoss, images: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> None:
        """Updates the means of scores and accuracies, which the loss computes from the logits."""
        real, fake = loss.accuracies(real_logits, fake_logits)
        scores = {"real_score": loss.score(real_logits), "fake_score": loss.score(fake_logits)}
        self.track(images, real_accuracy=real, fake_accuracy=fake, **scores)

    def track_all(
        self, loss: AdversarialLoss, images: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> None:
        """Updates the means of both losses, scores and accuracies."""
        self.track(
            images,
            discriminator_loss=loss.discriminator_loss(real_logits, fake_logits),
            generator_loss=loss.generator_loss(real_logits, fake_logits),
        )
        self.track_scores(loss, images, real_logits, fake_logits)

    def results(self) -> dict[str, Any]:
        """Returns a dict of the means; they are NaN for a player that had no turn."""
        means = self.trackers
        return {m.name: m.result() if m.count > 0 else float("nan") for m in means}
