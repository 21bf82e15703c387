"""Volumes, drawn as three projections."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from keras_gans import checks
from keras_gans.drawing.layout import check_layout
from keras_gans.drawing.plot_images import plot_images
from keras_gans.drawing.tiles import to_pixels
from keras_gans.protocols import Array, ArrayLike, ValueRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIDE = 64  # pixels on the screen to which a small projection is enlarged
_GAP = 2  # white pixels between two projections of a volume
_FRAME = 3  # white pixels around the projections of a volume, to separate volumes
_COLUMNS = 2  # volumes in a row


def plot_volumes(
    volumes: ArrayLike,
    value_range: ValueRange = (-1, 1),
    columns: int | None = None,
    captions: Sequence[str] | None = None,
    title: str | None = None,
) -> "Figure":
    """Draws three projections of each volume next to each other, along depth, height and width.

    Each pixel of a projection is the maximum of the voxels behind it, so bright voxels remain
    visible behind dark ones.

    Args:
        volumes: Array `(N, D, H, W, C)`: integers (0 to 255), bool, or floats in `value_range`.
            Channels are drawn as in `plot_images`.
        value_range: Pair `(low, high)`, drawn as black and white. If it is infinite, the smallest
            and the largest value of all volumes are used instead.
        columns: Integer, the number of volumes in a row; None means two.
        captions: Strings, one per volume (drawn above it), or one per row of several volumes
            (drawn next to it).
        title: String above the grid.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the volumes have a different rank, if there are none, if the number of
            captions does not match, or if integers other than uint8 cannot be read as 0 to 255.

    Example:

    >>> figure = plot_volumes(np.random.uniform(-1, 1, (4, 8, 8, 8, 1)))
    """
    volumes = checks.numeric_array("volumes", volumes)
    value_range = checks.value_range("value_range", value_range)
    columns, title = check_layout(columns, title)
    if volumes.ndim != 5 or volumes.size == 0:
        raise ValueError(
            "Volumes must have the shape (N, D, H, W, C), with N of at least 1. "
            f"Received: shape={volumes.shape}. Add a channel to volumes without one with "
            "volumes[..., None]."
        )
    sheets = _projections(to_pixels(volumes, value_range))
    return plot_images(sheets, columns or _COLUMNS, value_range, captions, title)


def _projections(voxels: Array) -> Array:
    """Returns uint8 `(N, height, width, C)`: the projections of each volume on one sheet."""
    scale = max(1, round(_SIDE / max(voxels.shape[1:4])))
    views = [voxels.max(axis).repeat(scale, 1).repeat(scale, 2) for axis in (1, 2, 3)]
    height = max(view.shape[1] for view in views)
    width = sum(view.shape[2] for view in views) + _GAP * (len(views) - 1)
    sheets = np.full((len(voxels), height, width, voxels.shape[-1]), 255, "uint8")
    left = 0
    for view in views:
        sheets[:, : view.shape[1], left : left + view.shape[2]] = view
        left += view.shape[2] + _GAP
    frame = (0, 0), (_FRAME, _FRAME), (_FRAME, _FRAME), (0, 0)
    return np.pad(sheets, frame, constant_values=255)
