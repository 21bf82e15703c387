"""The discriminator as penalties see it."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from keras_gans.models.replicas import draw
from keras_gans.protocols import Shape, Tensor


class Critic:
    """Images to logits, and the logits' slopes, without a second pass over the same images.

    Args:
        discriminate: Callable from images `(N, ...)` and labels to float32 logits `(N, 1)`.
        labels: Labels of the batch, or None.
        images_seen: Integer tensor, for weights that follow a schedule.
        seed_generator: `keras.random.SeedGenerator`, the source of a penalty's random numbers:
            it is saved with the model.
    """

    def __init__(
        self,
        discriminate: Callable[..., Tensor],
        labels: Tensor,
        images_seen: Tensor,
        seed_generator: Any,
    ):
        self.images_seen = images_seen
        self.seed_generator = seed_generator
        self._discriminate, self._labels = discriminate, labels
        self._passes: list[tuple[Tensor, Any, Tensor]] = []

    def __call__(self, images: Tensor) -> Tensor:
        """Logits `(N, 1)` of images `(N, ...)`."""
        with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
            tape.watch(images)
            logits = self._discriminate(images, self._labels)
            total = tf.reduce_sum(logits)
        self._passes.append((images, tape, total))
        return logits

    def uniform(self, images: Tensor, shape: Shape) -> Tensor:
        """Random numbers `(N, *shape)` in [0, 1), a row for each image.

        On several replicas, together they are those of one replica on the joint batch.
        """
        return draw(keras.random.uniform, images, shape, self.seed_generator)

    def gradients(self, images: Tensor) -> Tensor:
        """The slope of each image's logit, a float32 tensor of the images' shape."""
        if all(seen is not images for seen, _, _ in self._passes):
            self(images)
        tape, total = next(kept for seen, *kept in self._passes if seen is images)
        return tf.cast(tape.gradient(total, images), "float32")
