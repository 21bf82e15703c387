"""The number of classes among generated images, and how evenly they are distributed."""

from typing import Any

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable


@serializable()
class ModeCoverage(SampleMetric):
    """The number of classes among generated images, and the divergence of their frequencies.

    Logs `modes`, the number of classes to which at least one generated image is assigned, and
    `mode_kl`, the divergence of the class frequencies of generated images from those of real
    images, in nats.

    Formula: `mode_kl = sum p log(p / q)`, where `p` and `q` are the frequencies of the classes
    among generated and real images. It is infinite if a class occurs among generated images but
    not among real ones.

    Args:
        extractor: Object with the method `probabilities(images)`, which returns floats
            `(N, num_classes)`, such as a `DomainClassifier`. Each image is assigned to its most
            probable class.
        name: String, the prefix of the keys in the logs.

    Reference:
        - [Metz et al., 2017](https://arxiv.org/abs/1611.02163), section 3.3.1, for 1,000 stacked
          digits.
    """

    lower_is_better = (False, True)
    reads = "probabilities"
    parts = ("modes", "mode_kl")

    def reset_real(self) -> None:
        """Resets the counts of real images."""
        self._real: Any = 0

    def reset_fake(self) -> None:
        """Resets the counts of generated images."""
        self._fake: Any = 0

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Counts the classes of real images."""
        self._real = self._real + _counts(rows)

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Counts the classes of generated images."""
        self._fake = self._fake + _counts(rows)

    def compute(self) -> tuple[float, float]:
        """Returns the number of classes found, and the divergence of their frequencies."""
        if not (self.num_real and self.num_fake):
            raise not_enough(self, "real and generated images")
        met = self._fake > 0
        p, q = self._fake[met] / self.num_fake, self._real[met] / self.num_real
        with np.errstate(divide="ignore"):
            return int(met.sum()), np.sum(p * np.log(p / q))


def _counts(rows):
    return np.bincount(rows.argmax(axis=1), minlength=rows.shape[1])
