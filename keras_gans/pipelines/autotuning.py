"""Switching tf.data's autotuning off, because of what it costs at the end of an epoch."""

import tensorflow as tf


def without_autotuning(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Returns the same dataset, without the thread that tunes its buffers and parallel calls.

    When an iterator is deleted, which Keras does once an epoch, TensorFlow (2.21 was
    seen) may wait for that thread to wake up from a sleep that has grown as long as the
    epoch. `tests/benchmarks/autotuning.py` measures it. Parallel calls left to `AUTOTUNE`
    keep their default, a thread per core.

    Args:
        dataset: A `tf.data.Dataset`.

    Returns:
        A `tf.data.Dataset`; the same object if its owner has set autotuning on or off.
    """
    if dataset.options().autotune.enabled is not None:
        return dataset
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
