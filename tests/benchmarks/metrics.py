"""How long the metrics take on features of 10,000 real and 10,000 generated images.

python tests/benchmarks/metrics.py
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import time

import numpy as np

from keras_gans import metrics

COUNT = 10_000
CASES = [
    ("precision and recall, k = 3", 512, metrics.precision_and_recall),
    ("density and coverage, k = 5", 512, metrics.density_and_coverage),
    ("kernel distance, all pairs", 512, metrics.kernel_distance),
    (
        "kernel distance, 100 subsets of 1,000",
        512,
        lambda a, b: metrics.kernel_distance(a, b, 1000),
    ),
    ("Fréchet distance", 512, metrics.frechet_distance),
    ("precision and recall, k = 3", 2048, metrics.precision_and_recall),
    ("kernel distance, all pairs", 2048, metrics.kernel_distance),
    ("Fréchet distance", 2048, metrics.frechet_distance),
]

print(
    f"| metric | features | seconds, median of 3, {COUNT:,} and {COUNT:,} images |\n|---|---|---|"
)
for name, num_features, measure in CASES:
    real, fake = np.random.default_rng(0).normal(size=(2, COUNT, num_features)).astype("float32")
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        with open(os.devnull, "w") as nothing:  # without progress bars
            from contextlib import redirect_stdout

            with redirect_stdout(nothing):
                measure(real, fake)
        seconds.append(time.perf_counter() - start)
    print(f"| {name} | {num_features} | {np.median(seconds):.1f} |")
