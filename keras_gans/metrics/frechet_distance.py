"""The Fréchet distance between two sets of features."""

import warnings
from typing import Any

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.ops import statistics
from keras_gans.protocols import Array, ArrayLike
from keras_gans.saving import serializable


def frechet_distance(real_features: ArrayLike, fake_features: ArrayLike) -> float:
    """Returns the Fréchet distance between normal distributions fitted to two sets of features.

    Formula: `|m - n|² + trace(S + T - 2 (S T)^½)` with means `m`, `n` and covariances `S`, `T`.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`.

    Returns:
        A nonnegative float, in squared units of the features. Lower is better. It decreases as N
        and M grow, so only compare distances for the same N and M.

    Raises:
        ValueError: If the shapes do not match or a set has fewer than two rows.

    Example:

    >>> line = np.arange(5.0)[:, None]
    >>> round(frechet_distance(line, line + 3), 6)
    9.0

    Reference:
        - [Heusel et al., 2017](https://arxiv.org/abs/1706.08500), equation 6.
    """
    sets = statistics.two_sets(real_features, fake_features, at_least=2)
    real, fake = (statistics.moments(features) for features in sets)
    return statistics.frechet_distance(real, fake, statistics.root_of_covariance(real))


@serializable()
class FrechetDistance(SampleMetric):
    """The Fréchet distance between features of generated and real images; 0 if they are equal.

    With Inception features, it is known as FID. It is biased: for the same model, more images give
    a lower distance. Only compare numbers with the same protocol. Moments are accumulated in
    float64, so memory use does not depend on the number of images. There is a warning if there
    are fewer images than features: the covariance is then rank-deficient, and the distance mostly
    depends on the number of images.

    Formula: see `frechet_distance`.

    Args:
        extractor: See `SampleMetric`.
        name: String, the key in the logs.

    Example:

    >>> import keras_gans
    >>> metric = FrechetDistance(keras_gans.metrics.RawPixels())
    >>> points = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    >>> round(metric(points, points), 6)
    0.0

    Reference:
        - [Heusel et al., 2017](https://arxiv.org/abs/1706.08500), equation 6.
    """

    lower_is_better = True

    def reset_real(self) -> None:
        """Resets the moments of real images."""
        self._real: Any = None
        self._root: Any = None

    def reset_fake(self) -> None:
        """Resets the moments of generated images."""
        self._fake: Any = None

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Merges the moments of more real images."""
        self._real, self._root = statistics.join(self._real, statistics.moments(rows)), None

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Merges the moments of more generated images."""
        self._fake = statistics.join(self._fake, statistics.moments(rows))

    def compute(self) -> float:
        """Returns the distance; warns if a covariance is rank-deficient."""
        if min(self.num_real, self.num_fake) < 2:
            raise not_enough(self, "two images of each kind")
        num_features, fewest = len(self._real[1]), min(self.num_real, self.num_fake)
        if fewest <= num_features:
            warnings.warn(
                f"FrechetDistance should be given more images than features. Received: {fewest} "
                f"images and {num_features} features, so the rank of a covariance is at most "
                f"{fewest - 1}. The distance is biased upward: use more images or fewer features.",
                stacklevel=3,
            )
        if self._root is None:
            self._root = statistics.root_of_covariance(self._real)
        return statistics.frechet_distance(self._real, self._fake, self._root)
