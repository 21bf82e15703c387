"""A metric that detects copies of training images."""

from typing import Any

import numpy as np

from keras_gans import checks
from keras_gans.metrics.kept_features import KeptFeatures
from keras_gans.metrics.nearest_neighbors import nearest_distances
from keras_gans.ops.images import check_array, rescale
from keras_gans.ops.statistics import blocks
from keras_gans.protocols import Array, ArrayLike, Classifier, Extractor, ValueRange


class NearestTrainingImage(KeptFeatures):
    """The distance of generated images to the training images, relative to held-out real images.

    Logs two numbers. `nearest_distance` is the median distance from a generated image to its
    nearest training image, divided by the same median for the held-out images passed to `evaluate`.
    It is about 1 if generated images differ from the training images as much as held-out images do,
    and close to 0 if they are copies. `near_copies` is the fraction of generated images that are
    closer to a training image than all but 1% of the held-out images. It is about 0.01 for a model
    that does not copy.

    The features of all images are stored, including those of the training images.

    Args:
        extractor: See `SampleMetric`.
        training_images: Images `(N, H, W, C)` that the model was trained on: uint8, bool, or
            floats in `value_range`.
        value_range: Pair `(low, high)`, the range of values of float training images.
        name: String, the prefix of the keys in the logs.

    Raises:
        ValueError: If float training images are out of range.

    Example:

    >>> import keras_gans
    >>> points = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    >>> metric = NearestTrainingImage(keras_gans.metrics.RawPixels(), training_images=points[:100])
    >>> metric(points[100:200], points[:100])
    {'nearest_distance': 0.0, 'near_copies': 1.0}
    """

    parts = ("nearest_distance", "near_copies")

    def __init__(
        self,
        extractor: Extractor | Classifier,
        training_images: ArrayLike,
        value_range: ValueRange = (-1, 1),
        name: str | None = None,
    ):
        super().__init__(extractor, name)
        value_range = checks.value_range("value_range", value_range)
        training_images = checks.numeric_array("training_images", training_images, axes=2)
        check_array(training_images, value_range)
        self._training = np.concatenate(
            [
                self._features(training_images[rows], value_range)
                for rows in blocks(len(training_images))
            ]
        )

    def _features(self, images, value_range):
        if images.dtype.kind == "f":
            images = rescale(images, value_range, (-1, 1))
        return self._rows(images, {})

    def compare(self, real: Array, fake: Array) -> tuple[float, float]:
        """Returns the two numbers."""
        held_out, _ = nearest_distances(real, self._training)
        made, _ = nearest_distances(fake, self._training)
        if not np.median(held_out) > 0:
            raise ValueError(
                "Real images must not be training images. Received: real images of which at least "
                "half are training images. Evaluate on the test split."
            )
        return np.median(made) / np.median(held_out), np.mean(made < np.quantile(held_out, 0.01))

    def get_config(self) -> dict[str, Any]:
        """Not supported, because the config would contain all training images.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError(
            "NearestTrainingImage has no config, because it would contain all training images. "
            "Received: a call of get_config(). After loading a model, create the metric again and "
            "pass it to `measure_with`."
        )

    def details(self) -> str:
        """Returns the number of training images in words."""
        return f"nearest of {len(self._training):,} training images"
