"""A folder of one's own pictures."""

import math
import os
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
from keras_gans.pipelines.shuffled_batches import batches_of_rows
from keras_gans.protocols import PathLike, ShapeLike, ValueRange

_SUFFIXES = (".png", ".jpg", ".jpeg")
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
    """Loads the PNG and JPEG files of a folder and its sub-folders, but for hidden ones.

    Each picture is turned as its camera noted, laid on white where it is transparent, cut
    around its centre to the proportions asked for, and resized with antialiasing (Pillow's
    bicubic filter). They stay in memory as uint8, 12 kB each at 64x64 in colour, if half of
    the machine's memory holds them; else they are read from their files in each epoch.

    Args:
        folder: Path.
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
        ValueError: If there are no pictures, one cannot be read (the error names it), there
            are fewer than one batch, labels are asked for and there are no folders, or there
            is no such split.

    Example:

        dataset = keras_gans.datasets.image_folder("my_pictures", 64, (64, 64, 3))
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    folder, image_shape = checks.path("folder", folder), check_image_shape(image_shape, (1, 3))
    in_split([None] * 10, split)  # checks it
    paths = _pictures(folder)
    class_names, classes = _classes(folder, paths) if labels else (None, None)
    classes = None if classes is None else in_split(classes, split)
    paths = in_split(paths, split)
    if len(paths) * math.prod(image_shape) <= _room():
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
    paths = sorted(path for path in folder.rglob("*") if _is_picture(path.relative_to(folder)))
    if not paths:
        raise ValueError(
            "`folder` must hold PNG or JPEG files. "
            f"Received: folder={str(folder)!r}, where none was found. Check the path."
        )
    return paths


def _is_picture(path):
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return path.suffix.lower() in _SUFFIXES and not hidden


def _classes(folder, paths):
    parts = [path.relative_to(folder).parts for path in paths]
    loose = [path for path, part in zip(paths, parts, strict=True) if len(part) == 1]
    if loose:
        raise ValueError(
            "With labels=True every picture must lie in a folder named after its class. "
            f"Received: {loose[0]}, which lies in none. Move it, or pass labels=False."
        )
    class_names = sorted({part[0] for part in parts})
    return class_names, np.array([class_names.index(part[0]) for part in parts], "int32")


def _room():
    """Bytes that pictures may take, where the system tells how much memory there is."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):  # not on Windows
        return math.inf


def _reader(paths, classes, image_shape):
    """A function of row numbers that reads pictures from their files."""

    def read(rows):
        images = tf.numpy_function(
            lambda rows: _read_all([paths[row] for row in rows], image_shape), [rows], tf.uint8
        )
        images = tf.ensure_shape(images, (*rows.shape, *image_shape))
        return (images,) if classes is None else (images, tf.gather(classes, rows))

    return read


def _read_all(paths, image_shape):
    images = np.empty((len(paths), *image_shape), "uint8")
    progress = None
    if len(paths) >= _SHOW_PROGRESS_FROM:
        progress = keras.utils.Progbar(len(paths), unit_name="picture")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pictures = pool.map(lambda path: _read(path, image_shape), paths)
        for index, picture in enumerate(pictures):
            images[index] = picture
            if progress is not None:
                progress.update(index + 1)
    return images


def _read(path, image_shape):
    from PIL import Image, ImageOps

    height, width, channels = image_shape
    try:
        with Image.open(path) as image:
            image = ImageOps.exif_transpose(image)
            image = _without_transparency(_eight_bits(image))
            image = image.convert("L" if channels == 1 else "RGB")
            image = ImageOps.fit(image, (width, height), Image.Resampling.BICUBIC)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(
            "Every PNG or JPEG file must be a readable picture. "
            f"Received: {path} ({error}). Mend it, or move it out of the folder."
        ) from error
    return np.asarray(image).reshape(image_shape)


def _eight_bits(image):
    """Scales 16-bit grey pictures down, which Pillow would clip to white."""
    from PIL import Image

    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image).astype("uint32") >> 8).astype("uint8"))


def _without_transparency(image):
    from PIL import Image

    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image)
