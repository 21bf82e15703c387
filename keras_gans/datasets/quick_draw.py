"""Quick, Draw!: sketches of hundreds of things, 28x28."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.data_folder import VARIABLE, data_folder, files_in, read_arrays
from keras_gans.datasets.from_arrays import check_order, from_arrays
from keras_gans.datasets.in_split import in_split
from keras_gans.datasets.verified_download import verified_download
from keras_gans.protocols import PathLike, ValueRange

_URL = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap"
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
    """Loads drawings of one or several categories, 28x28, white strokes on black.

    A category has about 100,000 drawings, made in twenty seconds each by players of a game:
    some are scribbles.

    Args:
        batch_size: Integer.
        categories: Name of a category, such as `"sheep"`, or a list of names; with labels
            they are classes 0, 1, and so on, in this order.
        split: `"train"`, or `"test"`: every tenth drawing. The source has no split.
        labels: Whether batches are pairs of images and labels.
        value_range: Pair `(low, high)` that black and white are mapped to.
        seed: Integer, seed of the order; see `from_arrays`.
        drop_remainder: Whether to leave out the images after the last full batch.
        data_dir: Folder that is searched first, sub-folders included, for a file
            `sheep.npy`, `sheep_first1000.npy` or `full_numpy_bitmap_sheep.npy` of rows of 784
            pixels, or an `.npz` with an array `sheep`. None takes the environment
            variable `KERAS_GANS_DATA`. Where nothing is found, the category's file, about
            100 MB, is downloaded into Keras' folder and checked against the hash that the
            server states.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 28, 28, 1)`, with int32 labels `(batch_size,)` where asked for.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, no category is given, a file is
            not of that form, or a batch exceeds the set.
        OSError: If a category cannot be had; the error says what to fetch and where to put
            it.

    Example:

        dataset = keras_gans.datasets.quick_draw(batch_size=64, categories=["sheep", "cat"])

    Reference:
        - [Ha and Eck, 2017](https://arxiv.org/abs/1704.03477), the drawings' origin.
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
    """The names of categories as a list, one at least, none with a separator."""
    names = [categories] if isinstance(categories, str) else categories
    repair = 'Pass, for example, "sheep", or ["sheep", "cat"].'
    if not isinstance(names, list | tuple) or not names:
        raise checks.wrong("categories", "one or more names of categories", categories, repair)
    return [checks.plain_name("categories", name, repair) for name in names]


def _load(name, folder):
    """The drawings of a category, uint8 `(N, 784)`."""
    found = _find(name, folder) if folder else None
    if found is None:
        found = _download(name, folder)
    path, drawings = found
    if drawings.dtype != np.uint8 or drawings.ndim != 2 or drawings.shape[1] != _SIDE**2:
        raise ValueError(
            f"Drawings must be uint8 of shape (N, {_SIDE**2}). Received: {path} with "
            f"dtype={drawings.dtype}, shape={drawings.shape}. Take the numpy bitmaps of the source."
        )
    return drawings


def _find(name, folder):
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower())
    files = files_in(folder, (".npy",)) + files_in(folder, (".npz",))
    for path in files:
        stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower())
        if path.suffix == ".npy" and re.search(rf"(^{plain}(_first\d+)?$)|(bitmap_{plain}$)", stem):
            return path, read_arrays(path)[""]
        if path.suffix == ".npz":
            arrays = read_arrays(path, [name])
            if name in arrays:
                return path, arrays[name]
    return None


def _download(name, folder):
    keras_home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    path = keras_home / "datasets" / "quick_draw" / f"{name}.npy"
    if not path.exists():
        url = f"{_URL}/{name.replace(' ', '%20')}.npy"
        try:
            verified_download(url, path)
        except OSError as error:
            raise OSError(
                f"The category {name!r} was not found among local files and could not be "
                f"downloaded. Received: data_dir or {VARIABLE}={str(folder)!r}, and from the "
                f"download: {error} On a machine with network, fetch {url}; put it into a folder "
                f"here, and set {VARIABLE} or `data_dir` to that folder."
            ) from error
    return path, read_arrays(path)[""]
