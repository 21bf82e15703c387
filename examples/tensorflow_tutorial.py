"""TensorFlow's DCGAN tutorial in a few lines, with its networks and its files.

What you will see: the two networks of the tutorial, with the same number of parameters; the files
`image_at_epoch_0001.png` and so on, and `dcgan.gif`, as the tutorial writes them; a comparison with
real digits; and the duration of an epoch, for `fit` and for the loop of the tutorial.

    python examples/tensorflow_tutorial.py

One core of an Intel Xeon (AMX): 20 minutes of CPU time including the evaluation. Expected at the
end: a Fréchet distance of 18.7, precision 0.52 and recall 0.85 in the features of a classifier.
With its own settings, the tutorial reaches 49.4, 0.43 and 0.61 after 50 epochs and 140 minutes of
CPU time: see `tests/benchmarks/time_to_quality.py`. The loop of the tutorial calls the
discriminator twice in a step instead of three times, and has no penalty.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time
from pathlib import Path

import keras
import tensorflow as tf

keras.utils.set_random_seed(0)
EPOCHS = 4  # the tutorial has 50, with a learning rate of 1e-4
BATCH_SIZE = 64  # the tutorial has 256; small batches: more updates in the same time
LATENT_DIM = 100
GAMMA = 0.2  # weight of a penalty on the gradient of the discriminator
TIMED_STEPS = 20
FOLDER = Path("samples/tensorflow_tutorial")

dataset = kg.datasets.mnist(BATCH_SIZE, seed=0)


def networks():
    """The tutorial's networks, with 2,330,944 and 212,865 parameters."""
    generator = kg.networks.dcgan_generator(
        (28, 28, 1), LATENT_DIM, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2)
    )
    discriminator = kg.networks.dcgan_discriminator(
        (28, 28, 1), width=64, kernel_size=5, strides=(2, 2), dropout=0.3
    )
    return generator, discriminator


# Model and training.
generator, discriminator = networks()
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
gan.summary()
gan.compile(penalties=[kg.losses.R1(GAMMA)])
start = time.perf_counter()
gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
minutes = (time.perf_counter() - start) / 60
(FOLDER / "image.gif").replace(FOLDER / "dcgan.gif")

# Evaluation, in the features of a classifier of real digits.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=5, verbose=0)
gan.measure_with([kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)])
gan.evaluate(kg.datasets.mnist(500, split="test", seed=0))
print(f"{minutes:.1f} minutes of training; see {FOLDER.resolve()}/dcgan.gif")


# The step that `fit` replaces, as in the tutorial: two networks, two tapes.
def hand_written_step():
    generator, discriminator = networks()
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    adams = [keras.optimizers.Adam(1e-4) for _ in range(2)]

    @tf.function
    def train_step(real):
        noise = tf.random.normal((BATCH_SIZE, LATENT_DIM))
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake = generator(noise, training=True)
            real_output = discriminator(real, training=True)
            fake_output = discriminator(fake, training=True)
            generator_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            discriminator_loss = cross_entropy(tf.ones_like(real_output), real_output)
            discriminator_loss += cross_entropy(tf.zeros_like(fake_output), fake_output)
        for adam, tape, loss, network in (
            (adams[0], generator_tape, generator_loss, generator),
            (adams[1], discriminator_tape, discriminator_loss, discriminator),
        ):
            weights = network.trainable_variables
            adam.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    return train_step


def seconds_per_epoch(train):
    """An estimate from a few steps; those before them trace the graph."""
    train()
    start = time.perf_counter()
    train()
    return (time.perf_counter() - start) * len(dataset) / TIMED_STEPS


few, step = dataset.take(TIMED_STEPS), hand_written_step()
ours = seconds_per_epoch(lambda: gan.fit(few, verbose=0))
theirs = seconds_per_epoch(lambda: [step(batch) for batch in few])
print(f"An epoch takes {ours:.0f} seconds; with the loop of the tutorial, {theirs:.0f}.")
