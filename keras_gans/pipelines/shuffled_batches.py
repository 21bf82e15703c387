"""Batches of arrays, in an order that depends only on seed and epoch."""

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
    """Returns a dataset of batches of arrays, whose rows are kept together.

    Args:
        arrays: List of arrays with the same number of rows. Only one copy is in memory.
        batch_size: Integer.
        seed: Integer; None draws a seed, which depends on `keras.utils.set_random_seed`.
        drop_remainder: Whether to drop the rows after the last full batch.
        shuffle: Whether to use a different order in each epoch.

    Returns:
        A `tf.data.Dataset` of tuples of tensors. The variable `dataset.epoch` contains the number
        of the next epoch, and increases by one when an iteration begins.
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
    """Returns a dataset like `shuffled_batches`, of rows that a function reads.

    Args:
        read: Function of the indices of a batch's rows, int64 `(batch_size,)`, that returns a tuple
            of tensors.
        num_rows: Integer.
        batch_size: Integer.
        seed: See `shuffled_batches`.
        drop_remainder: See `shuffled_batches`.
        shuffle: See `shuffled_batches`.
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
    """The choice of the order of the data in each epoch of a `fit`.

    Epoch `k` uses order `k`. Without a seed, a `fit` that begins with epoch 0 continues after the
    orders of earlier calls, so that `fit(epochs=1)` in a loop does not repeat an order.

    Args:
        epoch: `tf.Variable`, the number of the order that the next iteration uses.
        seeded: Whether the data have a seed.
    """

    def __init__(self, epoch: tf.Variable, seeded: bool):
        self._epoch = epoch
        self._seeded = seeded
        self._next = 0  # the first order that no `fit` has used
        self._ahead = 0  # number of the order minus number of the epoch in this `fit`

    def begin(self, epoch: int) -> None:
        """Starts a `fit`.

        Args:
            epoch: Integer, the first epoch.
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
    """Returns an attribute of a dataset of this library, also after `map`, `take` and so on.

    Args:
        dataset: A `tf.data.Dataset`, or other data, whose own attributes are used.
        name: `"epoch"`, the variable with the number of the next epoch; `"orders"`, the `Orders`;
            `"source"`, a string that names the data and the split; or `"class_names"`, a list.

    Returns:
        The attribute, or None if there is none.
    """
    if hasattr(dataset, name):
        return getattr(dataset, name)
    if not isinstance(dataset, tf.data.Dataset):
        return None
    behind = [part for part in vars(dataset).values() if isinstance(part, tf.data.Dataset)]
    return attribute_of(behind[0], name) if len(behind) == 1 else None
