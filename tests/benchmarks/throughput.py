"""Images per second on the networks of three courses, with each common way to train them.

    python tests/benchmarks/throughput.py --torch PYTHON     # about 30 minutes
    python tests/benchmarks/throughput.py --networks tensorflow --batches 256

The networks are those of TensorFlow's DCGAN tutorial, of FIDLE's DCGAN and of the "CNN-based GAN"
of another course (`course_networks.py`), with batches of 64 and 256. They are trained on the same
batches, in turns:

- keras_gans: `DCGAN.compile()` and `fit`, in float32 and under `mixed_bfloat16`;
- the train step of the keras.io example (`written_loops.py`) with `fit`, in both precisions. In
  float32, it also runs without tf.data's autotuning, as published and with `training=True`, so that
  BatchNorm and dropout work as in keras_gans. `fit` of keras_gans switches autotuning off, because
  waiting for it sometimes makes epochs longer (`tests/benchmarks/autotuning.py`);
- the loop of TensorFlow's tutorial, and the loop of the course, with a frozen discriminator,
  `train_on_batch` and `predict` (`written_loops.py`);
- the algorithm of keras_gans written as a bare `tf.function`, including averaging;
- with `--torch`, the Python of an environment that has PyTorch: the algorithm of its tutorial,
  channels last, in float32 and under bfloat16 autocast.

Under `mixed_bfloat16`, convolutions and dense layers compute in bfloat16 and the other layers in
float32, as in the networks of `keras_gans.networks`; this includes keras.io's step. Prints medians
and ranges over the rounds, and the speed of keras_gans divided by that of each program, computed
for each round. The last lines compare the products of keras_gans' step with the rate of large
convolutions on this machine.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from bare_step import make_bare_step
from course_networks import GENERATORS, keras_networks, operations
from written_loops import KerasIO, train_on_batch_loop, tutorial_step

from keras_gans.pipelines.autotuning import without_autotuning

IMAGES = {"tensorflow": 2048, "fidle": 256, "tp": 1024}  # per round
ROUNDS = 5
SHAPE = (28, 28, 1)
PRECISIONS = "float32", "bfloat16"


def keras_gans_rounds(name, dataset):
    generator, discriminator = keras_networks(name)
    gan = kg.DCGAN(generator=generator, discriminator=discriminator)
    gan.compile()
    return lambda: gan.fit(dataset, verbose=0)


def keras_io_rounds(name, dataset, **training):
    model = KerasIO(*keras_networks(name), **training)
    model.compile()
    return lambda: model.fit(dataset, verbose=0, shuffle=False)


def loop_rounds(step, dataset):
    def train():
        for real in dataset:
            step(real)

    return train


def torch_rounds(python, name, batch_size, precision):
    """Starts a process with PyTorch; returns its name and a function that trains a round."""
    script = Path(__file__).with_name("torch_peer.py")
    arguments = [name, batch_size, IMAGES[name] // batch_size, precision]
    peer = subprocess.Popen(
        [python, script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    version = peer.stdout.readline().strip()

    def train():
        peer.stdin.write("\n")
        peer.stdin.flush()
        return float(peer.stdout.readline().split()[0])

    return f"PyTorch {version}, {precision}", train


def in_bfloat16(make_rounds, *arguments):
    keras.config.set_dtype_policy("mixed_bfloat16")
    train = make_rounds(*arguments)
    train()  # traces
    keras.config.set_dtype_policy("float32")
    return train


def make_contestants(name, batch_size, python):
    low = -1 if ("tanh",) in GENERATORS[name] else 0
    images = np.random.default_rng(0).uniform(low, 1, (IMAGES[name], *SHAPE)).astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices(images)
    dataset = dataset.batch(batch_size, drop_remainder=True).prefetch(2)
    untuned = without_autotuning(dataset)
    bare = make_bare_step(*keras_networks(name), learning_rate=1e-4)
    contestants = {
        "keras_gans": keras_gans_rounds(name, dataset),
        "keras_gans, mixed_bfloat16": in_bfloat16(keras_gans_rounds, name, dataset),
        "keras.io's step": keras_io_rounds(name, dataset),
        "keras.io's step, no autotuning": keras_io_rounds(name, untuned),
        "keras.io's step, `training=True`": keras_io_rounds(name, untuned, training=True),
        "keras.io's step, mixed_bfloat16": in_bfloat16(keras_io_rounds, name, dataset),
        "the tutorial's loop": loop_rounds(tutorial_step(*keras_networks(name)), dataset),
        "the train_on_batch loop": train_on_batch_loop(*keras_networks(name), images, batch_size),
        "bare tf.function, no autotuning": loop_rounds(bare, untuned),
    }
    if python:
        contestants |= dict(
            torch_rounds(python, name, batch_size, precision) for precision in PRECISIONS
        )
    return contestants


def spread(values, form):
    """Returns a text with the median, the lowest and the highest value."""
    return f"{np.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def race(name, batch_size, python):
    """Returns the images per second of each program in each round."""
    contestants = make_contestants(name, batch_size, python)
    for train in contestants.values():
        train()  # traces
    rates = {contestant: [] for contestant in contestants}
    for _ in range(ROUNDS):
        for contestant, train in contestants.items():
            start = time.perf_counter()
            train()
            rates[contestant].append(IMAGES[name] / (time.perf_counter() - start))
    return {contestant: np.array(rate) for contestant, rate in rates.items()}


def show(name, batch_size, rates):
    print(f"\n{name}, batches of {batch_size}\n")
    print("| program | images/s | keras_gans, float32 | keras_gans, bfloat16 |\n|---|---|---|---|")
    ours, short = (rates[contestant] for contestant in list(rates)[:2])
    for contestant, rate in rates.items():
        cells = spread(rate, ".0f"), spread(ours / rate, ".2f"), spread(short / rate, ".2f")
        print(f"| {contestant} | {' | '.join(cells)} |", flush=True)
    generator, discriminator = keras_networks(name)
    # The generator: a forward pass and both gradients. The discriminator: the same for real and for
    # fake images, and in the generator's turn a forward pass and the gradient of the images.
    work = 3 * operations(generator) + 8 * operations(discriminator)
    for rate, dtype in ((ours, "float32"), (short, "bfloat16")):
        share = np.median(rate) * work / convolutions_per_second(dtype)
        print(f"{dtype}: {share:.0%} of the rate of large convolutions")


def convolutions_per_second(dtype):
    """Returns the floating-point operations per second of a large convolution."""
    images = tf.cast(tf.random.normal((64, 28, 28, 256)), dtype)
    kernel = tf.cast(tf.random.normal((3, 3, 256, 256)), dtype)
    convolve = tf.function(lambda: tf.nn.conv2d(images, kernel, 1, "SAME"))
    convolve()
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        convolve()
        seconds.append(time.perf_counter() - start)
    return 2 * 64 * 28 * 28 * 9 * 256 * 256 / np.median(seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", nargs="+", choices=IMAGES, default=list(IMAGES))
    parser.add_argument("--batches", type=int, nargs="+", default=[256, 64])
    parser.add_argument("--torch", help="the Python of an environment with PyTorch")
    args = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, TensorFlow {tf.__version__}, Keras {keras.__version__}, "
        f"Python {sys.version.split()[0]}"
    )
    for name in args.networks:
        for batch_size in args.batches:
            show(name, batch_size, race(name, batch_size, args.torch))
            keras.backend.clear_session()


if __name__ == "__main__":
    main()
