"""Labels of images: the only file that knows which integers are classes."""

from collections.abc import Sized

from keras_gans.protocols import Shape

_TOLERANCE = 1e-3  # by which a float may differ from a whole number


def check_classes(dtype: str, shape: Shape, num_classes: int) -> None:
    """Checks the dtype and the shape of labels that are classes.

    Args:
        dtype: String.
        shape: Tuple, the labels' static shape.
        num_classes: Integer.

    Raises:
        ValueError: If they are neither numbers `(N,)` or `(N, 1)`, nor one-hot rows
            `(N, num_classes)`.
    """
    numbers = "int" in dtype or "float" in dtype or dtype == "bool"
    fits = len(shape) > 0 and tuple(shape[1:]) in ((), (1,), (num_classes,))
    if not numbers or not fits:
        raise ValueError(
            f"Labels must be integers (N,) in [0, {num_classes}), or one-hot rows "
            f"(N, {num_classes}). Received: dtype={dtype}, shape={tuple(shape)}. "
            "Turn names into integers with `np.unique(labels, return_inverse=True)[1]`, or set "
            "`num_classes` to the length of the rows."
        )


def check_whole_classes(deviation: float, num_classes: int) -> None:
    """Checks that floats are whole numbers, and rows are one-hot.

    Args:
        deviation: Float, the largest distance of a number from a whole one, or of an entry of a
            row from 0 or 1.
        num_classes: Integer.

    Raises:
        ValueError: If the distance is not zero.
    """
    if not deviation <= _TOLERANCE:
        raise ValueError(
            f"Labels must be whole numbers in [0, {num_classes}), or one-hot rows of a single 1. "
            f"Received: labels that deviate from that by up to {deviation:g}. For labels that "
            "are floats, use `condition_dim`."
        )


def check_class_values(first: float, last: float, num_classes: int) -> None:
    """Checks the smallest and the largest class.

    Args:
        first: Number, the smallest label.
        last: Number, the largest label.
        num_classes: Integer.

    Raises:
        ValueError: If one is outside of `[0, num_classes)`.
    """
    if first < 0 or last >= num_classes:
        raise ValueError(
            f"Labels must be integers (N,) in [0, {num_classes}). "
            f"Received: labels from {first:g} to {last:g} with num_classes={num_classes}. "
            "Count classes from zero, or raise num_classes."
        )


def check_same_length(images: Sized, labels: Sized | None) -> None:
    """Checks that there is one label per image; labels may be None.

    Raises:
        ValueError: If not.
    """
    if labels is not None and len(images) != len(labels):
        raise ValueError(
            "There must be one label per image. "
            f"Received: {len(images)} images and {len(labels)} labels. Cut the longer one."
        )
