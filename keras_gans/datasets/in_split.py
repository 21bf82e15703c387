"""Checking a split, and a split for datasets without one: every tenth item is for testing."""

from typing import Any

import numpy as np

from keras_gans import checks

_TEST_SHARE = 10  # one of this many items is for testing


def check_split(split: Any, splits: Any) -> None:
    """Checks the split of a dataset with official splits.

    Args:
        split: The argument of a user.
        splits: Iterable of the names of the splits.

    Raises:
        ValueError: If the split does not exist.
    """
    repair = "To validate, load one large batch, and pass its parts to from_arrays."
    checks.one_of("split", split, splits, repair)


def in_split(items: Any, split: str | None) -> Any:
    """Returns the items of a split, in order.

    Args:
        items: Array or list.
        split: `"test"` for the items with index 9, 19, 29 and so on; `"train"` for the others;
            None for all.

    Raises:
        ValueError: If the split does not exist, or there are too few items for a test split.

    Example:

    >>> in_split(list("abcdefghijkl"), "test")
    ['j']
    """
    repair = "Every tenth image is for testing; None means all images."
    checks.one_of("split", split, ("train", "test", None), repair)
    if split is None:
        return items
    if split == "test" and len(items) < _TEST_SHARE:
        raise ValueError(
            f"A test split needs at least {_TEST_SHARE} images. Received: {len(items)} images. "
            "Add images, or pass split=None."
        )
    numbers = np.arange(len(items))
    for_testing = numbers % _TEST_SHARE == _TEST_SHARE - 1
    numbers = numbers[for_testing if split == "test" else ~for_testing]
    return [items[number] for number in numbers] if isinstance(items, list) else items[numbers]
