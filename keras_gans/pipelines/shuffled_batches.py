"""Batches of arrays, in an order that is a function of seed and epoch."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from keras_gans.pipelines.autotuning import without_autotuning
from keras_gans.protocols import ArrayLike, Tensor


def shuffled_batches(
    arrays: Sequence[ArrayLike],
    batch_size: int,
    seed: int | None = None,
    drop_remainder: bool = False,
    shuffle: bool = True,
) -> tf.data.Dataset:
    """Makes a dataset of batches of arrays, whose rows belong together.

    Args:
        arrays: List of arrays with the same number of rows. They stay in memory once.
        batch_size: Integer.
        seed: Integer; None draws one, which `keras.utils.set_random_seed` determines.
        drop_remainder: Whether to leave out the rows after the last full batch.
        shuffle: Whether each epoch has an order of its own.

    Returns:
        A `tf.data.Dataset` of tuples of tensors. The variable `dataset.epoch` holds the
        number of the next epoch: it grows by one whenever an iteration begins.
    """
    tensors = [tf.convert_to_tensor(array) for array in arrays]
    num_rows = int(tensors[0].shape[0])

    def gather(rows):
        return tuple(tf.gather(tensor, rows) for tensor in tensors)

    return batches_of_rows(gather, num_rows, batch_size, seed, drop_remainder, shuffle)


def batches_of_rows(
    read: Callable[[Tensor], tuple[Tensor, ...]],
    num_rows: int,
    batch_size: int,
    seed: int | None = None,
    drop_remainder: bool = False,
    shuffle: bool = True,
) -> tf.data.Dataset:
    """As `shuffled_batches`, of rows that `read` fetches.

    Args:
        read: Function of the numbers of a batch's rows, int64 `(batch_size,)`, that returns a
            tuple of tensors.
        num_rows: Integer.
        batch_size: Integer.
        seed: As for `shuffled_batches`.
        drop_remainder: As for `shuffled_batches`.
        shuffle: As for `shuffled_batches`.
    """
    epoch = tf.Variable(0, dtype=tf.int64, trainable=False, name="epoch")
    orders = Orders(epoch, seeded=seed is not None)
    seed = random.randint(1, 10**9) if seed is None else seed

    def one_epoch(_):
        key = tf.stack([tf.constant(seed, tf.int64), epoch.assign_add(1) - 1])
        last = tf.constant(num_rows - 1, tf.int64)
        rows = tf.data.Dataset.range(num_rows).batch(batch_size, drop_remainder)
        if not shuffle:
            return rows
        return rows.map(lambda rows: tf.random.experimental.index_shuffle(rows, key, last))

    num_batches = num_rows // batch_size if drop_remainder else -(-num_rows // batch_size)
    dataset = tf.data.Dataset.from_tensors(0).flat_map(one_epoch).map(read)
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(num_batches))
    dataset = without_autotuning(dataset)
    dataset.epoch, dataset.orders = epoch, orders
    return dataset


class Orders:
    """Says which order of its data each epoch of a `fit` takes.

    It is that of the epoch. Without a seed, a `fit` that begins with epoch 0 takes the orders after
    those that were there before: `fit(epochs=1)` in a loop does not repeat one.

    Args:
        epoch: `tf.Variable`, the number of the order that the next iteration takes.
        seeded: Whether the data have a seed.
    """

    def __init__(self, epoch: tf.Variable, seeded: bool):
        self._epoch = epoch
        self._seeded = seeded
        self._next = 0  # order that no epoch of a `fit` has taken
        self._ahead = 0  # how far the orders of this `fit` are ahead of its epochs

    def begin(self, epoch: int) -> None:
        """Begins a `fit`.

        Args:
            epoch: Integer, the first.
        """
        self._ahead = self._next if epoch == 0 and not self._seeded else 0

    def set(self, epoch: int) -> None:
        """Chooses the order of an epoch.

        Args:
            epoch: Integer.
        """
        self._next = epoch + self._ahead + 1
        self._epoch.assign(epoch + self._ahead)


def attribute_of(dataset: Any, name: str) -> Any:
    """What a dataset of this library carries, found behind `map`, `prefetch`, `take` and so on.

    Args:
        dataset: A `tf.data.Dataset`, or other data, whose own attributes count.
        name: `"epoch"`, the variable that holds the number of the next epoch; `"orders"`, the
            `Orders`; `"source"`, a string, which set and split it is; or `"class_names"`, a list.

    Returns:
        The attribute, or None where there is none.
    """
    if hasattr(dataset, name):
        return getattr(dataset, name)
    if not isinstance(dataset, tf.data.Dataset):
        return None
    behind = [part for part in vars(dataset).values() if isinstance(part, tf.data.Dataset)]
    return attribute_of(behind[0], name) if len(behind) == 1 else None
