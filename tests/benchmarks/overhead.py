"""The overhead of `fit`, measured with tiny networks.

    python tests/benchmarks/overhead.py

Perceptrons of two layers of 16 train on batches of 32 points, which takes a fraction of a
millisecond of arithmetic. The same networks are trained with `fit`, with one step per execution and
with 16, and in a hand-written loop around a `tf.function` of the same step. The loop iterates over
the same dataset, and neither checks values nor keeps logs. Two other rows explain design decisions
of `fit`: one computes the numbers that `HealthMonitor` needs, the other uses Keras' own train
function. The programs run in turns. Prints medians, ranges, and ratios computed for each round.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np
from bare_step import make_bare_step

from keras_gans.pipelines.autotuning import without_autotuning

BATCH_SIZE = 32
STEPS = 2048
ROUNDS = 9
EXECUTION = 16


def make_networks():
    keras.utils.set_random_seed(0)
    generator = kg.networks.mlp_generator((2,), latent_dim=2, width=16)
    return generator, kg.networks.mlp_discriminator((2,), width=16)


class AsKeras(kg.GAN):
    """A GAN with Keras' own train function, whose graph fetches the batch."""

    def make_train_function(self, force=False):
        keras.Model.make_train_function(self, force)


class Asks(keras.callbacks.Callback):
    """Asks for the numbers that `HealthMonitor` needs, and does not use them."""

    tracks_health = True


def through_fit(dataset, model=kg.GAN, callbacks=None, steps_per_execution=1):
    generator, discriminator = make_networks()
    gan = model(generator=generator, discriminator=discriminator, seed=0)
    adams = [keras.optimizers.Adam(1e-3) for _ in range(2)]
    gan.compile(*adams, steps_per_execution=steps_per_execution)
    return lambda: gan.fit(dataset, callbacks=callbacks, verbose=0)


def by_hand(dataset):
    step = make_bare_step(*make_networks(), learning_rate=1e-3)

    def train():
        for points in dataset:
            losses = step(points)
        return [float(loss) for loss in losses]

    return train


def main():
    points = np.random.default_rng(0).uniform(-1, 1, (BATCH_SIZE * STEPS, 2)).astype("float32")
    dataset = without_autotuning(kg.datasets.from_arrays(points, BATCH_SIZE, seed=0))
    contestants = {
        "by hand": by_hand(dataset),
        "fit": through_fit(dataset),
        "fit, with the numbers of HealthMonitor": through_fit(dataset, callbacks=[Asks()]),
        "fit, with Keras' train function": through_fit(dataset, AsKeras),
        f"fit, steps_per_execution={EXECUTION}": through_fit(
            dataset, steps_per_execution=EXECUTION
        ),
    }
    for train in contestants.values():
        train()  # traces
    times = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, train in contestants.items():
            start = time.perf_counter()
            train()
            times[name].append((time.perf_counter() - start) / STEPS * 1e6)
    print("| program | microseconds per step, median | lowest | highest | relative to by hand |")
    print("|---|---|---|---|---|")
    hand = np.array(times["by hand"])
    for name, values in times.items():
        ratios = np.array(values) / hand
        spread = f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
        lowest, highest = min(values), max(values)
        print(f"| {name} | {np.median(values):.0f} | {lowest:.0f} | {highest:.0f} | {spread} |")


if __name__ == "__main__":
    main()
