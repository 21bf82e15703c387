"""Runs benchmarks in separate processes, two at a time, each on one core."""

import concurrent.futures
import multiprocessing

import numpy as np


def results(train, runs, processes=2):
    """Yields `train(*run)` for each run, in order; each run has a new process.

    Runs at the same time have one thread each. A single run uses the whole machine.
    """
    processes = min(processes, len(runs))
    spawn = multiprocessing.get_context("spawn")  # TensorFlow does not survive a fork
    with concurrent.futures.ProcessPoolExecutor(
        processes, spawn, _limit_threads, (processes > 1,), max_tasks_per_child=1
    ) as pool:
        for job in [pool.submit(train, *run) for run in runs]:
            yield job.result()


def seeds_together(train, runs, seeds):
    """Yields the last run of each group of `seeds` runs, and their results as columns."""
    rows = []
    for number, row in enumerate(results(train, runs)):
        rows.append(row)
        if len(rows) == seeds:
            yield runs[number], list(zip(*rows, strict=True))
            rows = []


def _limit_threads(to_one):
    import tensorflow as tf

    if to_one:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)


def spread(values, form=".2f"):
    """Returns a text with the mean, the lowest and the highest of a list of numbers."""
    return f"{np.mean(values):{form}} ({min(values):{form}} to {max(values):{form}})"
