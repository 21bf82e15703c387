"""Quick, Draw!: sketches in hundreds of categories, 28x28."""

import os
import re
import urllib.parse
import warnings
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.data_folder import VARIABLE, data_folder
from keras_gans.datasets.from_arrays import check_order, from_arrays
from keras_gans.datasets.in_split import in_split
from keras_gans.datasets.verified_download import is_unchanged, verified_download
from keras_gans.pipelines.numpy_files import read_array, stored_arrays
from keras_gans.pipelines.paths import expanded, files_below
from keras_gans.protocols import PathLike, ValueRange

_URL = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap"
_LIST = "github.com/googlecreativelab/quickdraw-dataset/blob/master/categories.txt"
_NAME = re.compile(r"\w[\w .'-]{,50}")
_SIDE = 28


def quick_draw(
    batch_size: int,
    categories: str | Sequence[str] = "sheep",
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    data_dir: PathLike | None = None,
) -> tf.data.Dataset:
    """Loads drawings of one or more categories, 28x28, white strokes on black.

    A category has about 100,000 drawings. Players of a game made each of them within twenty
    seconds, so some are scribbles.

    Args:
        batch_size: Integer.
        categories: Name of a category, such as `"sheep"`, or a list of names. With labels, they are
            the classes 0, 1 and so on, in this order.
        split: `"train"`, or `"test"` for every tenth drawing. The original data have no split.
        labels: Whether batches are pairs of images and labels.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        data_dir: Folder that is searched first, including its subfolders, for a file `sheep.npy`,
            `sheep_first1000.npy` or `full_numpy_bitmap_sheep.npy` with rows of 784 pixels, or an
            `.npz` file with an array `sheep`. Defaults to the environment variable
            `KERAS_GANS_DATA`. If nothing is found, the file of the category, about 100 MB, is
            downloaded to Keras' folder, and verified against the hash that the server sends.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 28, 28, 1)`, with int32 labels `(batch_size,)` if `labels` is True.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, no category or an invalid name is
            given, a file is damaged or has another format, or there is less than one batch.
        OSError: If a category is not available; the error says what to download, and where to put
            it.

    Example:

        dataset = keras_gans.datasets.quick_draw(batch_size=64, categories=["sheep", "cat"])

    Reference:
        - [Ha and Eck, 2017](https://arxiv.org/abs/1704.03477), the origin of the drawings.
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    checks.one_of("split", split, ("train", "test"))
    names = _checked_names(categories)
    folder = data_folder(data_dir)
    drawings = [in_split(_load(name, folder), split) for name in names]
    images = np.concatenate(drawings).reshape(-1, _SIDE, _SIDE, 1)
    classes = np.repeat(np.arange(len(names)), [len(part) for part in drawings])
    dataset = from_arrays(
        images, batch_size, classes if labels else None, value_range, seed, drop_remainder
    )
    dataset.class_names = names
    dataset.source = f"Quick, Draw! {', '.join(names)}, {split} split"
    return dataset


def _checked_names(categories):
    """Returns a list of names, after checking them: they are used in paths and URLs."""
    names = [categories] if isinstance(categories, str) else categories
    repair = f"The names are listed at {_LIST}."
    if not isinstance(names, list | tuple) or not names:
        raise checks.wrong("categories", "one or more names of categories", categories, repair)
    for name in names:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            expected = "a name of letters, digits, spaces and hyphens, not a path"
            raise checks.wrong("categories", expected, name, repair)
    return list(names)


def _load(name, folder):
    """Returns the drawings of a category, uint8 `(N, 784)`."""
    found = _find(name, folder) if folder else None
    path, array = _download(name, folder) if found is None else found
    shape, dtype = stored_arrays(path)[array]
    if dtype != np.uint8 or shape[1:] != (_SIDE**2,) or not shape[0]:
        raise ValueError(
            f"Drawings must be uint8 of shape (N, {_SIDE**2}). Received: {path} with "
            f"dtype={dtype}, shape={shape}. Use the NumPy bitmaps of Quick, Draw!."
        )
    return read_array(path, array)


def _find(name, folder):
    """Returns the path of a category's file, and the name of the array in it; or None."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower())
    files = sorted(files_below(folder), key=lambda path: path.suffix)  # .npy before .npz
    for path in files:
        stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower())
        if path.suffix == ".npy" and re.search(rf"(^{plain}(_first\d+)?$)|(bitmap_{plain}$)", stem):
            return path, ""
        if path.suffix == ".npz":
            try:
                if name in stored_arrays(path):
                    return path, name
            except ValueError as error:  # the file may belong to another dataset
                warnings.warn(f"A file was skipped. {error}", stacklevel=2)
    return None


def _download(name, folder):
    keras_home = expanded(os.environ.get("KERAS_HOME", "~/.keras"))
    path = keras_home / "datasets" / "quick_draw" / f"{name}.npy"
    if not _is_whole(path):
        url = f"{_URL}/{urllib.parse.quote(name)}.npy"
        try:
            verified_download(url, path)
        except OSError as error:
            raise OSError(
                f"The category {name!r} was not found in intact local files and could not be "
                f"downloaded. Received: data_dir or {VARIABLE}={str(folder)!r}, and from the "
                f"download: {error} On a machine with internet access, download {url}; put it into "
                f"a folder here, and set {VARIABLE} or `data_dir` to that folder."
            ) from error
    return path, ""


def _is_whole(path):
    """Returns whether a file was downloaded before and is intact, as far as can be checked."""
    if not path.exists():
        return False
    try:
        stored_arrays(path)
        if not is_unchanged(path):
            raise ValueError(f"{path} (it has changed since it was downloaded).")
    except ValueError as error:
        print(f"{error} The file is downloaded again.")
        return False
    return True
