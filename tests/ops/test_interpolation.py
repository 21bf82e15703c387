import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.ops import class_interpolation, spherical_interpolation


@given(st.integers(2, 200), st.integers(2, 20), st.integers(0, 99))
def test_the_path_turns_evenly_from_one_end_to_the_other(dim, steps, seed):
    first, last = np.random.default_rng(seed).normal(size=(2, dim))
    last *= np.linalg.norm(first) / np.linalg.norm(last)
    path = spherical_interpolation(first, last, steps).astype("float64")
    np.testing.assert_allclose(path[[0, -1]], [first, last], rtol=1e-4, atol=1e-4)
    lengths = np.linalg.norm(path, axis=1)
    np.testing.assert_allclose(lengths, lengths[0], rtol=1e-4)
    cosines = np.sum(path[1:] * path[:-1], axis=1) / (lengths[1:] * lengths[:-1])
    np.testing.assert_allclose(cosines, cosines[0], atol=1e-4)


def test_latents_in_one_direction_are_joined_by_a_line():
    path = spherical_interpolation([1.0, 1.0], [3.0, 3.0], 3)
    np.testing.assert_allclose(path, [[1, 1], [2, 2], [3, 3]])
    np.testing.assert_allclose(spherical_interpolation([1.0], [-1.0], 3)[:, 0], [1, 0, -1])


def test_classes_are_mixed_in_rows_that_sum_to_one():
    weights = class_interpolation(3, 1, num_classes=5, num_steps=5)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_allclose(weights[:, 3], [1, 0.75, 0.5, 0.25, 0])
    assert not weights[:, [0, 2, 4]].any()


def test_bad_ends():
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(3,\)"):
        spherical_interpolation(np.ones(2), np.ones(3), 4)
    with pytest.raises(ValueError, match="nonzero"):
        spherical_interpolation(np.zeros(2), np.ones(2), 4)
    with pytest.raises(ValueError, match="num_steps=1"):
        spherical_interpolation(np.ones(2), np.ones(2), 1)
    with pytest.raises(ValueError, match="last=5"):
        class_interpolation(0, 5, num_classes=5, num_steps=2)
