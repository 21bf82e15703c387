"""Images per second on the networks of TensorFlow's DCGAN tutorial.

    python tests/benchmarks/throughput.py
    python tests/benchmarks/throughput.py --batch 64 --torch PYTHON

The same networks are trained on the same batches, in turns, two epochs a round:

- keras_gans: `DCGAN.compile()` and `fit`, in float32 and under `mixed_bfloat16`;
- the train step of the keras.io example "DCGAN to generate face images", written again in
  our words with its arithmetic: real and generated images in one pass, noisy labels, a
  second generator pass for the generator's turn, no `training` argument (so that, unlike
  ours, BatchNorm and dropout do nothing); in both precisions;
- the same without tf.data's autotuning, which `fit` of keras_gans switches off because
  waiting for it stretches epochs now and then (`tests/benchmarks/autotuning.py`);
- the loop of TensorFlow's tutorial;
- the algorithm of keras_gans written out in a bare `tf.function`, averaging included;
- with `--torch`, the Python of an environment that has PyTorch: the tutorial of PyTorch's
  algorithm, channels last, in float32 and under bfloat16 autocast.

Prints medians over the rounds, their range, and what keras_gans is to each, round by round.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from bare_step import make_bare_step
from course_loops import tutorial_loop, tutorial_networks

import keras_gans as kg
from keras_gans.datasets.autotuning import without_autotuning

STEPS = {256: 10, 64: 40}
EPOCHS = 2
ROUNDS = 7
LATENT_DIM = 100
SHAPE = (28, 28, 1)


class KerasIO(keras.Model):
    """The published example's algorithm."""

    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
        self.seeds = keras.random.SeedGenerator(1)
        self.d_tracker = keras.metrics.Mean(name="d_loss")
        self.g_tracker = keras.metrics.Mean(name="g_loss")
        self.d_adam = keras.optimizers.Adam(1e-4)
        self.g_adam = keras.optimizers.Adam(1e-4)
        self.built = True

    @property
    def metrics(self):
        return [self.d_tracker, self.g_tracker]

    def train_step(self, real):
        count = tf.shape(real)[0]
        fake = self.generator(keras.random.normal((count, LATENT_DIM), seed=self.seeds))
        both = tf.concat([tf.cast(fake, real.dtype), real], axis=0)
        targets = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], axis=0)
        targets += 0.05 * tf.random.uniform(tf.shape(targets))
        with tf.GradientTape() as tape:
            d_loss = self.loss_fn(targets, self.discriminator(both))
        weights = self.discriminator.trainable_weights
        self.d_adam.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))

        latents = keras.random.normal((count, LATENT_DIM), seed=self.seeds)
        with tf.GradientTape() as tape:
            logits = self.discriminator(self.generator(latents))
            g_loss = self.loss_fn(tf.zeros((count, 1)), logits)
        weights = self.generator.trainable_weights
        self.g_adam.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))
        self.d_tracker.update_state(d_loss)
        self.g_tracker.update_state(g_loss)
        return {"d_loss": self.d_tracker.result(), "g_loss": self.g_tracker.result()}


def keras_gans_rounds(dataset):
    generator, discriminator = tutorial_networks()
    gan = kg.DCGAN(generator=generator, discriminator=discriminator)
    gan.compile(keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4))
    return lambda: gan.fit(dataset, epochs=EPOCHS, verbose=0)


def keras_io_rounds(dataset):
    model = KerasIO(*tutorial_networks())
    model.compile()
    return lambda: model.fit(dataset, epochs=EPOCHS, verbose=0, shuffle=False)


def bare_rounds(dataset):
    step = make_bare_step(*tutorial_networks(), learning_rate=1e-4)

    def train():
        for real in dataset.repeat(EPOCHS):
            losses = step(real)
        return [float(loss) for loss in losses]

    return train


def tutorial_rounds(images, batch_size):
    epoch = tutorial_loop(images, batch_size)
    return lambda: [epoch() for _ in range(EPOCHS)]


def torch_rounds(python, batch_size, precision):
    """A process of PyTorch that trains a round when it is told to."""
    script = Path(__file__).with_name("torch_peer.py")
    arguments = [batch_size, STEPS[batch_size] * EPOCHS, precision]
    peer = subprocess.Popen(
        [python, script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    print(f"PyTorch {peer.stdout.readline().strip()}, {precision}")

    def train():
        peer.stdin.write("\n")
        peer.stdin.flush()
        return float(peer.stdout.readline())

    return train


def in_bfloat16(make_rounds, *arguments):
    keras.config.set_dtype_policy("mixed_bfloat16")
    train = make_rounds(*arguments)
    keras.config.set_dtype_policy("float32")
    return train


def make_contestants(batch_size, python):
    shape = (batch_size * STEPS[batch_size], *SHAPE)
    images = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices(images)
    dataset = dataset.batch(batch_size, drop_remainder=True).prefetch(2)
    tuned_by_none = without_autotuning(dataset)
    contestants = {
        "keras_gans": keras_gans_rounds(dataset),
        "keras_gans, mixed_bfloat16": in_bfloat16(keras_gans_rounds, dataset),
        "keras.io's step": keras_io_rounds(dataset),
        "keras.io's step, no autotuning": keras_io_rounds(tuned_by_none),
        "keras.io's step, mixed_bfloat16": in_bfloat16(keras_io_rounds, dataset),
        "TensorFlow's tutorial": tutorial_rounds(images, batch_size),
        "bare tf.function, no autotuning": bare_rounds(tuned_by_none),
    }
    if python:
        for precision in ("float32", "bfloat16"):
            contestants[f"PyTorch, {precision}"] = torch_rounds(python, batch_size, precision)
    return contestants


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, choices=STEPS, default=256)
    parser.add_argument("--torch", help="the Python of an environment with PyTorch")
    args = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, TensorFlow {tf.__version__}, Keras {keras.__version__}, "
        f"Python {sys.version.split()[0]}, batches of {args.batch}"
    )
    contestants = make_contestants(args.batch, args.torch)
    for train in contestants.values():
        train()  # traces
    rates = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, train in contestants.items():
            start = time.perf_counter()
            train()
            seconds = time.perf_counter() - start
            rates[name].append(args.batch * STEPS[args.batch] * EPOCHS / seconds)

    print("| way | images/s | keras_gans to it | keras_gans in bfloat16 to it |\n|---|---|---|---|")
    ours, short = (np.array(rates[name]) for name in list(rates)[:2])
    for name, rate in rates.items():
        cells = (
            spread(values, form)
            for values, form in ((rate, ".0f"), (ours / rate, ".2f"), (short / rate, ".2f"))
        )
        print(f"| {name} | {' | '.join(cells)} |")


def spread(values, form):
    """Median (lowest to highest)."""
    return f"{np.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


if __name__ == "__main__":
    main()
