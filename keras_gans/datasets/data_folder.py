"""The folder in which datasets are searched."""

import os
from pathlib import Path

from keras_gans import checks
from keras_gans.pipelines.paths import is_folder
from keras_gans.protocols import PathLike

VARIABLE = "KERAS_GANS_DATA"


def data_folder(data_dir: PathLike | None) -> Path | None:
    """Returns the folder to search first, or None if there is none.

    Args:
        data_dir: Path; None means the environment variable `KERAS_GANS_DATA`. `~` is the home
            folder.

    Raises:
        ValueError: If the path is not a folder.
    """
    given = os.environ.get(VARIABLE) if data_dir is None else data_dir
    if data_dir is None and not given:
        return None
    path = checks.path("data_dir", given, "None means KERAS_GANS_DATA.")  # type: ignore[arg-type]
    if not is_folder(path):
        raise ValueError(
            f"`data_dir` (or {VARIABLE}) must be a folder. "
            f"Received: {checks.received('data_dir', str(given))}. Create it, or omit it to "
            "download the data."
        )
    return path
