import numpy as np
import pytest

from keras_gans.metrics import DomainClassifier, coverage


def brute_force_coverage(real, fake, k):
    covered = 0
    for i, x in enumerate(real):
        distances = np.sort(np.linalg.norm(np.delete(real, i, 0) - x, axis=1))
        covered += np.linalg.norm(fake - x, axis=1).min() <= distances[k - 1] + 1e-12
    return covered / len(real)


@pytest.mark.parametrize("k", [1, 5])
def test_coverage_by_brute_force(k):
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(200, 3)), rng.normal(size=(60, 3)) * 0.5
    assert coverage(real, fake, k) == pytest.approx(brute_force_coverage(real, fake, k))


def test_coverage_of_the_same_distribution_is_near_its_expectation():
    real, fake = np.random.default_rng(0).normal(size=(2, 3000, 4))
    assert coverage(real, fake) == pytest.approx(1 - 0.5**5, abs=0.01)


def test_coverage_of_one_mode_of_two_is_half():
    rng = np.random.default_rng(0)
    real = np.concatenate([rng.normal(size=(500, 2)), rng.normal(size=(500, 2)) + 50])
    assert coverage(real, rng.normal(size=(5000, 2))) == pytest.approx(0.5, abs=0.01)


def test_bad_features():
    with pytest.raises(ValueError, match="Flatten"):
        coverage(np.zeros((9, 2)), np.zeros((9, 3)))
    with pytest.raises(ValueError, match="more than k=5"):
        coverage(np.zeros((5, 2)), np.zeros((9, 2)))


def test_a_classifier_tells_black_from_white():
    images = np.zeros((64, 12, 12, 1), "uint8")
    images[::2] = 255
    labels = np.arange(64) % 2
    classifier = DomainClassifier((12, 12, 1), num_classes=2)
    classifier.fit(images, labels, epochs=5, batch_size=8)
    assert classifier.accuracy(images, labels) == 1.0
    assert classifier.features(images).shape == (64, 128)
    np.testing.assert_allclose(classifier.probabilities(images).sum(1), 1, rtol=1e-5)
    same = classifier.probabilities(images / 127.5 - 1)
    np.testing.assert_allclose(classifier.probabilities(images), same, atol=1e-5)
