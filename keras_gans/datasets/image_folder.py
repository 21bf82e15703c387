"""A folder of your own pictures."""

import math
import os
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.cropping import cropping
from keras_gans.datasets.folder_classes import folder_classes
from keras_gans.datasets.from_arrays import (
    check_image_shape,
    check_order,
    check_size,
    from_arrays,
    rescaled,
)
from keras_gans.datasets.label_table import check_labels, labels_of
from keras_gans.datasets.pictures import (
    ENDINGS,
    KINDS,
    darkness,
    left_out,
    read_picture,
    size_of,
    some_of,
)
from keras_gans.datasets.split_by_name import check_split, rows_of_split
from keras_gans.pipelines.archives import tree_of
from keras_gans.pipelines.memory import room_for_data
from keras_gans.pipelines.paths import is_file
from keras_gans.pipelines.progress import SlowProgress
from keras_gans.pipelines.shuffled_batches import batches_of_rows
from keras_gans.protocols import PathLike, ShapeLike, ValueRange

_NAMED = 5  # unreadable files in a warning
_AT_ONCE = 1024  # files in the queue of the threads, which takes 1.6 kB for each


def image_folder(
    folder: PathLike,
    batch_size: int,
    image_shape: ShapeLike = (64, 64, 3),
    labels: bool | PathLike | Mapping[str, Any] = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    split: str | None = None,
    skip_unreadable: bool = False,
) -> tf.data.Dataset:
    """Loads the pictures in a folder or archive and its subfolders, except hidden ones.

    PNG, JPEG, WebP, BMP, GIF and TIFF files are read, and the first frame of animations. There is a
    warning about other files, unless they are text files. Links to files and folders are followed.
    Archives are not unpacked.

    Each picture is rotated as its camera has recorded, composited over white if it is transparent,
    cropped around the center to the proportions of `image_shape`, with a warning if a tenth is
    lost, and resized with antialiasing (Pillow's bicubic filter). Values of 16 bits are read as 0
    to 65535, with a warning if pictures are nearly black, and floats as 0 to 1. The images are kept
    in memory as uint8, 12 kB each at 64x64 in color, if they fit into half of the machine's memory.
    Otherwise, they are read from their files in each epoch.

    Args:
        folder: Path of a folder, or of an archive: `.zip`, `.tar`, `.tar.gz`, `.tar.bz2` or
            `.tar.xz`. `~` is the home folder. The pictures of a compressed `.tar` file must fit
            into half of the machine's memory.
        batch_size: Integer.
        image_shape: Tuple `(height, width, channels)`: 1 channel for gray, 3 for color.
        labels: Whether batches are pairs of images and labels. With True, the folders inside
            `folder` are the classes, in alphabetical order. Labels can also come from a table: a
            dict from file names, such as `"a/1.png"`, to classes (strings or integers) or to one or
            more floats; or the path of a CSV file whose first column is the file name.
            `dataset.class_names` lists the names of the classes.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        split: `"test"` for about a tenth of the pictures, `"train"` for the others, None for all.
            The split depends on the path of a picture inside the folder or archive, so that new
            pictures do not change the split of others.
        skip_unreadable: Whether to skip pictures that cannot be read, with a warning that names
            some of them, instead of raising an error. If memory is too small for all images, they
            are read once to find such pictures.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, *image_shape)`. With labels, the batches are pairs of images and int32 classes
        `(batch_size,)` or floats `(batch_size, condition_dim)`.

    Raises:
        ValueError: If there are no pictures, a picture cannot be read or has more than 67 million
            pixels (the error names it), there is less than one batch, there are no folders or a
            folder is empty with `labels=True`, a table is damaged, lacks names or has unknown ones,
            an archive is damaged or contains a name that leads out of it, or the split does not
            exist.
        tf.errors.InvalidArgumentError: During an epoch, if a file that is read in each epoch is
            missing or damaged; the error names it.

    Example:

        dataset = keras_gans.datasets.image_folder("my_pictures", 64, (64, 64, 3))
    """
    check_order(batch_size, value_range, seed, drop_remainder, skip_unreadable=skip_unreadable)
    table = check_labels(labels)
    folder, image_shape = checks.path("folder", folder), check_image_shape(image_shape, (1, 3))
    check_split(split)
    files, tree = _pictures(folder)
    _warn_of_problems(files, image_shape, skip_unreadable)
    classes, class_names = _labels(files, tree, table)
    rows = rows_of_split([file.name for file in files], split)
    images, rows = _read_once(files, rows, image_shape, skip_unreadable)
    check_size(len(rows), batch_size, drop_remainder)
    classes = None if classes is None else classes[rows]
    if images is not None:
        dataset = from_arrays(images, batch_size, classes, value_range, seed, drop_remainder)
    else:
        read = _reader([files[row] for row in rows], classes, image_shape)
        batches = batches_of_rows(read, len(rows), batch_size, seed, drop_remainder)
        dataset = rescaled(batches, value_range)
    dataset.class_names, dataset.source = class_names, _source(folder, split)
    return dataset


