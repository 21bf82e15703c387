"""Values that change during training, depending on the number of images seen."""

import math
from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable


@serializable()
class CosineSchedule:
    """A schedule that goes from one value to another along half a cosine and then stays constant.

    Use it for penalty weights and the half-life of the averaged generator. For learning rates, use
    the schedules of Keras, which count steps.

    Formula, with `t = min(images_seen / num_images, 1)`:

        end + (start - end) (1 + cos(pi t)) / 2

    Args:
        start: Float, the value before the first image.
        end: Float, the value from `num_images` on.
        num_images: Integer, the number of images after which the end value is reached.

    Call arguments:
        images_seen: Integer or integer tensor, the number of real images that the discriminator
            has seen.

    Returns:
        A float32 scalar.

    Raises:
        ValueError: If `num_images` is not a positive integer, or a value is not finite.

    Example:

    >>> schedule = CosineSchedule(1.0, 0.1, num_images=1000)
    >>> [round(float(schedule(images)), 3) for images in (0, 500, 1000, 5000)]
    [1.0, 0.55, 0.1, 0.1]

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), appendix, on burn-in.
    """

    def __init__(self, start: float, end: float, num_images: int):
        self.start = checks.finite_number("start", start)
        self.end = checks.finite_number("end", end)
        repair = "For a constant value, pass a number instead of a schedule."
        self.num_images = checks.whole_number("num_images", num_images, high=2**53, repair=repair)

    def __call__(self, images_seen: Tensor) -> Tensor:
        """Returns the value for a number of images seen."""
        share = ops.minimum(ops.cast(images_seen, keras.config.floatx()) / self.num_images, 1.0)
        return self.end + (self.start - self.end) * (1 + ops.cos(math.pi * share)) / 2

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"start": self.start, "end": self.end, "num_images": self.num_images}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the schedule from the dict that `get_config` returned."""
        return cls(**config)
