"""A folder of one's own pictures."""

import math
import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.from_arrays import (
    check_image_shape,
    check_order,
    check_size,
    from_arrays,
    rescaled,
)
from keras_gans.datasets.in_split import in_split
from keras_gans.datasets.pictures import ENDINGS, darkness, left_out, read_picture
from keras_gans.pipelines.memory import room_for_data
from keras_gans.pipelines.paths import files_below, is_folder, is_hidden
from keras_gans.pipelines.shuffled_batches import batches_of_rows
from keras_gans.protocols import PathLike, ShapeLike, ValueRange

_SHOW_PROGRESS_FROM = 1000  # files


def image_folder(
    folder: PathLike,
    batch_size: int,
    image_shape: ShapeLike = (64, 64, 3),
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    split: str | None = None,
) -> tf.data.Dataset:
    """Loads the pictures in a folder and its sub-folders, but for hidden ones.

    PNG, JPEG, WebP, BMP and GIF files are read, of animations the first frame; there is a warning
    about pictures of other formats. Links to files and folders are followed.

    Each picture is turned as its camera noted, laid on white where it is transparent, cut
    around its centre to the proportions asked for, and resized with antialiasing (Pillow's
    bicubic filter). 16 bits are read as 0 to 65535, with a warning if they are nearly black. The
    images stay in memory as uint8, 12 kB each at 64x64 in colour, if half of the machine's memory
    holds them; else they are read from their files in each epoch.

    Args:
        folder: Path; `~` is the home folder.
        batch_size: Integer.
        image_shape: Tuple `(height, width, channels)`: 1 channel for grey, 3 for colour.
        labels: Whether batches are pairs of images and labels. The folders inside `folder`
            are the classes, numbered in alphabetical order; `dataset.class_names` has them.
        value_range: Pair `(low, high)` that black and white are mapped to.
        seed: Integer, seed of the order; see `from_arrays`.
        drop_remainder: Whether to leave out the images after the last full batch.
        split: `"test"` for every tenth picture, in the order of their paths, `"train"` for
            the others, None for all.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, *image_shape)`, with int32 labels `(batch_size,)` where asked for.

    Raises:
        ValueError: If there are no pictures, one cannot be read or has more than 67 million
            pixels (the error names it), there are fewer than one batch, labels are asked for and
            there are no folders or one is empty, or there is no such split.
        tf.errors.InvalidArgumentError: During an epoch, if a file that is read then is missing or
            damaged; the error names it.

    Example:

        dataset = keras_gans.datasets.image_folder("my_pictures", 64, (64, 64, 3))
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    folder, image_shape = checks.path("folder", folder), check_image_shape(image_shape, (1, 3))
    in_split([None] * 10, split)  # checks it
    paths = _pictures(folder)
    if dark := darkness(paths):
        warnings.warn(dark, stacklevel=2)
    class_names, classes = _classes(folder, paths) if labels else (None, None)
    classes = None if classes is None else in_split(classes, split)
    paths = in_split(paths, split)
    if len(paths) * math.prod(image_shape) <= room_for_data():
        images = _read_all(paths, image_shape)
        dataset = from_arrays(images, batch_size, classes, value_range, seed, drop_remainder)
    else:
        check_size(len(paths), batch_size, drop_remainder)
        read = _reader(paths, classes, image_shape)
        batches = batches_of_rows(read, len(paths), batch_size, seed, drop_remainder)
        dataset = rescaled(batches, value_range)
    dataset.class_names = class_names
    dataset.source = f"folder {folder.name}" + (f", {split} split" if split else "")
    return dataset


def _pictures(folder):
    files = files_below(folder) if is_folder(folder) else []
    paths = [path for path in files if path.suffix.lower() in ENDINGS]
    others = left_out(files)
    if not paths:
        raise ValueError(
            f"`folder` must hold pictures ({', '.join(ENDINGS)}). Received: "
            f"folder={str(folder)!r}, where none was found{others and f' but {others}'}. "
            f"{'Convert them to PNG.' if others else 'Check the path.'}"
        )
    if others:
        warnings.warn(
            "Only PNG, JPEG, WebP, BMP and GIF files are read. Received: "
            f"folder={str(folder)!r}, of which {others} are left out. Convert them to PNG.",
            stacklevel=3,
        )
    return paths


def _classes(folder, paths):
    parts = [path.relative_to(folder).parts for path in paths]
    loose = [path for path, part in zip(paths, parts, strict=True) if len(part) == 1]
    if loose:
        raise ValueError(
            "With labels=True every picture must lie in a folder named after its class. "
            f"Received: {loose[0]}, which lies in none. Move it, or pass labels=False."
        )
    with_pictures = {part[0] for part in parts}
    folders = (path for path in folder.iterdir() if path.is_dir() or not path.exists())
    inside = sorted(path.name for path in folders)  # with links that lead nowhere
    class_names = [name for name in inside if not is_hidden(name)]
    empty = [name for name in class_names if name not in with_pictures]
    if empty:
        raise ValueError(
            "With labels=True every folder is a class and must hold pictures. Received: "
            f"{folder / empty[0]}, where none was found. Convert its files to PNG, or remove it: "
            "without it, the classes after it have other numbers."
        )
    numbers = {name: number for number, name in enumerate(class_names)}
    return class_names, np.array([numbers[part[0]] for part in parts], "int32")


def _reader(paths, classes, image_shape):
    """A function of row numbers that reads pictures from their files."""

    def pictures(rows):
        try:
            return _read_all([paths[row] for row in rows], image_shape), ""
        except ValueError as error:  # raised here, it would be lost in a page of TensorFlow's own
            return np.zeros((len(rows), *image_shape), "uint8"), str(error)

    def read(rows):
        images, problem = tf.numpy_function(pictures, [rows], (tf.uint8, tf.string))
        with tf.control_dependencies([tf.debugging.Assert(problem == "", [problem])]):
            images = tf.ensure_shape(images, (*rows.shape, *image_shape))
        return (images,) if classes is None else (images, tf.gather(classes, rows))

    return read


def _read_all(paths, image_shape):
    images = np.empty((len(paths), *image_shape), "uint8")
    progress = None
    if len(paths) >= _SHOW_PROGRESS_FROM:
        progress = keras.utils.Progbar(len(paths), unit_name="picture")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pictures = pool.map(lambda path: read_picture(path, image_shape), paths)
        for index, picture in enumerate(pictures):
            images[index] = picture
            if progress is not None:
                progress.update(index + 1)
    return images
