import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.layers import LabelEmbedding, LabelPlanes


@given(st.integers(0, 9), st.integers(8, 20), st.integers(8, 20))
def test_the_plane_of_the_class_is_one_and_all_others_zero(label, height, width):
    images = np.random.normal(size=(2, height, width, 3)).astype("float32")
    labels = np.array([label, 0])
    out = np.asarray(LabelPlanes(num_classes=10)([images, labels]))
    np.testing.assert_array_equal(out[..., :3], images)
    for row, one in enumerate(labels):
        for plane in range(10):
            assert (out[row, :, :, 3 + plane] == (plane == one)).all()


def test_float_conditions_become_constant_planes():
    conditions = np.array([[0.25, -1.0], [3.0, 0.5]], "float32")
    out = np.asarray(LabelPlanes()([np.zeros((2, 8, 9, 1), "float32"), conditions]))
    assert out.shape == (2, 8, 9, 3)
    for row in range(2):
        for plane in range(2):
            assert (out[row, :, :, 1 + plane] == conditions[row, plane]).all()


@given(st.lists(st.integers(1, 6), max_size=3), st.integers(1, 3), st.integers(0, 3))
def test_planes_of_vectors_series_and_volumes(sides, channels, label):
    samples = np.random.normal(size=(2, *sides, channels)).astype("float32")
    layer = LabelPlanes(num_classes=4)
    for labels in (np.array([label, 0]), np.array([[label], [0]])):
        out = np.asarray(layer([samples, labels]))
        np.testing.assert_array_equal(out[..., :channels], samples)
        planes = np.broadcast_to(np.eye(4)[label], (*sides, 4))
        np.testing.assert_array_equal(out[0, ..., channels:], planes)
        assert out.shape == layer.compute_output_shape([samples.shape, labels.shape])


def test_embedding_of_a_class_is_its_row():
    layer = LabelEmbedding(4, num_classes=5)
    out = np.asarray(layer(np.array([3, 0])))
    np.testing.assert_allclose(out, layer.embeddings.numpy()[[3, 0]], rtol=1e-6)


def test_embedding_equals_that_of_keras():
    ours, theirs = LabelEmbedding(4, num_classes=5), keras.layers.Embedding(5, 4)
    labels = np.array([1, 4, 1])
    ours(labels), theirs(labels)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(labels), theirs(labels), rtol=1e-6)


@pytest.mark.parametrize("shape", [(6,), (6, 1)])
def test_classes_may_have_a_trailing_axis(shape):
    assert LabelEmbedding(4, num_classes=5)(np.zeros(shape, "int32")).shape == (6, 4)


@pytest.mark.parametrize("layer", [LabelEmbedding(3, num_classes=2), LabelPlanes(7)])
def test_layers_survive_their_config(layer):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
