"""CelebA: faces of celebrities, from TensorFlow Datasets."""

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.from_arrays import check_image_shape, check_order, from_arrays
from keras_gans.pipelines.progress import SlowProgress
from keras_gans.protocols import PathLike, ShapeLike, ValueRange

_TOP, _LEFT, _SIDE = 45, 15, 148  # of the square around the face, in pixels of 218x178


def celeb_a(
    batch_size: int,
    split: str = "train",
    image_shape: ShapeLike = (64, 64, 3),
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    data_dir: PathLike | None = None,
) -> tf.data.Dataset:
    """Loads 162,770 training and 19,962 test faces, cropped to a square and resized.

    This requires `pip install tensorflow_datasets`. TensorFlow Datasets downloads the dataset, 1.4
    GB, and prepares it once. The faces are kept in memory as uint8: 12 kB each at 64x64 in color, 2
    GB for the whole training set. There are no labels. For your own pictures, or if the download
    fails (its host limits the number of downloads), see `image_folder`.

    Args:
        batch_size: Integer.
        split: `"train"`, `"validation"` or `"test"`, or a part of one, such as
            `"train[:40000]"`.
        image_shape: Tuple `(height, width, 3)`.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        data_dir: Folder of TensorFlow Datasets. Defaults to that of the environment variable
            `TFDS_DATA_DIR`, or else to the default of TensorFlow Datasets.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, *image_shape)`.

    Raises:
        ImportError: If TensorFlow Datasets is not installed.
        ValueError: If `image_shape` does not have three channels, or there is less than one batch.

    Example:

        dataset = keras_gans.datasets.celeb_a(batch_size=64, split="train[:40000]")

    Reference:
        - [Liu et al., 2015](https://arxiv.org/abs/1411.7766).
    """
    check_order(batch_size, value_range, seed, drop_remainder)
    image_shape = check_image_shape(image_shape, (3,))
    checks.text("split", split, 'Pass "train", "validation", "test", or a part of one.')
    checks.optional(checks.path, "data_dir", data_dir)
    source = _import_tensorflow_datasets().load("celeb_a", split=split, data_dir=data_dir)
    cut = source.map(lambda example: _cut(example["image"], image_shape[:2]), tf.data.AUTOTUNE)
    faces = np.empty((len(cut), *image_shape), "uint8")
    progress = SlowProgress("Reading faces", len(faces), "face")
    for number, face in enumerate(cut.as_numpy_iterator()):
        faces[number] = face
        progress.step()
    dataset = from_arrays(faces, batch_size, None, value_range, seed, drop_remainder)
    dataset.source = f"CelebA {split}"
    return dataset


def _import_tensorflow_datasets():
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise ImportError(
            "CelebA requires TensorFlow Datasets. Received: no tensorflow_datasets. "
            "Run `pip install tensorflow_datasets`, or see `image_folder` for a folder of faces."
        ) from error
    return tensorflow_datasets


def _cut(image, size):
    """Returns the square around the face, uint8 `(height, width, 3)`."""
    face = tf.image.crop_to_bounding_box(image, _TOP, _LEFT, _SIDE, _SIDE)
    face = tf.image.resize(face, size, antialias=True)
    return tf.cast(tf.clip_by_value(face + 0.5, 0, 255), "uint8")
