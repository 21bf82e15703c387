"""Generate a given digit.

What you will see: after each epoch, a grid with a row for each digit, and an animation of the
training. At the end, a classifier of real digits judges whether the images show the requested
digits, and whether they are as varied as real ones.

    python examples/mnist_conditional.py

One core of an AMD EPYC (AVX2), with other programs running: 17 minutes of CPU time, including the
evaluation. Expected at the end: the classifier recognizes the requested digit in 99.4% of the
images, and for each digit, the coverage is at least 0.93 times that of real images.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np

keras.utils.set_random_seed(0)
EPOCHS = 4
BATCH_SIZE = 64  # small batches: more updates for the same amount of computation
FOLDER = "samples/mnist_conditional"
PER_DIGIT = 850  # images of each digit to compare; 20,000 contain twice as many

# Data: pairs of images and labels.
dataset = kg.datasets.mnist(batch_size=BATCH_SIZE, labels=True, seed=0)

# Model: both networks receive the digit as an input.
gan = kg.ConditionalGAN(image_shape=(28, 28, 1), num_classes=10, seed=0)
gan.compile(steps_per_execution=16)  # returns to Python less often

# Training.
start = time.perf_counter()
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
minutes = (time.perf_counter() - start) / 60

# Pictures: ten images of each digit, one row per digit.
asked = np.repeat(np.arange(10), 10)
rows = kg.drawing.plot_images(gan.generate(labels=asked, seed=1), 10, captions=range(10))
rows.savefig(f"{FOLDER}/digits.png")
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")
print(f"{minutes:.1f} minutes of training. The pictures are in {os.path.abspath(FOLDER)}:")
print("digits.png, learning_curves.png, image.gif, and image_at_epoch_....png")

# Evaluation: a classifier trained on real digits classifies generated ones.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
classifier = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
classifier.fit(images, labels, epochs=5)
asked = np.repeat(np.arange(10), PER_DIGIT)
made = gan.generate(labels=asked, seed=2)
agreement = classifier.accuracy(made, asked)
print(f"The classifier recognizes the requested digit in {agreement:.1%} of {len(asked):,} images.")

# Variety: the share of real digits with a generated digit (or another real one) nearby.
images, labels = images.numpy()[:20_000], labels.numpy()[:20_000]
features, made_features = classifier.features(images), classifier.features(made)
for digit in range(10):
    real = features[labels == digit][: 2 * PER_DIGIT]
    one, other = real[::2], real[1::2]
    _, made_coverage = kg.metrics.density_and_coverage(
        one, made_features[asked == digit][: len(one)]
    )
    _, real_coverage = kg.metrics.density_and_coverage(one, other)
    print(
        f"{digit}: coverage {made_coverage:.2f}, with real digits {real_coverage:.2f}, "
        f"ratio {made_coverage / real_coverage:.2f}"
    )
