"""Checks that arrays contain plain numbers."""

from typing import Any

import numpy as np

from keras_gans.checks.messages import wrong
from keras_gans.protocols import Array

_LARGEST_ITEM = 8  # bytes; TensorFlow has no wider floats


def numeric_array(name: str, value: Any, finite: bool = False, axes: int | None = None) -> Array:
    """Returns a value as a NumPy array of integers, bools or floats.

    Args:
        name: String, the name of the argument.
        value: The value of the argument: an array, tensor, number, or nested list of numbers.
        finite: Whether NaN and infinity are errors.
        axes: Integer, the minimum number of axes of an array that must not be empty; None for any
            shape.

    Raises:
        ValueError: If the array is masked, or contains objects, text, complex numbers or floats
            with more than 64 bits; with `finite`, if it contains NaN or infinity; with `axes`, if
            it has too few axes or is empty.
    """
    if isinstance(value, np.ma.MaskedArray):
        repair = "Fill it with `array.filled(value)`, or remove the masked rows."
        raise wrong(name, "an array without a mask", value, repair)
    array = _converted(name, value)
    dtype = array.dtype
    if _are_names(array):
        repair = f"Convert names to integers with `np.unique({name}, return_inverse=True)[1]`."
        raise wrong(name, "an array of numbers", array, repair)
    if dtype.kind == "O":
        raise _not_numbers(name, value)
    number = dtype.kind in "iufb" or "float" in dtype.name
    if not number or dtype.itemsize > _LARGEST_ITEM:
        shown = array if isinstance(value, list | tuple | np.ndarray) else value
        repair = 'Convert it, for example with `array.astype("float32")`.'
        raise wrong(name, "an array of integers, bools, or floats of up to 64 bits", shown, repair)
    if axes is not None and (array.ndim < axes or array.size == 0):
        expected = f"an array with at least one entry and at least {axes} axes"
        raise wrong(name, expected, array, "The first axis must be that of the images or labels.")
    if finite and "float" in dtype.name and not np.isfinite(array.astype("float64")).all():
        raise ValueError(
            f"`{name}` must be finite. Received: NaN or infinity in an array of shape "
            f"{array.shape}. Look for a division by zero in the code that computes it."
        )
    return array


def _are_names(array):
    """Checks whether an array contains one string for each image."""
    if array.dtype.kind not in "USO" or array.ndim == 0 or not 0 < array.size == len(array):
        return False
    return all(isinstance(value, str | bytes) for value in array.flat)


def _converted(name, value):
    """Returns the value as an array; nested lists of different lengths are an error."""
    if value is None or isinstance(value, str | bytes | dict | set):
        raise _not_numbers(name, value)
    try:
        return np.asarray(value)
    except (TypeError, ValueError, NotImplementedError, OverflowError) as error:
        raise _not_numbers(name, value) from error


def _not_numbers(name, value):
    repair = "Use `np.stack(arrays)` to join arrays of the same shape."
    return wrong(name, "an array of numbers", value, repair)
