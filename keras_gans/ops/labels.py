"""Labels of images: the only file that knows which integers are classes."""

from collections.abc import Sized

from keras_gans.protocols import Shape


def check_classes(dtype: str, shape: Shape, num_classes: int) -> None:
    """Checks that labels are classes: integers `(N,)` or `(N, 1)`.

    Args:
        dtype: String.
        shape: Tuple, the labels' static shape.
        num_classes: Integer.

    Raises:
        ValueError: If they are not.
    """
    if "int" not in dtype or len(shape) not in (1, 2) or tuple(shape[1:]) not in ((), (1,)):
        raise ValueError(
            f"Labels must be integers (N,) in [0, {num_classes}). "
            f"Received: dtype={dtype}, shape={tuple(shape)}. Turn one-hot rows into integers with "
            '`labels.argmax(-1)`; convert floats with `labels.astype("int32")`.'
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
