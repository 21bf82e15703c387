"""Images per second on the networks of TensorFlow's DCGAN tutorial.

    python tests/benchmarks/throughput.py

Four ways to train the same networks on the same batches, in one process, in turns:

- keras_gans: `DCGAN.compile()` and `fit`;
- the train step of the keras.io example "DCGAN to generate face images", written again in
  our words with its arithmetic: real and generated images in one pass, noisy labels, a
  second generator pass for the generator's turn, no `training` argument (so that, unlike
  ours, BatchNorm and dropout do nothing);
- the same without tf.data's autotuning, which `fit` of keras_gans switches off because
  waiting for it stretches epochs now and then (`tests/benchmarks/autotuning.py`);
- the algorithm of keras_gans written out in a bare `tf.function`, averaging included.

A round is two epochs. Prints medians over the rounds, their spread, and the ratios, round by
round.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import platform
import time

import keras
import numpy as np
import tensorflow as tf

import keras_gans as kg
from keras_gans.datasets.autotuning import without_autotuning

BATCH_SIZE = 256
STEPS = 10
EPOCHS = 2
ROUNDS = 7
LATENT_DIM = 100
SHAPE = (28, 28, 1)


def tutorial_networks():
    generator = kg.networks.dcgan_generator(
        SHAPE, LATENT_DIM, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2)
    )
    discriminator = kg.networks.dcgan_discriminator(SHAPE, 64, kernel_size=5, strides=(2, 2))
    return generator, discriminator


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
        both = tf.concat([fake, real], axis=0)
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
    """One generator pass, the discriminator updated in between, the generator averaged."""
    generator, discriminator = tutorial_networks()
    average = keras.models.clone_model(generator)
    d_adam, g_adam = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)
    d_weights, g_weights = discriminator.trainable_variables, generator.trainable_variables
    d_adam.build(d_weights), g_adam.build(g_weights)

    @tf.function
    def step(real):
        latents = tf.random.normal((BATCH_SIZE, LATENT_DIM))
        with tf.GradientTape(watch_accessed_variables=False) as g_tape:
            g_tape.watch([weight.value for weight in g_weights])
            fake = generator(latents, training=True)
            with g_tape.stop_recording():
                with tf.GradientTape(watch_accessed_variables=False) as d_tape:
                    d_tape.watch([weight.value for weight in d_weights])
                    real_logits = discriminator(real, training=True)
                    fake_logits = discriminator(fake, training=True)
                    d_loss = tf.reduce_mean(tf.nn.softplus(-real_logits))
                    d_loss += tf.reduce_mean(tf.nn.softplus(fake_logits))
                d_adam.apply(d_tape.gradient(d_loss, d_weights), d_weights)
            g_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fake, training=True)))
        g_adam.apply(g_tape.gradient(g_loss, g_weights), g_weights)
        for mean, weight in zip(average.weights, generator.weights, strict=True):
            mean.assign(weight + 0.99 * (mean - weight))
        return d_loss, g_loss

    def train():
        for real in dataset.repeat(EPOCHS):
            losses = step(real)
        return [float(loss) for loss in losses]

    return train


def main():
    images = np.random.default_rng(0).uniform(-1, 1, (BATCH_SIZE * STEPS, *SHAPE))
    dataset = tf.data.Dataset.from_tensor_slices(images.astype("float32"))
    dataset = dataset.batch(BATCH_SIZE, drop_remainder=True).prefetch(2)
    contestants = {
        "keras_gans, fit": keras_gans_rounds(dataset),
        "keras.io's step, fit": keras_io_rounds(dataset),
        "the same, no autotuning": keras_io_rounds(without_autotuning(dataset)),
        "bare tf.function, no autotuning": bare_rounds(without_autotuning(dataset)),
    }
    for train in contestants.values():
        train()  # traces
    rates = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, train in contestants.items():
            start = time.perf_counter()
            train()
            seconds = time.perf_counter() - start
            rates[name].append(BATCH_SIZE * STEPS * EPOCHS / seconds)
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}"
    )
    print("| way | images/s, median | lowest | highest |\n|---|---|---|---|")
    for name, rate in rates.items():
        print(f"| {name} | {np.median(rate):.0f} | {min(rate):.0f} | {max(rate):.0f} |")
    ours = np.array(rates.pop("keras_gans, fit"))
    for name, rate in rates.items():
        ratio = ours / np.array(rate)
        print(
            f"keras_gans against {name}: {np.median(ratio):.2f} "
            f"(rounds from {ratio.min():.2f} to {ratio.max():.2f})"
        )


if __name__ == "__main__":
    main()
