"""Divergences of 2-D points on a grid, as in GAN Lab."""

from typing import Any, Self

import numpy as np

from keras_gans.metrics.extractors import RawPixels
from keras_gans.metrics.nearest_neighbors import check_positive
from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.protocols import Array
from keras_gans.saving import serializable


@serializable()
class GridDivergence(SampleMetric):
    """The Kullback-Leibler and Jensen-Shannon divergences of 2-D points, counted on a grid.

    Logs `kl` and `js`, in bits. The square from -1 to 1 is divided into `num_cells` by `num_cells`
    cells; points outside are counted in the nearest cell. Both divergences depend on the grid and
    on the number of points, so only compare them for the same numbers.

    Formula: let `p` and `q` be the fractions of real and generated points in the cells, plus 1e-4
    and normalized. Then `kl = sum p log2(p / q)` and `js = (KL(p ‖ m) + KL(q ‖ m)) / 2`, where
    `m = (p + q) / 2`.

    Args:
        num_cells: Integer, the number of cells along each side.
        name: String, the prefix of the keys in the logs.

    Example:

    >>> points = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    >>> GridDivergence(num_cells=10)(points, points)
    {'kl': 0.0, 'js': 0.0}

    Reference:
        - [Kahng et al., 2019](https://arxiv.org/abs/1809.01587), GAN Lab.
    """

    lower_is_better = True
    parts = ("kl", "js")
    smoothing = 1e-4

    def __init__(self, num_cells: int = 20, name: str | None = None):
        super().__init__(RawPixels(), name)
        self.num_cells = check_positive("num_cells", num_cells)

    def reset_real(self) -> None:
        """Resets the counts of real points."""
        self._real: Any = 0

    def reset_fake(self) -> None:
        """Resets the counts of generated points."""
        self._fake: Any = 0

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Counts real points."""
        self._real = self._real + self._counts(rows)

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Counts generated points."""
        self._fake = self._fake + self._counts(rows)

    def compute(self) -> tuple[float, float]:
        """Returns the two divergences."""
        if not (self.num_real and self.num_fake):
            raise not_enough(self, "real and generated points")
        p, q = (
            (counts / counts.sum() + self.smoothing) / (1 + counts.size * self.smoothing)
            for counts in (self._real, self._fake)
        )
        middle = (p + q) / 2
        return _divergence(p, q), (_divergence(p, middle) + _divergence(q, middle)) / 2

    def details(self) -> str:
        """Returns the size of the grid and the smoothing in words."""
        return f"{self.num_cells} x {self.num_cells} cells, smoothing {self.smoothing}"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"num_cells": self.num_cells, "name": self._given_name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the metric from the dict that `get_config` returned."""
        return cls(**config)

    def _counts(self, rows):
        if rows.shape[1] != 2:
            raise ValueError(
                "GridDivergence is for points with two coordinates. "
                f"Received: {rows.shape[1]} numbers per point. Use FrechetDistance for images."
            )
        x, y = np.clip(rows, -1.0, 1.0).T
        return np.histogram2d(x, y, bins=self.num_cells, range=[(-1, 1), (-1, 1)])[0]


def _divergence(p, q):
    return np.sum(p * np.log2(p / q))
