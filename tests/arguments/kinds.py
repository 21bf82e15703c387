"""What each kind of argument accepts, by rule; the walk of the API compares calls with it."""

import numbers
import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

RANGES = (-1, 1), [0, 1], np.array([0.0, 2.0])


@dataclass
class Kind:
    """A kind of argument: whether a value is right, and values that must be accepted."""

    accepts: Any
    right: tuple = ()
    of_keras: bool = False  # Keras' own clear errors are good enough
    also: tuple = field(default=())  # further values that are wrong
    skipped: tuple = field(default=())  # values that are not passed

    def or_none(self):
        def accepts(value):
            return value is None or self.accepts(value)

        return Kind(accepts, (None, *self.right), self.of_keras, self.also)


def is_whole(value):
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_finite(value):
    return (
        isinstance(value, numbers.Real)
        and not isinstance(value, bool | np.bool_)
        and -1e38 < value < 1e38
    )


def whole(low=1, high=2**31, right=None):
    right = low if right is None else right
    return Kind(lambda value: is_whole(value) and low <= value <= high, (right, np.int64(right)))


def number(low=-1e38, high=1e38, without=(), right=None):
    """A finite number in an interval, whose ends belong to it unless they are in `without`."""

    def accepts(value):
        return is_finite(value) and low <= value <= high and value not in without

    right = (low + high) / 2 if right is None else right
    return Kind(accepts, (right, np.float32(right)))


def pair(infinite=True, right=RANGES):
    """`(low, high)` of numbers; both may be infinite where nothing is rescaled."""

    def accepts(value):
        if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
            return False
        if not all(isinstance(end, numbers.Real) and not isinstance(end, bool) for end in value):
            return False
        low, high = map(float, value)
        if infinite and (low, high) == (-np.inf, np.inf):
            return True
        return is_finite(low) and is_finite(high) and 1e-6 <= high - low <= 1e9

    wrong = (1, 1), (1, 0), (0, np.inf), (np.nan, 1), (1e-30, 1e30), (0, 1, 2), ("a", "b"), "ab"
    return Kind(accepts, right, also=wrong)


def flag():
    return Kind(lambda value: isinstance(value, bool | np.bool_), (True, False), also=("no",))


def one_of(*values):
    return Kind(
        lambda value: (
            isinstance(value, str | int) and not isinstance(value, bool) and value in values
        ),
        values,
    )


def text(wrong=()):
    return Kind(lambda value: isinstance(value, str) and value != "", ("a",), also=wrong)


def path(right=()):
    """A path of which nothing more is known: a string that is not empty, or a path."""
    return Kind(
        lambda value: isinstance(value, str | os.PathLike) and str(value) not in ("", "."), right
    )


def shape(low=1, ranks=range(1, 9), right=()):
    def accepts(value):
        is_sequence = isinstance(value, tuple | list) or getattr(value, "ndim", 0) == 1
        return (
            is_sequence
            and len(value) in ranks
            and all(is_whole(side) and low <= side < 10**6 for side in value)
        )

    return Kind(accepts, right, also=(28, (0, 8, 1), (None, 8, 1), (8.0, 8, 1), (8, 8, -1), "881"))


def array(fits, right=(), empty=False):
    """Plain numbers of which `fits(array)` is true; lists of numbers are arrays, too."""

    def accepts(value):
        if isinstance(value, np.ma.MaskedArray) or value is None or isinstance(value, dict | str):
            return False
        try:
            value = np.asarray(value)
        except (TypeError, ValueError):
            return False
        plain = value.dtype.kind in "iufb" and value.dtype.itemsize <= 8
        return plain and (value.size > 0 or empty) and bool(fits(value))

    return Kind(accepts, right)


def instance(cls, right=(), accepts=None):
    def fits(value):
        return isinstance(value, cls) and (accepts is None or accepts(value))

    return Kind(fits, right)


def function(right=()):
    return Kind(lambda value: callable(value) and not isinstance(value, type), right)


def of_keras(accepts=lambda value: True):
    return Kind(accepts, of_keras=True)


def anything():
    return Kind(lambda value: True)


def nothing(*but):
    """Only the value that the call has."""
    return Kind(lambda value: any(value is one for one in but))
