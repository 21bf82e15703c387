"""Counts pairs of real images that look the same to `HealthMonitor`, which warns above 25%.

    python tests/benchmarks/near_equal_pairs.py

Needs KERAS_GANS_DATA. Sets that are not in this folder are skipped.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path

import numpy as np

import keras_gans as kg

NEAR = 0.02  # of the value range, root mean square, as in `HealthMonitor`
COUNT = 500  # images of each set, all pairs
FOLDER = Path(os.environ["KERAS_GANS_DATA"])


def arrays(path, *keys):
    """Returns the arrays of a file as images in [0, 1], or nothing if there is no file."""
    if not (FOLDER / path).exists():
        return {}
    loaded = np.load(FOLDER / path)
    if not keys:
        return {Path(path).stem: loaded / 255}
    return {f"{Path(path).stem}, {key}": loaded[key] / 255 for key in keys}


sets = {}
for name in ("mnist", "fashion_mnist", "cifar10", "mechanical_designs"):
    images = next(iter(getattr(kg.datasets, name)(COUNT, seed=0)))
    sets[name] = (np.asarray(images) + 1) / 2
sets |= arrays("quickdraw/sheep_first1000.npy")
sets |= arrays("quickdraw/six_categories_3000.npz", "diamond", "eye", "apple")
sets |= arrays("sheep_market/sheep_market_28x28.npz", "train")
for name, values in arrays("topopt/topopt_corner_80x80.npz", "designs").items():
    sets[name] = values * 255

print(f"| set | near-equal pairs (below {NEAR:.0%} of the range) | nearest pair |\n|---|---|---|")
for name, images in sets.items():
    flat = images[:COUNT].reshape(COUNT, -1)
    distances = np.sqrt(np.mean((flat[:, None] - flat[None]) ** 2, axis=-1))
    pairs = distances[np.triu_indices(COUNT, 1)]
    print(f"| {name} | {np.mean(pairs < NEAR):.3%} | {pairs.min():.1%} |")
