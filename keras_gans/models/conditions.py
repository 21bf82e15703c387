"""The labels of a model (classes, vectors of floats, or images), and how they are checked."""

import unicodedata
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import checks
from keras_gans.ops.images import check_array, check_values, to_value_range
from keras_gans.ops.labels import (
    check_class_values,
    check_whole_classes,
    checked_classes,
    deviation,
    to_classes,
)
from keras_gans.protocols import Array, Shape, Tensor, ValueRange

_SHOWN = 20  # names in an error
_NOT_IN_NAMES = "Cc", "Cs"  # Unicode's categories of control characters and of damaged UTF-8


class Conditions:
    """The kind of labels of a model, which is unconditional if all arguments are None.

    Args:
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats.
        condition_shape: Tuple of integers, if labels are images or other arrays.
        value_range: Pair `(low, high)`, to which integer and bool labels are rescaled.
        bounded: Whether float labels must lie in `value_range`, like images.
        clusters: Built `layers.KMeans` that assigns images to `num_classes` clusters, which are
            used as labels; None if the data contain the labels.
    """

    def __init__(
        self,
        num_classes: int | None = None,
        condition_dim: int | None = None,
        condition_shape: Shape | None = None,
        value_range: ValueRange = (-1.0, 1.0),
        clusters: Any = None,
        bounded: bool = False,
    ):
        self.num_classes = num_classes
        self.condition_dim = condition_dim
        self.condition_shape = condition_shape
        self.clusters = clusters
        self.class_names: list[str] | None = None
        self._value_range = value_range
        self._bounded = bounded

    @property
    def exist(self) -> bool:
        """Whether the model has labels."""
        return self.num_classes is not None or self.shape is not None

    @property
    def in_data(self) -> bool:
        """Whether the data must contain labels."""
        return self.exist and self.clusters is None

    @property
    def shape(self) -> Any:
        """The shape of one label of floats, a tuple; None for classes."""
        return self.condition_shape if self.condition_dim is None else (self.condition_dim,)

    def name_classes(self, names: Any) -> None:
        """Sets `class_names`, the list of the names of the classes in order.

        Args:
            names: Sequence of `num_classes` different strings without control characters, or
                None.

        Raises:
            ValueError: If `names` is something else, or the model has no classes.
        """
        if names is not None and not self.can_be_named(names):
            count = f"{self.num_classes} different strings without control characters"
            expected = "None for a model without classes" if self.num_classes is None else count
            repair = "Pass them in the order of the labels: the first is the name of class 0."
            raise checks.wrong("class_names", expected, names, repair)
        self.class_names = None if names is None else _strings(names)

    def can_be_named(self, names: Any) -> bool:
        """Returns whether `names` is a sequence of different strings, one for each class."""
        strings = _strings(names)
        printable = bool(strings) and all(map(_is_name, strings))
        return printable and len(strings) == len(set(strings)) == self.num_classes

    def numbered(self, labels: Any) -> Any:
        """Replaces names of classes by their numbers; returns other labels unchanged.

        Raises:
            ValueError: If the classes have no names, or a name is unknown.
        """
        if self.num_classes is None:
            return labels
        if isinstance(labels, str):
            return self._number(_strings([labels])[0])
        return [self._number(name) for name in _strings(labels)] or labels

    def _number(self, name):
        if self.class_names is None:
            raise ValueError(
                "Labels can be names only if the model has names for its classes. Received: "
                f"{checks.received('labels', str(name))}, and class_names=None. Pass integers in "
                f"[0, {self.num_classes}), or set `gan.class_names` to a list of names."
            )
        if name not in self.class_names:
            more = ", ..." * (len(self.class_names) > _SHOWN)
            raise ValueError(
                "Labels must be integers or names in `class_names`. Received: "
                f"{checks.received('labels', str(name))}. The names are "
                f"{', '.join(self.class_names[:_SHOWN])}{more}."
            )
        return self.class_names.index(name)

    def drawn(self, num_images: int, seed: int | None) -> Array | None:
        """Returns labels for images for which none are given, NumPy int32 `(num_images,)`.

        They cycle through the classes, or are clusters drawn in proportion to their size. Returns
        None for an unconditional model.

        Args:
            num_images: Integer.
            seed: Integer or None, the seed for drawing clusters.

        Raises:
            ValueError: If labels are floats, which have no defaults.
        """
        if self.clusters is not None:
            return self.clusters.sample(num_images, seed)
        if self.shape is not None:
            raise ValueError(
                "A model with float conditions needs labels. Received: labels=None. "
                f"Pass `labels` of shape (N, {', '.join(map(str, self.shape))})."
            )
        if self.num_classes is None:
            return None
        return (np.arange(num_images) % self.num_classes).astype("int32")

    def zeros(self, num_images: int) -> Any:
        """Returns class 0, or zeros, for each image; None for an unconditional model."""
        if self.num_classes is not None:
            return ops.zeros((num_images,), "int32")
        return ops.zeros((num_images, *self.shape)) if self.shape is not None else None

    def standardized(self, labels: Tensor) -> Tensor:
        """Checks the shape and dtype of labels, and returns them in the form networks receive.

        Args:
            labels: Classes, integers or floats `(N,)` or `(N, 1)`, or one-hot rows
                `(N, num_classes)`; or float conditions `(N, condition_dim)`; or images or other
                arrays `(N, *condition_shape)`, of which uint8 and bool arrays are rescaled.

        Returns:
            Integers `(N,)`, or floats `(N, ...)`.

        Raises:
            ValueError: If the shape or the dtype is wrong.
        """
        if self.num_classes is not None:
            return to_classes(labels, self.num_classes)
        dtype, shape = keras.backend.standardize_dtype(labels.dtype), tuple(labels.shape)
        if len(shape) != len(self.shape) + 1 or any(
            size not in (None, side) for size, side in zip(shape[1:], self.shape, strict=True)
        ):
            raise self._wrong_shape(dtype, shape)
        if self.condition_shape is None or "float" in dtype:
            return ops.cast(labels, keras.config.floatx())
        return to_value_range(labels, self._value_range)

    def _wrong_shape(self, dtype, shape):
        sizes = ", ".join(map(str, self.shape))
        repair = (
            "A single condition per image also needs its own axis: `labels[:, None]`."
            if self.condition_shape is None
            else f"Resize them, or create the model with condition_shape={shape[1:]}."
        )
        return ValueError(
            f"Labels must be float conditions of shape (N, {sizes}). "
            f"Received: dtype={dtype}, shape={shape}. {repair}"
        )

    def extremes(self, labels: Tensor, standardized: Tensor) -> tuple[Any, Any, Any] | None:
        """Returns what `check_values` needs to know about a batch, or None for vectors of floats.

        Args:
            labels: Labels as they are in the data.
            standardized: The same labels as `standardized` returns them.

        Returns:
            Tuple of scalars: the smallest and the largest label, and the deviation of classes from
            whole numbers, or whether images are integers.
        """
        if self.num_classes is not None:
            third = deviation(labels, standardized, self.num_classes)
            return ops.min(standardized), ops.max(standardized), third
        if self.condition_shape is None:
            return None
        is_integer = "int" in keras.backend.standardize_dtype(labels.dtype)
        return ops.min(labels), ops.max(labels), float(is_integer)

    def check_values(self, first: float, last: float, third: float) -> None:
        """Checks the labels of one or several batches.

        Args:
            first: Float, the smallest label.
            last: Float, the largest label.
            third: Float, the largest third number that `extremes` returned.

        Raises:
            ValueError: If classes lie outside of `[0, num_classes)` or are not whole numbers, if
                integer images lie outside of 0 to 255 or have a maximum of 1, or if float images
                lie outside of `value_range` and must lie in it.
        """
        if self.num_classes is not None:
            check_whole_classes(third, self.num_classes)
            check_class_values(first, last, self.num_classes)
        elif self.condition_shape is not None and (third or self._bounded):
            check_values(first, last, True, "int" if third else "float", self._value_range)

    def checked_array(self, labels: Array) -> Array:
        """Checks the values of labels, and returns a NumPy array like `standardized`."""
        if self.num_classes is not None:
            classes = checked_classes(labels, self.num_classes)
            return classes if self.clusters is None else self.clusters.check_clusters(classes)
        standardized = np.asarray(self.standardized(labels))
        check_array(standardized, (-np.inf, np.inf))
        if labels.size and self.condition_shape is not None:
            self.check_values(*map(float, self.extremes(labels, standardized)))  # type: ignore[arg-type]
        return standardized


def _strings(values):
    """Returns a sequence of strings as a list, and an empty list for anything else.

    Accented letters become single characters: the names of folders can contain two for each.
    """
    listed = isinstance(values, list | tuple) or (isinstance(values, np.ndarray) and values.ndim)
    strings = listed and all(isinstance(value, str) for value in values)
    return [unicodedata.normalize("NFC", value) for value in values] if strings else []


def _is_name(text):
    """Returns whether a text is not empty, and can be written in one line of any file."""
    return bool(text) and all(unicodedata.category(letter) not in _NOT_IN_NAMES for letter in text)
