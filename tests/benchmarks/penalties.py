"""What each penalty costs: its share of a training step, and how much a shared pass saves.

    python tests/benchmarks/penalties.py                  # about three minutes
    python tests/benchmarks/penalties.py --size 64

Uses the default networks of `DCGAN` and batches of 64 random images; the times do not depend on the
images. "R1, separate pass" is R1 as most code computes it: the discriminator processes the real
images once for the loss, and again for the slope. The penalties are measured in turns. Prints the
median and the range of the milliseconds per step, and the share of the step that the penalty takes.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import statistics
import time

import keras
import numpy as np

from keras_gans import losses

BATCH_SIZE = 64
STEPS = 64  # per round
EXECUTION = 16  # steps per execution
ROUNDS = 5


class SeparatePass:
    """A penalty that cannot reuse the discriminator's pass on the images of the loss."""

    def __init__(self, penalty):
        self.penalty = penalty

    def __call__(self, critic, real_images, fake_images):
        return self.penalty(critic.__call__, real_images, fake_images)


PENALTIES = {
    "none": [],
    "R1": [losses.R1(0.1)],
    "R1, separate pass": [SeparatePass(losses.R1(0.1))],
    "R2": [losses.R2(0.1)],
    "R1 and R2": [losses.R1(0.1), losses.R2(0.1)],
    "R1 and R2, separate passes": [SeparatePass(losses.R1(0.1)), SeparatePass(losses.R2(0.1))],
    "GradientPenalty": [losses.GradientPenalty()],
}


def make_gan(size, penalties):
    keras.utils.set_random_seed(0)
    gan = kg.DCGAN(image_shape=(size, size, 1), latent_dim=64, seed=0)
    gan.compile(penalties=penalties, steps_per_execution=EXECUTION)
    return gan


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=28)
    size = parser.parse_args().size
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (BATCH_SIZE * STEPS, size, size, 1)).astype("float32")
    dataset = kg.datasets.from_arrays(images, BATCH_SIZE, seed=0)
    gans = {name: make_gan(size, penalties) for name, penalties in PENALTIES.items()}
    times = {name: [] for name in gans}
    for round_ in range(ROUNDS + 1):
        for name, gan in gans.items():
            start = time.perf_counter()
            gan.fit(dataset, verbose=0)
            if round_ > 0:  # the first one traces
                times[name].append(1000 * (time.perf_counter() - start) / STEPS)
    print(f"{os.cpu_count()} cores, {size}x{size}, batches of {BATCH_SIZE}, {ROUNDS} rounds")
    print("| penalty | ms per step | share of the step |\n|---|---|---|")
    bare = statistics.median(times["none"])
    for name, values in times.items():
        median = statistics.median(values)
        spread = f"{median:.1f} ({min(values):.1f} to {max(values):.1f})"
        print(f"| {name} | {spread} | {1 - bare / median:.0%} |")


if __name__ == "__main__":
    main()
