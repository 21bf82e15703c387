"""An adapter for the losses of Keras."""

from typing import Any, Self

import keras

from keras_gans.losses.adversarial import AdversarialLoss
from keras_gans.ops.replicas import num_replicas
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable

_OF_SIGNS = keras.losses.Hinge, keras.losses.SquaredHinge
# Losses of one number and its target. Others compare vectors, classes, boxes or masks.
_OF_NUMBERS = (
    *_OF_SIGNS,
    keras.losses.BinaryCrossentropy,
    keras.losses.BinaryFocalCrossentropy,
    keras.losses.Huber,
    keras.losses.LogCosh,
    keras.losses.MeanAbsoluteError,
    keras.losses.MeanSquaredError,
)


@serializable()
class KerasLoss(AdversarialLoss):
    """Uses a loss of `keras.losses` for both players; the targets are 1 (real) and 0 (fake).

    `compile(loss=keras.losses.BinaryCrossentropy())` creates this adapter for you.

    Formula:

        discriminator: loss(ones, D(x)) + loss(zeros, D(G(z)))
        generator:     loss(ones, D(G(z)))

    The `label_smoothing` of Keras moves both targets, unlike the one-sided smoothing that the
    literature recommends.

    Args:
        loss: A `keras.losses.Loss` that compares single numbers, such as `BinaryCrossentropy` or
            `MeanSquaredError`, or a subclass that you wrote.

    Raises:
        ValueError: If `loss` is not a `keras.losses.Loss`, or is for another task, such as
            `CategoricalCrossentropy`.

    Example:

    >>> loss = KerasLoss(keras.losses.BinaryCrossentropy())
    >>> round(float(loss.generator_loss(None, np.full((4, 1), 0.5))), 4)
    0.6931
    """

    def __init__(self, loss: keras.losses.Loss):
        if not isinstance(loss, keras.losses.Loss):
            raise ValueError(
                "`loss` must be an instance of keras_gans.losses.AdversarialLoss, such as "
                f"keras_gans.losses.Hinge(), or of keras.losses.Loss. Received: loss={loss!r}. "
                "Pass an object, not a class; subclass AdversarialLoss to write your own."
            )
        if type(loss).__module__.startswith("keras.") and not isinstance(loss, _OF_NUMBERS):
            raise ValueError(
                "`loss` must compare one number with its target, 1 for real and 0 for fake. "
                f"Received: loss={type(loss).__name__}, which is for another task. Pass, for "
                "example, keras.losses.BinaryCrossentropy(from_logits=True), or a subclass of "
                "keras.losses.Loss that you wrote."
            )
        self.loss = loss

    @property
    def from_logits(self) -> bool | None:  # type: ignore[override] # nothing sets it
        """Whether the loss expects logits; None if the loss has no such attribute."""
        return getattr(self.loss, "from_logits", None)

    @property
    def threshold(self) -> float:  # type: ignore[override] # nothing sets it
        """The output above which an image counts as real: half-way between the targets."""
        signs = isinstance(self.loss, _OF_SIGNS)  # Keras turns their targets into -1 and 1
        return 0.0 if self.from_logits or signs else 0.5

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `loss(ones, D(x)) + loss(zeros, D(G(z)))`."""
        return self._of(keras.ops.ones_like, real_logits) + self._of(
            keras.ops.zeros_like, fake_logits
        )

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns `loss(ones, D(G(z)))`."""
        return self._of(keras.ops.ones_like, fake_logits)

    def _of(self, targets, logits):
        """Returns this replica's loss; its mean over replicas is the loss of the global batch."""
        loss = self.loss(targets(logits), logits)
        if num_replicas() == 1:
            return loss
        # Under a strategy, Keras divides means by the number of replicas, and a sum covers only
        # this replica's logits. A `call` that returns a scalar is not rescaled.
        each = self.loss.call(targets(logits), logits)
        return loss * num_replicas() if len(each.shape) else loss

    def score(self, logits: Tensor) -> Tensor:
        """Returns the mean output, as a probability if the loss expects logits."""
        return keras.ops.mean(keras.ops.sigmoid(logits) if self.from_logits else logits)

    def get_config(self) -> dict[str, Any]:
        """Returns the Keras loss, serialized."""
        return {"loss": keras.saving.serialize_keras_object(self.loss)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the adapter from the dict that `get_config` returned."""
        return cls(keras.saving.deserialize_keras_object(config["loss"]))
