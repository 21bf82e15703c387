"""Principal components and k-means, against scikit-learn and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.ops import clustering


@pytest.fixture
def rows():
    generator = np.random.default_rng(0)
    mixed = generator.normal(size=(900, 5)) @ generator.normal(size=(5, 30)) * 3
    rows = (mixed + generator.normal(size=(900, 30))).astype("float32")
    return rows - rows.mean(0)


def test_components_are_those_of_scikit_learn(rows):
    from sklearn.decomposition import PCA

    components = clustering.principal_components(rows, 5)
    exact = PCA(5, svd_solver="full").fit(rows).components_.T
    np.testing.assert_allclose(np.abs((components * exact).sum(0)), 1, atol=1e-4)


def test_components_are_orthonormal_whatever_the_shape():
    for shape in ((3, 40), (40, 3), (8, 8)):
        rows = np.random.default_rng(1).normal(size=shape).astype("float32")
        components = clustering.principal_components(rows, 3)
        assert components.shape == (shape[1], 3)
        np.testing.assert_allclose(components.T @ components, np.eye(3), atol=1e-5)


def test_clusters_are_as_tight_as_those_of_scikit_learn(rows):
    from sklearn.cluster import KMeans

    centers = clustering.k_means(rows, 12)
    nearest = clustering.nearest_centers(rows, centers)
    spread = ((rows - centers[nearest]) ** 2).sum()
    assert spread < 1.1 * KMeans(12, n_init=3, random_state=0).fit(rows).inertia_


def test_each_center_is_the_mean_of_the_rows_that_are_nearest_to_it(rows):
    centers = clustering.k_means(rows, 7)
    nearest = clustering.nearest_centers(rows, centers)
    distances = ((rows[:, None] - centers[None]) ** 2).sum(-1)
    np.testing.assert_array_equal(nearest, distances.argmin(1))
    for number, center in enumerate(centers):
        np.testing.assert_allclose(rows[nearest == number].mean(0), center, atol=1e-4)


@given(st.integers(1, 6), st.integers(1, 30), st.integers(1, 4))
def test_there_are_no_more_clusters_than_different_rows(different, repeated, size):
    rows = np.random.default_rng(0).normal(size=(different, size)).astype("float32")
    rows = np.repeat(rows, repeated, axis=0)
    centers = clustering.k_means(rows, len(rows))
    assert len(centers) == different
    np.testing.assert_allclose(rows, centers[clustering.nearest_centers(rows, centers)], atol=1e-5)


def test_a_start_is_continued(rows):
    first = clustering.k_means(rows, 5, seed=1)
    np.testing.assert_array_equal(clustering.k_means(rows, 5, centers=first), first)
