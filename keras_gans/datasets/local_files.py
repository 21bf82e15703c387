"""The files of well-known datasets, found by their names and contents."""

import gzip
import hashlib
import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from keras_gans.pipelines.numpy_files import read_array, stored_arrays
from keras_gans.pipelines.paths import files_below, is_file
from keras_gans.protocols import Array, Shape

_PARTS = ("x_train", "y_train", "x_test", "y_test")
_IDX_HEADERS = {"x": 16, "y": 8}  # bytes
_IDX_SIZE = 1 << 26  # bytes; the largest of the known files has 26 million
_CLASSES = 10  # in each known dataset


def find_known_set(
    folder: Path, pattern: str, image_shape: Shape, checksums: Mapping[str, str], split: str
) -> tuple[Path, Array, Array] | None:
    """Searches a folder, including its subfolders, for the files of a well-known dataset.

    Args:
        folder: Path.
        pattern: Regular expression for the names of the dataset's files or folders, in lowercase
            with underscores.
        image_shape: Tuple, the shape of the stored images, without a channel axis of length 1.
        checksums: Dict from the md5 of the dataset's idx files to `x_train`, `y_train`, `x_test`
            or `y_test`.
        split: `"train"` or `"test"`.

    Returns:
        The path, images and labels, or None if there are no such files.

    Raises:
        ValueError: If a file of the dataset is damaged or contains something else; the error names
            it.
    """
    files = [path for path in files_below(folder) if path.suffix in (".gz", ".npz", ".npy")]
    found = _find_idx(files, checksums, split)
    if found is None:
        found = _find_arrays(files, pattern, image_shape, split)
    return found


def _find_idx(files, checksums, split):
    """Finds the four idx files by content, because two datasets have the same file names."""
    paths = {}
    for path in files:
        if path.name.endswith("ubyte.gz") and is_file(path) and path.stat().st_size < _IDX_SIZE:
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            paths[checksums.get(digest)] = path
    if not set(_PARTS) <= set(paths):
        return None
    images, labels = (_idx(paths[f"{axis}_{split}"], _IDX_HEADERS[axis]) for axis in "xy")
    return paths[f"x_{split}"].parent, images.reshape(-1, 28, 28), labels


def _idx(path, offset):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def _find_arrays(files, pattern, image_shape, split):
    """Finds the four arrays in an `.npz` file, or in `.npy` files in a folder."""
    for path in files:
        places = _places(path) if is_named(path, pattern) else {}
        stored = {part: stored_arrays(file)[name] for part, (file, name) in places.items()}
        shapes = {stored[part].shape[1:] for part in ("x_train", "x_test") if part in stored}
        if len(stored) == len(_PARTS) and shapes == {image_shape}:
            images, labels = (_part(stored, places, f"{axis}_{split}") for axis in "xy")
            _check_labels(labels, images, places[f"y_{split}"][0])
            return path if path.suffix == ".npz" else path.parent, images, labels.reshape(-1)
    return None


def _places(path):
    """Returns a dict from the parts of a dataset to the file and the name of the array."""
    if path.suffix == ".npz":
        return {part: (path, part) for part in _PARTS if part in stored_arrays(path)}
    paths = {part: path.with_name(f"{part}.npy") for part in _PARTS}
    if path.name != "x_train.npy":
        return {}
    return {part: (file, "") for part, file in paths.items() if file.exists()}


def _part(stored, places, part):
    """Returns an array, after checking its header."""
    (path, name), (shape, dtype) = places[part], stored[part]
    wanted, fits = ("integers", dtype.kind in "iu")
    if part.startswith("x"):
        wanted, fits = ("uint8 (0 to 255)", dtype == np.uint8)
    if not fits or not math.prod(shape):
        raise ValueError(
            f"The array {part} of a known dataset must contain one or more {wanted}. Received: "
            f"{path} with dtype={dtype}, shape={shape}. Save it again (convert names to integers "
            "with `np.unique(names, return_inverse=True)[1]`), or delete it to download the data."
        )
    return read_array(path, name)


def _check_labels(labels, images, path):
    low, high = labels.min(), labels.max()
    if labels.size != len(images) or low < 0 or high >= _CLASSES:
        raise ValueError(
            f"There must be a label from 0 to {_CLASSES - 1} for each image. Received: {path} with "
            f"{len(images)} images and {labels.size} labels from {low} to {high}. Save it again, "
            "or delete it to download the data."
        )


def is_named(path: Path, pattern: str) -> bool:
    """Returns whether the name of a file and its folder, such as "data_mnist", fit a pattern."""
    names = re.sub(r"[^a-z0-9]+", "_", f"{path.parent.name} {path.stem}".lower())
    return re.search(pattern, names) is not None
