import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.ops import to_uint8, to_value_range

RANGES = st.sampled_from([(-1.0, 1.0), (0.0, 1.0), (-3.0, 5.0)])


@given(RANGES)
def test_every_pixel_survives_the_way_to_the_range_and_back(value_range):
    pixels = np.arange(256, dtype="uint8")
    floats = np.asarray(to_value_range(pixels, value_range))
    assert (to_uint8(floats, value_range) == pixels).all()


def test_uint8_maps_to_the_ends():
    floats = np.asarray(to_value_range(np.array([0, 255], "uint8"), (-1, 1)))
    np.testing.assert_allclose(floats, [-1, 1], atol=1e-6)


def test_bool_maps_to_the_two_ends():
    floats = np.asarray(to_value_range(np.array([False, True]), (-2, 3)))
    np.testing.assert_allclose(floats, [-2, 3])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_keep_their_values(dtype):
    floats = to_value_range(np.array([0.5], dtype), (-1, 1))
    assert floats.dtype == "float32"
    assert float(floats[0]) == 0.5


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_integers_are_read_as_0_to_255(dtype):
    assert to_value_range(np.array([0, 51, 255], dtype), (0, 5)).numpy().tolist() == [0, 1, 5]


def test_what_is_no_number_is_an_error():
    with pytest.raises(ValueError, match=r"Received: images=.*dtype complex64"):
        to_value_range(np.array([1], "complex64"), (-1, 1))


def test_values_outside_are_clipped_for_the_screen():
    assert to_uint8(np.array([-9.0, 9.0]), (-1, 1)).tolist() == [0, 255]
