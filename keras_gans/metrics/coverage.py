"""How much of the real images' variety the generated ones reach."""

import numpy as np

_BLOCK = 1024


def coverage(real_features, fake_features, k=5):
    """Share of real images that have a generated one among their near neighbours.

    Formula: the share of real points whose ball, with the distance to their k-th nearest
    other real point as radius, holds at least one generated point.

    Args:
        real_features: Floats `(N, d)`.
        fake_features: Floats `(M, d)`.
        k: Integer, neighbours that set the radius; fewer than N.

    Returns:
        A float in [0, 1]. Two samples of one distribution of equal size give about
        `1 - 0.5**k`, 0.97 for k = 5.

    Raises:
        ValueError: If the shapes do not fit, or there are too few real points.

    Example:

    >>> line = np.arange(10.0)[:, None]
    >>> coverage(line, line[:5], k=1)
    0.6

    Reference:
        - [Naeem et al., 2020](https://arxiv.org/abs/2002.09797), equation 6.
    """
    real, fake = (np.asarray(f, "float64") for f in (real_features, fake_features))
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise ValueError(
            "Features must have the shapes (N, d) and (M, d). "
            f"Received: {real.shape} and {fake.shape}. Flatten images with reshape(N, -1)."
        )
    if len(real) <= k or len(fake) == 0:
        raise ValueError(
            f"There must be more than k={k} real points and at least one generated point. "
            f"Received: {len(real)} and {len(fake)}. Use more images, or a smaller k."
        )
    covered = 0
    for start in range(0, len(real), _BLOCK):
        block = real[start : start + _BLOCK]
        # The nearest real point, number 0, is the point itself.
        radius = np.partition(_squared_distances(block, real), k, axis=1)[:, k]
        covered += np.sum(_squared_distances(block, fake).min(axis=1) <= radius)
    return float(covered / len(real))


def _squared_distances(a, b):
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.maximum(squares, 0.0)
