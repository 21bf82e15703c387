"""Writing files so that an interruption leaves the old one or the new one, whole."""

import os
from pathlib import Path
from typing import Any

from keras_gans.protocols import PathLike


def prepare_folder(folder: PathLike) -> None:
    """Creates a folder that can be written to.

    Raises:
        OSError: If that is not possible.
    """
    problem = None
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = error
    if problem is not None or not os.access(folder, os.W_OK):
        raise OSError(
            "Files need a folder that can be written to. "
            f"Received: folder={str(folder)!r} ({problem or 'no permission to write'}). "
            "Pass another `folder`."
        ) from problem


def write_atomically(path: PathLike, content: bytes) -> None:
    """Writes bytes beside the file, then renames them into its place."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def is_chief(model: Any) -> bool:
    """Whether this process writes a model's files: of several machines, the first does.

    Args:
        model: `keras.Model`.
    """
    return model.distribute_strategy.extended.should_checkpoint
