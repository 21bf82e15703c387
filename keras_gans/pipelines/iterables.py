"""Data that yield batches, in a form that Keras accepts."""

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


def readable(data: Any, image_shape: Shape) -> Any:
    """Turns generators and loaders of bare arrays into what `keras.Model.fit` accepts.

    Args:
        data: Anything. Iterators, and objects that can be iterated again and again, such as a
            PyTorch `DataLoader`, may yield an array, a dict, or a pair of arrays. PyTorch's
            tensors may have the channels first, as is usual there.
        image_shape: Tuple of integers, the shape of one image, channels last.

    Returns:
        An iterator of tuples; a `tf.data.Dataset` for what can be iterated again; or `data`.
    """
    if isinstance(data, Iterator):
        return (_as_tuple(_from_torch(batch, image_shape)) for batch in data)
    if hasattr(data, "detach"):
        return _from_torch(data, image_shape)
    if isinstance(data, _KNOWN) or hasattr(data, "shape") or not isinstance(data, Iterable):
        return data
    return _dataset_of(data, image_shape)


def _dataset_of(loader, image_shape):
    first = next((_as_arrays(batch, image_shape) for batch in loader), None)
    if first is None:
        return tf.data.Dataset.range(0)
    signature = keras.tree.map_structure(
        lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), first
    )
    dataset = tf.data.Dataset.from_generator(
        lambda: (_as_arrays(batch, image_shape) for batch in loader), output_signature=signature
    )
    if hasattr(loader, "__len__"):
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(loader)))
    return dataset


def _as_tuple(batch):
    return batch if isinstance(batch, tuple) else (batch,)


def _as_arrays(batch, image_shape):
    """Returns the NumPy arrays of a batch in its structure, a tuple in place of a list."""
    return keras.tree.map_structure(np.asarray, _from_torch(batch, image_shape))


def _from_torch(batch, image_shape):
    """Returns the batch with arrays, channels last, in place of tensors of PyTorch."""
    first = image_shape[-1:] + image_shape[:-1]

    def array_of(tensor):
        if not hasattr(tensor, "detach"):
            return tensor
        array = np.asarray(tensor.detach().cpu())  # it may lie on another device
        return np.moveaxis(array, 1, -1) if array.shape[1:] == first != image_shape else array

    batch = tuple(batch) if isinstance(batch, list) else batch
    return keras.tree.map_structure(array_of, batch)
