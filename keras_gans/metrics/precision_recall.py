"""Metrics that are computed from nearest neighbors in a feature space."""

from typing import Any

from keras_gans.metrics.kept_features import KeptFeatures
from keras_gans.metrics.nearest_neighbors import (
    check_positive,
    density_and_coverage,
    precision_and_recall,
)
from keras_gans.protocols import Array, Classifier, Extractor
from keras_gans.saving import serializable


class _Neighborhoods(KeptFeatures):
    """The common base class; stores `k` and the features of all images, `(N, d)` floats."""

    lower_is_better = False

    _compare_sets: Any = None

    def __init__(self, extractor: Extractor | Classifier | None, k: int, name: str | None = None):
        super().__init__(extractor, name)
        self.k = check_positive("k", k)

    def compare(self, real: Array, fake: Array) -> tuple[float, float]:
        """Returns the two numbers."""
        return type(self)._compare_sets(real, fake, self.k)

    def details(self) -> str:
        """Returns the number of neighbors in words."""
        return f"k={self.k}"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "k": self.k}


@serializable()
class PrecisionRecall(_Neighborhoods):
    """Precision, how many generated images look real; recall, how many real ones are covered.

    Logs `precision` and `recall`. The features of all images are stored.

    Formula: see `precision_and_recall`.

    Args:
        extractor: See `SampleMetric`.
        k: Integer, the number of neighbors that determines the radius.
        name: String, the prefix of the keys in the logs.

    Example:

    >>> import keras_gans
    >>> points = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    >>> PrecisionRecall(keras_gans.metrics.RawPixels())(points, points)
    {'precision': 1.0, 'recall': 1.0}

    Reference:
        - [Kynkäänniemi et al., 2019](https://arxiv.org/abs/1904.06991), equations 1 to 3.
    """

    parts = ("precision", "recall")
    _compare_sets = staticmethod(precision_and_recall)

    def __init__(
        self, extractor: Extractor | Classifier | None = None, k: int = 3, name: str | None = None
    ):
        super().__init__(extractor, k, name)


@serializable()
class DensityCoverage(_Neighborhoods):
    """Density of real images around generated ones; coverage, how many have one nearby.

    Logs `density` and `coverage`. Outliers among the real images have less influence than in
    `PrecisionRecall`. The features of all images are stored.

    Formula: see `density_and_coverage`.

    Args:
        extractor: See `SampleMetric`.
        k: Integer, the number of neighbors that determines the radius.
        name: String, the prefix of the keys in the logs.

    Example:

    >>> import keras_gans
    >>> points = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    >>> DensityCoverage(keras_gans.metrics.RawPixels())(points, points)["coverage"]
    1.0

    Reference:
        - [Naeem et al., 2020](https://arxiv.org/abs/2002.09797), equations 5 and 6.
    """

    parts = ("density", "coverage")
    _compare_sets = staticmethod(density_and_coverage)

    def __init__(
        self, extractor: Extractor | Classifier | None = None, k: int = 5, name: str | None = None
    ):
        super().__init__(extractor, k, name)
