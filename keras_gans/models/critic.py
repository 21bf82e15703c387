"""The discriminator in the form that penalties and auxiliary losses use."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from keras_gans.ops.gradients import sum_of_logits
from keras_gans.ops.replicas import draw
from keras_gans.protocols import Shape, Tensor, ValueRange


class Critic:
    """The discriminator with the labels of a batch: logits of images, and their gradients.

    Gradients do not need a second pass over images whose logits were computed before.

    Args:
        discriminate: Callable from images `(N, ...)` and labels to a dict of outputs, of which
            `"logits"` are floats `(N, ...)`.
        value_range: Pair `(low, high)`, the range of the images.
        images_seen: Integer tensor, for weights that follow a schedule.
        seed_generator: `keras.random.SeedGenerator`, the source of random numbers. It is saved
            with the model.
        labels: Labels of the batch, or None.
    """

    def __init__(
        self,
        discriminate: Callable[..., dict[str, Tensor]],
        value_range: ValueRange,
        images_seen: Tensor,
        seed_generator: Any,
        labels: Tensor,
    ):
        self.value_range = value_range
        self.images_seen = images_seen
        self.seed_generator = seed_generator
        self._discriminate, self._labels = discriminate, labels
        self._passes: list[tuple[Tensor, Any, Tensor, dict[str, Tensor]]] = []

    def __call__(self, images: Tensor) -> Tensor:
        """Returns the logits `(N, ...)` of images `(N, ...)`."""
        return self._apply(images)["logits"]

    def outputs(self, images: Tensor) -> dict[str, Tensor]:
        """Returns all outputs for images, without a second pass over the same images."""
        known = [outputs for seen, *_, outputs in self._passes if seen is images]
        return known[0] if known else self._apply(images)

    def _apply(self, images):
        with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
            tape.watch(images)
            outputs = self._discriminate(images, self._labels)
            total = sum_of_logits(outputs["logits"])
        self._passes.append((images, tape, total, outputs))
        return outputs

    def uniform(self, images: Tensor, shape: Shape) -> Tensor:
        """Returns random numbers `(N, *shape)` in [0, 1), one row per image.

        All replicas together draw the same numbers as one replica with the global batch.
        """
        return draw(keras.random.uniform, images, shape, self.seed_generator)

    def gradients(self, images: Tensor) -> Tensor:
        """Returns the gradient of each image's logit, floats of the shape of the images.

        For a map of logits, this is the gradient of the mean of the map.
        """
        if all(seen is not images for seen, *_ in self._passes):
            self(images)
        tape, total = next(kept[:2] for seen, *kept in self._passes if seen is images)
        return tf.cast(tape.gradient(total, images), keras.config.floatx())
