import numpy as np
import pytest
import scipy.linalg

from keras_gans.metrics import FrechetDistance, RawPixels, frechet_distance


def gaussian(mean, covariance, count=40_000, seed=0):
    """A sample whose mean and covariance are exactly these."""
    x = np.random.default_rng(seed).normal(size=(count, len(mean)))
    x -= x.mean(axis=0)
    x = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T))).T
    return x @ np.linalg.cholesky(covariance).T + mean


def test_two_gaussians_in_closed_form():
    mean, other = np.array([0.0, 1.0]), np.array([2.0, 0.0])
    first, second = np.diag([4.0, 1.0]), np.diag([1.0, 9.0])
    expected = 5 + (2 - 1) ** 2 + (1 - 3) ** 2  # commuting covariances: differences of deviations
    assert frechet_distance(gaussian(mean, first), gaussian(other, second)) == pytest.approx(
        expected, rel=1e-9
    )


@pytest.mark.parametrize("count", [40, 500])  # 40 images have no full rank
def test_against_scipys_matrix_root(count):
    rng = np.random.default_rng(0)
    mix = rng.normal(size=(64, 64))
    real, fake = rng.normal(size=(count, 64)), rng.normal(size=(count, 64)) @ mix * 0.3 + 0.2
    s, t = np.cov(real.T), np.cov(fake.T)
    root = scipy.linalg.sqrtm(s @ t)
    expected = np.sum((real.mean(0) - fake.mean(0)) ** 2) + np.trace(s + t - 2 * root.real)
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-4)


def test_identity_gives_zero():
    x = np.random.default_rng(0).normal(size=(500, 30)) * np.logspace(-3, 3, 30)
    assert frechet_distance(x, x) < 1e-6 * x.var(axis=0).sum()


def test_a_far_mean_costs_no_digits():
    x = np.random.default_rng(0).normal(size=(2, 1000, 4))
    metric = FrechetDistance(RawPixels())
    metric.num_real = metric.num_fake = 1000
    for real, fake in zip(np.split(x[0] + 1e6, 10), np.split(x[1] + 1e6, 10), strict=True):
        metric.update_real(real, None)
        metric.update_fake(fake, None)
    assert metric.result() == pytest.approx(frechet_distance(*x), rel=1e-4)


def test_fewer_images_than_features_warn_with_the_rank():
    metric = FrechetDistance(RawPixels())
    x = np.random.default_rng(0).uniform(-1, 1, (20, 30))
    metric.update_state(x, x)
    with pytest.warns(UserWarning, match="20 images and 30 features, so the rank .* at most 19"):
        metric.result()


def test_one_image_is_an_error():
    metric = FrechetDistance(RawPixels())
    metric.update_state(np.zeros((1, 2)), np.zeros((1, 2)))
    with pytest.raises(ValueError, match="two images of each kind"):
        metric.result()
    with pytest.raises(ValueError, match="at least 2 real"):
        frechet_distance(np.zeros((1, 2)), np.zeros((5, 2)))
