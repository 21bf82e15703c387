"""Pictures small enough to travel inside a page."""

import base64
import io
import math
from typing import Any

import keras
import numpy as np

from keras_gans.drawing import plot_points
from keras_gans.drawing.tiles import tile
from keras_gans.ops.images import to_value_range
from keras_gans.protocols import Array, ValueRange

_SIDES = 768, 512, 384, 256, 128  # pixels of a grid at most, until it is small enough
_LARGEST_PNG = 30_000  # bytes; beyond, JPEG is smaller and hardly worse
_QUALITY = 88
_MOST_CHARACTERS = 3_000_000  # of all grids
_MOST_OF_ONE = 400_000


def picture_of(
    images: Array,
    value_range: ValueRange,
    columns: int | None = None,
    gap: int = 2,
    most: int = _MOST_OF_ONE,
) -> str:
    """A grid of images, or a plot of points, as a `data:` address.

    Args:
        images: Array `(N, H, W, C)`, or points `(N, 2)`.
        value_range: Pair `(low, high)`.
        columns: Integer; None makes the grid about square.
        gap: Integer, white pixels between two images.
        most: Integer, characters of the address; a larger grid is drawn smaller.
    """
    if images.ndim == 2:
        buffer = io.BytesIO()
        plot_points(images, value_range=value_range).savefig(buffer, format="png")
        return _address("png", buffer.getvalue())
    columns = columns or math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    return encode(tile(images, rows, columns, value_range, gap=gap)[0], most)


def encode(pixels: Array, most: int = _MOST_OF_ONE) -> str:
    """uint8 pixels `(H, W)` or `(H, W, 3)` as a `data:` address."""
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
    """As PNG if it is grey or small, and that is short, or has transparency; else as JPEG."""
    buffer = io.BytesIO()
    if picture.mode != "RGB" or picture.width * picture.height <= _LARGEST_PNG:
        picture.save(buffer, "png")
        if buffer.tell() <= _LARGEST_PNG or picture.mode in ("LA", "RGBA"):
            return _address("png", buffer.getvalue())
        buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=_QUALITY)
    return _address("jpeg", buffer.getvalue())


def _address(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def real_picture(images: Any, gan: keras.Model) -> str | None:
    """The first real images as a `data:` address, or None.

    Args:
        images: Array, `tf.data.Dataset` of batches, or None.
        gan: The model that they are for.

    Raises:
        ValueError: If they are not what the model trains on.
    """
    if images is None:
        return None
    if not hasattr(images, "shape"):
        batch = next(iter(images), None)
        images = np.empty(0) if batch is None else keras.tree.flatten(batch)[0]
    shape = tuple(gan.image_shape)
    if not len(images.shape) or not images.shape[0] or tuple(images.shape[1:]) != shape:
        raise ValueError(
            f"`real_images` must hold images of shape {shape}: (N, {str(shape)[1:-1]}). "
            f"Received: shape={tuple(images.shape)}. Pass an array, or a dataset of batches."
        )
    few = np.asarray(images[: 16 if len(shape) == 3 else 1000])
    return picture_of(np.asarray(to_value_range(few, gan.value_range)), gan.value_range)


def thinned(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Frames, without those nearest to others while they are too large together.

    The first and the newest stay.
    """
    while len(frames) > 2 and sum(len(frame["image"]) for frame in frames) > _MOST_CHARACTERS:
        gaps = [
            after["epoch"] - before["epoch"]
            for before, after in zip(frames, frames[2:], strict=False)
        ]
        del frames[1 + gaps.index(min(gaps))]
    return frames
