"""Precision, recall, density and coverage, computed from nearest neighbors."""

import warnings

import numpy as np

from keras_gans import checks
from keras_gans.ops.statistics import blocks, centered, squared_distances, two_sets
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
    real, fake = _checked(real_features, fake_features, k)
    if len(fake) <= k:
        raise _too_few(len(real), len(fake), k)
    real_radii, fake_radii = _radii(real, k), _radii(fake, k)
    precise, recalled = np.zeros(len(fake), bool), np.zeros(len(real), bool)
    for block in with_progress(blocks(len(real)), "Precision and recall"):
        distances = squared_distances(real[block], fake)
        precise |= np.any(distances <= real_radii[block, None], axis=0)
        recalled[block] = np.any(distances <= fake_radii[None], axis=1)
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
    real, fake = _checked(real_features, fake_features, k)
    radii = _radii(real, k)
    inside = np.zeros(len(real), "int64")
    for block in with_progress(blocks(len(real)), "Density and coverage"):
        inside[block] = np.sum(squared_distances(real[block], fake) <= radii[block, None], axis=1)
    return float(inside.sum() / (k * len(fake))), float(np.mean(inside > 0))


def nearest_distances(rows: ArrayLike, others: ArrayLike) -> tuple[Array, Array]:
    """Returns the distance from each row to the nearest of the others, and its index.

    Args:
        rows: Floats `(N, d)`.
        others: Floats `(M, d)`.

    Returns:
        Two arrays: the distances, floats `(N,)`, and the indices in `others`, integers `(N,)`.
    """
    rows, others = centered(*two_sets(rows, others, at_least=1))
    distances, places = np.zeros(len(rows)), np.zeros(len(rows), "int64")
    for block in with_progress(blocks(len(rows)), "Nearest images"):
        squared = squared_distances(rows[block], others)
        places[block] = squared.argmin(axis=1)
        distances[block] = squared.min(axis=1) ** 0.5
    return distances, places


def _radii(rows, k):
    """Returns the squared distance from each row to its k-th nearest other row."""
    radii = np.zeros(len(rows))
    for block in with_progress(blocks(len(rows)), "Neighbors"):
        distances = squared_distances(rows[block], rows)
        within = np.arange(block.start, block.start + len(distances))
        distances[np.arange(len(distances)), within] = np.inf  # a row is not its own neighbor
        distances.partition(k - 1, axis=1)
        radii[block] = distances[:, k - 1]
    return radii * (1 + 1e-12)  # so that ties are inside despite rounding


def _checked(real_features, fake_features, k):
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
    return centered(real, fake)


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
