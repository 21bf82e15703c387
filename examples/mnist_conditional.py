"""Draw the digit that is asked for.

What you will see: a grid with a row for each digit after each epoch, an animation of the whole
training, and a judgement by a classifier of real digits: whether the digits are the ones that
were asked for, and whether they are as varied as real ones.

    python examples/mnist_conditional.py

One core of an Intel Xeon (AMX), other work next to it: 5.3 minutes of training, 9 with the
judgement. Expected at the end: the classifier reads the digit that was asked for on 99% of them,
and for each digit the generated ones cover at least 0.89 of what real ones cover.

Without internet access, set KERAS_GANS_DATA to a folder that holds MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up messages of TensorFlow

import keras_gans as kg  # before Keras, which would print some

import time

import keras
import numpy as np

keras.utils.set_random_seed(0)
EPOCHS = 4
BATCH_SIZE = 64  # small batches: many updates for the same arithmetic
FOLDER = "samples/mnist_conditional"
PER_DIGIT = 850  # images of each digit that are compared; 20,000 hold twice that of each

# Data: pairs of images and labels.
dataset = kg.datasets.mnist(batch_size=BATCH_SIZE, labels=True, seed=0)

# Model: both networks are told the digit.
gan = kg.ConditionalGAN(image_shape=(28, 28, 1), num_classes=10, seed=0)
gan.compile(steps_per_execution=16)  # returns to Python less often

# Training.
start = time.perf_counter()
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
minutes = (time.perf_counter() - start) / 60

# Pictures: ten of each digit, a row per digit.
asked = np.repeat(np.arange(10), 10)
rows = kg.drawing.plot_images(gan.generate(labels=asked, seed=1), 10, captions=range(10))
rows.savefig(f"{FOLDER}/digits.png")
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")
print(f"{minutes:.1f} minutes of training. The pictures are in {os.path.abspath(FOLDER)}:")
print("digits.png, learning_curves.png, image.gif, and image_at_epoch_....png")

# Judgement: a classifier that was trained on real digits looks at new ones.
images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
classifier = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
classifier.fit(images, labels, epochs=5)
asked = np.repeat(np.arange(10), PER_DIGIT)
made = gan.generate(labels=asked, seed=2)
agreement = classifier.accuracy(made, asked)
print(f"The classifier reads the digit that was asked for on {agreement:.1%} of {len(asked):,}.")

# Variety: the share of real digits that have a generated one (or another real one) near them.
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
        f"{digit}: coverage {made_coverage:.2f}, of real by real {real_coverage:.2f}, "
        f"ratio {made_coverage / real_coverage:.2f}"
    )
