"""The kernel distance between two sets of features."""

from typing import Any

import numpy as np

from keras_gans import checks
from keras_gans.metrics.kept_features import KeptFeatures
from keras_gans.metrics.nearest_neighbors import check_positive
from keras_gans.ops import statistics
from keras_gans.pipelines.progress import with_progress
from keras_gans.protocols import Array, ArrayLike, Classifier, Extractor
from keras_gans.saving import serializable

_SEED = 0  # for drawing the subsets


def kernel_distance(
    real_features: ArrayLike,
    fake_features: ArrayLike,
    subset_size: int | None = None,
    num_subsets: int = 100,
) -> float:
    """Returns an unbiased estimate of the squared maximum mean discrepancy with a cubic kernel.

    Formula: the mean of `k(x, x')` over pairs of different real rows, plus the same mean for
    generated rows, minus twice the mean of `k(x, y)` over all pairs of a real and a generated row,
    where `k(x, y) = (x·y / d + 1)³`.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`.
        subset_size: Integer, the number of rows of each set in a subset; the result is the mean
            over all subsets. Published figures use 1,000. None uses all pairs at once, which has
            the same expected value and the smallest variance.
        num_subsets: Integer, the number of subsets.

    Returns:
        A float, close to zero for equal distributions and possibly negative. Its expected value
        does not depend on N and M.

    Raises:
        ValueError: If the shapes do not match, or a set has fewer than two rows or fewer rows than
            a subset.

    Example:

    >>> kernel_distance(np.array([[0.0], [2.0]]), np.array([[1.0], [1.0]]))
    -19.0

    Reference:
        - [Bińkowski et al., 2018](https://arxiv.org/abs/1801.01401), equation 4 and section 3.
    """
    real, fake = statistics.two_sets(real_features, fake_features, at_least=2)
    check_positive("num_subsets", num_subsets)
    if subset_size is None:
        pairs = [_mean_within(real), _mean_within(fake), _mean_between(real, fake)]
        return float(pairs[0] + pairs[1] - 2 * pairs[2])
    repair = (
        f"There are {len(real)} real and {len(fake)} generated images. Pass a smaller number, or "
        "None for all pairs."
    )
    most = min(len(real), len(fake))
    subset_size = checks.whole_number("subset_size", subset_size, 2, most, repair)
    random = np.random.default_rng(_SEED)
    orders = _order(real), _order(fake)
    estimates = []
    for _ in with_progress(range(num_subsets), "Kernel distance, subsets"):
        a, b = (
            rows[order[random.choice(len(rows), subset_size, replace=False)]].astype("float64")
            for rows, order in zip((real, fake), orders, strict=True)
        )
        within = _off_diagonal_mean(_kernel(a, a)) + _off_diagonal_mean(_kernel(b, b))
        estimates.append(within - 2 * _kernel(a, b).mean())
    return float(np.mean(estimates))


@serializable()
class KernelDistance(KeptFeatures):
    """The kernel distance between features of generated and real images; about 0 if they are equal.

    With Inception features, it is known as KID. It is unbiased and therefore suitable for small
    sets. The features of all images are stored, `(N, d)` floats.

    Formula: see `kernel_distance`.

    Args:
        extractor: See `SampleMetric`.
        subset_size: See `kernel_distance`.
        num_subsets: See `kernel_distance`.
        name: String, the key in the logs.

    Example:

    >>> import keras_gans
    >>> points = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    >>> KernelDistance(keras_gans.metrics.RawPixels())(points[:50], points[50:]) < 0.1
    True

    Reference:
        - [Bińkowski et al., 2018](https://arxiv.org/abs/1801.01401), equation 4 and section 3.
    """

    lower_is_better = True

    def __init__(
        self,
        extractor: Extractor | Classifier | None = None,
        subset_size: int | None = None,
        num_subsets: int = 100,
        name: str | None = None,
    ):
        super().__init__(extractor, name)
        self.subset_size = checks.optional(checks.whole_number, "subset_size", subset_size, 2)
        self.num_subsets = check_positive("num_subsets", num_subsets)

    def compare(self, real: Array, fake: Array) -> float:
        """Returns the distance."""
        return kernel_distance(real, fake, self.subset_size, self.num_subsets)

    def details(self) -> str:
        """Returns which pairs are compared, in words."""
        if self.subset_size is None:
            return "all pairs"
        return f"{self.num_subsets} subsets of {self.subset_size}"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        sizes = {"subset_size": self.subset_size, "num_subsets": self.num_subsets}
        return {**super().get_config(), **sizes}


def _kernel(a, b):
    kernel = a @ b.T
    kernel /= a.shape[1]
    kernel += 1.0
    return kernel * kernel * kernel  # `kernel ** 3` takes much longer


def _off_diagonal_mean(kernel):
    count = len(kernel)
    return (kernel.sum() - np.trace(kernel)) / (count * (count - 1))


def _mean_within(rows):
    """Returns the mean kernel over pairs of different rows; each pair is computed once."""
    total = 0.0
    for block, other, kernel in _pairs(rows, rows, each_once=True):
        total += kernel.sum() - np.trace(kernel) if block == other else 2 * kernel.sum()
    return total / (len(rows) * (len(rows) - 1))


def _mean_between(rows, others):
    total = sum(kernel.sum() for _, _, kernel in _pairs(rows, others))
    return total / (len(rows) * len(others))


def _pairs(rows, others, each_once=False):
    """Yields blocks of rows, blocks of others, and the kernel between them."""
    for block in with_progress(statistics.blocks(len(rows)), "Kernel distance"):
        part = rows[block].astype("float64")
        for other, other_part in statistics.parts(others, block.start if each_once else 0):
            yield block, other, _kernel(part, other_part)


def _order(rows):
    """Returns the indices that sort rows, so that subsets do not depend on the order of images."""
    direction = np.random.default_rng(_SEED).standard_normal(rows.shape[1])
    projections = [part @ direction for _, part in statistics.parts(rows)]
    return np.argsort(np.concatenate(projections), kind="stable")
