"""One file that holds a training's state, its epoch and its settings."""

import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.protocols import Array, PathLike

_NAME = "training.npz"
_BEFORE = "training_before.npz"
_ANY_NAME = {
    "name",
    "module",
    "inbound_nodes",
    "input_layers",
    "output_layers",
    "build_config",
    "version",
}


def write_checkpoint(
    folder: PathLike, state: Sequence[Array], epoch: int, settings: dict[str, Any]
) -> None:
    """Writes the file beside its place, then renames it there; the one before is kept.

    Args:
        folder: Path.
        state: List of arrays.
        epoch: Integer, epochs that are done.
        settings: Dict of what must be the same when training goes on.
    """
    folder = Path(folder)
    meta = json.dumps({"epoch": epoch, "settings": settings})
    beside = folder / f".{_NAME}.{os.getpid()}.tmp"
    arrays: dict[str, Any] = {f"{number:05d}": array for number, array in enumerate(state)}
    with beside.open("wb") as file:
        np.savez(file, meta=np.frombuffer(meta.encode(), "uint8"), **arrays)
        file.flush()
        os.fsync(file.fileno())
    if (folder / _NAME).exists():
        os.replace(folder / _NAME, folder / _BEFORE)
    os.replace(beside, folder / _NAME)


def remove_unfinished(folder: PathLike) -> None:
    """Removes what a kill in the middle of writing has left."""
    for path in Path(folder).glob(f".{_NAME}.*.tmp"):
        path.unlink()


def read_checkpoint(folder: PathLike) -> tuple[list[Array], int, dict[str, Any]] | None:
    """State, epoch and settings of the newest whole file, or None where there is no file.

    Raises:
        ValueError: If there are files and none is whole.
    """
    problems = []
    for name in (_NAME, _BEFORE):
        path = Path(folder) / name
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                meta = json.loads(arrays["meta"].tobytes())
                state = [arrays[key] for key in sorted(set(arrays.files) - {"meta"})]
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            problems.append(f"{path} ({error})")
            continue
        if problems:
            print(f"A checkpoint is torn and was left out: {problems[0]}")
        return state, meta["epoch"], meta["settings"]
    if problems:
        raise ValueError(
            "A checkpoint must be a file that `Resume` wrote. "
            f"Received: {'; '.join(problems)}. Delete the folder to begin anew."
        )
    return None


def flat_settings(settings: Any, path: str = "") -> dict[str, Any]:
    """Nested dicts and lists as one dict from dotted names to values; given names are left out.

    Example:

    >>> flat_settings({"loss": {"name": "a", "gamma": 0.2}})
    {'loss.gamma': 0.2}
    """
    if isinstance(settings, dict):
        items = [(key, value) for key, value in settings.items() if key not in _ANY_NAME]
    elif isinstance(settings, list | tuple):
        items = list(enumerate(settings))
    else:
        return {path: settings}
    flat = {}
    for key, value in items:
        flat.update(flat_settings(value, f"{path}.{key}" if path else str(key)))
    return flat
