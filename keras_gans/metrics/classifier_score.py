"""The Inception score, with any classifier."""

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable

_TINY = 1e-16  # keeps the logarithm of a probability finite


@serializable()
class ClassifierScore(SampleMetric):
    """The Inception score: high if a classifier's predictions are confident and varied.

    It is called the Inception score because the paper uses the classes of Inception. The score is
    meaningful only if the classifier was trained on images of the same kind. Real images are not
    used. Unlike the paper, all images form a single split.

    Formula: `exp(mean KL(p(y|x) ‖ p(y)))`, from 1 to the number of classes; higher is better.

    Args:
        extractor: Object with the method `probabilities(images)`, which returns floats
            `(N, num_classes)`, such as a `DomainClassifier`.
        name: String, the key in the logs.

    Reference:
        - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 4.
    """

    lower_is_better = False
    reads = "probabilities"

    def reset_fake(self) -> None:
        """Resets the sums."""
        self._sum, self._negative_entropy = 0.0, 0.0

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Adds probabilities and negative entropies to the sums."""
        rows = rows.astype("float64")
        self._sum = self._sum + rows.sum(axis=0)
        self._negative_entropy += np.sum(rows * np.log(rows + _TINY))

    def compute(self) -> float:
        """Returns the score."""
        if self.num_fake < 1:
            raise not_enough(self, "generated images")
        mean = self._sum / self.num_fake
        divergence = self._negative_entropy / self.num_fake - np.sum(mean * np.log(mean + _TINY))
        return np.exp(divergence)

    def details(self) -> str:
        """Returns the number of splits in words."""
        return "one split"
