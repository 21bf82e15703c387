"""ADA: augmentation as strong as the discriminator needs it."""

from collections.abc import Sequence
from typing import Any

from keras import ops

from keras_gans import checks
from keras_gans.augmentation.varying_augment import VaryingAugment
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable

_KEPT = 0.75  # of the running sign at each step: a mean over about four batches


@serializable()
class AdaptiveAugment(VaryingAugment):
    """Makes each change with a probability that follows how sure the discriminator is.

    The share of training images that the discriminator finds real rises when it begins to know
    them by heart. Above the target, the probability of every change rises; below, it falls.

    Formula, with `r` the running mean of `sign(D(x))` over real images:

        strength += sign(r - target) * batch_size / ramp, kept in [0, largest]

    Args:
        policy: See `DiffAugment`.
        target: Float in (-1, 1), the running sign that is aimed at.
        largest: Float in [0, 1], strength that is never exceeded; near 1, changes leak into
            the generated images.
        ramp: Integer, images in which the strength can go from 0 to 1. Trainings of fewer
            than a few hundred thousand images need a shorter one.
        seed: Integer.

    Call arguments:
        images: Floats `(N, H, W, C)`, `(N, T, C)` or `(N, D, H, W, C)`, in [-1, 1]: models
            with another `value_range` map them.

    Output shape:
        The same.

    Raises:
        ValueError: If the policy names another change, a number is out of range, or images are
            vectors.

    Example:

    >>> augmentation = AdaptiveAugment(seed=0)
    >>> augmentation.update_strength(1.0, num_images=64)  # the discriminator is sure of all 64
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
        """Moves the strength after a batch of real images was judged.

        Args:
            sign: Float scalar, mean sign of the logits of augmented training images.
            num_images: Integer, how many they were.
        """
        self.running_sign.assign(_KEPT * self.running_sign + (1 - _KEPT) * sign)
        step = ops.cast(num_images, self.strength.dtype) / self.ramp
        strength = self.strength + ops.sign(self.running_sign - self.target) * step
        self.strength.assign(ops.clip(strength, 0.0, self.largest))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        own = {name: getattr(self, name) for name in ("target", "largest", "ramp")}
        return {**super().get_config(), **own}
