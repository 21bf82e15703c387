"""A split of files that does not change when files are added."""

import hashlib
import unicodedata
from collections.abc import Sequence

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array

_PARTS = 10  # one of so many is for testing


def rows_of_split(names: Sequence[str], split: str | None) -> Array:
    """The numbers of the files of a split.

    Which split a file belongs to is a function of its name alone: whatever other files there are,
    and on every machine.

    Args:
        names: Names of the files, with the folders that they lie in.
        split: `"test"` for about a tenth of the files, `"train"` for the others, None for all.

    Returns:
        Integers, in ascending order.

    Raises:
        ValueError: If there is no such split, or no file belongs to it.

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
            "A test split takes about a tenth of the pictures, by their names. Received: "
            f"split={split!r}, to which none of {len(names)} pictures belongs. "
            "Bring more, or pass split=None."
        )
    return rows


def check_split(split: str | None) -> None:
    """Checks the name of a split.

    Raises:
        ValueError: If it is none.
    """
    repair = "About a tenth of the images is for testing; None takes all."
    checks.one_of("split", split, ("train", "test", None), repair)


def is_for_testing(name: str) -> bool:
    """Whether a file of this name belongs to the test split."""
    digest = hashlib.sha256(normalized(name).encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8]) % _PARTS == 0


def normalized(name: str) -> str:
    """A name with accents as one character, whichever way the file system writes them."""
    return unicodedata.normalize("NFC", name)
