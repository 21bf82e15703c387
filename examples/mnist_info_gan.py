"""Discover without labels how digits differ: InfoGAN.

What you will see: three grids. In the first, each row is one of ten categories that the model has
found without labels. In the other two, each row is a digit whose first or second continuous code
varies from -2 to 2, which changes its slant or its width. For the score, each category is matched
with a different digit, and a classifier trained on real digits classifies 10,000 generated ones.
The score is the share of images that show the digit of their category.

    python examples/mnist_info_gan.py

One core of an AMD EPYC, with other programs running: 23 minutes of CPU time. Expected: 83% of
10,000 images show the digit of their category. (The paper reports 95%. Here, two categories share
the threes and the fives.)

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np

keras.utils.set_random_seed(0)
EPOCHS = 6
BATCH_SIZE = 64  # small batches: more updates for the same amount of computation
NOISE = 16  # number of entries of the latents that are noise
CODES = kg.priors.Codes(categories=(10,), continuous=2)
FOLDER = "samples/mnist_info_gan"
JUDGED = 10_000

# Model: the latents end in ten entries for the category and two for the continuous codes.
dataset = kg.datasets.mnist(BATCH_SIZE, seed=0)
gan = kg.InfoGAN(
    image_shape=(28, 28, 1),
    latent_dim=NOISE + CODES.size,
    prior=CODES,
    seed=0,
)
gan.compile(steps_per_execution=16)  # returns to Python less often
start = time.perf_counter()
gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)], verbose=2)
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")


# Pictures: ten categories with the same noise down each column, then both continuous codes.
def with_category(latents, category):
    """The latents with another category: a one-hot vector in the entries after the noise."""
    latents = latents.copy()
    latents[:, NOISE : NOISE + 10] = np.eye(10)[category]
    return latents


latents = gan.sample_latents(10, seed=1)
rows = np.concatenate([with_category(latents, category) for category in range(10)])
figure = kg.drawing.plot_images(gan.generate(latents=rows), 10, captions=range(10))
figure.savefig(f"{FOLDER}/categories.png")
for number in range(2):
    rows = np.repeat(with_category(latents[:1], 0), 100, axis=0)
    rows[:, NOISE : NOISE + 10] = np.repeat(np.eye(10), 10, axis=0)
    rows[:, NOISE + 10 :] = 0
    rows[:, NOISE + 10 + number] = np.tile(np.linspace(-2, 2, 10), 10)
    figure = kg.drawing.plot_images(gan.generate(latents=rows), 10, captions=range(10))
    figure.savefig(f"{FOLDER}/code_{number + 1}.png")

# Score: a classifier trained on real digits classifies generated ones of known category.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=5, verbose=0)
latents = gan.sample_latents(JUDGED, seed=2)
category = latents[:, NOISE : NOISE + 10].argmax(axis=1)
digit = judge.probabilities(gan.generate(latents=latents)).argmax(axis=1)
counts = np.zeros((10, 10), int)
np.add.at(counts, (category, digit), 1)

# The best matching of categories and digits (a small dynamic program over sets of digits).
best = {0: (0, ())}
for row in counts:
    following = {}
    for taken, (score, digits) in best.items():
        for one in range(10):
            key = taken | 1 << one
            if key != taken and following.get(key, (-1,))[0] < score + row[one]:
                following[key] = (score + row[one], (*digits, one))
    best = following
agreement, digits = best[2**10 - 1]
print(f"Categories 0 to 9 are the digits {', '.join(map(str, digits))}.")
print(f"{agreement / JUDGED:.1%} of {JUDGED:,} images show the digit of their category.")
print(f"The pictures are in {os.path.abspath(FOLDER)}: categories.png, code_1.png, code_2.png")
