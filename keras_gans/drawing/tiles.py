"""Many images as the pixels of one."""

import numpy as np

from keras_gans.ops.images import to_uint8
from keras_gans.protocols import Array, ValueRange

_GAP = 2  # white pixels between two images


def tile(
    images: Array,
    rows: int,
    columns: int,
    value_range: ValueRange,
    scale: int = 1,
    header: int = 0,
    gap: int = _GAP,
) -> tuple[Array, tuple[int, int]]:
    """Lays images side by side, row after row.

    Args:
        images: Array `(N, H, W, C)`: uint8, or floats in `value_range`.
        rows: Integer.
        columns: Integer.
        value_range: Pair `(low, high)`, black and white.
        scale: Integer, pixels that each pixel becomes, along each axis.
        header: Integer, white pixels above each image.
        gap: Integer, white pixels between two.

    Returns:
        uint8 `(height, width)` or `(height, width, 3)`; and the pair of pixels, down and across,
        from one image to the next.
    """
    pixels = images if images.dtype == np.uint8 else to_uint8(images, value_range)
    pixels = pixels.repeat(scale, axis=1).repeat(scale, axis=2)
    _, height, width, channels = pixels.shape
    step = (height + header + gap, width + gap)
    grid = np.full((rows * step[0] - gap, columns * step[1] - gap, channels), 255, "uint8")
    for index, image in enumerate(pixels):
        y, x = index // columns * step[0] + header, index % columns * step[1]
        grid[y : y + height, x : x + width] = image
    return grid[..., 0] if channels == 1 else grid, step
