"""Columns, captions and titles of figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans import checks

PLAIN: dict[str, Any] = {"parse_math": False}  # for users' texts, in which "$" is not a formula


def check_layout(columns: int | None, title: str | None) -> tuple[int | None, str | None]:
    """Returns the number of columns and the title, after checking both.

    Raises:
        ValueError: If `columns` is not a positive integer or None, or `title` is not a string or
            None.
    """
    if title is not None and not isinstance(title, str):
        raise checks.wrong("title", "a string or None", title, "Pass text, such as f'{value}'.")
    return checks.optional(checks.whole_number, "columns", columns), title


def place_captions(
    captions: Sequence[str] | None, num_images: int, rows: int
) -> tuple[list[str], list[str]]:
    """Returns the captions above images, and the captions of rows; one of the lists is empty.

    Raises:
        ValueError: If they are not strings or numbers, or there is neither one for each image nor
            one for each row.
    """
    given = [] if captions is None else captions
    listed = isinstance(given, list | tuple | range | np.ndarray)
    if not listed or not all(isinstance(text, str | int | float | np.generic) for text in given):
        raise checks.wrong("captions", "a list of strings", captions, "Pass one for each image.")
    texts = [str(text) for text in given]
    if len(texts) == num_images:
        return texts, []
    if len(texts) in (0, rows):
        return [], texts
    raise ValueError(
        f"There must be one caption per image ({num_images}) or per row ({rows}). "
        f"Received: {len(texts)} captions. Pass as many as that, or change `columns`."
    )
