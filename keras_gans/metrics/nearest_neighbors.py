"""Precision, recall, density and coverage, computed from nearest neighbors."""

import warnings

import numpy as np

from keras_gans import checks
from keras_gans.ops.statistics import blocks, center_of, parts, squared_distances, two_sets
from keras_gans.pipelines.progress import with_progress
from keras_gans.protocols import Array, ArrayLike

_MOST = 10_000


def precision_and_recall(
    real_features: ArrayLike, fake_features: ArrayLike, k: int = 3
) -> tuple[float, float]:
    """Returns how many generated images look real, and how many real ones could be generated.

    Formula: precision is the fraction of generated rows that lie inside the ball of at least one
    real row. The radius of a ball is the distance between its row and the k-th nearest other real
    row. Recall is the same with the two sets exchanged.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`. Precision and recall depend on N and M; there is a warning
            if N and M differ.
        k: Integer, the number of neighbors that determines the radius, less than N and M.

    Returns:
        Two floats in [0, 1], precision and recall.

    Raises:
        ValueError: If the shapes do not match, or there are too few rows.

    Example:

    >>> line = np.arange(10.0)[:, None]
    >>> precision_and_recall(line, line / 2 + 0.5, k=1)
    (1.0, 0.6)

    Reference:
        - [Kynkäänniemi et al., 2019](https://arxiv.org/abs/1904.06991), equations 1 to 3.
    """
    real, fake, center = _checked(real_features, fake_features, k)
    if len(fake) <= k:
        raise _too_few(len(real), len(fake), k)
    real_radii, fake_radii = _radii(real, center, k), _radii(fake, center, k)
    precise, recalled = np.zeros(len(fake), bool), np.zeros(len(real), bool)
    for block, other, distances in _pairs(real, fake, center, "Precision and recall"):
        precise[other] |= np.any(distances <= real_radii[block, None], axis=0)
        recalled[block] |= np.any(distances <= fake_radii[None, other], axis=1)
    return float(precise.mean()), float(recalled.mean())


def density_and_coverage(
    real_features: ArrayLike, fake_features: ArrayLike, k: int = 5
) -> tuple[float, float]:
    """Returns how densely real images surround generated ones, and how many have one nearby.

    Formula: with balls around real rows as in `precision_and_recall`, density is the number of
    pairs of a ball and a generated row inside it, divided by `k M`. Coverage is the fraction of
    balls that contain at least one generated row.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`. Coverage increases with M; there is a warning if N and M
            differ.
        k: Integer, the number of neighbors that determines the radius, less than N.

    Returns:
        Two floats, the nonnegative density and the coverage in [0, 1]. For two samples of the same
        distribution, the density is about 1 and the coverage about `1 - 0.5**k`, which is 0.97 for
        k = 5.

    Raises:
        ValueError: If the shapes do not match, or there are too few rows.

    Example:

    >>> line = np.arange(10.0)[:, None]
    >>> density_and_coverage(line, line[::-1], k=1)
    (2.8, 1.0)

    Reference:
        - [Naeem et al., 2020](https://arxiv.org/abs/2002.09797), equations 5 and 6.
    """
    real, fake, center = _checked(real_features, fake_features, k)
    radii = _radii(real, center, k)
    inside = np.zeros(len(real), "int64")
    for block, _, distances in _pairs(real, fake, center, "Density and coverage"):
        inside[block] += np.sum(distances <= radii[block, None], axis=1)
    return float(inside.sum() / (k * len(fake))), float(np.mean(inside > 0))


def nearest_distances(rows: ArrayLike, others: ArrayLike) -> tuple[Array, Array]:
    """Returns the distance from each row to the nearest of the others, and its index.

    Args:
        rows: Floats `(N, d)`.
        others: Floats `(M, d)`.

    Returns:
        Two arrays: the distances, floats `(N,)`, and the indices in `others`, integers `(N,)`.
    """
    rows, others = two_sets(rows, others, at_least=1)
    nearest, places = np.full(len(rows), np.inf), np.zeros(len(rows), "int64")
    for block, other, distances in _pairs(rows, others, center_of(rows), "Nearest images"):
        least = distances.min(axis=1)
        closer = least < nearest[block]
        nearest[block][closer] = least[closer]
        places[block][closer] = other.start + distances.argmin(axis=1)[closer]
    return nearest**0.5, places


def _pairs(rows, others, center, title, each_once=False):
    """Yields blocks of rows, blocks of others, and the squared distances between them.

    Args:
        rows: Numbers `(N, d)`.
        others: Numbers `(M, d)`.
        center: Floats `(d,)`.
        title: String, the title of the progress bar.
        each_once: Whether rows and others are the same, and each pair of blocks is needed only in
            one order.
    """
    for block in with_progress(blocks(len(rows)), title):
        part = rows[block].astype("float64") - center
        for other, other_part in parts(others, block.start if each_once else 0, center):
            yield block, other, squared_distances(part, other_part)


def _radii(rows, center, k):
    """Returns the squared distance from each row to its k-th nearest other row."""
    nearest = np.full((len(rows), k), np.inf)  # squared distances, in any order
    for block, other, distances in _pairs(rows, rows, center, "Neighbors", each_once=True):
        if block == other:
            np.fill_diagonal(distances, np.inf)  # a row is not its own neighbor
        else:
            _keep_nearest(nearest[other], distances.T)
        _keep_nearest(nearest[block], distances)
    return nearest.max(axis=1) * (1 + 1e-12)  # so that ties are inside despite rounding


def _keep_nearest(nearest, distances):
    """Replaces the k smallest distances of each row by the k smallest of these and of others."""
    k = nearest.shape[1]
    both = np.concatenate([nearest, distances], axis=1)
    both.partition(k - 1, axis=1)
    nearest[:] = both[:, :k]


def _checked(real_features, fake_features, k):
    """Returns both sets and their common center."""
    real, fake = two_sets(real_features, fake_features)
    check_positive("k", k)
    if len(real) <= k:
        raise _too_few(len(real), len(fake), k)
    if len(real) != len(fake):
        warnings.warn(
            "There should be as many generated as real images, because the result depends on both "
            f"numbers. Received: {len(real)} real and {len(fake)} generated images. Use equal "
            "numbers of images.",
            stacklevel=3,
        )
    return real, fake, center_of(real)


def check_positive(name: str, value: int) -> int:
    """Returns a number of neighbors, cells or subsets, after checking it.

    Raises:
        ValueError: If it is not an integer from 1 to 10,000.
    """
    return checks.whole_number(name, value, 1, _MOST)


def _too_few(num_real, num_fake, k):
    return ValueError(
        f"There must be more than k={k} images of each kind. Received: {num_real} real and "
        f"{num_fake} generated images. Use more images, or a smaller k."
    )
