"""Fashion-MNIST: pictures of clothes."""

import keras
import tensorflow as tf

from keras_gans.datasets.known_set import KnownSet
from keras_gans.protocols import PathLike, ValueRange

_FASHION_MNIST = KnownSet(
    title="Fashion-MNIST",
    source=keras.datasets.fashion_mnist,
    pattern=r"fashion_?mnist",
    image_shape=(28, 28),
    sizes={"train": 60_000, "test": 10_000},
    fetch=(
        "the four idx files *-ubyte.gz of Fashion-MNIST (github.com/zalandoresearch/fashion-mnist)"
    ),
    checksums={  # published md5 of the idx files
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d": "x_train",
        "25c81989df183df01b3e8a0aad5dffbe": "y_train",
        "bef4ecab320f06d8554ea6380940ec79": "x_test",
        "bb300cfdad3c16e7a12a480ee83cd310": "y_test",
    },
    class_names=[
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ],
)


def fashion_mnist(
    batch_size: int,
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    data_dir: PathLike | None = None,
) -> tf.data.Dataset:
    """Loads 60,000 training and 10,000 test pictures, 28x28, gray, 10 classes.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and labels, whose names are in
            `dataset.class_names`.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        data_dir: Folder that is searched first, including its subfolders, for the four
            `*-ubyte.gz` files, or for an `.npz` file or `.npy` files with `x_train`, `y_train`,
            `x_test` and `y_test` whose name or folder contains "fashion_mnist". Defaults to the
            environment variable `KERAS_GANS_DATA`. If nothing is found, Keras downloads the
            dataset. An incomplete dataset is used, and its size is printed.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 28, 28, 1)`, with int32 labels `(batch_size,)` if `labels` is True.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, or there is less than one batch.
        OSError: If the dataset is not available; the error says what to download, and where to put
            it.

    Example:

        dataset = keras_gans.datasets.fashion_mnist(batch_size=128)

    Reference:
        - [Xiao et al., 2017](https://arxiv.org/abs/1708.07747).
    """
    return _FASHION_MNIST.dataset(
        batch_size, split, labels, value_range, seed, drop_remainder, data_dir
    )
