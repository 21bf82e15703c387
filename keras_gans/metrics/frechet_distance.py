"""The Fréchet distance between two sets of features."""

import warnings
from typing import Any

from keras_gans.metrics.sample_metric import SampleMetric, not_enough
from keras_gans.ops import statistics
from keras_gans.protocols import Array, ArrayLike
from keras_gans.saving import serializable


def frechet_distance(real_features: ArrayLike, fake_features: ArrayLike) -> float:
    """Distance of the normal distributions with the features' means and covariances.

    Formula: `|m - n|² + trace(S + T - 2 (S T)^½)` with means `m`, `n` and covariances `S`, `T`.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`.

    Returns:
        A float, zero or more, in squared units of the features. Smaller is better; it falls
        as N and M grow, so compare at equal counts.

    Raises:
        ValueError: If the shapes do not fit or a set has fewer than two rows.

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
    """Fréchet distance of generated to real images in a space of features; 0 is equality.

    With Inception features it is known as FID. It is biased: the same model scores lower with
    more images. Compare numbers of equal protocol only. Moments are streamed in float64, so
    memory does not grow with the number of images. Fewer images than features warn: the
    covariance then has not full rank, and the distance mostly measures the number of images.

    Formula: see `frechet_distance`.

    Args:
        extractor: See `SampleMetric`.
        name: String, key of the logs.

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
        """Forgets the moments of real images."""
        self._real: Any = None
        self._root: Any = None

    def reset_fake(self) -> None:
        """Forgets the moments of generated images."""
        self._fake: Any = None

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Joins the moments of more real images to those before."""
        self._real, self._root = statistics.join(self._real, statistics.moments(rows)), None

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Joins the moments of more generated images to those before."""
        self._fake = statistics.join(self._fake, statistics.moments(rows))

    def compute(self) -> float:
        """The distance; warns where the rank is not full."""
        if min(self.num_real, self.num_fake) < 2:
            raise not_enough(self, "two images of each kind")
        num_features, fewest = len(self._real[1]), min(self.num_real, self.num_fake)
        if fewest <= num_features:
            warnings.warn(
                f"FrechetDistance should see more images than features. Received: {fewest} images "
                f"and {num_features} features, a covariance of rank {fewest - 1} at most. The "
                "distance is biased upwards: use more images, or features of fewer dimensions.",
                stacklevel=3,
            )
        if self._root is None:
            self._root = statistics.root_of_covariance(self._real)
        return statistics.frechet_distance(self._real, self._fake, self._root)
