"""Labels of images: the only file that checks and converts classes."""

from typing import Any

import keras
import numpy as np

from keras_gans.protocols import Array, Shape, Tensor, TensorShape

_TOLERANCE = 1e-3  # by which a float may differ from a whole number


def check_classes(dtype: str, shape: Shape, num_classes: int) -> None:
    """Checks the dtype and the shape of labels that are classes.

    Args:
        dtype: String.
        shape: Tuple, the labels' static shape.
        num_classes: Integer.

    Raises:
        ValueError: If the labels are neither numbers `(N,)` or `(N, 1)`, nor one-hot rows
            `(N, num_classes)`.
    """
    numbers = "int" in dtype or "float" in dtype or dtype == "bool"
    fits = len(shape) > 0 and tuple(shape[1:]) in ((), (1,), (num_classes,))
    if not numbers or not fits:
        raise ValueError(
            f"Labels must be integers (N,) in [0, {num_classes}), or one-hot rows "
            f"(N, {num_classes}). Received: dtype={dtype}, shape={tuple(shape)}. "
            "Convert names to integers with `np.unique(labels, return_inverse=True)[1]`, or set "
            "`num_classes` to the length of the rows."
        )


def are_one_hot(shape: TensorShape, num_classes: int) -> bool:
    """Checks whether labels of this shape are one-hot rows."""
    return len(shape) == 2 and shape[1] == num_classes != 1


def to_classes(labels: Tensor, num_classes: int) -> Tensor:
    """Converts labels to a vector of integers.

    Args:
        labels: Numbers `(N,)` or `(N, 1)`, or one-hot rows `(N, num_classes)`.
        num_classes: Integer.

    Returns:
        Integers `(N,)`.

    Raises:
        ValueError: If the shape or dtype is different.
    """
    dtype, shape = keras.backend.standardize_dtype(labels.dtype), tuple(labels.shape)
    check_classes(dtype, shape, num_classes)
    if are_one_hot(shape, num_classes):
        return keras.ops.argmax(labels, axis=-1)
    labels = labels if "int" in dtype else keras.ops.cast(labels, "int32")
    return keras.ops.reshape(labels, (-1,))


def deviation(labels: Tensor, classes: Tensor, num_classes: int) -> Tensor:
    """Returns how far labels are from whole numbers or one-hot rows, a float scalar.

    Args:
        labels: The original labels.
        classes: Integers `(N,)`, the result of `to_classes` for these labels.
        num_classes: Integer.
    """
    dtype, one_hot = keras.config.floatx(), are_one_hot(tuple(labels.shape), num_classes)
    if not one_hot and "int" in keras.backend.standardize_dtype(labels.dtype):
        return keras.ops.zeros(())
    labels = keras.ops.cast(labels, dtype)
    if one_hot:
        nearest = keras.ops.one_hot(classes, num_classes, dtype=dtype)
        return keras.ops.max(keras.ops.abs(labels - nearest))
    classes = keras.ops.cast(classes, dtype)
    return keras.ops.max(keras.ops.abs(keras.ops.reshape(labels, (-1,)) - classes))


def checked_classes(labels: Array, num_classes: int) -> Array:
    """Returns an array of labels as NumPy integers `(N,)`, after checking all values.

    Raises:
        ValueError: If the labels are not classes in `[0, num_classes)`.
    """
    classes = np.asarray(to_classes(labels, num_classes))
    if len(classes):
        check_whole_classes(float(deviation(labels, classes, num_classes)), num_classes)
        check_class_values(classes.min(), classes.max(), num_classes)
    return classes


def check_whole_classes(deviation: float, num_classes: int) -> None:
    """Checks that floats are whole numbers, or that rows are one-hot.

    Args:
        deviation: Float, the largest distance of a number from a whole number, or of an entry of a
            row from 0 or 1.
        num_classes: Integer.

    Raises:
        ValueError: If the distance is greater than 0.001.
    """
    if not deviation <= _TOLERANCE:
        raise ValueError(
            f"Labels must be whole numbers in [0, {num_classes}), or one-hot rows with a single 1. "
            f"Received: labels that differ from such values by up to {deviation:g}. For float "
            "labels, use `condition_dim`."
        )


def check_class_values(first: float, last: float, num_classes: int) -> None:
    """Checks the smallest and largest class.

    Args:
        first: Number, the smallest label.
        last: Number, the largest label.
        num_classes: Integer.

    Raises:
        ValueError: If either is outside of `[0, num_classes)`.
    """
    if first < 0 or last >= num_classes:
        raise ValueError(
            f"Labels must be integers (N,) in [0, {num_classes}). "
            f"Received: labels from {first:g} to {last:g} with num_classes={num_classes}. "
            "Number the classes from zero, or increase num_classes."
        )


def check_eager_classes(labels: Any, num_classes: int) -> None:
    """Checks the values of classes in eager mode; symbolic tensors have no values yet.

    Raises:
        ValueError: If a class is outside of `[0, num_classes)`.
    """
    values = labels.numpy() if hasattr(labels, "numpy") else np.zeros(0)
    if values.size:
        check_class_values(values.min(), values.max(), num_classes)


def check_conditions(shape: Shape) -> None:
    """Checks that labels of a layer without `num_classes` are vectors of floats.

    Raises:
        ValueError: If the labels do not have the shape `(N, condition_dim)`.
    """
    if len(shape) != 2:
        raise ValueError(
            "Labels must be floats (N, condition_dim) for a layer without classes. "
            f"Received: num_classes=None and labels of shape {tuple(shape)}. Pass `num_classes` if "
            "the labels are classes."
        )


def check_same_length(images: Any, labels: Any) -> None:
    """Checks that there is one label per image; labels may be None.

    Raises:
        ValueError: If the numbers of images and labels differ.
    """
    counts = [
        None if one is None else len(one) if np.ndim(one) else "a single number as"
        for one in (images, labels)
    ]
    if labels is not None and counts[0] != counts[1]:
        raise ValueError(
            "There must be one label per image. "
            f"Received: {counts[0]} images and {counts[1]} labels. Remove the surplus ones."
        )
