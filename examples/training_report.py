"""Watch digits during training: a page with grids, curves and a map of the latent space.

What you will see: the path of a page. Open it in a browser right away: it reloads while the model
trains. A slider moves through the epochs, and real digits are shown next to the generated ones.
Point at a curve for its values. For each class, a map leads from one digit to another.

    pip install -e ".[report]"
    python examples/training_report.py

Two cores of an AMD EPYC (AVX-512): 4.3 minutes of training, including the pages. Expected at the
end: a page of 5.3 MB, and a Fréchet distance of about 8 between the pixels of 2,000 images.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import functools
import time
from pathlib import Path

import keras

keras.utils.set_random_seed(0)
EPOCHS = 5
BATCH_SIZE = 64  # small batches: more updates for the same amount of computation
LATENT_DIM = 16
LEARNING_RATE = 1e-3
GAMMA = 0.2  # weight of the penalty
FILE = Path("samples/training_report/report.html")

# Data: pairs of images and labels, and test digits for the evaluation after each epoch.
dataset = kg.datasets.mnist(BATCH_SIZE, labels=True, seed=0)
test = kg.datasets.mnist(500, split="test", labels=True, seed=0).take(4)

# Model: both networks receive the digit as an input.
gan = kg.ConditionalGAN(
    image_shape=(28, 28, 1),
    latent_dim=LATENT_DIM,
    num_classes=10,
    discriminator=functools.partial(kg.networks.dcgan_discriminator, dropout=0.0),
    seed=0,
)
gan.compile(
    discriminator_optimizer=keras.optimizers.Adam(LEARNING_RATE, beta_1=0.5),
    generator_optimizer=keras.optimizers.Adam(LEARNING_RATE, beta_1=0.5),
    penalties=[kg.losses.R1(GAMMA)],
    metrics=[kg.metrics.FrechetDistance(kg.metrics.RawPixels())],
)

# Training: callbacks that write logs come first, the report last.
print(f"Open {FILE.resolve()} in a browser.")
health = kg.callbacks.HealthMonitor()
start = time.perf_counter()
history = gan.fit(
    dataset,
    epochs=EPOCHS,
    callbacks=[
        health,
        kg.callbacks.SampleEvaluator(test),
        kg.callbacks.TrainingReport(FILE, real_images=dataset, health=health),
    ],
)
minutes = (time.perf_counter() - start) / 60

print(
    f"{minutes:.1f} minutes of training; a page of {FILE.stat().st_size / 1e6:.1f} MB; "
    f"distance {history.history['frechet_distance'][-1]:.1f}."
)
