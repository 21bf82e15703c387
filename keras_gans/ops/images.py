"""Value ranges of images: the only file that converts between pixels and floats."""

import math
from collections.abc import Callable

import keras
import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, ArrayLike, Tensor, ValueRange

SYMMETRIC = (-1.0, 1.0)  # the range of images for augmentations and metrics
_TOLERANCE = 1e-3  # by which floats may exceed a range, relative to its width


def to_value_range(images: Tensor, value_range: ValueRange) -> Tensor:
    """Converts stored pixels to the floats that the networks use.

    Args:
        images: Tensor or array of any shape. Integers are interpreted as 0 to 255, and bools as
            the two ends of the range. Floats must already be in the range.
        value_range: Pair `(low, high)` of floats; with `(-inf, inf)`, nothing is rescaled.

    Returns:
        A float tensor of the same shape.

    Raises:
        ValueError: If `images` are not numbers, or `value_range` is not a valid range.

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
    """Checks whether both ends of a range are finite, so that values can be rescaled."""
    return math.isfinite(value_range[0]) and math.isfinite(value_range[1])


def check_dtype(dtype: str) -> None:
    """Checks that the dtype of images is supported.

    Raises:
        ValueError: If it is neither an integer, bool nor float dtype.
    """
    if dtype != "bool" and "int" not in dtype and "float" not in dtype:
        raise ValueError(
            "Images must be integers (0 to 255), bool, or floats in the value range. "
            f"Received: dtype={dtype}. "
            "Convert them first: use `np.stack` for a list of images of the same shape, or "
            "`datasets.image_folder` for files."
        )


def to_uint8(images: ArrayLike, value_range: ValueRange) -> Array:
    """Converts floats in `value_range` to pixels for a screen or a file.

    Args:
        images: Float array of any shape; values outside the range are clipped.
        value_range: Pair `(low, high)` of finite floats.

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
    """Converts floats from one value range to another; works for NumPy arrays and tensors.

    Args:
        images: Floats of any shape, in `value_range`.
        value_range: Pair `(low, high)` of floats.
        new_range: Pair `(low, high)` of floats. If either range is infinite, nothing is rescaled.

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
        augmentation: Callable from images in [-1, 1] to images of the same shape; it can be a Keras
            layer.
        images: Float tensor `(N, ...)`.
        value_range: Pair `(low, high)`, the range of the images and of the result.
    """
    images = rescale(images, value_range, SYMMETRIC)
    if isinstance(augmentation, keras.layers.Layer):
        images = augmentation(images, training=True)  # otherwise, noise and dropout have no effect
    else:
        images = augmentation(images)
    return rescale(images, SYMMETRIC, value_range)


def check_array(images: Array, value_range: ValueRange) -> None:
    """Checks the values of an array of images; see `check_values`.

    Args:
        images: NumPy array of any shape, integers, bool or floats.
        value_range: Pair `(low, high)` of floats.

    Raises:
        ValueError: If there is an invalid value.
    """
    images = checks.numeric_array("images", images)
    if images.size:
        low, high = float(images.min()), float(images.max())  # NaN if the array contains it
        finite = math.isfinite(low) and math.isfinite(high)
        check_values(low, high, finite, images.dtype.name, value_range)


def check_values(
    low: float, high: float, finite: bool, dtype: str, value_range: ValueRange
) -> None:
    """Checks the smallest and largest value of images; all checks of values use this function.

    Args:
        low: Float, the smallest value.
        high: Float, the largest value.
        finite: Whether all values are finite, without NaN and infinity.
        dtype: String. Floats must lie in `value_range`, with a tolerance of a thousandth of its
            width; integers are interpreted as 0 to 255.
        value_range: Pair `(low, high)` of floats.

    Raises:
        ValueError: If floats are not finite or out of range, if integers are outside of 0 to 255,
            or if the largest integer is 1.
    """
    if not finite:
        raise ValueError(
            "Images and float conditions must be finite. Received: values that include NaN or "
            "infinity. Look for a division by zero in the preparation of the data."
        )
    if not is_bounded(value_range):
        return
    if "int" in dtype and not 0 <= low <= high <= 255:
        raise ValueError(
            f"{dtype} images must have values from 0 to 255. "
            f"Received: values from {low:g} to {high:g}. {_how_to_rescale(low, high)}"
        )
    if "int" in dtype and high == 1:
        raise ValueError(
            f"{dtype} images must have values from 0 to 255. Received: images with a maximum of 1. "
            'Convert them to bool with `images.astype("bool")`, or multiply them by 255.'
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
    """Returns how to rescale integers outside of 0 to 255; `astype` alone would wrap them."""
    bits = max(8, math.ceil(math.log2(max(high, 0) + 1)))
    black, white = (round(low), max(round(high), 255)) if low < 0 else (0, 2**bits - 1)
    pixels = f"(images + {-black})" if black else "images"
    return (
        f"If black is {black} and white is {white}, rescale them with "
        f'`({pixels} * (255 / {white - black})).astype("uint8")`.'
    )
