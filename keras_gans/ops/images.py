"""Values of images: the only file that knows how pixels map to numbers."""

from typing import Any

import keras
import numpy as np

from keras_gans.protocols import Array, ArrayLike, Tensor, ValueRange


def to_value_range(images: Tensor, value_range: ValueRange) -> Tensor:
    """Maps stored pixels to the floats that the networks see.

    Args:
        images: Tensor or array of any shape. `uint8` is read as 0 to 255, `bool` as
            the two ends of the range; floats are taken to be in the range already.
        value_range: Pair `(low, high)` of floats.

    Returns:
        A float32 tensor of the same shape.

    Raises:
        ValueError: If `images` is neither `uint8`, `bool` nor float.

    Example:

    >>> float(to_value_range(np.array([255], "uint8"), (-1, 1))[0])
    1.0
    """
    low, high = value_range
    dtype = keras.backend.standardize_dtype(images.dtype)
    pixels = keras.ops.cast(images, "float32")
    if dtype == "uint8":
        return pixels * ((high - low) / 255.0) + low
    if dtype == "bool":
        return pixels * (high - low) + low
    if "float" in dtype:
        return pixels
    raise wrong_image_dtype(dtype)


def wrong_image_dtype(dtype: Any) -> ValueError:
    """The error for pixels whose dtype does not say what they mean."""
    return ValueError(
        "Images must be uint8 (0 to 255), bool, or floats in the value range. "
        f"Received: dtype={dtype}. "
        'Convert them first, for example with `images.astype("uint8")`.'
    )


def to_uint8(images: ArrayLike, value_range: ValueRange) -> Array:
    """Maps floats in `value_range` to pixels for a screen or a file.

    Args:
        images: Array of any shape, floats; values outside the range are clipped.
        value_range: Pair `(low, high)` of floats.

    Returns:
        A NumPy uint8 array of the same shape.

    Example:

    >>> to_uint8(np.array([-1.0, 0.0, 1.0]), (-1, 1)).tolist()
    [0, 128, 255]
    """
    low, high = value_range
    unit = (np.asarray(images, "float32") - low) / (high - low)
    return np.round(np.clip(unit, 0.0, 1.0) * 255.0).astype("uint8")


def rescale(images: Tensor, value_range: ValueRange, new_range: ValueRange) -> Tensor:
    """Maps floats in one range of values to another, as NumPy or tensor.

    Args:
        images: Floats of any shape, in `value_range`.
        value_range: Pair `(low, high)` of floats.
        new_range: Pair `(low, high)` of floats.

    Example:

    >>> rescale(np.array([0.0, 0.5, 1.0]), (0, 1), (-1, 1)).tolist()
    [-1.0, 0.0, 1.0]
    """
    (low, high), (new_low, new_high) = value_range, new_range
    if (low, high) == (new_low, new_high):
        return images
    return (images - low) * ((new_high - new_low) / (high - low)) + new_low


def check_range(images: Array, value_range: ValueRange) -> None:
    """Checks that floats are finite and lie in their range; other dtypes have none.

    Args:
        images: NumPy array of any shape.
        value_range: Pair `(low, high)` of floats.

    Raises:
        ValueError: If they do not.
    """
    if images.dtype.kind != "f" or images.size == 0:
        return
    low, high, slack = images.min(), images.max(), 1e-3 * (value_range[1] - value_range[0])
    if not (low >= value_range[0] - slack and high <= value_range[1] + slack):
        raise ValueError(
            f"Float images must be finite and lie in {tuple(value_range)}. Received: values from "
            f"{low:g} to {high:g}. Rescale them, or pass uint8 images."
        )
