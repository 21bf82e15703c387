"""Compares the distances of this library with those of torch-fidelity, on the same features.

The two run in different environments and share a file of features:

    python tests/benchmarks/against_torch_fidelity.py write features.npz
    pip install torch==2.13.0 torch-fidelity==0.4.0          # in another environment
    python tests/benchmarks/against_torch_fidelity.py compare features.npz

There are two pairs of sets: features that a classifier of MNIST computes for test digits and for
training digits shifted by a pixel, and 2,048 random features, non-negative and correlated like
those of Inception. Needs KERAS_GANS_DATA.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

COUNT = 5000
NAMES = ("frechet", "kernel", "precision", "recall")
BOUNDS = {"frechet": 1e-4, "kernel": 1e-3, "precision": 1 / COUNT, "recall": 1 / COUNT}


def digits():
    """Returns classifier features `(N, 128)` of test digits and of shifted training digits."""
    import keras_gans as kg  # before Keras, which would print messages

    import keras

    keras.utils.set_random_seed(0)
    images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
    test = next(iter(kg.datasets.mnist(COUNT, split="test", seed=0)))
    classifier = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
    classifier.fit(images, labels, epochs=1, verbose=0)
    shifted = np.roll(images[:COUNT], 1, axis=(1, 2))
    return classifier.features(test), classifier.features(shifted)


def random_features():
    """Returns random features `(N, 2048)`; the second set is slightly different."""
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(64, 2048)) / 8
    normal = rng.normal(size=(2, COUNT, 64)) * np.array([1.0, 0.9])[:, None, None]
    x = normal @ mixing + 0.3 * rng.normal(size=(2, COUNT, 2048))
    return np.maximum(x, 0.0).astype("float32")


def write(path):
    """Measures with keras_gans, and writes the features and the results."""
    from keras_gans import metrics

    arrays = {}
    for name, (real, fake) in {"digits": digits(), "random": random_features()}.items():
        numbers = [
            metrics.frechet_distance(real, fake),
            metrics.kernel_distance(real, fake, subset_size=COUNT, num_subsets=1),
            *metrics.precision_and_recall(real, fake),
        ]
        arrays |= {f"{name}_real": real, f"{name}_fake": fake, f"{name}_numbers": numbers}
    np.savez(path, **arrays)


def compare(path):
    """Measures with torch-fidelity, and prints both results."""
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric

    arrays = np.load(path)
    print(
        "Differences of distances are relative.\n\n"
        "| features | number | keras_gans | torch-fidelity | difference | bound |"
    )
    print("|---|---|---|---|---|---|")
    for name in ("digits", "random"):
        real, fake = (torch.from_numpy(arrays[f"{name}_{kind}"]) for kind in ("real", "fake"))
        statistics = [fid_features_to_statistics(features) for features in (fake, real)]
        subset = {"kid_subsets": 1, "kid_subset_size": COUNT}
        neighbors = prc_features_to_metric(fake, real, verbose=False)
        theirs = [
            fid_statistics_to_metric(*statistics, False)["frechet_inception_distance"],
            kid_features_to_metric(fake, real, verbose=False, **subset)[
                "kernel_inception_distance_mean"
            ],
            neighbors["precision"],
            neighbors["recall"],
        ]
        for number, ours, other in zip(NAMES, arrays[f"{name}_numbers"], theirs, strict=True):
            difference = abs(ours - other)
            if number in ("frechet", "kernel"):
                difference /= abs(other)
            good = "<" if difference < BOUNDS[number] else "not below"
            print(
                f"| {name} {tuple(real.shape)} | {number} | {ours:.7g} | {other:.7g} | "
                f"{difference:.1e} | {good} {BOUNDS[number]:.0e} |"
            )


if __name__ == "__main__":
    {"write": write, "compare": compare}[sys.argv[1]](sys.argv[2])
