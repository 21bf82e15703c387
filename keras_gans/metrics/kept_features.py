"""The base class of metrics that compare all pairs of images."""

from typing import Any

import numpy as np

from keras_gans.metrics.sample_metric import SampleMetric, not_enough, not_implemented
from keras_gans.protocols import Array


class KeptFeatures(SampleMetric):
    """A metric that stores the features of all images, `(N, d)`; those of networks are float32.

    Subclasses implement `compare(real, fake)` for two matrices of features.
    """

    def reset_real(self) -> None:
        """Deletes the features of real images."""
        self._real: tuple[Array, ...] = ()

    def reset_fake(self) -> None:
        """Deletes the features of generated images."""
        self._fake: tuple[Array, ...] = ()

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Stores features of real images."""
        self._real = (*self._real, rows)

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Stores features of generated images."""
        self._fake = (*self._fake, rows)

    def compute(self) -> Any:
        """Compares the stored features of real and generated images."""
        if not (self._real and self._fake):
            raise not_enough(self, "real and generated images")
        self._real = (np.concatenate(self._real),)  # one set after the other, to save memory
        self._fake = (np.concatenate(self._fake),)
        return self.compare(self._real[0], self._fake[0])

    def compare(self, real: Array, fake: Array) -> Any:
        """Returns a number, or one for each of `parts`, for features `(N, d)` and `(M, d)`."""
        raise not_implemented(self, "compare(real, fake)")
