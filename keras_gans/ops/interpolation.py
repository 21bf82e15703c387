"""Interpolation between latents and between classes."""

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, ArrayLike


def spherical_interpolation(first: ArrayLike, last: ArrayLike, num_steps: int) -> Array:
    """Returns latents on the great circle between two latents.

    Normal latents with many dimensions all have about the same length. Latents on the straight line
    between two of them are shorter, and such latents are rare in training.

    Formula: `sin((1 - t) w) / sin(w) first + sin(t w) / sin(w) last`, where `w` is the angle
    between the two and `t` goes from 0 to 1. For parallel or opposite latents, the path is a
    straight line.

    Args:
        first: Floats `(latent_dim,)`.
        last: Floats `(latent_dim,)`.
        num_steps: Integer of at least 2; both ends are included.

    Returns:
        NumPy float32 `(num_steps, latent_dim)`, for `generate(latents=...)`.

    Raises:
        ValueError: If the two are not vectors with the same number of entries, or one is zero.

    Example:

    >>> spherical_interpolation([1.0, 0.0], [0.0, 1.0], 3).round(3).tolist()
    [[1.0, 0.0], [0.7070000171661377, 0.7070000171661377], [0.0, 1.0]]

    Reference:
        - [White, 2016](https://arxiv.org/abs/1609.04468), section 2.1.
    """
    first, last = (
        checks.numeric_array(name, end).astype("float64")
        for name, end in (("first", first), ("last", last))
    )
    lengths = np.linalg.norm(first), np.linalg.norm(last)
    if (
        first.ndim != 1
        or first.shape != last.shape
        or not (np.isfinite(lengths).all() and min(lengths) > 0)
    ):
        raise ValueError(
            "The two ends must be nonzero, finite vectors with the same number of entries. "
            f"Received: shapes {first.shape} and {last.shape}. Pass two rows of latents."
        )
    steps = np.linspace(0.0, 1.0, _checked(num_steps))[:, None]
    angle = np.arccos(np.clip(first @ last / (lengths[0] * lengths[1]), -1.0, 1.0))
    if np.sin(angle) < 1e-6:
        path = (1 - steps) * first + steps * last
    else:
        path = (np.sin((1 - steps) * angle) * first + np.sin(steps * angle) * last) / np.sin(angle)
    return path.astype("float32")


def class_interpolation(first: int, last: int, num_classes: int, num_steps: int) -> Array:
    """Returns mixtures of two classes, from only the first to only the last.

    Args:
        first: Integer, a class in `[0, num_classes)`.
        last: Integer, another class.
        num_classes: Integer.
        num_steps: Integer of at least 2; both ends are included.

    Returns:
        NumPy float32 `(num_steps, num_classes)`, whose rows sum to one, for
        `generate(labels=...)` of a model with classes.

    Raises:
        ValueError: If a class is out of range.

    Example:

    >>> class_interpolation(0, 2, num_classes=3, num_steps=3).tolist()
    [[1.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]]
    """
    num_classes = checks.size("num_classes", num_classes)
    last_class = num_classes - 1
    first = checks.whole_number("first", first, 0, last_class, "Count classes from zero.")
    last = checks.whole_number("last", last, 0, last_class, "Count classes from zero.")
    steps = np.linspace(0.0, 1.0, _checked(num_steps), dtype="float32")[:, None]
    path = np.zeros((len(steps), num_classes), "float32")
    path[:, first] += 1 - steps[:, 0]
    path[:, last] += steps[:, 0]
    return path


def _checked(num_steps):
    return checks.size("num_steps", num_steps, 2, "A path includes both ends.")
