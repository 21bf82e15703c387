"""Seconds per epoch of the loops that courses write by hand, beside `fit` on the same networks.

    python tests/benchmarks/course_loops.py

- The loop of the "CNN-based GAN" course, written again in our words: for each half batch of real
  digits `discriminator.train_on_batch`, `generator.predict` and `discriminator.train_on_batch` on
  what it made, then `train_on_batch` of a second model, in which the discriminator is frozen, on a
  whole batch of noise. Batches of 64, so that both players learn from as many images as with `fit`.
  In Keras 3 the freezing would leave the discriminator untrained (docs/from_the_course.md); it is
  trained on one batch of the same size before, so that the loop does what the course means, and
  the script checks that its weights move.
- The loop of TensorFlow's tutorial: one `tf.function` with two tapes, both updates from the same
  pass. Batches of 256.

The networks are those of `examples/tp_cnn_gan.py` and `examples/tensorflow_tutorial.py`. Data are
random; the times do not depend on them. Rounds are taken in turns; prints medians, the range, and
the time of an epoch of 60,000 images.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import statistics
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import keras_gans as kg

STEPS = 8
ROUNDS = 5
LATENT_DIM = 100
SHAPE = (28, 28, 1)
EPOCH = 60_000  # images


def course_networks():
    def slope():
        return layers.LeakyReLU(negative_slope=0.2)

    generator = keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Dense(7 * 7 * 256),
            slope(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
            slope(),
            layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
            slope(),
            layers.Conv2D(1, 7, padding="same", activation="sigmoid"),
        ]
    )
    discriminator = keras.Sequential([keras.Input(SHAPE)])
    for _ in range(2):
        discriminator.add(layers.Conv2D(64, 3, strides=2, padding="same"))
        discriminator.add(slope())
        discriminator.add(layers.Dropout(0.4))
    discriminator.add(layers.Flatten())
    discriminator.add(layers.Dense(1, activation="sigmoid"))
    return generator, discriminator


def tutorial_networks():
    generator = kg.networks.dcgan_generator(
        SHAPE, LATENT_DIM, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2)
    )
    discriminator = kg.networks.dcgan_discriminator(SHAPE, 64, kernel_size=5, strides=(2, 2))
    return generator, discriminator


def with_fit(networks, images, batch_size, **settings):
    generator, discriminator = networks()
    gan = kg.DCGAN(generator=generator, discriminator=discriminator)
    gan.compile(**settings)
    return lambda: gan.fit(images, batch_size=batch_size, verbose=0)


def course_loop(images, batch_size):
    generator, discriminator = course_networks()
    discriminator.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), loss="binary_crossentropy")
    half = batch_size // 2
    ones, zeros = np.ones((half, 1)), np.zeros((half, 1))
    discriminator.train_on_batch(images[:half], ones)  # notes that its weights train
    discriminator.trainable = False
    gan = keras.Sequential([generator, discriminator])
    gan.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), loss="binary_crossentropy")
    random = np.random.default_rng(0)

    def train():
        for start in range(0, len(images), batch_size):
            for part in (images[start : start + half], images[start + half : start + batch_size]):
                discriminator.train_on_batch(part, ones)
                fake = generator.predict(random.normal(size=(half, LATENT_DIM)), verbose=0)
                discriminator.train_on_batch(fake, zeros)
            noise = random.normal(size=(batch_size, LATENT_DIM))
            gan.train_on_batch(noise, np.ones((batch_size, 1)))

    before = discriminator.get_weights()[0].copy()
    train()
    if np.array_equal(before, discriminator.get_weights()[0]):
        raise SystemExit("The course's loop does not train its discriminator.")
    return train


def tutorial_step(generator, discriminator):
    """The `train_step` that the tutorial writes out, a `tf.function` of a batch of real images."""
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    adams = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)

    @tf.function
    def step(real):
        noise = tf.random.normal((tf.shape(real)[0], LATENT_DIM))
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake = generator(noise, training=True)
            real_logits = discriminator(real, training=True)
            fake_logits = discriminator(fake, training=True)
            generator_loss = cross_entropy(tf.ones_like(fake_logits), fake_logits)
            discriminator_loss = cross_entropy(tf.ones_like(real_logits), real_logits)
            discriminator_loss += cross_entropy(tf.zeros_like(fake_logits), fake_logits)
        for adam, tape, loss, network in (
            (adams[0], generator_tape, generator_loss, generator),
            (adams[1], discriminator_tape, discriminator_loss, discriminator),
        ):
            weights = network.trainable_variables
            adam.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    return step


def tutorial_loop(images, batch_size, networks=tutorial_networks):
    step = tutorial_step(*networks())
    dataset = tf.data.Dataset.from_tensor_slices(images)
    dataset = dataset.batch(batch_size, drop_remainder=True).prefetch(2)

    def train():
        for batch in dataset:
            step(batch)

    return train


def main():
    random = np.random.default_rng(0)
    few = random.uniform(0, 1, (64 * STEPS, *SHAPE)).astype("float32")
    many = random.uniform(-1, 1, (256 * STEPS, *SHAPE)).astype("float32")
    contestants = {
        "the course's loop": (few, course_loop(few, 64)),
        "fit, the course's networks": (
            few,
            with_fit(course_networks, few, 64, loss=keras.losses.BinaryCrossentropy()),
        ),
        "the tutorial's loop": (many, tutorial_loop(many, 256)),
        "fit, the tutorial's networks": (many, with_fit(tutorial_networks, many, 256)),
    }
    for _, train in contestants.values():
        train()  # traces
    seconds = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, (images, train) in contestants.items():
            start = time.perf_counter()
            train()
            seconds[name].append((time.perf_counter() - start) * EPOCH / len(images))
    print(f"{os.cpu_count()} cores, TensorFlow {tf.__version__}, Keras {keras.__version__}")
    print("| way | seconds per epoch, median | lowest | highest |\n|---|---|---|---|")
    for name, times in seconds.items():
        print(f"| {name} | {statistics.median(times):.0f} | {min(times):.0f} | {max(times):.0f} |")


if __name__ == "__main__":
    main()
