"""How the time of a step of the default `DCGAN` grows with size, batch and width; two replicas.

    python tests/benchmarks/scaling.py               # about three minutes
    python tests/benchmarks/scaling.py --replicas    # only the second part

Trains on random color images; the times do not depend on the images. Each line is the median of the
epochs after the first, of 8 steps each. Two replicas have half of the batch and one thread each.
They are logical CPU devices under `MirroredStrategy`, or processes that communicate over the
loopback interface under `MultiWorkerMirroredStrategy`. The single replica next to them has both
threads. For several machines, the script prints the bytes of the gradients that each step sends,
and estimates the time of a step on 8 machines at a given bandwidth, if the gradients are exchanged
in a ring after the arithmetic.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import functools
import json
import multiprocessing
import socket

import keras
import numpy as np
import tensorflow as tf
from width import Clock


STEPS = 8
EPOCHS = 4
SIZES = 28, 32, 64, 128, 256  # pixels, batches of 16
BATCHES = 16, 64, 256, 1024  # at 28x28
FACTORS = 0.5, 1, 2  # of both widths, batches of 64 at 28x28
REPLICA_BATCH = 256  # of both replicas, at 28x28
MACHINES = 8
GIGABITS = 1, 10, 100


def step_time(size, batch_size, factor=1):
    """Returns the milliseconds of a step, and the number of weights of both networks."""
    shape = (size, size, 3)
    images = np.random.default_rng(0).integers(0, 256, (batch_size * STEPS, *shape), "uint8")
    gan = kg.DCGAN(
        image_shape=shape,
        generator=functools.partial(kg.networks.dcgan_generator, width=int(16 * factor)),
        discriminator=functools.partial(kg.networks.dcgan_discriminator, width=int(32 * factor)),
        seed=0,
    )
    gan.compile()
    clock = Clock()
    dataset = kg.datasets.from_arrays(images, batch_size, seed=0)
    gan.fit(dataset, epochs=EPOCHS, verbose=0, callbacks=[clock])
    weights = gan.generator.count_params() + gan.discriminator.count_params()
    return np.median(clock.seconds[1:]) / STEPS * 1e3, weights


def row(size, batch_size, factor, milliseconds, weights):
    rate = batch_size / milliseconds * 1e3
    widths = f"{int(16 * factor)} and {int(32 * factor)}"
    cells = f"{size} | {batch_size} | {widths} | {weights / 1e6:.2f} M"
    print(f"| {cells} | {milliseconds:.0f} | {rate:,.0f} |", flush=True)


def replicas(count, answer):
    """Measures replicas in a separate process, because devices can be configured only once."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    tf.config.threading.set_intra_op_parallelism_threads(2 // count)
    with tf.distribute.MirroredStrategy([f"/cpu:{index}" for index in range(count)]).scope():
        answer.put(step_time(28, REPLICA_BATCH)[0])


def worker(index, addresses, answer):
    """Runs one of two processes that stand for machines."""
    task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    os.environ["TF_CONFIG"] = json.dumps(task)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    with tf.distribute.MultiWorkerMirroredStrategy().scope():
        answer.put(step_time(28, REPLICA_BATCH)[0])


def free_addresses():
    sockets = [socket.socket() for _ in range(2)]
    for free in sockets:
        free.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{free.getsockname()[1]}" for free in sockets]
    for free in sockets:
        free.close()
    return addresses


def slowest(target, *runs):
    """Returns the longest step of processes that run at the same time, in milliseconds."""
    spawn = multiprocessing.get_context("spawn")
    answer = spawn.Queue()
    processes = [spawn.Process(target=target, args=(*run, answer)) for run in runs]
    for process in processes:
        process.start()
    milliseconds = max(answer.get(timeout=600) for _ in processes)
    for process in processes:
        process.join()
    return milliseconds


def compare_replicas():
    addresses = free_addresses()
    ways = {
        "one, both threads": slowest(replicas, (1,)),
        "two devices": slowest(replicas, (2,)),
        "two processes, loopback": slowest(worker, (0, addresses), (1, addresses)),
    }
    print("\n| replicas | ms per step of 256 images |\n|---|---|")
    for name, milliseconds in ways.items():
        print(f"| {name} | {milliseconds:.0f} |", flush=True)


def predict_machines(alone, weights):
    bytes_sent = 4 * weights
    print(
        f"\nGradients of a step: {bytes_sent / 1e6:.1f} MB. A step of 256 images: {alone:.0f} ms."
    )
    for gigabits in GIGABITS:
        exchange = 2 * (MACHINES - 1) / MACHINES * bytes_sent / (gigabits * 1e9 / 8) * 1e3
        print(
            f"{MACHINES} machines, {gigabits} Gbit/s, 256 images each: {alone + exchange:.0f} ms, "
            f"{MACHINES * alone / (alone + exchange):.1f} times the images per second."
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--replicas", action="store_true", help="measure only the replicas")
    print(f"{os.cpu_count()} cores, TensorFlow {tf.__version__}, Keras {keras.__version__}")
    if not parser.parse_args().replicas:
        header = "| pixels | batch | widths | weights | ms per step | images/s |"
        print(f"{header}\n|---|---|---|---|---|---|")
        runs = [(size, 16, 1) for size in SIZES]
        runs += [(28, batch_size, 1) for batch_size in BATCHES]
        runs += [(28, 64, factor) for factor in FACTORS if factor != 1]
        measured = {run: step_time(*run) for run in runs}
        for run, (milliseconds, weights) in measured.items():
            row(*run, milliseconds, weights)
        predict_machines(*measured[28, 256, 1])
    compare_replicas()


if __name__ == "__main__":
    main()
