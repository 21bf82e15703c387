"""Runs of a benchmark in processes of their own, two at a time, a core for each."""

import concurrent.futures
import multiprocessing

import numpy as np


def results(train, runs, processes=2):
    """Yields `train(*run)` of each run, in order; TensorFlow starts anew, with one thread."""
    spawn = multiprocessing.get_context("spawn")  # TensorFlow does not survive a fork
    with concurrent.futures.ProcessPoolExecutor(
        processes, spawn, initializer=_one_thread, max_tasks_per_child=1
    ) as pool:
        for job in [pool.submit(train, *run) for run in runs]:
            yield job.result()


def _one_thread():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def spread(values, form=".2f"):
    """Mean (lowest to highest) of a list of numbers."""
    return f"{np.mean(values):{form}} ({min(values):{form}} to {max(values):{form}})"
