"""Images in a grid."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from keras_gans import checks
from keras_gans.drawing.layout import PLAIN, check_layout, place_captions, text_width
from keras_gans.drawing.tiles import num_parts, tile
from keras_gans.protocols import Array, ArrayLike, ValueRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 100
_CELL_SIDE = 64  # pixels on the screen to which a small image is enlarged
_LARGEST_SIDE = 1600  # pixels of the grid at which enlarging stops
_LINE = 22  # pixels of a line of text
_SIZE = 9  # points of a caption
_MARGIN = 12  # pixels around the caption of a row


def plot_images(
    images: ArrayLike,
    columns: int | None = None,
    value_range: ValueRange = (-1, 1),
    captions: Sequence[str] | None = None,
    title: str | None = None,
) -> "Figure":
    """Draws images in a grid. Small images are enlarged without blur.

    Args:
        images: Array `(N, H, W, C)`: integers (0 to 255), bool, or floats in `value_range`. One
            channel is drawn in gray, three in color, and four (the last is the opacity) in color
            over white. Other numbers of channels are drawn next to each other in gray, in the cell
            of their image.
        columns: Integer; None makes the grid about square.
        value_range: Pair `(low, high)`, drawn as black and white. If it is infinite, the smallest
            and the largest value of all images are used instead.
        captions: Strings, one per image (drawn above it, and shortened to its width), or one per
            row (drawn next to it).
        title: String above the grid.

    Returns:
        A `matplotlib.figure.Figure`. Save it with `figure.savefig("grid.png")`.

    Raises:
        ValueError: If the images have a different rank, if there are none, if the number of
            captions does not match, or if integers other than uint8 cannot be read as 0 to 255.

    Example:

    >>> figure = plot_images(np.zeros((6, 28, 28, 1)), columns=3, title="Nothing yet")
    """
    from keras_gans.drawing.figure import new_figure

    images, value_range = _checked(images), checks.value_range("value_range", value_range)
    columns, title = check_layout(columns, title)
    parts = num_parts(images.shape[-1])
    columns = min(columns or math.ceil(math.sqrt(len(images) / parts)), len(images))
    rows = math.ceil(len(images) / columns)
    above, at_left = place_captions(captions, len(images), rows)
    scale = _scale(images.shape[1:3], rows, columns * parts)
    grid, step = tile(images, rows, columns, value_range, scale, _LINE if above else 0)
    left = max((_MARGIN + math.ceil(_width(text)) for text in at_left), default=0)
    top = _LINE + 4 if title else 0
    width, height = grid.shape[1] + left, grid.shape[0] + top
    figure = new_figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI)
    axes = figure.add_axes((left / width, 0, grid.shape[1] / width, grid.shape[0] / height))
    axes.imshow(grid, cmap="gray", vmin=0, vmax=255, interpolation="nearest", aspect="auto")
    axes.set_axis_off()
    _write(axes, above, at_left, columns, step)
    if title:
        figure.text(
            0.5, 1 - top / 2 / height, title, ha="center", va="center", fontsize=11, **PLAIN
        )
    return figure


def _checked(images: ArrayLike) -> Array:
    images = checks.numeric_array("images", images)
    if images.ndim != 4 or images.size == 0:
        raise ValueError(
            "Images must have the shape (N, H, W, C), with N of at least 1. "
            f"Received: shape={images.shape}. Add a channel to gray images with images[..., None]."
        )
    return images


def _write(axes, above, at_left, columns, step):
    """Writes captions above images or next to rows; `step` is the distance between images."""
    for index, text in enumerate(above):
        x, y = index % columns * step[1] + step[1] / 2, index // columns * step[0] + _LINE / 2
        text = _shortened(text, step[1])
        axes.text(x, y, text, ha="center", va="center", fontsize=_SIZE, **PLAIN)
    for row, text in enumerate(at_left):
        y = (row + 0.5) * step[0]
        axes.text(-6, y, text, ha="right", va="center", fontsize=_SIZE, **PLAIN)


def _width(text):
    return text_width(text, _SIZE, _DPI)


def _shortened(text, pixels):
    """Returns a text, or its beginning with three dots if it is wider than a number of pixels."""
    if _width(text) <= pixels:
        return text
    while text and _width(f"{text}...") > pixels:
        text = text[:-1]
    return f"{text}..."


def _scale(size, rows, columns):
    wanted = max(1, round(_CELL_SIDE / max(size)))
    allowed = max(1, int(_LARGEST_SIDE / max(rows * size[0], columns * size[1])))
    return min(wanted, allowed)
