"""Moments and distances of sets of features, in float64."""

import functools
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, ArrayLike

Moments: TypeAlias = tuple[int, Array, Array]

_BLOCK = 1024  # rows and columns of a matrix of pairs that are in memory at the same time


def two_sets(
    real_features: ArrayLike, fake_features: ArrayLike, at_least: int = 1
) -> tuple[Array, Array]:
    """Returns two sets of features as arrays of their own types, after checking that they match.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`.
        at_least: Integer, the minimum number of rows of each set.

    Raises:
        ValueError: If they are not matrices with the same number of columns, contain NaN or
            infinity, or have too few rows.
    """
    sets = {"real_features": real_features, "fake_features": fake_features}
    real, fake = (checks.numeric_array(name, f) for name, f in sets.items())
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise ValueError(
            "Features must have the shapes (N, d) and (M, d). "
            f"Received: {real.shape} and {fake.shape}. Flatten images with reshape(N, -1)."
        )
    if min(len(real), len(fake)) < at_least or real.shape[1] == 0:
        raise ValueError(
            f"There must be at least {at_least} real and {at_least} generated images, with one or "
            f"more features. Received: {len(real)} and {len(fake)} images with {real.shape[1]} "
            "features each. Use more images."
        )
    for features, kind in ((real, "real"), (fake, "generated")):
        finite = (np.isfinite(part).all(axis=1) for _, part in parts(features))
        if bad := sum(int(np.sum(~rows)) for rows in finite):
            raise ValueError(
                "Features must be finite. Received: NaN or infinity in the features of "
                f"{bad} of {len(features)} {kind} images. Check these images."
            )
    return real, fake


def moments(features: Array) -> Moments:
    """Returns the count, the mean `(d,)` and the scatter `(d, d)` of features.

    The scatter is the sum of the outer products of the deviations from the mean.
    """

    def of(part):
        mean = part.mean(axis=0)
        part -= mean
        return len(part), mean, part.T @ part

    return functools.reduce(join, (of(part) for _, part in parts(features)))


def join(first: Moments | None, second: Moments) -> Moments:
    """Returns the moments of the union of two sets; the first can be None.

    Reference:
        - Chan, Golub, LeVeque, 1983, "Algorithms for computing the sample variance", eq. 2.1.
    """
    if first is None:
        return second
    (n, mean, scatter), (m, other_mean, other_scatter) = first, second
    step = other_mean - mean
    joint = scatter + other_scatter + np.outer(step, step) * (n * m / (n + m))
    return n + m, mean + step * (m / (n + m)), joint


def root_of_covariance(of: Moments) -> Array:
    """Returns the symmetric square root of the covariance of `moments`, `(d, d)`."""
    count, _, scatter = of
    values, vectors = np.linalg.eigh(scatter / (count - 1))
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def frechet_distance(real: Moments, fake: Moments, root: Array) -> float:
    """Returns the Fréchet distance of two `moments`, given `root_of_covariance(real)`.

    The trace of `(S T)^½` is computed as that of `(S^½ T S^½)^½`, whose eigenvalues are real.
    """
    (n, mean, scatter), (m, other_mean, other_scatter) = real, fake
    other = other_scatter / (m - 1)
    values = np.linalg.eigvalsh(root @ other @ root)
    traces = np.trace(scatter) / (n - 1) + np.trace(other)
    spread = traces - 2 * np.sum(np.sqrt(np.maximum(values, 0.0)))
    return max(float(np.sum((mean - other_mean) ** 2) + spread), 0.0)


def blocks(count: int, start: int = 0) -> list[slice]:
    """Returns slices that divide the rows from `start` to `count` into blocks."""
    starts = range(start, count, _BLOCK)
    return [slice(start, min(start + _BLOCK, count)) for start in starts]


def parts(
    rows: Array, start: int = 0, center: Array | float = 0.0
) -> Iterator[tuple[slice, Array]]:
    """Yields the blocks of a matrix, and their rows as float64, minus a center.

    The whole matrix is never converted, so that large sets of float32 features stay as they are.

    Args:
        rows: Numbers `(N, d)`.
        start: Integer, the first row of the first block.
        center: Floats `(d,)`, or 0.
    """
    for block in blocks(len(rows), start):
        yield block, rows[block].astype("float64") - center


def center_of(rows: Array) -> Array:
    """Returns the median of each column of a matrix, float64 `(d,)`.

    Distances do not change if it is subtracted from all rows, but `squared_distances` computes them
    more precisely. Unlike the mean, the median remains close to most rows if some rows are far
    away. It is computed for a few columns at a time.
    """
    columns = max(1, _BLOCK**2 // len(rows))
    starts = range(0, rows.shape[1], columns)
    medians = [np.median(rows[:, start : start + columns].astype("float64"), 0) for start in starts]
    return np.concatenate(medians)


def squared_distances(a: Array, b: Array) -> Array:
    """Returns squared Euclidean distances `(N, M)` between rows minus `center_of` one of the sets.

    Distances below the rounding error of the formula are set to zero, so that equal rows have a
    distance of exactly zero. The error depends on the squares of the two rows, not on other rows.

    Args:
        a: Float64 `(N, d)`.
        b: Float64 `(M, d)`.
    """
    squares = np.add.outer((a**2).sum(axis=1), (b**2).sum(axis=1))
    distances = a @ b.T
    distances *= -2.0
    distances += squares
    squares *= 1e-14 * a.shape[1] ** 0.5
    distances[distances < squares] = 0.0
    return distances
