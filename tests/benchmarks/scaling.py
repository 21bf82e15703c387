"""How a step of the default `DCGAN` grows with size, batch and width, and on two replicas.

    python tests/benchmarks/scaling.py                    # about eight minutes

Random colour images; the times do not depend on them. Each line is the median of the epochs after
the first, of 8 steps each. The two replicas are logical CPU devices with one thread each under
`MirroredStrategy`, each with half of the batch; the one beside them has both threads. For machines
in a row the script prints the bytes of gradients that every step sends, and what a step on 8
would be at a given bandwidth, if the exchange, a ring, begins when the arithmetic has ended.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import functools
import multiprocessing

import keras
import numpy as np
import tensorflow as tf
from width import Clock

import keras_gans as kg

STEPS = 8
EPOCHS = 4
SIZES = 28, 32, 64, 128, 256  # pixels, batches of 16
BATCHES = 16, 64, 256, 1024  # at 28x28
FACTORS = 0.5, 1, 2  # of both widths, batches of 64 at 28x28
REPLICA_BATCH = 256  # of both replicas, at 28x28
MACHINES = 8
GIGABITS = 1, 10, 100


def step_time(size, batch_size, factor=1):
    """Milliseconds of a step, and the weights of both networks."""
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
    """In a process of its own, because devices are set up once."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    tf.config.threading.set_intra_op_parallelism_threads(2 // count)
    with tf.distribute.MirroredStrategy([f"/cpu:{index}" for index in range(count)]).scope():
        answer.put(step_time(28, REPLICA_BATCH)[0])


def in_own_process(count):
    spawn = multiprocessing.get_context("spawn")
    answer = spawn.Queue()
    process = spawn.Process(target=replicas, args=(count, answer))
    process.start()
    milliseconds = answer.get(timeout=600)
    process.join()
    return milliseconds


def main():
    print(f"{os.cpu_count()} cores, TensorFlow {tf.__version__}, Keras {keras.__version__}")
    print("| pixels | batch | widths | weights | ms a step | images/s |\n|---|---|---|---|---|---|")
    runs = [(size, 16, 1) for size in SIZES]
    runs += [(28, batch_size, 1) for batch_size in BATCHES]
    runs += [(28, 64, factor) for factor in FACTORS if factor != 1]
    for run in runs:
        milliseconds, weights = step_time(*run)
        row(*run, milliseconds, weights)
        if run == (28, 256, 1):
            alone, bytes_sent = milliseconds, 4 * weights

    one, two = in_own_process(1), in_own_process(2)
    print(f"\nTwo replicas: {two:.0f} ms a step; one with both threads: {one:.0f} ms.")
    ring = 2 * (MACHINES - 1) / MACHINES * bytes_sent
    print(f"\nGradients of a step: {bytes_sent / 1e6:.1f} MB; step of 256 images: {alone:.0f} ms.")
    for gigabits in GIGABITS:
        exchange = ring / (gigabits * 1e9 / 8) * 1e3
        print(
            f"{MACHINES} machines, {gigabits} Gbit/s, 256 images each: {alone + exchange:.0f} ms, "
            f"{MACHINES * alone / (alone + exchange):.1f} times the images a second."
        )


if __name__ == "__main__":
    main()
