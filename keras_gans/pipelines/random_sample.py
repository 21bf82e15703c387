"""A random sample of the rows in a stream of batches."""

from collections.abc import Iterable

import numpy as np

from keras_gans.protocols import Array, ArrayLike

_MOST_READ = 10  # times as many rows are read, so that sorted data do not bias the sample much


def random_sample(
    batches: Iterable[ArrayLike], num_rows: int, num_numbers: int, seed: int = 0
) -> Array | None:
    """Returns a random sample of the rows in batches; all rows read have the same probability.

    Args:
        batches: Iterable of arrays `(N, ...)`, of which at most ten times as many rows as the size
            of the sample are read.
        num_rows: Integer, the largest number of rows in the sample.
        num_numbers: Integer, the largest number of numbers in the sample.
        seed: Integer.

    Returns:
        NumPy `(M, ...)`, in the order of the batches; None if there are no rows.
    """
    generator = np.random.default_rng(seed)
    parts: list[Array] = []
    keys = np.zeros(0)
    size = num_rows
    num_read = 0
    for batch in batches:
        rows = np.asarray(batch)
        if len(rows) == 0:
            continue
        size = max(1, min(num_rows, num_numbers // rows[0].size))
        parts.append(rows)
        keys = np.concatenate([keys, generator.random(len(rows))])
        num_read += len(rows)
        if len(keys) > 2 * size:
            parts, keys = _smallest(parts, keys, size)
        if num_read >= size * _MOST_READ:
            break
    return _smallest(parts, keys, size)[0][0] if parts else None


def _smallest(parts, keys, size):
    """Returns the rows with the smallest keys as a single part, and their keys."""
    rows = np.concatenate(parts)
    if len(keys) <= size:
        return [rows], keys
    chosen = np.sort(np.argpartition(keys, size)[:size])
    return [rows[chosen]], keys[chosen]
