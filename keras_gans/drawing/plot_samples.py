"""Samples of any shape that can be drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from keras_gans import checks
from keras_gans.drawing.plot_columns import plot_columns
from keras_gans.drawing.plot_images import plot_images
from keras_gans.drawing.plot_points import plot_points
from keras_gans.drawing.plot_series import plot_series
from keras_gans.drawing.plot_volumes import plot_volumes
from keras_gans.ops.images import to_value_range
from keras_gans.protocols import ArrayLike, Shape, ValueRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RANKS = 2, 3, 4, 5


def plot_samples(
    samples: ArrayLike,
    real_samples: ArrayLike | None = None,
    value_range: ValueRange = (-1, 1),
    columns: int | None = None,
    captions: Sequence[str] | None = None,
    title: str | None = None,
) -> "Figure":
    """Draws samples with the function that suits their shape.

    | shape | drawn by |
    |---|---|
    | `(N, 2)` | `plot_points` |
    | `(N, n)` | `plot_columns` |
    | `(N, T, C)` | `plot_series` |
    | `(N, H, W, C)` | `plot_images` |
    | `(N, D, H, W, C)` | `plot_volumes` |

    Args:
        samples: Array of generated samples: integers (0 to 255), bool, or floats in `value_range`.
        real_samples: Array of real points or rows, drawn behind the generated ones.
        value_range: Pair `(low, high)`. If it is infinite, scales are chosen from the samples.
        columns: Integer, the number of samples (or columns of a table) in a row; None means the
            default of the function that draws them.
        captions: Strings, one per image, series or volume, or one per row of them.
        title: String above the figure.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If samples of this rank cannot be drawn, if real samples are given that are
            neither points nor rows of a table, or if the function that draws them raises it.

    Example:

    >>> figure = plot_samples(np.random.uniform(-1, 1, (6, 20, 3)), title="Three channels")
    """
    samples = checks.numeric_array("samples", samples)
    value_range = checks.value_range("value_range", value_range)
    if not can_be_drawn(samples.shape[1:]):
        raise ValueError(
            "Samples must be points (N, 2), rows of a table (N, n), series (N, T, C), images "
            f"(N, H, W, C) or volumes (N, D, H, W, C). Received: shape={samples.shape}. "
            "Draw a part of each sample, such as one image of a video."
        )
    if samples.ndim > 2 and real_samples is not None:
        raise ValueError(
            "Real samples are drawn behind generated ones only if they are points (N, 2) or rows "
            f"of a table (N, n). Received: real_samples with samples of shape {samples.shape}. "
            "Draw the real samples in a separate figure."
        )
    if samples.ndim == 2:
        return _plot_vectors(samples, real_samples, value_range, columns, title)
    if samples.ndim == 3:
        samples = np.asarray(to_value_range(samples, value_range))
        return plot_series(samples, value_range, columns, captions, title)
    if samples.ndim == 4:
        return plot_images(samples, columns, value_range, captions, title)
    return plot_volumes(samples, value_range, columns, captions, title)


def can_be_drawn(image_shape: Shape) -> bool:
    """Returns whether `plot_samples` can draw samples that each have this shape."""
    return len(image_shape) + 1 in _RANKS


def _plot_vectors(samples, real_samples, value_range, columns, title):
    samples = np.asarray(to_value_range(samples, value_range))
    if real_samples is not None:
        real_samples = checks.numeric_array("real_samples", real_samples)
        real_samples = np.asarray(to_value_range(real_samples, value_range))
    if samples.shape[1] != 2:
        return plot_columns(samples, real_samples, columns, title)
    return plot_points(samples, real_samples, value_range, title)
