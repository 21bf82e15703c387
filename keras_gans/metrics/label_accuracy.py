"""The accuracy of a conditional model: how often it draws the requested class."""

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable


@serializable()
class LabelAccuracy(SampleMetric):
    """The fraction of generated images that a classifier assigns to the requested class.

    The classifier also makes errors, so compare the result with its accuracy on real images. The
    metric does not measure variety.

    Args:
        extractor: Object with the method `probabilities(images)`, which returns floats
            `(N, num_classes)`, such as a `DomainClassifier`.
        name: String, the key in the logs.

    Raises:
        ValueError: If there are no labels, or some are not classes of the classifier.
    """

    lower_is_better = False
    reads = "probabilities"
    needs_classes = True

    def reset_fake(self) -> None:
        """Resets the count."""
        self._right = 0

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Counts the images that are classified as the requested class."""
        if labels is None:
            raise ValueError(
                "LabelAccuracy needs the requested class of each generated image. "
                "Received: labels=None. Use it with a ConditionalGAN(num_classes=...)."
            )
        labels = np.asarray(labels)
        integers = labels.shape == (len(rows),) and labels.dtype.kind in "iu"
        if not integers or not 0 <= labels.min() <= labels.max() < rows.shape[1]:
            raise ValueError(
                f"Labels must be integers (N,) in [0, {rows.shape[1]}), the classifier's classes. "
                f"Received: dtype={labels.dtype}, shape={labels.shape}, maximum {labels.max()}. "
                "Train a classifier on the same classes."
            )
        self._right += int(np.sum(rows.argmax(axis=1) == labels))

    def compute(self) -> float:
        """Returns the fraction."""
        if not self.num_fake:
            raise not_enough(self, "generated images")
        return self._right / self.num_fake
