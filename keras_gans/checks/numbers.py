"""Checks of numbers: whole numbers in a range, finite numbers, pairs, and flags."""

import math
import numbers
from typing import Any

import numpy as np

from keras_gans.checks.messages import wrong

LARGEST = 2**31 - 1  # for whole numbers, such as counts and steps
LARGEST_SIZE = 1_000_000
LARGEST_SEED = 2**63 - 1
_LARGEST_FLOAT = 1e38  # about the limit of float32, in which most numbers are used
_WIDTHS = (1e-6, 1e9)  # limits for value ranges, because of the precision of float32


def whole_number(
    name: str, value: Any, low: int = 1, high: int = LARGEST, repair: str | None = None
) -> int:
    """Returns an integer in a range as `int`; NumPy integers are accepted, bools are not.

    Args:
        name: String, the name of the argument.
        value: The value of the argument.
        low: Integer, the smallest allowed value.
        high: Integer, the largest allowed value.
        repair: String, a sentence that explains how to fix the error.

    Raises:
        ValueError: If the value is not an integer in this range.

    Example:

    >>> whole_number("batch_size", 32)
    32
    """
    if not is_whole(value) or not low <= value <= high:
        bounds = f"of at least {low}" if high == LARGEST else f"from {low} to {high}"
        raise wrong(name, f"an integer {bounds}", value, repair or f"Pass, for example, {low}.")
    return int(value)


def size(name: str, value: Any, low: int = 1, repair: str | None = None) -> int:
    """Returns a number of pixels, units or classes, up to 1,000,000; see `whole_number`."""
    return whole_number(name, value, low, LARGEST_SIZE, repair)


def whole_numbers(
    name: str, values: Any, low: int = 1, count: int | None = None, repair: str = ""
) -> tuple[int, ...]:
    """Returns a sequence of integers as a tuple of `int`.

    Args:
        name: String, the name of the argument.
        values: The value of the argument: a tuple, list or NumPy array.
        low: Integer, the smallest allowed value.
        count: Integer, the required number of entries; None for any number.
        repair: String, a sentence that explains how to fix the error.

    Raises:
        ValueError: If the value is not a sequence of such integers.
    """
    listed = (
        list(values) if isinstance(values, tuple | list | np.ndarray) and np.ndim(values) else None
    )
    fits = listed is not None and all(is_whole(one) and low <= one <= LARGEST for one in listed)
    if not fits or (count is not None and len(listed or ()) != count):
        many = "" if count is None else f"{count} "
        expected = f"a sequence of {many}integers of at least {low}"
        raise wrong(name, expected, values, repair or "Pass a tuple of integers.")
    return tuple(int(one) for one in listed or ())


def random_seed(name: str, value: Any) -> int | None:
    """Returns a seed, which is a nonnegative integer or None.

    Raises:
        ValueError: If the value is not a seed.
    """
    if value is None:
        return None
    if not is_whole(value) or not 0 <= value <= LARGEST_SEED:
        expected = "an integer from 0 to 2**63 - 1, or None"
        raise wrong(name, expected, value, "For example, use 0, or None for a random seed.")
    return int(value)


def finite_number(
    name: str,
    value: Any,
    low: float = -_LARGEST_FLOAT,
    high: float = _LARGEST_FLOAT,
    open_ends: str = "",
    repair: str | None = None,
) -> float:
    """Returns a finite number in an interval as Python's `float` or `int`.

    Args:
        name: String, the name of the argument.
        value: The value of the argument.
        low: Float, the lower end.
        high: Float, the upper end.
        open_ends: String that contains `"("` if the lower end is excluded, and `")"` if the upper
            end is excluded.
        repair: String, a sentence that explains how to fix the error.

    Raises:
        ValueError: If the value is not a number in this interval.

    Example:

    >>> finite_number("dropout", 0.5, 0, 1, open_ends=")")
    0.5
    """
    number = float(value) if is_real(value) else math.nan
    outside = (number == low and "(" in open_ends) or (number == high and ")" in open_ends)
    if not low <= number <= high or outside:
        expected = f"a finite number{_interval(low, high, open_ends)}"
        raise wrong(name, expected, value, repair or "Use a number in this interval.")
    return value.item() if isinstance(value, np.generic | np.ndarray) else value


def _interval(low, high, open_ends):
    if (low, high) == (-_LARGEST_FLOAT, _LARGEST_FLOAT):
        return ""
    if high == _LARGEST_FLOAT:
        return f" greater than {low:g}" if "(" in open_ends else f" of at least {low:g}"
    ends = "(" if "(" in open_ends else "[", ")" if ")" in open_ends else "]"
    return f" in {ends[0]}{low:g}, {high:g}{ends[1]}"


def finite_pair(
    name: str, value: Any, repair: str = "Pass, for example, (-1, 1)."
) -> tuple[float, float]:
    """Returns a pair of finite numbers, the first smaller than the second, as floats.

    Raises:
        ValueError: If the value is not such a pair.
    """
    pair = _ends(value)
    if pair is None or not all(map(math.isfinite, pair)) or not pair[0] < pair[1]:
        raise wrong(name, "a pair of finite numbers (low, high) with low < high", value, repair)
    return pair


def value_range(name: str, value: Any, infinite: bool = True) -> tuple[float, float]:
    """Returns the value range of images, a pair of floats.

    Args:
        name: String, the name of the argument.
        value: The value of the argument.
        infinite: Whether `(-inf, inf)`, with which nothing is rescaled, is accepted.

    Raises:
        ValueError: If the value is not a pair `(low, high)` with low < high, only one end is
            infinite, or the width is not between 1e-6 and 1e9.
    """
    pair = _ends(value)
    if infinite and pair == (-math.inf, math.inf):
        return pair
    repair = "Use (-1, 1) or (0, 1)"
    repair += ", or (-inf, inf) to rescale nothing." if infinite else "."
    low, high = finite_pair(name, value, repair)
    if not _WIDTHS[0] <= high - low <= _WIDTHS[1]:
        expected = "(low, high) with low < high that differ by 1e-6 to 1e9"
        raise wrong(name, expected, value, repair)
    return low, high


def flag(name: str, value: Any) -> bool:
    """Returns True or False as `bool`.

    Raises:
        ValueError: If the value is not a bool.
    """
    if not isinstance(value, bool | np.bool_):
        raise wrong(name, "True or False", value, "Use one of the two.")
    return bool(value)


def is_whole(value: Any) -> bool:
    """Checks whether the value is an integer of Python or NumPy; bools are not."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Checks whether the value is a real number or an array without axes; bools are not."""
    if isinstance(value, np.ndarray):
        value = value[()]
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)


def _ends(value):
    """Returns a sequence of two numbers as a pair of floats, or None for anything else."""
    if not isinstance(value, tuple | list | np.ndarray) or np.ndim(value) == 0 or len(value) != 2:
        return None
    return (float(value[0]), float(value[1])) if all(map(is_real, value)) else None
