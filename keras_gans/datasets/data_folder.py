"""The folder of local data sets, and NumPy files in it, whose contents nobody has checked."""

import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array, PathLike

VARIABLE = "KERAS_GANS_DATA"
_ERRORS = (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error)


def data_folder(data_dir: PathLike | None) -> Path | None:
    """Returns the folder of local data sets, or None if there is none.

    Args:
        data_dir: Path; None means the environment variable `KERAS_GANS_DATA`. In both, `~` stands
            for the home folder.

    Raises:
        ValueError: If it is not a folder.
    """
    given = os.environ.get(VARIABLE) if data_dir is None else data_dir
    if data_dir is None and not given:
        return None
    folder = checks.path("data_dir", given, "None means KERAS_GANS_DATA.")  # type: ignore[arg-type]
    try:
        exists = folder.is_dir()
    except OSError:  # a name that is too long
        exists = False
    if not exists:
        raise ValueError(
            f"`data_dir` (or {VARIABLE}) must be a folder. "
            f"Received: {checks.received('data_dir', str(given))}. Create it, or leave it out to "
            "download."
        )
    return folder


def files_in(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """Returns the files in a folder and its sub-folders that have one of the suffixes, sorted."""
    found = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return sorted(path for path in found if path.suffix in suffixes)


def read_arrays(path: Path, names: Sequence[str] = ()) -> dict[str, Array]:
    """Returns arrays of an `.npz` file by name, or that of an `.npy` file, whose name is `""`.

    Args:
        path: Path of the file.
        names: Names of the arrays that are wanted; the file may lack some of them.

    Raises:
        ValueError: If the file is damaged, or is not of this format.
    """
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return {"": loaded}
            return {name: loaded[name] for name in names if name in loaded.files}
    except _ERRORS as error:
        raise ValueError(
            "A NumPy file must be whole, and hold arrays of numbers. "
            f"Received: {path}, which cannot be read ({type(error).__name__}). Delete it, and "
            "fetch it again."
        ) from error


def check_images_and_labels(path: Path, images: Array, labels: Array) -> None:
    """Checks the arrays of a file: uint8 images, and one integer label for each.

    Raises:
        ValueError: If they are something else, or there are none.
    """
    whole = images.dtype == np.uint8 and labels.dtype.kind in "iu"
    if not whole or not len(images) or len(images) != labels.size:
        raise ValueError(
            "A file of a data set must hold uint8 images, and one integer label for each. "
            f"Received: {path} with images of dtype {images.dtype} and shape {images.shape}, and "
            f"labels of dtype {labels.dtype} and shape {labels.shape}. Fetch it again."
        )
