"""Well-known sets among the files that a machine has, and the loaders' common part."""

import gzip
import hashlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.data_folder import (
    VARIABLE,
    check_images_and_labels,
    data_folder,
    files_in,
    read_arrays,
)
from keras_gans.datasets.from_arrays import from_arrays
from keras_gans.protocols import Array, PathLike, Shape

_PARTS = ("x_train", "y_train", "x_test", "y_test")
_IDX_HEADERS = {"x_train": 16, "x_test": 16, "y_train": 8, "y_test": 8}  # bytes


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
    """Images and labels of a well-known set, from local files or through Keras.

    Args:
        name: Name of the set.
        pattern: Regular expression for the names of its files or folders, in lower case
            with underscores.
        image_shape: Tuple, shape of the stored images without a channel axis of one.
        sizes: Dict from split to the number of images of the whole set.
        checksums: Dict from md5 to one of `x_train`, `y_train`, `x_test`, `y_test`, of the
            set's idx files.
        download: Function, Keras' own `load_data`.
        split: `"train"` or `"test"`.
        data_dir: Folder to search first; None looks at `KERAS_GANS_DATA`.
        fetch: String, the files to fetch by hand where there is no network.

    Returns:
        Images, uint8 `(N, H, W, C)`, and labels, integers `(N,)`.

    Raises:
        ValueError: If the split or the folder does not exist.
        OSError: If the set is neither among the files nor to be downloaded.
    """
    repair = "Cut a validation part off the training set with dataset.take and dataset.skip."
    checks.one_of("split", split, sizes, repair)
    folder = data_folder(data_dir)
    found = _find(folder, pattern, image_shape, checksums) if folder else None
    if found is None:
        images, labels = _download(name, download, split, folder, fetch)
    else:
        path, arrays = found
        check_images_and_labels(path, arrays[f"x_{split}"], arrays[f"y_{split}"])
        images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"].reshape(-1)
        if len(images) < sizes[split]:
            print(f"{name}: {len(images):,} of {sizes[split]:,} {split} images, from {path}")
    return images.reshape(len(images), *(*image_shape, 1)[:3]), labels


def known_set_dataset(
    arrays: tuple[Array, Array], source: str, labels: bool, **arguments: Any
) -> tf.data.Dataset:
    """The dataset of a set's images and labels, or of its images alone.

    Args:
        arrays: Images and labels.
        source: String, the set and its split.
        labels: Whether labels are wanted.
        **arguments: Those of `from_arrays`.
    """
    images, classes = arrays
    dataset = from_arrays(images, labels=classes if labels else None, **arguments)
    dataset.source = source
    return dataset


def _find(folder, pattern, image_shape, checksums):
    files = files_in(folder, (".gz", ".npz", ".npy"))
    return (
        _find_idx(files, checksums)
        or _find_npz(files, pattern, image_shape)
        or _find_npy(files, pattern, image_shape)
    )


def _find_idx(files, checksums):
    """The four idx files, told apart by content: two sets share their names."""
    arrays = {}
    for path in files:
        if not path.name.endswith("ubyte.gz"):
            continue
        part = checksums.get(hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest())
        if part is not None:
            with gzip.open(path) as file:
                arrays[part] = np.frombuffer(file.read(), np.uint8, offset=_IDX_HEADERS[part])
    if len(arrays) < len(_PARTS):
        return None
    for part in ("x_train", "x_test"):
        arrays[part] = arrays[part].reshape(-1, 28, 28)
    return path.parent, arrays


def _find_npz(files, pattern, image_shape):
    for path in files:
        if path.suffix == ".npz" and _is_named(path, pattern):
            arrays = read_arrays(path, _PARTS)
            if set(_PARTS) <= set(arrays) and arrays["x_train"].shape[1:] == image_shape:
                return path, arrays
    return None


def _find_npy(files, pattern, image_shape):
    for path in files:
        if path.name == "x_train.npy" and _is_named(path, pattern):
            paths = {part: path.with_name(f"{part}.npy") for part in _PARTS}
            if all(part.exists() for part in paths.values()):
                arrays = {part: read_arrays(file)[""] for part, file in paths.items()}
                if arrays["x_train"].shape[1:] == image_shape:
                    return path.parent, arrays
    return None


def _is_named(path, pattern):
    names = re.sub(r"[^a-z0-9]+", "_", f"{path.parent.name} {path.stem}".lower())
    return re.search(pattern, names) is not None


def _download(name, download, split, folder, fetch):
    try:
        train, test = download()
    except Exception as error:  # Keras raises Exception itself where a download fails
        raise OSError(
            f"{name} was not found among local files and could not be downloaded. "
            f"Received: data_dir or {VARIABLE}={str(folder)!r}, and from the download: {error} "
            f"On a machine with network, fetch {fetch}; put it into a folder here, and set "
            f"{VARIABLE} or `data_dir` to that folder."
        ) from error
    return train if split == "train" else (test[0], test[1].reshape(-1))
