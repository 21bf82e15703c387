"""Stacked MNIST: a set of 1,000 modes that can be counted."""

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.from_arrays import check_order
from keras_gans.datasets.local_files import known_set_dataset
from keras_gans.datasets.mnist import load_mnist
from keras_gans.protocols import PathLike, ValueRange

_CHANNELS = 3
_MOST = 10_000_000  # images: 24 GB
_STACKS = 0  # seed of which digits are stacked: the same for everybody


def stacked_mnist(
    batch_size: int,
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    data_dir: PathLike | None = None,
    num_images: int = 128_000,
) -> tf.data.Dataset:
    """Loads images of three random MNIST digits each, one in each colour channel.

    The three digits of an image name one of 1,000 modes. A classifier of digits, asked channel by
    channel, counts how many of them a generator draws.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"` digits.
        labels: Whether batches are pairs of images and labels, the numbers 0 to 999 that the
            three digits write.
        value_range: Pair `(low, high)` that black and white are mapped to.
        seed: Integer, seed of the order; see `from_arrays`. Which digits are stacked does not
            depend on it.
        drop_remainder: Whether to leave out the images after the last full batch.
        data_dir: See `mnist`.
        num_images: Integer, images that are made: 2.4 kB each in memory.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 28, 28, 3)`, with int32 labels `(batch_size,)` where asked for.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, or a batch exceeds the set.
        OSError: If MNIST cannot be had; the error says what to fetch and where to put it.

    Example:

        dataset = keras_gans.datasets.stacked_mnist(batch_size=64)

    Reference:
        - [Metz et al., 2017](https://arxiv.org/abs/1611.02163), section 3.3.1.
        - [Lin et al., 2018](https://arxiv.org/abs/1712.04086), section 4.2, for the number of
          images.
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    num_images = checks.whole_number("num_images", num_images, 1, _MOST)
    digits, numbers = load_mnist(split, data_dir)
    random = np.random.default_rng(_STACKS)
    chosen = random.integers(0, len(digits), (num_images, _CHANNELS))
    images = np.concatenate([digits[column] for column in chosen.T], axis=-1)
    modes = numbers[chosen].astype("int32") @ [100, 10, 1]
    return known_set_dataset(
        (images, modes),
        f"Stacked MNIST, {num_images:,} of {split} digits",
        labels,
        batch_size=batch_size,
        value_range=value_range,
        seed=seed,
        drop_remainder=drop_remainder,
    )
