"""What augmentations have in common whose strength moves while a model trains."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_gans.augmentation.diff_augment import DiffAugment, changes
from keras_gans.ops.replicas import draw
from keras_gans.protocols import Tensor


class VaryingAugment(DiffAugment):
    """Makes each change with the probability `strength`, 0 at first, saved with the model.

    Subclasses define `update_strength(sign, num_images)`, which models call after each batch.
    """

    def __init__(
        self, policy: Sequence[str] = ("translation",), seed: int | None = None, **kwargs: Any
    ):
        super().__init__(policy, seed, **kwargs)
        self.strength = self.number("strength", 0.0)

    def call(self, images: Tensor) -> Tensor:
        """Returns images, each change made with the probability `strength`."""
        for change in changes(self.policy):
            shape = (1,) * (len(images.shape) - 1)
            made = draw(keras.random.uniform, images, shape, self._noise) < self.strength
            images = ops.where(made, change(images, self._noise), images)
        return images

    def number(self, name: str, value: float, dtype: str | None = None) -> Tensor:
        """A scalar weight that is not trained; of dtype `keras.config.floatx()` by default."""
        start = keras.initializers.Constant(value)
        dtype = dtype or keras.config.floatx()
        return self.add_weight((), start, dtype, name=name, trainable=False)
