"""Adaptive discriminator augmentation (ADA)."""

from collections.abc import Sequence
from typing import Any

from keras import ops

from keras_gans import checks
from keras_gans.augmentation.varying_augment import VaryingAugment
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable

_KEPT = 0.75  # decay of the running sign: an average over about four batches


@serializable()
class AdaptiveAugment(VaryingAugment):
    """Applies each change with a probability that adapts to the discriminator's overfitting.

    When the discriminator starts to memorize the training images, it classifies more of them as
    real. Above the target, the probability of every change increases; below it, it decreases.

    Formula, with `r` the running mean of `sign(D(x))` over real images:

        strength += sign(r - target) * batch_size / ramp, kept in [0, largest]

    Args:
        policy: See `DiffAugment`.
        target: Float in (-1, 1), the target of the running sign.
        largest: Float in [0, 1], the upper limit of the strength. Close to 1, the generator
            reproduces the changes.
        ramp: Integer, the number of images over which the strength can rise from 0 to 1. Use
            fewer for trainings of less than a few hundred thousand images.
        seed: Integer.

    Call arguments:
        images: Floats `(N, H, W, C)`, `(N, T, C)` or `(N, D, H, W, C)`, in [-1, 1]. Models with
            another `value_range` convert their images.

    Output shape:
        The shape of the input.

    Raises:
        ValueError: If the policy contains an unknown change, a number is out of range, or images
            are vectors.

    Example:

    >>> augmentation = AdaptiveAugment(seed=0)
    >>> augmentation.update_strength(1.0, num_images=64)  # all 64 are classified as real
    >>> round(float(augmentation.strength), 6)
    0.000128

    Reference:
        - [Karras et al., 2020](https://arxiv.org/abs/2006.06676), section 3. Unlike the paper,
          the changes are those of DiffAugment.
    """

    def __init__(
        self,
        policy: Sequence[str] = ("translation",),
        target: float = 0.6,
        largest: float = 0.8,
        ramp: int = 500_000,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(policy, seed, **kwargs)
        self.target = checks.finite_number("target", target, -1, 1, "()", "0.6 is usual.")
        self.largest = checks.finite_number("largest", largest, 0, 1, repair="0.8 is usual.")
        self.ramp = checks.whole_number("ramp", ramp, high=2**53, repair="500,000 is usual.")
        self.running_sign = self.number("running_sign", self.target)

    def update_strength(self, sign: Tensor, num_images: Tensor) -> None:
        """Updates the strength after a batch.

        Args:
            sign: Float scalar, the mean sign of the logits of the augmented real images.
            num_images: Integer, the number of these images.
        """
        self.running_sign.assign(_KEPT * self.running_sign + (1 - _KEPT) * sign)
        step = ops.cast(num_images, self.strength.dtype) / self.ramp
        strength = self.strength + ops.sign(self.running_sign - self.target) * step
        self.strength.assign(ops.clip(strength, 0.0, self.largest))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        own = {name: getattr(self, name) for name in ("target", "largest", "ramp")}
        return {**super().get_config(), **own}
