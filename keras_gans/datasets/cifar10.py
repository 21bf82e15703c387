"""CIFAR-10: small color photographs."""

import keras
import tensorflow as tf

from keras_gans.datasets.known_set import KnownSet
from keras_gans.protocols import PathLike, ValueRange

_CIFAR10 = KnownSet(
    title="CIFAR-10",
    source=keras.datasets.cifar10,
    pattern=r"cifar_?10(_|$)",
    image_shape=(32, 32, 3),
    sizes={"train": 50_000, "test": 10_000},
    fetch=(
        "an .npz with x_train, y_train, x_test and y_test, named cifar10.npz "
        "(keras.datasets.cifar10 gives the arrays)"
    ),
    class_names=[
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    ],
)


def cifar10(
    batch_size: int,
    split: str = "train",
    labels: bool = False,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
    data_dir: PathLike | None = None,
) -> tf.data.Dataset:
    """Loads 50,000 training and 10,000 test photographs, 32x32, color, 10 classes.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and labels, whose names are in
            `dataset.class_names`.
        value_range: Pair `(low, high)`, the values of black and white.
        seed: Integer, the seed of the order; see `from_arrays`.
        drop_remainder: Whether to drop the images after the last full batch.
        data_dir: Folder that is searched first, including its subfolders, for an `.npz` file or
            `.npy` files with `x_train`, `y_train`, `x_test` and `y_test` whose name or folder
            contains "cifar10". Defaults to the environment variable `KERAS_GANS_DATA`. If nothing
            is found, Keras downloads the dataset. An incomplete dataset is used, and its size is
            printed.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 32, 32, 3)`, with int32 labels `(batch_size,)` if `labels` is True.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, or there is less than one batch.
        OSError: If the dataset is not available; the error says what to download, and where to put
            it.

    Example:

        dataset = keras_gans.datasets.cifar10(batch_size=128)

    Reference:
        - [Krizhevsky, 2009](https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf).
    """
    return _CIFAR10.dataset(batch_size, split, labels, value_range, seed, drop_remainder, data_dir)
