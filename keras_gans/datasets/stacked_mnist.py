"""Stacked MNIST: a dataset with 1,000 modes, to count the modes that a generator draws."""

import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.datasets.from_arrays import check_order
from keras_gans.datasets.known_set import named_dataset
from keras_gans.datasets.mnist import MNIST
from keras_gans.protocols import PathLike, ValueRange

_CHANNELS = 3
_MOST = 10_000_000  # images, which take 24 GB
_STACKS = 0  # seed of the choice of digits, which is always the same


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
    """Loads images with a random MNIST digit in each of the three color channels.

    The three digits of an image form one of 1,000 modes. With a classifier of digits, applied to
    each channel, you can count the modes that a generator draws.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"` digits.
        labels: Whether batches are pairs of images and labels, the numbers from 0 to 999 that the
            three digits form.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`. Which digits are stacked does not
            depend on it.
        drop_remainder: Whether to drop the images after the last full batch.
        data_dir: See `mnist`.
        num_images: Integer, the number of images, each of which takes 2.4 kB of memory.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 28, 28, 3)`, with int32 labels `(batch_size,)` if `labels` is True.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, or there is less than one batch.
        OSError: If MNIST is not available; the error says what to download, and where to put it.

    Example:

        dataset = keras_gans.datasets.stacked_mnist(batch_size=64)

    Reference:
        - [Metz et al., 2017](https://arxiv.org/abs/1611.02163), section 3.3.1.
        - [Lin et al., 2018](https://arxiv.org/abs/1712.04086), section 4.2: the number of images.
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    num_images = checks.whole_number("num_images", num_images, 1, _MOST)
    digits, numbers = MNIST.load(split, data_dir)
    random = np.random.default_rng(_STACKS)
    chosen = random.integers(0, len(digits), (num_images, _CHANNELS))
    images = np.concatenate([digits[column] for column in chosen.T], axis=-1)
    modes = numbers[chosen].astype("int32") @ [100, 10, 1]
    return named_dataset(
        (images, modes),
        f"Stacked MNIST, {num_images:,} of {split} digits",
        labels,
        batch_size=batch_size,
        value_range=value_range,
        seed=seed,
        drop_remainder=drop_remainder,
    )
