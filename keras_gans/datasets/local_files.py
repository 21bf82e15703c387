"""Well-known datasets in local files, and the common part of their loaders."""

import gzip
import hashlib
import math
import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.data_folder import VARIABLE, data_folder
from keras_gans.datasets.from_arrays import from_arrays
from keras_gans.pipelines.numpy_files import read_array, stored_arrays
from keras_gans.pipelines.paths import expanded, files_below, is_file, is_folder
from keras_gans.protocols import Array, PathLike, Shape

_PARTS = ("x_train", "y_train", "x_test", "y_test")
_IDX_HEADERS = {"x": 16, "y": 8}  # bytes
_IDX_SIZE = 1 << 26  # bytes; the largest of the known files has 26 million
_CLASSES = 10  # in each known dataset


def load_known_set(
    name: str,
    pattern: str,
    image_shape: Shape,
    sizes: dict[str, int],
    checksums: dict[str, str],
    download: Callable[[], Any],
    split: str,
    data_dir: PathLike | None,
    fetch: str,
) -> tuple[Array, Array]:
    """Loads images and labels of a well-known dataset from local files or with Keras.

    Args:
        name: Name of the dataset.
        pattern: Regular expression for the names of its files or folders, in lowercase with
            underscores.
        image_shape: Tuple, the shape of the stored images, without a channel axis of length 1.
        sizes: Dict from the names of splits to the number of images in the whole dataset.
        checksums: Dict from the md5 of the dataset's idx files to `x_train`, `y_train`, `x_test`
            or `y_test`.
        download: Function, Keras' own `load_data`.
        split: `"train"` or `"test"`.
        data_dir: Folder to search first; None means `KERAS_GANS_DATA`.
        fetch: String, the files to download on another machine without internet access here.

    Returns:
        Images, uint8 `(N, H, W, C)`, and labels, integers `(N,)`.

    Raises:
        ValueError: If the split or the folder does not exist, or a file of the dataset is damaged
            or contains something else; the error names it.
        OSError: If the dataset is not found in local files and cannot be downloaded.
    """
    repair = "Split off a validation set with dataset.take and dataset.skip."
    checks.one_of("split", split, sizes, repair)
    folder = data_folder(data_dir)
    found = _find(folder, pattern, image_shape, checksums, split) if folder else None
    if found is None:
        images, labels = _download(name, pattern, download, split, folder, fetch)
    else:
        path, images, labels = found
        if len(images) < sizes[split]:
            print(f"{name}: {len(images):,} of {sizes[split]:,} {split} images, from {path}")
    return images.reshape(len(images), *(*image_shape, 1)[:3]), labels


def known_set_dataset(
    arrays: tuple[Array, Array],
    source: str,
    labels: bool,
    class_names: Sequence[str] | None = None,
    **arguments: Any,
) -> tf.data.Dataset:
    """Returns a `tf.data.Dataset` of images, or of images and labels.

    Args:
        arrays: Images and labels.
        source: String, the names of the dataset and the split.
        labels: Whether to include labels.
        class_names: Strings, the attribute `class_names` of the dataset; None for no names.
        **arguments: Arguments of `from_arrays`.
    """
    images, classes = arrays
    dataset = from_arrays(images, labels=classes if labels else None, **arguments)
    dataset.source = source
    if class_names is not None:
        dataset.class_names = list(class_names)
    return dataset


def _find(folder, pattern, image_shape, checksums, split):
    """Returns the path, images and labels of a dataset's files in a folder, or None."""
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
    return path.parent, images.reshape(-1, 28, 28), labels


def _idx(path, offset):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def _find_arrays(files, pattern, image_shape, split):
    """Finds the four arrays in an `.npz` file, or in `.npy` files in a folder."""
    for path in files:
        places = _places(path) if _is_named(path, pattern) else {}
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


def _is_named(path, pattern):
    names = re.sub(r"[^a-z0-9]+", "_", f"{path.parent.name} {path.stem}".lower())
    return re.search(pattern, names) is not None


def _download(name, pattern, download, split, folder, fetch):
    try:
        train, test = download()
    except Exception as error:  # Keras raises a plain Exception if a download fails
        place = expanded(os.environ.get("KERAS_HOME", "~/.keras")) / "datasets"
        earlier = files_below(place) if is_folder(place) else []
        named = ", ".join(str(path) for path in earlier if _is_named(path, pattern))
        damage = f" Or delete {named}: it may be damaged." if named else ""
        raise OSError(
            f"{name} was not found among local files and could not be downloaded. Received: "
            f"data_dir or {VARIABLE}={str(folder)!r}, and from the download: "
            f"{type(error).__name__}: {error} "
            f"On a machine with internet access, download {fetch}; put it into a folder here, and "
            f"set {VARIABLE} or `data_dir` to that folder.{damage}"
        ) from error
    return train if split == "train" else (test[0], test[1].reshape(-1))
