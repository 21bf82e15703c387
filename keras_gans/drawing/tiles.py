"""Many images, arranged as the pixels of one image."""

import numpy as np

from keras_gans.ops.images import check_array, is_bounded, to_uint8
from keras_gans.protocols import Array, ValueRange

_GAP = 2  # pixels between two images, and around all of them
_WIDER = 4  # factor of the gap if each image is drawn in several parts
_SEAM = 2  # white pixels between the channels of one image
_FRAME = 208  # light gray, the color of the frame around nearly white images
_NEARLY_WHITE = 235  # mean of the borders above which images get a frame


def tile(
    images: Array,
    rows: int,
    columns: int,
    value_range: ValueRange,
    scale: int = 1,
    header: int = 0,
    gap: int = _GAP,
) -> tuple[Array, tuple[int, int]]:
    """Arranges images in a grid on white, row by row.

    Images with nearly white borders get a light gray frame that separates them.

    Args:
        images: Array `(N, H, W, C)`: integers (0 to 255), bool, or floats in `value_range`. Four
            channels are composited over white. Two channels, or more than four, are drawn next to
            each other in gray.
        rows: Integer.
        columns: Integer.
        value_range: Pair `(low, high)`, black and white; see `bounded_range`.
        scale: Integer, the factor by which images are enlarged along each axis.
        header: Integer, white pixels above each image.
        gap: Integer, pixels between two images, and around all of them. It is four times as large
            if an image is drawn in several parts.

    Returns:
        uint8 `(height, width)` or `(height, width, 3)`; and a pair, the vertical and horizontal
        distance in pixels from one image to the next.
    """
    gap = gap * _WIDER if num_parts(images.shape[-1]) > 1 else gap
    pixels = to_pixels(images, value_range).repeat(scale, axis=1).repeat(scale, axis=2)
    pixels = _as_seen(pixels, _SEAM if gap else 0)
    _, height, width, channels = pixels.shape
    step = (height + header + gap, width + gap)
    grid = np.full((rows * step[0] + gap, columns * step[1] + gap, channels), 255, "uint8")
    frame = min(gap, _GAP) if _border(pixels) >= _NEARLY_WHITE else 0
    for index, image in enumerate(pixels):
        y, x = index // columns * step[0] + header + gap, index % columns * step[1] + gap
        grid[y - frame : y + height + frame, x - frame : x + width + frame] = _FRAME
        grid[y : y + height, x : x + width] = image
    return grid[..., 0] if channels == 1 else grid, step


def _border(pixels):
    """Returns the mean of the outermost pixels of all images `(N, H, W, C)`."""
    lines = pixels[:, 0], pixels[:, -1], pixels[:, :, 0], pixels[:, :, -1]
    return np.mean([line.mean() for line in lines])


def num_parts(channels: int) -> int:
    """Returns the number of parts in which an image with this many channels is drawn."""
    return 1 if channels in (1, 3, 4) else channels


def to_pixels(samples: Array, value_range: ValueRange) -> Array:
    """Converts samples of any shape to uint8, and NaN to black; uint8 samples do not change.

    Args:
        samples: Array of any shape: integers, bool, or floats in `value_range`.
        value_range: Pair `(low, high)`, black and white; see `bounded_range`. If it is finite,
            integers are read as 0 to 255, as in training.

    Raises:
        ValueError: If integers other than uint8 are outside 0 to 255, or their maximum is 1.
    """
    if samples.dtype == np.uint8:
        return samples
    if samples.dtype == bool:
        return samples * np.uint8(255)
    if np.issubdtype(samples.dtype, np.integer) and is_bounded(value_range):
        check_array(samples, value_range)
        return samples.astype("uint8")
    low, high = bounded_range(samples, value_range)
    samples = np.nan_to_num(samples, nan=low, posinf=high, neginf=low)
    if is_bounded(value_range):
        return to_uint8(samples, value_range)
    # The width of a range that was found in the samples can be any positive number.
    unit = (samples.astype("float64") - low) / (high - low)
    return np.round(np.clip(unit, 0.0, 1.0) * 255.0).astype("uint8")


def bounded_range(samples: Array, value_range: ValueRange) -> ValueRange:
    """Returns the value range; if it is infinite, the range of the finite values in the samples.

    Args:
        samples: Array of any shape.
        value_range: Pair `(low, high)`, of which one or both may be infinite.

    Returns:
        A pair of different finite floats.
    """
    if is_bounded(value_range):
        return value_range
    finite = np.asarray(samples)[np.isfinite(samples)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    margin = max(0.5, abs(low) * 1e-3)  # which a float of this size can represent
    return (low, high) if low < high else (low - margin, high + margin)


def _as_seen(pixels, seam):
    """Returns uint8 `(N, H, W, C)` with one or three channels, as shown on a screen."""
    channels = pixels.shape[-1]
    if channels == 4:
        share = pixels[..., 3:] / 255.0
        return np.round(pixels[..., :3] * share + 255 * (1 - share)).astype("uint8")
    if num_parts(channels) == 1:
        return pixels
    white = np.full((*pixels.shape[:2], seam, 1), 255, "uint8")
    parts = [part for part in np.split(pixels, channels, axis=-1) for part in (white, part)]
    return np.concatenate(parts[1:], axis=2)
