"""Cartoon faces: heads drawn in color in four styles, included in the package."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from keras_gans.datasets.from_arrays import check_order, from_arrays
from keras_gans.datasets.in_split import check_split
from keras_gans.protocols import ValueRange

_FILE = Path(__file__).with_suffix(".npz")
_SIDE = 64  # pixels
_SPLITS = {"train": slice(0, -125), "test": slice(-125, None)}  # of each style


def cartoon_faces(
    batch_size: int,
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
) -> tf.data.Dataset:
    """Loads 4,500 training and 500 test faces, 64x64, color, 4 classes.

    Each face is composed of randomly chosen parts (head, hair, eyes, mouth, glasses and others) and
    colors, on a plain background in one of five soft colors. Any two faces of a style differ in at
    least 2% of their pixels. The faces are part of the package, so that nothing is downloaded. They
    were made by `examples/faces` with DiceBear 9.4.3, which can also make others.

    A label is the style of the drawing. Each style has 1,125 training and 125 test faces, and is
    licensed under CC0 1.0, which allows any use:

    | label | style | drawn by |
    |---|---|---|
    | 0 | Lorelei, in color | Lisa Wischofsky |
    | 1 | Notionists, black and white | Zoish |
    | 2 | Open Peeps | Pablo Stanley |
    | 3 | Pixel Art, 16x16 squares | DiceBear |

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and labels.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 64, 64, 3)`, with int32 labels `(batch_size,)` if `labels` is True.

    Raises:
        ValueError: If `split` does not exist, or there is less than one batch.

    Example:

    >>> dataset = cartoon_faces(batch_size=50, labels=True)
    >>> images, labels = next(iter(dataset))
    >>> len(dataset), images.shape, labels.shape
    (90, TensorShape([50, 64, 64, 3]), TensorShape([50]))

    Reference:
        - [DiceBear](https://www.dicebear.com), the generator of the faces.
        - [Lorelei](https://www.figma.com/community/file/1198749693280469639),
          [Notionists](https://heyzoish.gumroad.com/l/notionists),
          [Open Peeps](https://www.openpeeps.com) and
          [Pixel Art](https://www.figma.com/community/file/1198754108850888330), the drawings.
        - [CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/), their license.
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    check_split(split, _SPLITS)
    images, classes = _load(_SPLITS[split])
    dataset = from_arrays(
        images, batch_size, classes if labels else None, value_range, seed, drop_remainder
    )
    dataset.source = f"cartoon faces {split} split"
    return dataset


def _load(part):
    """Returns images `(N, 64, 64, 3)` and labels `(N,)` of a slice of each style."""
    with np.load(_FILE) as arrays:
        tiles, palettes = arrays["tiles"], arrays["palettes"]
    # From (style, row of the tile, column of the tile, face, 8, 8) to whole faces.
    faces = tiles[:, :, :, part].transpose(0, 3, 1, 4, 2, 5)
    faces = faces.reshape(len(palettes), -1, _SIDE, _SIDE)
    images = [palette[style] for palette, style in zip(palettes, faces, strict=True)]
    return np.concatenate(images), np.repeat(np.arange(len(palettes)), faces.shape[1])
