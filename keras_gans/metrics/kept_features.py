"""What metrics share that compare all pairs of images."""

from typing import Any

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough, not_implemented
from keras_gans.protocols import Array


class KeptFeatures(SampleMetric):
    """A metric that keeps the features of all images, `(N, d)`, float32 from a network.

    A subclass implements `compare(real, fake)` on two matrices of features.
    """

    def reset_real(self) -> None:
        """Forgets features of real images."""
        self._real: tuple[Array, ...] = ()

    def reset_fake(self) -> None:
        """Forgets features of generated images."""
        self._fake: tuple[Array, ...] = ()

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Keeps features of real images."""
        self._real = (*self._real, rows)

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Keeps features of generated images."""
        self._fake = (*self._fake, rows)

    def compute(self) -> Any:
        """Compares everything that was kept."""
        if not (self._real and self._fake):
            raise not_enough(self, "real and generated images")
        self._real, self._fake = ((np.concatenate(rows),) for rows in (self._real, self._fake))
        return self.compare(self._real[0], self._fake[0])

    def compare(self, real: Array, fake: Array) -> Any:
        """The number, or one for each of `parts`, of features `(N, d)` and `(M, d)`."""
        raise not_implemented(self, "compare(real, fake)")
