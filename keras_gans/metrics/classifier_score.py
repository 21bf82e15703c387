"""The Inception-style score of a classifier."""

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable

_TINY = 1e-16  # keeps the logarithm of a probability finite


@serializable()
class ClassifierScore(SampleMetric):
    """How sure a classifier is of each generated image, and how varied its answers are.

    With Inception's classes it is known as Inception score; it means something with a
    classifier of the same kind of images only. Real images are not looked at. Unlike the
    paper, all images make up one split.

    Formula: `exp(mean KL(p(y|x) ‖ p(y)))`, from 1 to the number of classes; higher is better.

    Args:
        extractor: Object with the method `probabilities(images)`, images to floats
            `(N, num_classes)`, such as a `DomainClassifier`.
        name: String, key of the logs.

    Reference:
        - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 4.
    """

    lower_is_better = False
    reads = "probabilities"

    def reset_fake(self) -> None:
        """Forgets the sums."""
        self._sum, self._negative_entropy = 0.0, 0.0

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Adds up probabilities and negative entropies."""
        rows = rows.astype("float64")
        self._sum = self._sum + rows.sum(axis=0)
        self._negative_entropy += np.sum(rows * np.log(rows + _TINY))

    def compute(self) -> float:
        """The score."""
        if self.num_fake < 1:
            raise not_enough(self, "generated images")
        mean = self._sum / self.num_fake
        divergence = self._negative_entropy / self.num_fake - np.sum(mean * np.log(mean + _TINY))
        return np.exp(divergence)

    def details(self) -> str:
        """The number of splits."""
        return "one split"
