"""Metrics of all pairs hold a block of the pairs, and no second copy of the features."""

import tracemalloc

import numpy as np
import pytest

from keras_gans import metrics

COUNT = 6000
PAIRS = 8 * COUNT**2  # bytes of all distances in float64: 288 MB
FEATURES = np.random.default_rng(0).normal(size=(2, COUNT, 32)).astype("float32")


@pytest.mark.parametrize(
    "measure",
    [
        metrics.precision_and_recall,
        metrics.density_and_coverage,
        metrics.nearest_distances,
        metrics.kernel_distance,
        metrics.frechet_distance,
    ],
)
def test_a_fraction_of_all_pairs_is_in_memory(measure):
    tracemalloc.start()
    measure(*FEATURES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < PAIRS / 5


@pytest.mark.parametrize("measure", [metrics.kernel_distance, metrics.frechet_distance])
def test_large_features_are_not_copied(measure):
    features = np.random.default_rng(0).normal(size=(2, 40_000, 256)).astype("float32")
    arguments = [1000, 2] if measure is metrics.kernel_distance else []
    tracemalloc.start()
    measure(*features, *arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < features.nbytes  # a copy of one set in float64 is as large


def test_training_images_are_converted_in_blocks():
    class Counting(metrics.RawPixels):
        most = 0

        def features(self, images):
            self.most = max(self.most, len(images))
            return super().features(images)

    images = np.random.default_rng(0).integers(0, 256, (3000, 2, 2, 1), "uint8")
    judge = Counting()
    metric = metrics.NearestTrainingImage(judge, training_images=images)
    assert judge.most < 3000
    metric.update_state(images[:2] // 2, images[-5:])  # the last block, too
    assert metric.result() == {"nearest_distance": 0.0, "near_copies": 1.0}
