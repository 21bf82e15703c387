"""Augmentation whose strength follows a schedule."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.augmentation.varying_augment import VaryingAugment
from keras_gans.ops.schedules import CosineSchedule
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable


@serializable()
class ScheduledAugment(VaryingAugment):
    """Applies each change with a probability that follows a schedule over the images seen.

    Use it for losses whose logits have no meaningful sign, which `AdaptiveAugment` needs, and for
    trainings that should use the same strengths every time.

    Args:
        schedule: `keras_gans.ops.CosineSchedule` of the probability, between 0 and 1.
        policy: See `DiffAugment`.
        seed: Integer.

    Call arguments:
        images: Floats `(N, H, W, C)`, `(N, T, C)` or `(N, D, H, W, C)`, in [-1, 1]. Models with
            another `value_range` convert their images.

    Output shape:
        The shape of the input.

    Raises:
        ValueError: If the policy contains an unknown change, the schedule leaves [0, 1], or images
            are vectors.

    Example:

    >>> from keras_gans.ops import CosineSchedule
    >>> augmentation = ScheduledAugment(CosineSchedule(0.0, 0.5, num_images=1000), seed=0)
    >>> augmentation.update_strength(sign=None, num_images=500)
    >>> round(float(augmentation.strength), 3)
    0.25

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), appendix: from 0 to 0.3 for
          faces of 64 pixels, to 0.55 for CIFAR-10, both over 20 million images.
    """

    def __init__(
        self,
        schedule: CosineSchedule,
        policy: Sequence[str] = ("translation",),
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(policy, seed, **kwargs)
        if isinstance(schedule, dict):
            schedule = keras.saving.deserialize_keras_object(schedule)
        expected = "a CosineSchedule between two probabilities"
        repair = "For changes to every image, use DiffAugment."
        checks.instance("schedule", schedule, CosineSchedule, expected, repair)
        if not 0 <= min(schedule.start, schedule.end) <= max(schedule.start, schedule.end) <= 1:
            raise ValueError(
                f"`schedule` must be {expected}. Received: schedule from {schedule.start} to "
                f"{schedule.end}. {repair}"
            )
        self.schedule = schedule
        self.images_seen = self.number("images_seen", 0, "int64")
        self.strength.assign(schedule(0))

    def update_strength(self, sign: Tensor, num_images: Tensor) -> None:
        """Updates the strength after a batch.

        Args:
            sign: Not used.
            num_images: Integer, the number of real images in the batch.
        """
        del sign
        self.images_seen.assign_add(ops.cast(num_images, "int64"))
        self.strength.assign(self.schedule(self.images_seen))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        schedule = keras.saving.serialize_keras_object(self.schedule)
        return {**super().get_config(), "schedule": schedule}
