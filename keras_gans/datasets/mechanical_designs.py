"""Mechanical designs: stiff structures from topology optimization, included in the package."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_gans.datasets.from_arrays import check_image_shape, check_order, from_arrays
from keras_gans.datasets.in_split import check_split
from keras_gans.protocols import ShapeLike, ValueRange

_FILE = Path(__file__).with_suffix(".npz")
_SIDE = 50  # pixels
_SPLITS = {"train": slice(0, -1000), "test": slice(-1000, None)}


def mechanical_designs(
    batch_size: int,
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    image_shape: ShapeLike = (50, 50, 1),
) -> tf.data.Dataset:
    """Loads 5,000 training and 1,000 test designs, 50x50 pixels of material and void.

    Each design is the stiffest square part with a given amount of material for its conditions:
    where it is supported, and where and in which direction a force pulls at it. At least 99% of its
    material is one piece, which connects the force to both supports. Any two designs differ in at
    least 2% of their pixels. The designs are part of the package, so that nothing is downloaded.
    They were made by `examples/mechanics/make_designs.py`, which can also make others.

    With `labels=True`, each image comes with its 13 conditions. Lengths are relative to the side of
    the square; x points to the right and y down, from the upper left corner:

    | position | condition | values |
    |---|---|---|
    | 0 | volume fraction, the share of material | 0.20 to 0.50 |
    | 1, 2 | x and y of the force | 0 to 1 |
    | 3, 4 | direction of the force, right and down, a unit vector | -0.87 to 0.87, 0.5 to 1 |
    | 5 to 8 | x_min, y_min, x_max, y_max of the first support, which cannot move | 0 to 1 |
    | 9 to 12 | the same for the second support | 0 to 1 |

    There are three kinds of supports, each for about a third of the designs: the left edge is
    clamped (in two halves), two patches on the left edge, or the two lower corners.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and conditions.
        value_range: Pair `(low, high)`, the values of void and material.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        image_shape: Tuple `(height, width, 1)`. For sizes other than 50x50, images are resized
            (bilinear, antialiased), so that edges become gray.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, *image_shape)`, with float32 conditions `(batch_size, 13)` if `labels` is
        True.

    Raises:
        ValueError: If `split` does not exist, `image_shape` does not have one channel, or there is
            less than one batch.

    Example:

    >>> dataset = mechanical_designs(batch_size=50, labels=True)
    >>> images, conditions = next(iter(dataset))
    >>> len(dataset), images.shape, conditions.shape
    (100, TensorShape([50, 50, 50, 1]), TensorShape([50, 13]))

    Reference:
        - [Andreassen et al., 2011](https://doi.org/10.1007/s00158-010-0594-7): the optimization
          method.
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    check_split(split, _SPLITS)
    image_shape = check_image_shape(image_shape, (1,))
    with np.load(_FILE) as arrays:
        packed, conditions = (arrays[name][_SPLITS[split]] for name in ("designs", "conditions"))
    designs = np.unpackbits(packed, axis=1, count=_SIDE**2).reshape(-1, _SIDE, _SIDE, 1)
    images = _resize(designs.astype("bool"), image_shape)
    classes = conditions if labels else None
    dataset = from_arrays(images, batch_size, classes, value_range, seed, drop_remainder)
    dataset.source = f"mechanical designs {split} split"
    return dataset


def _resize(designs, image_shape):
    if image_shape == designs.shape[1:]:
        return designs
    images = keras.ops.image.resize(designs.astype("float32"), image_shape[:2], antialias=True)
    return np.round(255 * np.asarray(images)).astype("uint8")
