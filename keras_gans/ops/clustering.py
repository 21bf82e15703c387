"""Principal components and k-means, in NumPy."""

import numpy as np

from keras_gans.protocols import Array

_MORE = 10  # additional directions, for precision
_PASSES = 5  # over the data, for precision
_ITERATIONS = 50  # limit of k-means, which usually stops earlier
_BLOCK = 4096  # rows whose distances are in memory at the same time


def principal_components(rows: Array, num_components: int, seed: int = 0) -> Array:
    """Returns the directions in which rows vary most, as the columns of a matrix.

    Args:
        rows: Floats `(N, D)` whose mean is zero.
        num_components: Integer, at most N and D.
        seed: Integer, seed of the initial directions.

    Returns:
        Float32 `(D, num_components)` with orthonormal columns.

    Reference:
        - [Halko et al., 2011](https://arxiv.org/abs/0909.4061), algorithms 4.4 and 5.1.
    """
    size = min(num_components + _MORE, *rows.shape)
    basis = np.random.default_rng(seed).normal(size=(rows.shape[1], size)).astype("float32")
    for _ in range(_PASSES):
        basis = np.linalg.qr(rows.T @ (rows @ basis))[0]
    projected = rows @ basis
    rotation = np.linalg.eigh(projected.T @ projected)[1][:, ::-1]
    return (basis @ rotation)[:, :num_components]


def k_means(rows: Array, num_clusters: int, seed: int = 0, centers: Array | None = None) -> Array:
    """Returns the centers of clusters of rows; fewer if there are not enough distinct rows.

    Args:
        rows: Floats `(N, D)`.
        num_clusters: Integer, at most N.
        seed: Integer, seed for choosing rows as initial centers.
        centers: Floats `(K, D)`, the initial centers; None chooses rows.

    Returns:
        Float32 `(K, D)`, each the mean of the rows that are closer to it than to any other center.

    Reference:
        - [Arthur and Vassilvitskii, 2007](https://dl.acm.org/doi/10.5555/1283383.1283494),
          for the initial centers.
    """
    centers = _first_centers(rows, num_clusters, seed) if centers is None else centers
    nearest = nearest_centers(rows, centers)
    for _ in range(_ITERATIONS):
        centers = _means(rows, nearest, len(centers))
        before, nearest = nearest, nearest_centers(rows, centers)
        if np.array_equal(before, nearest):
            break
    return _means(rows, nearest, len(centers))


def nearest_centers(rows: Array, centers: Array) -> Array:
    """Returns the index of the nearest center `(K, D)` for each row `(N, D)`, int64 `(N,)`."""
    # In float32, differences of squares are not precise if both points are far from the origin.
    centers = centers.astype("float64")
    lengths = (centers**2).sum(1) / 2
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    return np.concatenate([np.argmin(lengths - block @ centers.T, axis=1) for block in blocks])


def _first_centers(rows, num_clusters, seed):
    """Returns rows that are likely to be far from each other."""
    generator = np.random.default_rng(seed)
    centers = [rows[generator.integers(len(rows))]]
    distances = ((rows - centers[0]) ** 2).sum(1)
    for _ in range(num_clusters - 1):
        sums = np.cumsum(distances, dtype="float64")
        if sums[-1] == 0:  # every row equals a center
            break
        chosen = np.searchsorted(sums, generator.random() * sums[-1], side="right")
        centers.append(rows[chosen])
        distances = np.minimum(distances, ((rows - rows[chosen]) ** 2).sum(1))
    return np.stack(centers)


def _means(rows, nearest, num_clusters):
    """Returns the mean of the rows of each cluster, omitting clusters without rows."""
    counts = np.bincount(nearest, minlength=num_clusters)
    order = np.argsort(nearest, kind="stable")
    used = counts > 0
    starts = (np.cumsum(counts) - counts)[used]
    return (np.add.reduceat(rows[order], starts) / counts[used, None]).astype("float32")
