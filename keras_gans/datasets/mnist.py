"""MNIST: handwritten digits."""

import keras
import tensorflow as tf

from keras_gans.datasets.known_set import KnownSet
from keras_gans.protocols import PathLike, ValueRange

MNIST = KnownSet(
    title="MNIST",
    source=keras.datasets.mnist,
    pattern=r"^(?!.*fashion).*(^|_)mnist(_|$)",
    image_shape=(28, 28),
    sizes={"train": 60_000, "test": 10_000},
    fetch="mnist.npz (keras.datasets.mnist downloads it) or the four idx files *-ubyte.gz of MNIST",
    checksums={  # published md5 of the idx files
        "f68b3c2dcbeaaa9fbdd348bbdeb94873": "x_train",
        "d53e105ee54ea40749a09fcbcd1e9432": "y_train",
        "9fb629c4189551a2d022fa330f9573f3": "x_test",
        "ec29112dd5afa0611ce80d1b7f02629c": "y_test",
    },
)


def mnist(
    batch_size: int,
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    data_dir: PathLike | None = None,
) -> tf.data.Dataset:
    """Loads 60,000 training and 10,000 test digits, 28x28, gray, classes 0 to 9.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and labels.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        data_dir: Folder that is searched first, including its subfolders, for the four
            `*-ubyte.gz` files, or for an `.npz` file or `.npy` files with `x_train`, `y_train`,
            `x_test` and `y_test` whose name or folder contains "mnist". Defaults to the environment
            variable `KERAS_GANS_DATA`. If nothing is found, Keras downloads the dataset. An
            incomplete dataset is used, and its size is printed.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 28, 28, 1)`, with int32 labels `(batch_size,)` if `labels` is True.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, or there is less than one batch.
        OSError: If the dataset is not available; the error says what to download, and where to put
            it.

    Example:

        dataset = keras_gans.datasets.mnist(batch_size=128)

    Reference:
        - [LeCun et al., 1998](http://yann.lecun.com/exdb/mnist/).
    """
    return MNIST.dataset(batch_size, split, labels, value_range, seed, drop_remainder, data_dir)
