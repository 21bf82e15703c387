"""Turning off the autotuning of `tf.data`, which costs time at the end of each epoch."""

import tensorflow as tf


def without_autotuning(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Returns the same dataset without the thread that tunes its buffers and parallel calls.

    When an iterator is deleted, which Keras does once per epoch, TensorFlow (seen in 2.21) may wait
    until this thread wakes up, and its sleep may be as long as the epoch.
    `tests/benchmarks/autotuning.py` measures this. Parallel calls set to `AUTOTUNE` use their
    default, one thread per core.

    Args:
        dataset: A `tf.data.Dataset`.

    Returns:
        A `tf.data.Dataset`; the same object if the user has turned autotuning on or off.
    """
    if dataset.options().autotune.enabled is not None:
        return dataset
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
