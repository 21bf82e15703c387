"""The folder in which data sets are looked for."""

import os
from pathlib import Path

from keras_gans.pipelines.paths import expanded, is_folder
from keras_gans.protocols import PathLike

VARIABLE = "KERAS_GANS_DATA"


def data_folder(data_dir: PathLike | None) -> Path | None:
    """The folder to search first, or None if there is none.

    Args:
        data_dir: Path; None takes the environment variable `KERAS_GANS_DATA`. `~` is the home
            folder.

    Raises:
        ValueError: If it is not a folder.
    """
    folder = data_dir or os.environ.get(VARIABLE)
    if not folder:
        return None
    path = expanded(folder)
    if not is_folder(path):
        raise ValueError(
            f"`data_dir` (or {VARIABLE}) must be a folder. Received: {str(folder)!r}. "
            "Create it, or leave it out to download."
        )
    return path
