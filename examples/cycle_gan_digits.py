"""Translate thin digits into thick ones and back, without paired training images: CycleGAN.

What you will see: test digits, their translations, their true thick twins, which the model has
never seen, and the twins translated back. There are two scores, before and after the translation.
The first is the share of 1,000 test digits whose nearest twin, of all 1,000, is their own. The
second is the mean error, that is, how far the digits are from their twins.

    python examples/cycle_gan_digits.py

Two cores of an AMD EPYC (AVX-512): 1.5 minutes of training. Expected: the nearest twin is the right
one for 96% of the digits (without translation: 10%), and for 95% on the way back (16%). The mean
error falls from 0.256 to 0.075 and 0.078.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np

keras.utils.set_random_seed(0)
EPOCHS = 2
BATCH_SIZE = 64
WIDTH = 16  # of all four networks
FOLDER = "samples/cycle_gan_digits"


def twins(digits):
    """The same digits in thick strokes: the maximum over 3x3 pixels."""
    padded = np.pad(digits, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-1)
    shifted = [padded[:, y : y + 28, x : x + 28] for y in range(3) for x in range(3)]
    return np.max(shifted, axis=0)


def matched(translated, wanted):
    """The share of images whose nearest wanted image is their own."""
    flat, others = (images.reshape(len(images), -1) for images in (translated, wanted))
    squares = (others**2).sum(axis=1) - 2 * flat @ others.T
    return np.mean(squares.argmin(axis=1) == np.arange(len(flat)))


# Data: half of the digits, and the twins of the other half.
digits = next(iter(kg.datasets.mnist(60_000, seed=0))).numpy()
conditions, images = digits[:30_000], twins(digits[30_000:])
test = next(iter(kg.datasets.mnist(1000, split="test", seed=0))).numpy()

shape = (28, 28, 1)
gan = kg.CycleGAN(
    shape,
    generators=[kg.networks.unet_generator(shape, shape, width=WIDTH) for _ in range(2)],
    discriminators=[kg.networks.patch_discriminator(shape, width=WIDTH) for _ in range(2)],
    seed=0,
)
gan.compile()
start = time.perf_counter()
monitor = kg.ImageMonitor(FOLDER, labels=test[:16])
gan.fit(images, conditions, BATCH_SIZE, EPOCHS, callbacks=[monitor], verbose=2)
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Scores, and a picture: digits, translations, twins, and the twins translated back.
thick = twins(test)
translated, back = gan.generate(labels=test), gan.generate(labels=thick, inverse=True)
for name, made, wanted, before in (
    ("to thick digits", translated, thick, test),
    ("back to thin ones", back, test, thick),
):
    error, nothing = (np.abs(images - wanted).mean() for images in (made, before))
    share, without = (matched(images, wanted) for images in (made, before))
    print(f"{name}: mean error {error:.3f} (without translation: {nothing:.3f});")
    print(f"    the nearest twin is the right one for {share:.1%} (without: {without:.1%})")
rows = [test[:12], translated[:12], thick[:12], back[:12]]
captions = ["digit", "translated", "twin", "twin, back"]
figure = kg.drawing.plot_images(np.concatenate(rows), 12, captions=captions)
figure.savefig(f"{FOLDER}/translated.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: translated.png, image.gif")
