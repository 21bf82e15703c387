"""Finding the clusters of a model's data before training."""

import itertools
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from keras_gans.models.domain import Domain

_BLOCK = 1000  # images of an array converted to floats at a time
_PEEKED = 20_000  # images read from an iterator


def adapted(domain: Domain, x: Any) -> Any:
    """Adapts the domain's `layers.KMeans` to the data, if it exists and was not adapted before.

    Args:
        domain: The model's `Domain`.
        x: The data of `fit`.

    Returns:
        `x`; or, for an iterator, another one that yields the same batches.
    """
    clusters = domain.conditions.clusters
    if clusters is None or clusters.adapted:
        return x
    if isinstance(x, Iterator):
        batches = list(_first(domain, x))
        x = (batch for batch in itertools.chain(batches, x))  # Keras requires a generator
    else:
        batches = _batches(domain, x, clusters.seed)
    clusters.adapt(domain.to_floats(domain.unpack(batch)[0]) for batch in batches)
    return x


def _batches(domain, x, seed):
    """Returns an iterable of batches; the images of arrays are in random order."""
    if isinstance(x, keras.utils.PyDataset):
        return (x[number] for number in range(len(x)))
    if isinstance(x, tuple | list | dict):
        x = domain.unpack(x)[0]
    if hasattr(x, "shape"):
        images = np.asarray(x)
        order = np.random.default_rng(seed).permutation(len(images))
        return (images[order[n : n + _BLOCK]] for n in range(0, len(order), _BLOCK))
    return x


def _first(domain, iterator):
    """Yields the first batches of an iterator."""
    count = 0
    while count < _PEEKED:
        batch = next(iterator, None)
        if batch is None:
            return
        count += len(domain.unpack(batch)[0])
        yield batch
