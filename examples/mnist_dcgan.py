"""Generate handwritten digits from noise.

What you will see: a grid of digits after each epoch, an animation of the training, and the learning
curves. At the end, a classifier of real digits judges how recognizable the generated ones are.

    python examples/mnist_dcgan.py

One core of an Intel Xeon (AMX): 5.4 minutes of training, 9 including the evaluation. Expected at
the end: the classifier is at least 0.9 sure of 88% of the generated digits (of 98% of real ones),
and each digit makes up at least 8% of them.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np

keras.utils.set_random_seed(0)
EPOCHS = 5
BATCH_SIZE = 64  # small batches: more updates for the same amount of computation
FOLDER = "samples/mnist_dcgan"
SURE = 0.9

# Data: 60,000 digits, 28x28 pixels, grayscale, floats in [-1, 1].
dataset = kg.datasets.mnist(batch_size=BATCH_SIZE, seed=0)

# Model: the shape of the images determines the networks; everything else has defaults.
gan = kg.DCGAN(image_shape=(28, 28, 1), seed=0)
gan.compile(steps_per_execution=16)  # returns to Python less often
gan.summary()

# Training.
start = time.perf_counter()
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
minutes = (time.perf_counter() - start) / 60

# Pictures.
digits = gan.generate(100, seed=1)
kg.drawing.plot_images(digits, columns=10).savefig(f"{FOLDER}/digits.png")
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")
print(f"{minutes:.1f} minutes of training. The pictures are in {os.path.abspath(FOLDER)}:")
print("digits.png, learning_curves.png, image.gif, and image_at_epoch_....png")

# Evaluation: a classifier trained on real digits classifies 1,000 generated ones.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
classifier = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
classifier.fit(images, labels, epochs=8)
test_images, test_labels = next(iter(kg.datasets.mnist(5_000, split="test", labels=True, seed=0)))
probabilities = classifier.probabilities(gan.generate(1000, seed=2))
sure = np.mean(probabilities.max(axis=1) >= SURE)
shares = np.bincount(probabilities.argmax(axis=1), minlength=10) / 1000
print(
    f"The classifier recognizes {classifier.accuracy(test_images, test_labels):.1%} of test digits."
)
print(f"It is at least {SURE} sure of {sure:.1%} of 1,000 generated digits")
print(
    f"(of {np.mean(classifier.probabilities(test_images).max(axis=1) >= SURE):.1%} of real ones);"
)
print(f"the rarest digit is {shares.argmin()}, {shares.min():.1%} of them.")
