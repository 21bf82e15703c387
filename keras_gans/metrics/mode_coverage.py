"""How many classes generated images reach, and how evenly."""

from typing import Any

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable


@serializable()
class ModeCoverage(SampleMetric):
    """Counts the classes among generated images, and compares their shares with real ones.

    Logs `modes`, the number of classes that at least one generated image is assigned to, and
    `mode_kl`, how far the shares of classes are from those of the real images, in nats.

    Formula: `mode_kl = sum p log(p / q)`, `p` and `q` the shares of classes among generated and
    real images. A class that real images lack, but not generated ones, makes it infinite.

    Args:
        extractor: Object with the method `probabilities(images)`, images to floats
            `(N, num_classes)`, such as a `DomainClassifier`; the largest one counts.
        name: String, prefix of the keys of the logs.

    Reference:
        - [Metz et al., 2017](https://arxiv.org/abs/1611.02163), section 3.3.1, for 1,000 stacked
          digits.
    """

    lower_is_better = False
    reads = "probabilities"
    parts = ("modes", "mode_kl")

    def reset_real(self) -> None:
        """Forgets the counts of real images."""
        self._real: Any = 0

    def reset_fake(self) -> None:
        """Forgets the counts of generated images."""
        self._fake: Any = 0

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Counts classes of real images."""
        self._real = self._real + _counts(rows)

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Counts classes of generated images."""
        self._fake = self._fake + _counts(rows)

    def compute(self) -> tuple[float, float]:
        """The number of classes met, and the divergence of their shares."""
        if not (self.num_real and self.num_fake):
            raise not_enough(self, "real and generated images")
        met = self._fake > 0
        p, q = self._fake[met] / self.num_fake, self._real[met] / self.num_real
        with np.errstate(divide="ignore"):
            return int(met.sum()), np.sum(p * np.log(p / q))


def _counts(rows):
    return np.bincount(rows.argmax(axis=1), minlength=rows.shape[1])
