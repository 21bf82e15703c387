"""The folder in which data sets are looked for."""

import os
from pathlib import Path

from keras_gans import checks
from keras_gans.pipelines.paths import is_folder
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
    given = os.environ.get(VARIABLE) if data_dir is None else data_dir
    if data_dir is None and not given:
        return None
    path = checks.path("data_dir", given, "None means KERAS_GANS_DATA.")  # type: ignore[arg-type]
    if not is_folder(path):
        raise ValueError(
            f"`data_dir` (or {VARIABLE}) must be a folder. "
            f"Received: {checks.received('data_dir', str(given))}. Create it, or leave it out to "
            "download."
        )
    return path
