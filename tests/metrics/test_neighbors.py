import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from keras_gans.metrics import density_and_coverage, nearest_distances, precision_and_recall


def sets(count=1500, other=1500, shift=0.5):
    rng = np.random.default_rng(0)
    return rng.normal(size=(count, 6)), rng.normal(size=(other, 6)) * 0.8 + shift


def radii(points, k):
    return NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points)[0][:, k]


def inside(points, centers, radius):
    """Which of the points lie in which ball, by brute force."""
    return np.linalg.norm(points[:, None] - centers[None], axis=-1) <= radius[None]


@pytest.mark.parametrize("k", [1, 3, 5])
def test_precision_and_recall_against_scikit_learn(k):
    real, fake = sets()
    precision, recall = precision_and_recall(real, fake, k)
    expected = inside(fake, real, radii(real, k)).any(axis=1).mean()
    assert precision == pytest.approx(expected, abs=1 / len(fake))
    expected = inside(real, fake, radii(fake, k)).any(axis=1).mean()
    assert recall == pytest.approx(expected, abs=1 / len(real))
    assert precision != recall


@pytest.mark.parametrize("k", [1, 5])
def test_density_and_coverage_against_scikit_learn(k):
    real, fake = sets()
    density, coverage = density_and_coverage(real, fake, k)
    balls = inside(fake, real, radii(real, k))
    assert density == pytest.approx(balls.sum() / (k * len(fake)), rel=1e-3)
    assert coverage == pytest.approx(balls.any(axis=0).mean(), abs=1 / len(real))


def test_equal_distributions_give_what_the_papers_expect():
    real, fake = np.random.default_rng(0).normal(size=(2, 3000, 4))
    density, coverage = density_and_coverage(real, fake)
    assert density == pytest.approx(1.0, abs=0.05)
    assert coverage == pytest.approx(1 - 0.5**5, abs=0.01)


def test_one_mode_of_two():
    rng = np.random.default_rng(0)
    real = np.concatenate([rng.normal(size=(1000, 2)), rng.normal(size=(1000, 2)) + 50])
    fake = rng.normal(size=(2000, 2))
    precision, recall = precision_and_recall(real, fake)
    assert precision > 0.95
    assert recall == pytest.approx(0.5, abs=0.02)
    assert density_and_coverage(real, fake)[1] == pytest.approx(0.5, abs=0.02)


@given(st.integers(6, 60), st.integers(1, 5), st.floats(-1e4, 1e4))
def test_equal_sets_are_precise_wherever_they_lie(count, k, shift):
    x = np.random.default_rng(count).normal(size=(count, 3)) + shift
    assert precision_and_recall(x, x, k) == (1.0, 1.0)
    assert density_and_coverage(x, x, k)[1] == 1.0


def test_copies_are_neighbors_at_distance_zero():
    x = np.repeat(np.random.default_rng(0).normal(size=(20, 500)) + 100, 5, axis=0)
    assert precision_and_recall(x, x, 3) == (1.0, 1.0)
    assert nearest_distances(x, x[::-1])[0].max() == 0.0
    assert precision_and_recall(x, x + 1e-3, 3)[0] == 0.0  # balls of copies have no radius


def test_a_far_sample_leaves_the_distances_of_the_others():
    real, fake = sets(200, 200)
    expected = *precision_and_recall(real, fake), *density_and_coverage(real, fake)
    nearest = nearest_distances(fake, real)[0]
    real = np.concatenate([real, np.full((1, real.shape[1]), 1e9)])
    with pytest.warns(UserWarning, match="depends on both numbers"):
        found = *precision_and_recall(real, fake), *density_and_coverage(real, fake)
    np.testing.assert_allclose(found, expected, atol=0.02)
    np.testing.assert_allclose(nearest_distances(fake, real)[0], nearest, rtol=1e-6)


def test_nearest_distances_against_scikit_learn():
    rows, others = sets(1100, 1300)
    distances, places = nearest_distances(rows, others)
    expected = NearestNeighbors(n_neighbors=1).fit(others).kneighbors(rows)
    np.testing.assert_allclose(distances, expected[0][:, 0])
    np.testing.assert_array_equal(places, expected[1][:, 0])


def test_unequal_sizes_warn():
    real, fake = sets(50, 30)
    with pytest.warns(UserWarning, match="50 real and 30 generated"):
        precision_and_recall(real, fake)


def test_bad_features():
    with pytest.raises(ValueError, match="Flatten"):
        density_and_coverage(np.zeros((9, 2)), np.zeros((9, 3)))
    with pytest.raises(ValueError, match="more than k=5"):
        density_and_coverage(np.zeros((5, 2)), np.zeros((5, 2)))
    with pytest.raises(ValueError, match="NaN or infinity in the features of 1 of 9 generated"):
        density_and_coverage(np.zeros((9, 1)), np.array([[np.nan]] + [[0.0]] * 8))
