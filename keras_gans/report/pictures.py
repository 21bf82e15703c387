"""Pictures that are small enough to be part of a page."""

import base64
import io
import math
from typing import Any

import keras
import numpy as np

from keras_gans.drawing.plot_samples import plot_samples
from keras_gans.drawing.tiles import num_parts, tile
from keras_gans.ops.images import check_array, to_value_range
from keras_gans.protocols import Array, ValueRange
from keras_gans.report.fixed_sample import random_rows

_SIDES = 768, 512, 384, 256, 128  # pixels of a grid, tried until the file is small enough
_LARGEST_PNG = 30_000  # bytes; above, JPEG is smaller and hardly worse
_QUALITY = 88
_SHARP = 1.6  # pixels on the page per pixel of a figure
_MOST_CHARACTERS = 3_000_000  # of all grids
_MOST_OF_ONE = 400_000  # characters of one grid
_COUNTS = {1: 1000, 2: 64, 3: 128, 4: 32}  # largest number of real samples, by the rank of one


def picture_of(
    samples: Array,
    value_range: ValueRange,
    columns: int | None = None,
    captions: list[str] | None = None,
    real_samples: Array | None = None,
) -> str:
    """Returns a grid of images, or a figure of other samples, as a `data:` URL.

    Args:
        samples: Array that `drawing.plot_samples` can draw.
        value_range: Pair `(low, high)`.
        columns: Integer; None makes the grid about square.
        captions: Strings, one per row; not used for images.
        real_samples: Array of real points or rows of a table, drawn behind the generated ones.
    """
    if samples.ndim == 4:
        parts = num_parts(samples.shape[-1])
        columns = columns or math.ceil(math.sqrt(len(samples) / parts))
        rows = math.ceil(len(samples) / columns)
        return encode(tile(samples, rows, columns, value_range)[0])
    buffer = io.BytesIO()
    figure = plot_samples(samples, real_samples, value_range, columns, captions)
    figure.savefig(buffer, format="png", dpi=_SHARP * figure.dpi)
    return _address("png", buffer.getvalue())


def encode(pixels: Array, most: int = _MOST_OF_ONE) -> str:
    """Returns uint8 pixels `(H, W)` or `(H, W, 3)` as a `data:` URL."""
    from PIL import Image

    picture = Image.fromarray(pixels)
    for side in _SIDES:
        if max(picture.size) > side:
            picture.thumbnail((side, side))
        address = _compressed(picture)
        if len(address) <= most:
            break
    return address


def _compressed(picture):
    """Returns a picture in gray or RGB as a PNG if that is small, otherwise as a JPEG."""
    buffer = io.BytesIO()
    if picture.mode != "RGB" or picture.width * picture.height <= _LARGEST_PNG:
        picture.save(buffer, "png")
        if buffer.tell() <= _LARGEST_PNG:
            return _address("png", buffer.getvalue())
        buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=_QUALITY)
    return _address("jpeg", buffer.getvalue())


def _address(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def real_sample(images: Any, gan: keras.Model) -> Array | None:
    """Returns a few real samples, as floats in the model's range, or None.

    They are the first ones; of an array of points or rows of a table, a random sample.

    Args:
        images: Array, `tf.data.Dataset` of batches, or None.
        gan: The model.

    Raises:
        ValueError: If the images do not match the model.
    """
    if images is None:
        return None
    shape = tuple(gan.image_shape)
    count = _COUNTS.get(len(shape), 16)
    if not hasattr(images, "shape"):
        images = _first_samples(images, count)
    if not len(images.shape) or not images.shape[0] or tuple(images.shape[1:]) != shape:
        raise ValueError(
            f"`real_images` must contain images of shape {shape}: (N, {str(shape)[1:-1]}). "
            f"Received: shape={tuple(images.shape)}. Pass an array, or a dataset of batches."
        )
    few = random_rows(images) if len(shape) == 1 else np.asarray(images[:count])
    check_array(few, gan.value_range)
    return np.asarray(to_value_range(few, gan.value_range))


def _first_samples(batches, count):
    """Returns the samples of as many batches as contain `count` of them."""
    found: list[Any] = []
    for batch in batches:
        found.append(np.atleast_1d(keras.tree.flatten(batch)[0]))
        if sum(map(len, found)) >= count:
            break
    return np.concatenate(found)[:count] if found else np.empty(0)


def thinned(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drops frames that are closest to others until all frames together are small enough.

    The first and the newest frame are kept.
    """
    while len(frames) > 2 and sum(len(frame["image"]) for frame in frames) > _MOST_CHARACTERS:
        gaps = [
            after["epoch"] - before["epoch"]
            for before, after in zip(frames, frames[2:], strict=False)
        ]
        del frames[1 + gaps.index(min(gaps))]
    return frames
