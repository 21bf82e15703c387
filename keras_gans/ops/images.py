"""Values of images: the only file that knows how pixels map to numbers."""

import math
from collections.abc import Callable

import keras
import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, ArrayLike, Tensor, ValueRange

SYMMETRIC = (-1.0, 1.0)  # the range in which augmentations and metrics see images
_TOLERANCE = 1e-3  # of the width of a range, by which floats may leave it


def to_value_range(images: Tensor, value_range: ValueRange) -> Tensor:
    """Maps stored pixels to the floats that the networks see.

    Args:
        images: Tensor or array of any shape. Integers are read as 0 to 255, `bool` as
            the two ends of the range; floats are taken to be in the range already.
        value_range: Pair `(low, high)` of floats; if `(-inf, inf)`, nothing is rescaled.

    Returns:
        A float tensor of the same shape.

    Raises:
        ValueError: If `images` are not numbers, or the range is none.

    Example:

    >>> float(to_value_range(np.array([255], "uint8"), (-1, 1))[0])
    1.0
    """
    low, high = checks.value_range("value_range", value_range)
    if isinstance(images, np.ndarray) or not hasattr(images, "dtype"):
        images = checks.numeric_array("images", images)
    dtype = keras.backend.standardize_dtype(images.dtype)
    check_dtype(dtype)
    pixels = keras.ops.cast(images, keras.config.floatx())
    if "float" in dtype or not is_bounded(value_range):
        return pixels
    if dtype == "bool":
        return pixels * (high - low) + low
    return pixels * ((high - low) / 255.0) + low


def is_bounded(value_range: ValueRange) -> bool:
    """Whether both ends of a range are finite, so that values can be rescaled."""
    return math.isfinite(value_range[0]) and math.isfinite(value_range[1])


def check_dtype(dtype: str) -> None:
    """Checks that the dtype of images says what their values mean.

    Raises:
        ValueError: If it is not that of integers, bool or floats.
    """
    if dtype != "bool" and "int" not in dtype and "float" not in dtype:
        raise ValueError(
            "Images must be integers (0 to 255), bool, or floats in the value range. "
            f"Received: dtype={dtype}. "
            "Convert them first: `np.stack` makes an array of a list of images of one shape, and "
            "`datasets.image_folder` reads files."
        )


def to_uint8(images: ArrayLike, value_range: ValueRange) -> Array:
    """Maps floats in `value_range` to pixels for a screen or a file.

    Args:
        images: Array of any shape, floats; values outside the range are clipped.
        value_range: Pair `(low, high)` of floats.

    Returns:
        A NumPy uint8 array of the same shape.

    Raises:
        ValueError: If `images` are not finite numbers, or the range is not finite.

    Example:

    >>> to_uint8(np.array([-1.0, 0.0, 1.0]), (-1, 1)).tolist()
    [0, 128, 255]
    """
    low, high = checks.value_range("value_range", value_range, infinite=False)
    images = checks.numeric_array("images", images, finite=True)
    unit = (images.astype("float32") - low) / (high - low)
    return np.round(np.clip(unit, 0.0, 1.0) * 255.0).astype("uint8")


def rescale(images: Tensor, value_range: ValueRange, new_range: ValueRange) -> Tensor:
    """Maps floats in one range of values to another, as NumPy or tensor.

    Args:
        images: Floats of any shape, in `value_range`.
        value_range: Pair `(low, high)` of floats.
        new_range: Pair `(low, high)` of floats. If a range is infinite, nothing is rescaled.

    Example:

    >>> rescale(np.array([0.0, 0.5, 1.0]), (0, 1), (-1, 1)).tolist()
    [-1.0, 0.0, 1.0]
    """
    (low, high), (new_low, new_high) = value_range, new_range
    same = (low, high) == (new_low, new_high)
    if same or not is_bounded(value_range) or not is_bounded(new_range):
        return images
    return (images - low) * ((new_high - new_low) / (high - low)) + new_low


def augmented(
    augmentation: Callable[..., Tensor], images: Tensor, value_range: ValueRange = SYMMETRIC
) -> Tensor:
    """Returns augmented images; Keras layers are called with `training=True`.

    Args:
        augmentation: Callable from images in [-1, 1] to images of the same shape, perhaps a Keras
            layer.
        images: Float tensor `(N, ...)`.
        value_range: Pair `(low, high)`, the range of the images, before and after.
    """
    images = rescale(images, value_range, SYMMETRIC)
    if isinstance(augmentation, keras.layers.Layer):
        images = augmentation(images, training=True)  # noise and dropout do nothing otherwise
    else:
        images = augmentation(images)
    return rescale(images, SYMMETRIC, value_range)


def check_array(images: Array, value_range: ValueRange) -> None:
    """Checks the values of an array of images; see `check_values`.

    Args:
        images: NumPy array of any shape, integers, bool or floats.
        value_range: Pair `(low, high)` of floats.

    Raises:
        ValueError: If there is a value that cannot be meant.
    """
    images = checks.numeric_array("images", images)
    if images.size:
        low, high = float(images.min()), float(images.max())  # NaN where there is one
        finite = math.isfinite(low) and math.isfinite(high)
        check_values(low, high, finite, images.dtype.name, value_range)


def check_values(
    low: float, high: float, finite: bool, dtype: str, value_range: ValueRange
) -> None:
    """Checks the extremes of images: the one place that says which values can be meant.

    Args:
        low: Float, the smallest value.
        high: Float, the largest value.
        finite: Whether there is neither NaN nor infinity.
        dtype: String. Floats must lie in `value_range`, within a thousandth of its width;
            integers are read as 0 to 255.
        value_range: Pair `(low, high)` of floats.

    Raises:
        ValueError: If floats are not finite or out of range, integers are outside of 0 to 255, or
            integers hold 0 and 1 only.
    """
    if not finite:
        raise ValueError(
            "Images, and conditions of floats, must be finite. Received: NaN or infinity among "
            "them. Look for a division by zero in the preparation of the data."
        )
    if not is_bounded(value_range):
        return
    if "int" in dtype and not 0 <= low <= high <= 255:
        raise ValueError(
            f"{dtype} images are read as 0 to 255. Received: values from {low:g} to {high:g}. "
            f"{_how_to_rescale(low, high)}"
        )
    if "int" in dtype and high == 1:
        raise ValueError(
            f"{dtype} images are read as 0 to 255. Received: {dtype} images whose maximum is 1. "
            'Pass them as bool (`images.astype("bool")`) or multiply them by 255.'
        )
    slack = _TOLERANCE * (value_range[1] - value_range[0])
    inside = value_range[0] - slack <= low and high <= value_range[1] + slack
    if "float" in dtype and not inside:
        raise ValueError(
            f"Float images must lie in the value range {tuple(value_range)}. "
            f"Received: values from {low:g} to {high:g}. Rescale them, pass uint8 images, "
            "or set `value_range`."
        )


def _how_to_rescale(low, high):
    """Advice for integers that are not 0 to 255; `astype` alone would wrap them around."""
    bits = max(8, math.ceil(math.log2(max(high, 0) + 1)))
    black, white = (round(low), max(round(high), 255)) if low < 0 else (0, 2**bits - 1)
    pixels = f"(images + {-black})" if black else "images"
    return (
        f"If black is {black} and white is {white}, rescale them with "
        f'`({pixels} * (255 / {white - black})).astype("uint8")`.'
    )