def _source(folder, split):
    kind = "archive" if folder.is_file() else "folder"
    return f"{kind} {folder.name}" + (f", {split} split" if split else "")


def _pictures(folder):
    """Returns the picture files, and the `Tree` that contains them."""
    tree = tree_of(folder, ENDINGS)
    files = [file for file in tree.files if file.ending in ENDINGS] if tree else []
    others = left_out(tree.files) if tree else ""
    if not files:
        raise _no_pictures(folder, tree, others)
    if others:
        warnings.warn(
            f"Only {KINDS} files are read. Received: folder={str(folder)!r}, of which {others} "
            "are skipped, according to their file names. Convert them to PNG, or remove them.",
            stacklevel=3,
        )
    return files, tree


def _no_pictures(folder, tree, others):
    found, repair = "where none was found", "Check the path."
    if others:
        found, repair = f"{found} but {others}", "Convert them to PNG."
    elif tree is None and is_file(folder):
        found = "which is neither a folder nor a zip or tar archive"
        repair = "Pass the folder that contains the pictures, or pack it as a zip archive."
    return ValueError(
        f"`folder` must contain pictures ({', '.join(ENDINGS)}). "
        f"Received: folder={str(folder)!r}, {found}. {repair}"
    )


def _warn_of_problems(files, image_shape, skip_unreadable):
    """Warns about common problems of the pictures, of which some are checked."""
    some = some_of(files)
    if skip_unreadable:
        pictures = _attempts(some, (8, 8, 1), True)
        some = [file for file, one in zip(some, pictures, strict=True) if one is not None]
    for problem in (cropping([size_of(file) for file in some], image_shape), darkness(some)):
        if problem:
            warnings.warn(problem, stacklevel=3)


def _labels(files, tree, table):
    """Returns labels and names of classes, or None for either."""
    if table is False:
        return None, None
    if table is True:
        return folder_classes(files, tree)
    return labels_of([file.name.removeprefix(tree.above) for file in files], table)


def _reader(files, classes, image_shape):
    """Returns a function of row indices that reads pictures from their files."""

    def pictures(rows):
        try:
            return _read_all([files[row] for row in rows], image_shape)[0], ""
        except ValueError as error:  # if raised here, TensorFlow would bury it in a long message
            return np.zeros((len(rows), *image_shape), "uint8"), str(error)

    def read(rows):
        images, problem = tf.numpy_function(pictures, [rows], (tf.uint8, tf.string))
        with tf.control_dependencies([tf.debugging.Assert(problem == "", [problem])]):
            images = tf.ensure_shape(images, (*rows.shape, *image_shape))
        return (images,) if classes is None else (images, tf.gather(classes, rows))

    return read


def _read_once(files, rows, image_shape, skip):
    """Returns the pictures, or None if memory is too small, and the rows of their files."""
    fits = len(rows) * math.prod(image_shape) <= room_for_data()
    if not fits and not skip:
        return None, rows
    images, readable = _read_all([files[row] for row in rows], image_shape, skip, fits)
    return (images if fits else None), rows[readable]


def _read_all(files, image_shape, skip=False, keep=True):
    """Returns the pictures of the readable files, and the indices of these files.

    Args:
        files: List of `File`.
        image_shape: Tuple `(height, width, channels)`.
        skip: Whether to skip files that cannot be read, with a warning.
        keep: Whether to keep the pictures; if not, the first result is not usable.
    """
    images = np.empty((len(files) if keep else 1, *image_shape), "uint8")
    readable: list[int] = []
    others: list[str] = []
    for row, picture in enumerate(_attempts(files, image_shape, skip)):
        if picture is None:
            others.append(files[row].place)
        else:
            images[len(readable) if keep else 0] = picture
            readable.append(row)
    if others:
        warnings.warn(
            f"Pictures should be readable {KINDS} files. Received: {len(others)} of "
            f"{len(files)} that are not, and are skipped: {', '.join(others[:_NAMED])}"
            f"{', and others' * (len(others) > _NAMED)}. Repair them, or move them out of the "
            "folder.",
            stacklevel=4,
        )
    return images[: len(readable)], readable


def _attempts(files, image_shape, skip):
    """Yields the pictures of files; with `skip`, None for a file that cannot be read."""
    progress = SlowProgress("Reading pictures", len(files), "picture")

    def attempt(file):
        try:
            return read_picture(file, image_shape)
        except ValueError:
            if not skip:
                raise
            return None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(files), _AT_ONCE):
            pictures = pool.map(attempt, files[start : start + _AT_ONCE])
            for picture in pictures:
                yield picture
                progress.step()
