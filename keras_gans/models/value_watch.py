"""Checking the values of images and labels without taking a batch from the data."""

import warnings

import keras
import numpy as np
import tensorflow as tf

_TOLERANCE = 1e-3
_DTYPES = ("float", "uint8", "bool")


class ValueWatch:
    """Keeps the extremes of what a step saw, and raises or warns about them.

    `record` runs inside the step; `check` runs outside, after an execution. Reading the
    data beforehand instead would use up generators and shift the shuffling.

    Args:
        value_range: Pair `(low, high)`, where float images must lie.
        num_classes: Integer, where integer labels must lie below; or None.
        warn: Whether the next check warns about images in [0, 1] where the range begins
            below zero.
    """

    def __init__(self, value_range, num_classes=None, warn=False):
        self.value_range = value_range
        self.num_classes = num_classes
        self.warn = warn
        self.executions = 0
        self.seen = keras.Variable(
            self._nothing(), trainable=False, name="value_watch", aggregation="only_first_replica"
        )

    def _nothing(self):
        return np.array([np.inf, -np.inf, 0.0, np.inf, -np.inf, 0.0], "float32")

    def reset(self, warn):
        """Forgets what was seen, and begins to count executions anew."""
        self.warn = warn
        self.executions = 0
        self.seen.assign(self._nothing())

    def guard(self, function):
        """Wraps a train function so that values are checked after executions 1, 2, 4, 8...

        The first look comes before a wrong scale can do harm; the later ones find a bad
        image deep in the data, and cost next to nothing.
        """

        def guarded(iterator):
            try:
                logs = function(iterator)
            except (StopIteration, tf.errors.OutOfRangeError):
                if self.executions == 0:
                    raise no_data() from None
                raise
            self.executions += 1
            if self.executions & (self.executions - 1) == 0:
                self.check()
            return logs

        return guarded

    def record(self, images, labels=None):
        """Adds a batch of raw images `(N, ...)` and labels `(N, ...)`, as tensors."""
        dtype = keras.backend.standardize_dtype(images.dtype)
        low, high, not_finite, first, last, _ = keras.ops.unstack(self.seen.value, num=6)
        pixels = keras.ops.cast(images, "float32")
        finite = keras.ops.all(keras.ops.isfinite(pixels))
        if labels is not None:
            classes = keras.ops.cast(labels, "float32")
            first = keras.ops.minimum(first, keras.ops.min(classes))
            last = keras.ops.maximum(last, keras.ops.max(classes))
        self.seen.assign(
            keras.ops.stack(
                [
                    keras.ops.minimum(low, keras.ops.min(pixels)),
                    keras.ops.maximum(high, keras.ops.max(pixels)),
                    keras.ops.maximum(not_finite, 1.0 - keras.ops.cast(finite, "float32")),
                    first,
                    last,
                    # Part of the graph: a step may be traced for several dtypes.
                    _DTYPES.index(dtype if dtype in _DTYPES else "float"),
                ]
            )
        )

    def check(self):
        """Checks what was recorded since the last check.

        Raises:
            ValueError: If images hold NaN or infinity, lie outside the range, or are
                uint8 of 0 and 1; or if class labels lie outside `[0, num_classes)`.
        """
        low, high, not_finite, first, last, dtype = self.seen.numpy().tolist()
        self.seen.assign(self._nothing())
        if low == np.inf and not not_finite:
            return
        self._check_images(low, high, bool(not_finite), _DTYPES[int(dtype)])
        self.warn = False
        if self.num_classes is not None and (first < 0 or last >= self.num_classes):
            raise ValueError(
                f"Labels must be integers in [0, {self.num_classes}). "
                f"Received: labels from {first:g} to {last:g} with num_classes={self.num_classes}. "
                "Count classes from zero, or raise num_classes."
            )

    def _check_images(self, low, high, not_finite, dtype):
        range_low, range_high = self.value_range
        if not_finite:
            raise ValueError(
                "Images must be finite. Received: NaN or infinity among the pixels. "
                "Look for a division by zero in the preparation of the data."
            )
        if dtype == "uint8" and high == 1:
            raise ValueError(
                "uint8 images are read as 0 to 255. Received: uint8 images whose maximum is 1. "
                'Pass them as bool (`images.astype("bool")`) or multiply them by 255.'
            )
        if dtype != "float":
            return
        slack = _TOLERANCE * (range_high - range_low)
        if low < range_low - slack or high > range_high + slack:
            raise ValueError(
                f"Float images must lie in the model's value range {self.value_range}. "
                f"Received: values from {low:g} to {high:g}. Rescale them, pass uint8 images, "
                "or set `value_range` in the constructor."
            )
        if self.warn and range_low < 0 <= low and high <= 1:
            warnings.warn(
                f"The images seen so far lie in [{low:g}, {high:g}], the model's value range is "
                f"{self.value_range}. If they are in [0, 1], rescale them with `images * 2 - 1`, "
                "or use a generator that ends in a sigmoid.",
                stacklevel=4,
            )


def no_data():
    """The error for data without a single batch."""
    return ValueError(
        "There must be images to train on. Received: data without a batch. Check the filter or "
        "the path that they come from; with drop_remainder, lower the batch size."
    )
