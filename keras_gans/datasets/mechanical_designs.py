"""Mechanical designs: stiffest structures found by topology optimisation, kept in the package."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.from_arrays import check_image_shape, check_order, from_arrays
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

    Each design is the stiffest square part of a given amount of material for its
    conditions: where it is held, and where and in which direction a force pulls at it. At
    least 99% of the material of each is one piece, which joins the force to both supports,
    and any two differ in at least 2% of their pixels. Needs no network: the designs are part of
    the package. `examples/mechanics/make_designs.py` made them, and makes others.

    With `labels=True` each image comes with its 13 conditions. Lengths are in sides of the
    square; x runs to the right and y down from the upper left corner:

    | position | condition | values |
    |---|---|---|
    | 0 | volume fraction, the share of material | 0.20 to 0.50 |
    | 1, 2 | x and y of the force | 0 to 1 |
    | 3, 4 | direction of the force, right and down, a unit vector | -0.87 to 0.87, 0.5 to 1 |
    | 5 to 8 | x_min, y_min, x_max, y_max of the first support, which cannot move | 0 to 1 |
    | 9 to 12 | the same for the second support | 0 to 1 |

    There are three families of supports, about a third of the designs each: the left edge
    clamped (in two halves), two patches on the left edge, the two lower corners.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and conditions.
        value_range: Pair `(low, high)`, values of void and material.
        seed: Integer, seed of the order; see `from_arrays`.
        drop_remainder: Whether to leave out the images after the last full batch.
        image_shape: Tuple `(height, width, 1)`. Other sizes than 50x50 are resized
            (bilinear, antialiased), so that edges become grey.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, *image_shape)`, with float32 conditions `(batch_size, 13)` where asked
        for.

    Raises:
        ValueError: If `split` does not exist, `image_shape` is not grey, or a batch exceeds
            the set.

    Example:

    >>> dataset = mechanical_designs(batch_size=50, labels=True)
    >>> images, conditions = next(iter(dataset))
    >>> len(dataset), images.shape, conditions.shape
    (100, TensorShape([50, 50, 50, 1]), TensorShape([50, 13]))

    Reference:
        - [Andreassen et al., 2011](https://doi.org/10.1007/s00158-010-0594-7), the
          optimiser.
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    repair = "Cut a validation part off the training set with dataset.take and dataset.skip."
    checks.one_of("split", split, ("train", "test"), repair)
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
