"""Whether a conditional model draws what it was asked for."""

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable


@serializable()
class LabelAccuracy(SampleMetric):
    """Share of generated images in which a classifier reads the class that was asked for.

    The classifier errs, too: compare with its accuracy on real images, which bounds what the
    number can say. It says nothing about variety.

    Args:
        extractor: Object with the method `probabilities(images)`, images to floats
            `(N, num_classes)`, such as a `DomainClassifier`.
        name: String, key of the logs.

    Raises:
        ValueError: If there are no labels, or labels that the classifier has no class for.
    """

    lower_is_better = False
    reads = "probabilities"
    needs_classes = True

    def reset_fake(self) -> None:
        """Forgets the count."""
        self._right = 0

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Counts images that are read as what they were asked to be."""
        if labels is None:
            raise ValueError(
                "LabelAccuracy compares generated images with what was asked for. "
                "Received: labels=None. Use it with a ConditionalGAN(num_classes=...)."
            )
        labels = np.asarray(labels)
        integers = labels.shape == (len(rows),) and labels.dtype.kind in "iu"
        if not integers or not 0 <= labels.min() <= labels.max() < rows.shape[1]:
            raise ValueError(
                f"Labels must be integers (N,) in [0, {rows.shape[1]}), the classifier's classes. "
                f"Received: dtype={labels.dtype}, shape={labels.shape}, up to {labels.max()}. "
                "Train a classifier on the same classes."
            )
        self._right += int(np.sum(rows.argmax(axis=1) == labels))

    def compute(self) -> float:
        """The share."""
        if not self.num_fake:
            raise not_enough(self, "generated images")
        return self._right / self.num_fake
