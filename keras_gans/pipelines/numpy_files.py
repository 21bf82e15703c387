"""Arrays of `.npy` and `.npz` files: sizes are checked first, and pickles are never loaded."""

import contextlib
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from keras_gans.pipelines.memory import room_for_data
from keras_gans.pipelines.paths import is_file
from keras_gans.protocols import Array, Shape

_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class Stored(NamedTuple):
    """The shape and dtype in the header of a stored array."""

    shape: Shape
    dtype: np.dtype


def stored_arrays(path: Path) -> dict[str, Stored]:
    """Returns the shapes and dtypes of the arrays in a file. Only the headers are read.

    Args:
        path: Path of an `.npz` file, or of an `.npy` file, whose only array has the name `""`.

    Returns:
        A dict from names to `Stored`.

    Raises:
        ValueError: If the file is damaged, or an array contains Python objects, has another length
            than its header says, or takes more than half of the machine's memory.
    """
    with _naming(path):
        if path.suffix != ".npz":
            with path.open("rb") as file:
                return {"": _header(file, path.stat().st_size)}
        with zipfile.ZipFile(path) as archive:
            headers = {}
            for member in archive.infolist():
                if member.filename.endswith(".npy"):
                    with archive.open(member) as file:
                        name = member.filename.removesuffix(".npy")
                        headers[name] = _header(file, member.file_size)
            return headers


def read_array(path: Path, name: str = "") -> Array:
    """Reads one array of a file.

    Args:
        path: Path of an `.npz` or `.npy` file.
        name: String, the name of the array in an `.npz` file.

    Raises:
        ValueError: As in `stored_arrays`; also if the checksum of an `.npz` file does not match, or
            it has no array of this name. An `.npy` file has no checksum.
    """
    with _naming(path):
        if path.suffix != ".npz":
            with path.open("rb") as file:
                return _array(file, path.stat().st_size)
        with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as file:
            return _array(file, archive.getinfo(f"{name}.npy").file_size)


def _array(file, size):
    _header(file, size)
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _header(file: IO[bytes], size: int) -> Stored:
    version = np.lib.format.read_magic(file)
    if version not in _READERS:
        raise ValueError(f"version {version} of the format is not supported")
    shape, _, dtype = _READERS[version](file)
    if dtype.hasobject:
        raise ValueError("it contains Python objects, which are never loaded; save numbers instead")
    needed = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or file.tell() + needed != size:
        raise ValueError(f"{size} bytes do not match the shape {shape} of {dtype}")
    if needed > room_for_data():
        raise ValueError(f"{needed:,} bytes are more than half of the memory; save a part of it")
    return Stored(shape, dtype)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turns the errors of NumPy, `zipfile` and `zlib` about a damaged file into one kind."""
    try:
        if not is_file(path):
            raise ValueError("not a regular file")
        yield
    except Exception as error:
        raise ValueError(
            "A NumPy file must contain complete arrays of numbers. "
            f"Received: {path} ({type(error).__name__}: {error}). "
            "Delete it, and download or save it again."
        ) from error
