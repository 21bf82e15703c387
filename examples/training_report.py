"""Look at digits while they are learnt: a page with grids, curves and a map of the latents.

What you will see: the path of a page. Open it in a browser at once: it loads itself again while
the model trains. A slider goes back through the epochs; real digits stand beside the drawn ones;
curves say what they are when pointed at; and a map leads from digit to digit, for each class.

    pip install -e ".[report]"
    python examples/training_report.py

Two cores of an AMD EPYC (AVX-512): 4.3 minutes of training, the pages included. Expected at the
end: a page of 5.3 MB, and a Fréchet distance of about 8 between the pixels of 2,000 images.

Without internet access, set KERAS_GANS_DATA to a folder that holds MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up messages of TensorFlow

import keras_gans as kg  # before Keras, which would print some

import functools
import time
from pathlib import Path

import keras

keras.utils.set_random_seed(0)
EPOCHS = 5
BATCH_SIZE = 64  # small batches: many updates for the same arithmetic
LATENT_DIM = 16
LEARNING_RATE = 1e-3
GAMMA = 0.2  # weight of the penalty
FILE = Path("samples/training_report/report.html")

# Data: pairs of images and labels, and test digits for a look after each epoch.
dataset = kg.datasets.mnist(BATCH_SIZE, labels=True, seed=0)
test = kg.datasets.mnist(500, split="test", labels=True, seed=0).take(4)

# Model: both networks are told the digit.
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

# Training: those that write logs come first, the page last.
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
