"""Data that yield batches, in a form that Keras accepts."""

from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

_KNOWN = (
    *(str, list, tuple, dict),
    tf.data.Dataset,
    tf.distribute.DistributedDataset,
    keras.utils.PyDataset,
)


def readable(data: Any) -> Any:
    """Turns generators and loaders of bare arrays into what `keras.Model.fit` accepts.

    Args:
        data: Anything. Iterators, and objects that can be iterated again and again, such as a
            PyTorch `DataLoader`, may yield an array, a dict, or a pair of arrays.

    Returns:
        An iterator of tuples; a `tf.data.Dataset` for what can be iterated again; or `data`.
    """
    if isinstance(data, Iterator):
        return (_as_tuple(batch) for batch in data)
    if isinstance(data, _KNOWN) or hasattr(data, "shape") or not isinstance(data, Iterable):
        return data
    return _dataset_of(data)


def _dataset_of(loader):
    first = next((_as_arrays(batch) for batch in loader), None)
    if first is None:
        return tf.data.Dataset.range(0)
    signature = keras.tree.map_structure(
        lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), first
    )
    dataset = tf.data.Dataset.from_generator(
        lambda: (_as_arrays(batch) for batch in loader), output_signature=signature
    )
    if hasattr(loader, "__len__"):
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(loader)))
    return dataset


def _as_tuple(batch):
    if isinstance(batch, list):
        return tuple(batch)
    return batch if isinstance(batch, tuple) else (batch,)


def _as_arrays(batch):
    """The NumPy arrays of a batch in its structure, a tuple in place of a list."""
    batch = tuple(batch) if isinstance(batch, list) else batch
    return keras.tree.map_structure(_as_array, batch)


def _as_array(tensor):
    """An array; tensors of PyTorch may lie on another device."""
    return np.asarray(tensor.detach().cpu() if hasattr(tensor, "detach") else tensor)
