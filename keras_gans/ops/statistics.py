"""Moments and distances of sets of features, in float64."""

from typing import TypeAlias

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, ArrayLike

Moments: TypeAlias = tuple[int, Array, Array]

_BLOCK = 1024  # rows of a distance matrix that are in memory at the same time


def two_sets(
    real_features: ArrayLike, fake_features: ArrayLike, at_least: int = 1
) -> tuple[Array, Array]:
    """Returns two sets of features as float64, after checking that they match.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`.
        at_least: Integer, the minimum number of rows of each set.

    Raises:
        ValueError: If they are not matrices with the same number of columns, contain NaN or
            infinity, or have too few rows.
    """
    sets = {"real_features": real_features, "fake_features": fake_features}
    real, fake = (checks.numeric_array(name, f).astype("float64") for name, f in sets.items())
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
        if not np.all(np.isfinite(features)):
            bad = int(np.sum(~np.isfinite(features).all(axis=1)))
            raise ValueError(
                "Features must be finite. Received: NaN or infinity in the features of "
                f"{bad} of {len(features)} {kind} images. Check these images."
            )
    return real, fake


def moments(features: Array) -> Moments:
    """Returns the count, the mean `(d,)` and the scatter `(d, d)` of features.

    The scatter is the sum of the outer products of the deviations from the mean.
    """
    features = np.asarray(features, "float64")
    mean = features.mean(axis=0)
    deviations = features - mean
    return len(features), mean, deviations.T @ deviations


def join(first: Moments | None, second: Moments) -> Moments:
    """Returns the moments of the union of two sets; the first can be None.

    Reference:
        - Chan, Golub, LeVeque, 1983, "Algorithms for computing the sample variance", eq. 2.1.
    """
    if first is None or second is None:
        return first or second
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


def blocks(count: int) -> list[slice]:
    """Returns slices that divide `count` rows into blocks."""
    return [slice(start, start + _BLOCK) for start in range(0, count, _BLOCK)]


def centered(rows: Array, others: Array) -> tuple[Array, Array]:
    """Returns two matrices minus the median of the first, `(N, d)` and `(M, d)`.

    Distances do not change, but `squared_distances` computes them more precisely. Unlike the mean,
    the median remains close to most rows if some rows are far away.
    """
    center = np.median(rows, axis=0)
    return rows - center, others - center


def squared_distances(a: Array, b: Array) -> Array:
    """Returns squared Euclidean distances `(N, M)` between the rows of two `centered` matrices.

    Distances below the rounding error of the formula are set to zero, so that equal rows have a
    distance of exactly zero. The error depends on the squares of the two rows, not on other rows.
    """
    squares, other_squares = (a**2).sum(axis=1), (b**2).sum(axis=1)
    distances = a @ b.T
    distances *= -2.0
    distances += squares[:, None]
    distances += other_squares[None]
    noise = np.add.outer(squares, other_squares)
    noise *= 1e-14 * a.shape[1] ** 0.5
    distances[distances < noise] = 0.0
    return distances
