"""Base class of augmentations whose strength changes during training."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_gans.augmentation.diff_augment import DiffAugment, changes
from keras_gans.ops.replicas import draw
from keras_gans.protocols import Tensor


class VaryingAugment(DiffAugment):
    """Applies each change of a policy with the probability `strength`.

    The strength is 0 at first, unless a subclass sets it, and is saved with the model. Subclasses
    define `update_strength(sign, num_images)`, which models call after each batch.
    """

    def __init__(
        self, policy: Sequence[str] = ("translation",), seed: int | None = None, **kwargs: Any
    ):
        super().__init__(policy, seed, **kwargs)
        self.strength = self.number("strength", 0.0)

    def call(self, images: Tensor) -> Tensor:
        """Returns the images; each change is applied with the probability `strength`."""
        for change in changes(self.policy):
            shape = (1,) * (len(images.shape) - 1)
            made = draw(keras.random.uniform, images, shape, self._noise) < self.strength
            images = ops.where(made, change(images, self._noise), images)
        return images

    def number(self, name: str, value: float, dtype: str | None = None) -> Tensor:
        """Adds a non-trainable scalar weight, by default of dtype `keras.config.floatx()`."""
        start = keras.initializers.Constant(value)
        dtype = dtype or keras.config.floatx()
        return self.add_weight((), start, dtype, name=name, trainable=False)
