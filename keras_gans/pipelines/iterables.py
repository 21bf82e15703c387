"""Converting generators and loaders into data that Keras accepts."""

from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans.protocols import Shape

_KNOWN = (
    *(str, list, tuple, dict),
    tf.data.Dataset,
    tf.distribute.DistributedDataset,
    keras.utils.PyDataset,
)


def readable(data: Any, *shapes: Shape) -> Any:
    """Converts generators and loaders of arrays into data that `keras.Model.fit` accepts.

    Args:
        data: Any object. Iterators, and objects that can be iterated repeatedly, such as a PyTorch
            `DataLoader`, may yield an array, a dict, or a pair of arrays. PyTorch tensors may have
            the channels first, as is usual in PyTorch.
        *shapes: Tuples of integers, the shapes of one image and of other arrays, channels last.

    Returns:
        An iterator of tuples for an iterator, a `tf.data.Dataset` for an object that can be
        iterated repeatedly, or `data` itself.
    """
    if isinstance(data, Iterator):
        return (_as_tuple(_from_torch(batch, shapes)) for batch in data)
    if hasattr(data, "detach"):
        return _from_torch(data, shapes)
    if keras.ops.is_tensor(data):
        return np.asarray(data)
    if isinstance(data, _KNOWN) or hasattr(data, "shape") or not isinstance(data, Iterable):
        return data
    return _dataset_of(data, shapes)


def _dataset_of(loader, shapes):
    first = next((_as_arrays(batch, shapes) for batch in loader), None)
    if first is None:
        return tf.data.Dataset.range(0)
    signature = keras.tree.map_structure(
        lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), first
    )
    dataset = tf.data.Dataset.from_generator(
        lambda: (_as_arrays(batch, shapes) for batch in loader), output_signature=signature
    )
    length = _length_of(loader)
    return (
        dataset
        if length is None
        else dataset.apply(tf.data.experimental.assert_cardinality(length))
    )


def _length_of(loader):
    """Returns the number of batches, or None if it is unknown."""
    try:
        return len(loader)
    except TypeError:  # also raised by a `DataLoader` of an `IterableDataset`
        return None


def _as_tuple(batch):
    return batch if isinstance(batch, tuple) else (batch,)


def _as_arrays(batch, shapes):
    """Returns the NumPy arrays of a batch in the same structure, with tuples instead of lists."""
    return keras.tree.map_structure(np.asarray, _from_torch(batch, shapes))


def _from_torch(batch, shapes):
    """Returns a batch in which PyTorch tensors are replaced by arrays with channels last."""
    channels_first = [shape[-1:] + shape[:-1] for shape in shapes]

    def array_of(tensor):
        if not hasattr(tensor, "detach"):
            return tensor
        array = np.asarray(tensor.detach().cpu())  # it may be on another device
        shape = array.shape[1:]
        return (
            np.moveaxis(array, 1, -1) if shape in channels_first and shape not in shapes else array
        )

    batch = tuple(batch) if isinstance(batch, list) else batch
    return keras.tree.map_structure(array_of, batch)
