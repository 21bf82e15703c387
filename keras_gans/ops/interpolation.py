"""Paths between two things that a generator can be asked for."""

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, ArrayLike


def spherical_interpolation(first: ArrayLike, last: ArrayLike, num_steps: int) -> Array:
    """Latents on the great circle from one to another.

    Normal latents of many dimensions all have about the same length; on the straight line
    between two of them they are shorter, and the generator has hardly seen such.

    Formula: `sin((1 - t) w) / sin(w) first + sin(t w) / sin(w) last`, with `w` the angle between
    the two and `t` from 0 to 1; a straight line where they point the same or opposite way.

    Args:
        first: Floats `(latent_dim,)`.
        last: Floats `(latent_dim,)`.
        num_steps: Integer, 2 or more, both ends included.

    Returns:
        NumPy float32 `(num_steps, latent_dim)`, for `generate(latents=...)`.

    Raises:
        ValueError: If the two are not vectors of equal length, or one is zero.

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
            "The two ends must be vectors of the same length, not zero. "
            f"Received: shapes {first.shape} and {last.shape}. Take rows of latents."
        )
    steps = np.linspace(0.0, 1.0, _checked(num_steps))[:, None]
    angle = np.arccos(np.clip(first @ last / (lengths[0] * lengths[1]), -1.0, 1.0))
    if np.sin(angle) < 1e-6:
        path = (1 - steps) * first + steps * last
    else:
        path = (np.sin((1 - steps) * angle) * first + np.sin(steps * angle) * last) / np.sin(angle)
    return path.astype("float32")


def class_interpolation(first: int, last: int, num_classes: int, num_steps: int) -> Array:
    """Mixtures of two classes, from all of one to all of the other.

    Args:
        first: Integer, a class in `[0, num_classes)`.
        last: Integer, another one.
        num_classes: Integer.
        num_steps: Integer, 2 or more, both ends included.

    Returns:
        NumPy float32 `(num_steps, num_classes)`, rows that sum to one, for
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
