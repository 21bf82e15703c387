import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from keras_gans.metrics import kernel_distance


def sample(count=400, shift=0.0, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 8)) + shift


def test_against_scikit_learns_kernel():
    real, fake = sample(1500), sample(1200, 0.3, 1)
    kernels = [polynomial_kernel(a, b, 3) for a, b in ((real, real), (fake, fake), (real, fake))]
    within = [(k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in kernels[:2]]
    expected = sum(within) - 2 * kernels[2].mean()
    assert kernel_distance(real, fake) == pytest.approx(expected, rel=1e-3)
    assert kernel_distance(real[:1200], fake, subset_size=1200, num_subsets=1) == pytest.approx(
        kernel_distance(real[:1200], fake), rel=1e-9
    )


def test_it_is_unbiased():
    small = [kernel_distance(sample(20, 0, i), sample(20, 0, 1000 + i)) for i in range(300)]
    assert abs(np.mean(small)) < 3 * np.std(small) / 300**0.5
    assert min(small) < 0 < max(small)


def test_subsets_have_the_mean_of_all_pairs():
    real, fake = sample(1000), sample(1000, 0.5, 1)
    of_subsets = kernel_distance(real, fake, subset_size=200, num_subsets=50)
    assert of_subsets == pytest.approx(kernel_distance(real, fake), rel=0.1)
    assert of_subsets != kernel_distance(real, fake)


def test_subsets_do_not_depend_on_the_order_of_images():
    real, fake = sample(300), sample(300, 0.5, 1)
    assert kernel_distance(real[::-1], fake[::-1], 100, 5) == kernel_distance(real, fake, 100, 5)


def test_too_large_subsets_are_an_error():
    with pytest.raises(ValueError, match=r"subset_size=500\. There are 400 real"):
        kernel_distance(sample(), sample(), subset_size=500)
