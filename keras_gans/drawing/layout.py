"""Columns, captions and titles of figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans import checks

PLAIN: dict[str, Any] = {"parse_math": False}  # for users' texts, in which "$" is not a formula


def text_width(text: str, size: float, dpi: float) -> float:
    """Returns a width in pixels into which a line of text fits.

    Args:
        text: String.
        size: Size of the font in points.
        dpi: Pixels per inch.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size)
    width = text_to_path.get_text_width_height_descent(text, font, False)[0] * dpi / 72
    return width + len(text) / 2  # because drawing rounds the width of each letter


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

    In a single column of several images, there is more room next to them.

    Raises:
        ValueError: If they are not strings or numbers, or there is neither one for each image nor
            one for each row.
    """
    given = [] if captions is None else captions
    listed = isinstance(given, list | tuple | range | np.ndarray)
    if not listed or not all(isinstance(text, str | int | float | np.generic) for text in given):
        raise checks.wrong("captions", "a list of strings", captions, "Pass one for each image.")
    texts = [str(text) for text in given]
    if len(texts) == num_images and not 1 < num_images == rows:
        return texts, []
    if len(texts) in (0, rows):
        return [], texts
    raise ValueError(
        f"There must be one caption per image ({num_images}) or per row ({rows}). "
        f"Received: {len(texts)} captions. Pass as many as that, or change `columns`."
    )
