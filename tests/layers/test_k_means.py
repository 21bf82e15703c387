"""Clusters as a layer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans as kg
from keras_gans.ops import clustering


@pytest.fixture
def images():
    """Three kinds of 4x4 images: 300 bright, 200 gray, 100 dark."""
    levels = np.repeat([0.8, 0.0, -0.8], [300, 200, 100])
    noise = np.random.default_rng(0).normal(0, 0.1, (600, 4, 4, 1))
    return (levels[:, None, None, None] + noise).astype("float32")


def test_clusters_are_numbered_from_the_largest(images):
    layer = kg.layers.KMeans(3)
    layer.adapt(images)
    np.testing.assert_allclose(layer.shares, [1 / 2, 1 / 3, 1 / 6], atol=1e-6)
    np.testing.assert_array_equal(layer(images), np.repeat([0, 1, 2], [300, 200, 100]))


def test_the_cluster_is_the_nearest_center_among_the_components(images):
    layer = kg.layers.KMeans(9, num_components=4)
    layer.adapt(images)
    rows = (images.reshape(600, -1) - layer.mean.numpy()) @ layer.components.numpy()
    np.testing.assert_array_equal(
        layer(images), clustering.nearest_centers(rows, layer.centers.numpy())
    )


@pytest.mark.parametrize("offset", [(1e4, 1e4), (1e4, -1e4)])
def test_far_from_the_origin_and_from_each_other(offset):
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) + np.repeat([[0, 0], offset], 2, axis=0)
    kinds = np.repeat(np.arange(4), [400, 300, 200, 100])
    points = corners[kinds] + np.random.default_rng(0).normal(0, 0.1, (1000, 2)) + 1e4
    layer = kg.layers.KMeans(4, seed=1)
    layer.adapt(points.astype("float32"))
    np.testing.assert_array_equal(layer(points.astype("float32")), kinds)


def test_an_offset_changes_nothing(images):
    layers = [kg.layers.KMeans(3, num_components=2) for _ in range(2)]
    many = np.tile(images, (20, 1, 1, 1))
    for layer, offset in zip(layers, (0, 1e4), strict=True):
        layer.adapt(many + np.float32(offset))
    exact = (many + np.float32(1e4)).astype("float64").reshape(len(many), -1).mean(0)
    np.testing.assert_allclose(layers[1].mean, exact, atol=1e-3)
    np.testing.assert_array_equal(layers[0](images), layers[1](images + np.float32(1e4)))


def test_there_are_as_many_clusters_as_the_data_bear(images):
    layer = kg.layers.KMeans(50)
    layer.adapt(images[::6])  # 100 images
    assert layer.num_found == 2
    assert np.max(layer(images)) == 1
    assert np.max(layer(images.mean(0, keepdims=True))) <= 1  # centers that are not used are zero
    with pytest.raises(ValueError, match=r"in \[0, 2\)"):
        layer.check_clusters(np.array([2]))


def test_any_data_give_the_same_clusters(images):
    layers = [kg.layers.KMeans(5) for _ in range(3)]
    layers[0].adapt(images)
    layers[1].adapt(tf.data.Dataset.from_tensor_slices(images).batch(70))
    layers[2].adapt(batch for batch in np.split(images, 6))
    for layer in layers[1:]:
        np.testing.assert_array_equal(layer.centers, layers[0].centers)


def test_samples_have_the_shares(images):
    layer = kg.layers.KMeans(3)
    layer.adapt(images)
    drawn = layer.sample(30_000, seed=0)
    np.testing.assert_allclose(np.bincount(drawn) / 30_000, layer.shares, atol=0.01)
    np.testing.assert_array_equal(layer.sample(10, seed=0), drawn[:10])
    assert not np.array_equal(layer.sample(100), layer.sample(100))


def test_features_take_the_place_of_pixels(images):
    mean = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1, kernel_initializer="ones"),
        ]
    )
    layer = kg.layers.KMeans(3, features=mean)
    layer.adapt(images)
    assert layer.mean.shape == (1,)
    assert layer.trainable_variables == []  # the game does not train them,
    assert len(mean.trainable_variables) == 2  # and their owner still can
    shuffled = images.reshape(600, 16)[:, ::-1].reshape(images.shape)
    np.testing.assert_array_equal(layer(shuffled), layer(images))


def test_it_is_saved(images, tmp_path):
    inputs = keras.Input((4, 4, 1))
    layer = kg.layers.KMeans(3, seed=4)
    model = keras.Model(inputs, layer(inputs))
    layer.adapt(images)
    model.save(tmp_path / "clusters.keras")
    loaded = keras.saving.load_model(tmp_path / "clusters.keras")
    np.testing.assert_array_equal(loaded(images), layer(images))


def test_precision_is_that_of_float32(images):
    layer = kg.layers.KMeans(3)
    layer.adapt(images)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        low = kg.layers.KMeans(3)
        low.adapt(images)
        np.testing.assert_array_equal(low(images), layer(images))
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kg.layers.KMeans(0), "num_clusters=0"),
        (lambda: kg.layers.KMeans(2.5), "num_clusters=2.5"),
        (lambda: kg.layers.KMeans(2).adapt([]), "data without images"),
        (lambda: kg.layers.KMeans(2).adapt(np.full((9, 2), np.nan)), "NaN or infinity"),
        (lambda: kg.layers.KMeans(2).check_adapted(), "has not been adapted"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
