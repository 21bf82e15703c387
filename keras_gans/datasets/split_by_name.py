"""A split of files that does not change when files are added."""

import hashlib
import unicodedata
from collections.abc import Sequence

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array

_PARTS = 10  # about one of this many files is for testing


def rows_of_split(names: Sequence[str], split: str | None) -> Array:
    """Returns the indices of the files of a split.

    The split of a file depends only on its name, not on other files or on the machine.

    Args:
        names: Names of the files, including their folders.
        split: `"test"` for about a tenth of the files, `"train"` for the others, None for all.

    Returns:
        Integers, in ascending order.

    Raises:
        ValueError: If the split does not exist, or no file belongs to it.

    Example:

    >>> rows_of_split([f"{number}.png" for number in range(30)], "test")
    array([ 1, 20, 21])
    """
    check_split(split)
    rows = np.arange(len(names))
    if split is None:
        return rows
    rows = rows[[is_for_testing(name) == (split == "test") for name in names]]
    if not len(rows):
        raise ValueError(
            "A split must contain pictures; about a tenth is for testing, chosen by name. "
            f"Received: split={split!r}, to which none of {len(names)} pictures belongs. "
            "Add pictures, or pass split=None."
        )
    return rows


def check_split(split: str | None) -> None:
    """Checks the name of a split.

    Raises:
        ValueError: If it does not exist.
    """
    repair = "About a tenth of the images is for testing; None means all images."
    checks.one_of("split", split, ("train", "test", None), repair)


def is_for_testing(name: str) -> bool:
    """Returns whether a file of this name belongs to the test split."""
    digest = hashlib.sha256(normalized(name).encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8]) % _PARTS == 0


def normalized(name: str) -> str:
    """Returns a name with accented letters as single characters, which file systems may split."""
    return unicodedata.normalize("NFC", name)
