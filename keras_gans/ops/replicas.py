"""Random numbers and means for a global batch that is split between replicas.

Without a `tf.distribute` strategy, and outside of the code that replicas run, the functions use the
batch that they are given.
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from keras import ops

from keras_gans.protocols import Shape, Tensor

_SEVERAL_MACHINES = tf.distribute.MultiWorkerMirroredStrategy


def num_replicas() -> int:
    """Returns the number of replicas of a global batch, or 1 outside of the code that they run."""
    if tf.distribute.in_cross_replica_context():  # for example when a network is built
        return 1
    return tf.distribute.get_strategy().num_replicas_in_sync


def draw(sampler: Callable[..., Tensor], images: Tensor, shape: Shape, seed: Any) -> Tensor:
    """Returns random numbers `(N, *shape)`, one row for each of this replica's images.

    All replicas draw the numbers for the global batch from the same seed, and each takes its own
    rows. The numbers are therefore the same as on a single replica with the global batch.

    Args:
        sampler: Function that takes a shape and `seed=`, such as `keras.random.normal`.
        images: Tensor `(N, ...)`, this replica's images.
        shape: Tuple, the shape of one row.
        seed: `keras.random.SeedGenerator`.
    """
    return own_rows(sampler((ops.shape(images)[0] * num_replicas(), *shape), seed=seed))


def own_rows(rows: Tensor) -> Tensor:
    """Returns this replica's part of the rows of all replicas."""
    if num_replicas() == 1:
        return rows
    num_images = ops.shape(rows)[0] // num_replicas()
    replica = tf.distribute.get_replica_context().replica_id_in_sync_group
    return rows[replica * num_images : (replica + 1) * num_images]


def mean_over_replicas(value: Tensor) -> Tensor:
    """Returns the mean of a value over all replicas; gradients pass through it.

    If the value is the mean over a replica's images, the result is the mean over the global batch.

    Args:
        value: Float tensor of any shape, which must be the same on all replicas.
    """
    if num_replicas() == 1:
        return value
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, value)


def of_first_machine(value: Tensor) -> Tensor:
    """Returns the value of a tensor on the first replica of the first machine.

    On a single machine, the tensor is returned unchanged, because the aggregation of variables can
    do the same there.

    Args:
        value: Tensor or variable of any shape, which must be the same on all replicas.
    """
    if num_replicas() == 1 or not isinstance(tf.distribute.get_strategy(), _SEVERAL_MACHINES):
        return value
    context = tf.distribute.get_replica_context()
    value = ops.convert_to_tensor(value)
    own = ops.where(context.replica_id_in_sync_group == 0, value, ops.zeros_like(value))
    return context.all_reduce(tf.distribute.ReduceOp.SUM, own)
