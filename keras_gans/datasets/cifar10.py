"""CIFAR-10: small colour photographs."""

import keras
import tensorflow as tf

from keras_gans.datasets.from_arrays import check_order
from keras_gans.datasets.local_files import known_set_dataset, load_known_set
from keras_gans.protocols import PathLike, ValueRange

_CLASSES = [
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
]
_SIZES = {"train": 50_000, "test": 10_000}
_FETCH = (
    "an .npz with x_train, y_train, x_test and y_test, named cifar10.npz "
    "(keras.datasets.cifar10 gives the arrays)"
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
    """Loads 50,000 training and 10,000 test photographs, 32x32, colour, 10 classes.

    Args:
        batch_size: Integer.
        split: `"train"` or `"test"`.
        labels: Whether batches are pairs of images and labels; `dataset.class_names` has their
            names.
        value_range: Pair `(low, high)` that black and white are mapped to.
        seed: Integer, seed of the order; see `from_arrays`.
        drop_remainder: Whether to leave out the images after the last full batch.
        data_dir: Folder that is searched first, sub-folders included, for
            an `.npz` or `.npy` files with `x_train`, `y_train`, `x_test` and `y_test` whose
            name or folder says "cifar10". None takes
            the environment variable `KERAS_GANS_DATA`. Where nothing is found, Keras
            downloads. A partial set is used, and its size printed.

    Returns:
        A shuffled, batched and prefetched `tf.data.Dataset` of float32 images
        `(batch_size, 32, 32, 3)`, with int32 labels `(batch_size,)` where asked for.

    Raises:
        ValueError: If `split` or `data_dir` does not exist, or a batch exceeds the set.
        OSError: If the set cannot be had; the error says what to fetch and where to put it.

    Example:

        dataset = keras_gans.datasets.cifar10(batch_size=128)

    Reference:
        - [Krizhevsky, 2009](https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf).
    """
    check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
    arrays = load_known_set(
        name="cifar10",
        pattern=r"cifar_?10(_|$)",
        image_shape=(32, 32, 3),
        sizes=_SIZES,
        checksums={},
        download=keras.datasets.cifar10.load_data,
        split=split,
        data_dir=data_dir,
        fetch=_FETCH,
    )
    return known_set_dataset(
        arrays,
        f"CIFAR-10 {split} split",
        labels,
        _CLASSES,
        batch_size=batch_size,
        value_range=value_range,
        seed=seed,
        drop_remainder=drop_remainder,
    )
