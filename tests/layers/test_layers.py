import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

import keras_gans as kg
from keras_gans.layers import (
    BilinearDownsampling,
    BilinearUpsampling,
    ConditionalBatchNormalization,
    LearnedBasis,
    MinibatchStandardDeviation,
    SelfAttention,
    SpectralNormalization,
)


def maps(count=3, height=4, width=5, channels=2, seed=0):
    return np.random.default_rng(seed).normal(size=(count, height, width, channels)).astype("f4")


def normalized(kind, shape, **arguments):
    layer = SpectralNormalization(kind(6, use_bias=False, **arguments))
    layer.build((None, *shape))
    return layer


KINDS = {
    "Dense": (keras.layers.Dense, (5,), {}),
    "Conv2D": (keras.layers.Conv2D, (8, 8, 5), {"kernel_size": 3}),
    "Conv2DTranspose": (keras.layers.Conv2DTranspose, (8, 8, 5), {"kernel_size": 4}),
}


def largest_singular_value(layer):
    kernel = np.asarray(layer.layer.kernel)
    if isinstance(layer.layer, keras.layers.Conv2DTranspose):
        kernel = np.swapaxes(kernel, -1, -2)
    return np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), 2)


@pytest.mark.parametrize("name", KINDS)
def test_the_kernel_in_use_has_the_norm_one_and_the_kernel_stays(name):
    kind, shape, arguments = KINDS[name]
    layer = normalized(kind, shape, **arguments)
    before = np.array(layer.layer.kernel)
    x = np.random.default_rng(0).normal(size=(2, *shape)).astype("f4")
    plain = np.asarray(layer.layer(x))
    for training in (True, False):
        made = np.asarray(layer(x, training=training))
        np.testing.assert_allclose(
            made, plain / largest_singular_value(layer), rtol=0.05, atol=1e-3
        )
    np.testing.assert_array_equal(layer.layer.kernel, before)


def test_only_an_update_moves_the_vector_and_only_once():
    layer = normalized(keras.layers.Dense, (5,))
    vector = np.array(layer.vector)
    x = tf.ones((2, 5))
    for _ in range(3):
        layer(x, training=True)
    np.testing.assert_array_equal(layer.vector, vector)
    weights = layer.trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x, training=True) ** 2)
    keras.optimizers.SGD(1.0).apply(tape.gradient(loss, weights), weights)
    kernel = np.array(layer.layer.kernel)
    other = kernel @ vector / np.linalg.norm(kernel @ vector)
    wanted = kernel.T @ other / np.linalg.norm(kernel.T @ other)
    np.testing.assert_allclose(layer.vector, wanted, rtol=1e-4, atol=1e-6)


def test_gradients_know_that_the_scale_of_the_kernel_does_not_matter():
    layer = normalized(keras.layers.Dense, (5,))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.ones((2, 5))) ** 2)
    (gradient,) = tape.gradient(loss, layer.trainable_variables)
    assert np.abs(gradient).max() > 0.01
    assert np.sum(gradient * np.asarray(layer.layer.kernel)) == pytest.approx(0, abs=1e-3)


def test_a_discriminator_with_spectral_norm_trains_and_is_saved(tmp_path):
    x = keras.Input((2,))
    y = keras.layers.LeakyReLU()(SpectralNormalization(keras.layers.Dense(16))(x))
    discriminator = keras.Model(x, SpectralNormalization(keras.layers.Dense(1))(y))
    gan = kg.GAN(generator=kg.networks.mlp_generator((2,), 2), discriminator=discriminator, seed=0)
    adams = [keras.optimizers.Adam(1e-2) for _ in range(2)]
    gan.compile(*adams, loss=kg.losses.Hinge(), run_eagerly=True)
    points = np.random.default_rng(0).uniform(-1, 1, (64, 2))
    gan.fit(points, batch_size=16, epochs=3, verbose=0, shuffle=False)
    for layer in discriminator.layers:
        if isinstance(layer, SpectralNormalization):
            sigma = largest_singular_value(layer)
            used = np.linalg.norm(np.asarray(layer.layer.kernel) @ layer.vector)
            assert used == pytest.approx(sigma, rel=0.05)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    for model in (gan, again):
        model.fit(points, batch_size=16, verbose=0, shuffle=False)
    for a, b in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_layer_without_kernel_is_an_error():
    for layer in (keras.layers.Flatten(), keras.layers.DepthwiseConv2D(3)):
        with pytest.raises(ValueError, match="`layer` must be Dense, or a convolution"):
            SpectralNormalization(layer)
    dense = keras.layers.Dense(3)
    SpectralNormalization(dense).build((None, 4))
    with pytest.raises(ValueError, match="wrapped by one SpectralNormalization"):
        SpectralNormalization(dense).build((None, 4))


def test_the_layers_own_constraint_is_kept():
    layer = SpectralNormalization(
        keras.layers.Dense(3, use_bias=False, kernel_constraint=keras.constraints.NonNeg())
    )
    layer.build((None, 5))
    before = np.asarray(layer.vector)
    kernel = np.asarray(layer.layer.kernel.constraint(layer.layer.kernel))
    assert kernel.min() == 0
    assert not np.array_equal(before, layer.vector)


def test_a_kernel_of_zeros_stays_one_and_can_grow():
    layer = SpectralNormalization(keras.layers.Dense(3, kernel_initializer="zeros"))
    assert not np.any(layer(np.ones((2, 5))))
    layer.layer.kernel.assign(np.diag([3.0, 2.0, 1.0, 0, 0])[:, :3])
    for _ in range(30):
        layer.iterate(layer.layer.kernel)
    assert np.linalg.norm(np.asarray(layer(np.eye(5))), 2) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("rank", [1, 3])
def test_transposed_convolutions_of_any_rank_have_outputs_last(rank):
    kind = getattr(keras.layers, f"Conv{rank}DTranspose")
    layer = SpectralNormalization(kind(6, 3))
    layer.build((None, *[4] * rank, 2))
    assert layer.vector.shape == (6, 1)  # as many as outputs; inputs are 2


def test_float16_does_not_stop_training():
    """The slope of the root of a variance of zero would be infinite."""
    layer = MinibatchStandardDeviation(dtype="float16")
    x = tf.zeros((4, 2, 2, 1), "float16")
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(layer(x))
    assert np.isfinite(tape.gradient(y, x)).all()


def test_conditional_batch_norm_scales_and_shifts_by_class():
    layer = ConditionalBatchNormalization(3)
    x, labels = maps(64), np.arange(64) % 3
    layer([x, labels])
    layer.scale.assign(np.array([[1.0, 1], [2, 2], [3, 3]]))
    layer.shift.assign(np.array([[0.0, 0], [5, 5], [0, 0]]))
    y = np.asarray(layer([x, labels], training=True))
    plain = (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-3)
    scale, shift = np.array([1, 2, 3])[labels], np.array([0, 5, 0])[labels]
    wanted = plain * scale[:, None, None, None] + shift[:, None, None, None]
    np.testing.assert_allclose(y, wanted, rtol=1e-3, atol=1e-3)
    assert np.abs(layer.normalization.moving_mean).max() > 0


def test_the_minibatch_deviation_is_that_over_the_batch():
    x = maps()
    y = np.asarray(MinibatchStandardDeviation()(x))
    np.testing.assert_array_equal(y[..., :-1], x)
    np.testing.assert_allclose(y[..., -1], x.std(axis=0).mean(), rtol=1e-4)
    same = np.asarray(MinibatchStandardDeviation()(np.repeat(x[:1], 3, axis=0)))
    assert same[..., -1].max() < 1e-3


@given(height=st.integers(1, 9), width=st.integers(1, 9), channels=st.integers(1, 3))
def test_resampling_of_any_size(height, width, channels):
    x = maps(2, height, width, channels)
    up = np.asarray(BilinearUpsampling()(x))
    assert up.shape == (2, 2 * height, 2 * width, channels)
    np.testing.assert_array_equal(up[:, ::2, ::2], x)  # old pixels keep their values
    padded = np.pad(x, [(0, 0), (0, 1), (0, 1), (0, 0)], mode="edge")
    new = (padded[:, :-1, :-1] + padded[:, 1:, :-1] + padded[:, :-1, 1:] + padded[:, 1:, 1:]) / 4
    np.testing.assert_allclose(up[:, 1::2, 1::2], new, atol=1e-6)  # means of their neighbors
    down = np.asarray(BilinearDownsampling()(x))
    assert down.shape == (2, -(-height // 2), -(-width // 2), channels)
    flat = np.full_like(x, 3.0)
    np.testing.assert_allclose(BilinearUpsampling()(flat), 3.0, rtol=1e-6)
    np.testing.assert_allclose(BilinearDownsampling()(flat), 3.0, rtol=1e-6)


def test_downsampling_has_the_filter_one_two_one():
    x = np.zeros((1, 1, 7, 1), "f4")
    x[0, 0, 3] = 1
    np.testing.assert_allclose(
        np.asarray(BilinearDownsampling()(x))[0, 0, :, 0], [0, 0.25, 0.25, 0]
    )
    x = np.zeros((1, 1, 7, 1), "f4")
    x[0, 0, 4] = 1
    np.testing.assert_allclose(np.asarray(BilinearDownsampling()(x))[0, 0, :, 0], [0, 0, 0.5, 0])


def test_attention_tells_each_pixel_of_all_others():
    layer = SelfAttention()
    x = maps(2, 3, 4, 8)
    np.testing.assert_allclose(layer(x), x, rtol=1e-6)  # begins as the identity
    layer.strength.assign(1.0)
    changed = x.copy()
    changed[0, 2, 3] += 1
    difference = np.abs(np.asarray(layer(changed)) - np.asarray(layer(x))).max(axis=-1)
    assert difference[0].min() > 1e-6  # all pixels of the image
    assert difference[1].max() == 0  # none of the other


def test_each_entry_scales_a_map_of_its_own():
    layer = LearnedBasis(2, 3)
    one = np.asarray(layer(np.array([[1.0, 0.0], [0.0, 2.0]], "f4")))
    basis = np.asarray(layer.basis)
    np.testing.assert_allclose(one[0, ..., 0], basis[..., 0])
    np.testing.assert_allclose(one[1, ..., 1], 2 * basis[..., 1])
    assert np.abs(one[0, ..., 1]).max() == 0


@pytest.mark.parametrize(
    "layer",
    [
        BilinearUpsampling(),
        BilinearDownsampling(),
        MinibatchStandardDeviation(),
        SelfAttention(num_heads=2),
        SpectralNormalization(keras.layers.Conv2D(3, 3, padding="same")),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_survive_their_config_and_know_their_shapes(layer):
    x = maps(2, 5, 4, 8)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert tuple(again(x).shape) == tuple(again.compute_output_shape(x.shape))


@given(sides=st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_layers_for_series_and_volumes(sides):
    """They treat samples of any number of sides as they treat images of as many pixels."""
    x = np.random.default_rng(0).normal(size=(3, *sides, 8)).astype("f4")
    pixels = x.reshape(3, -1, 1, 8)
    attention = SelfAttention()
    attention.build(x.shape)
    attention.strength.assign(1.0)
    for layer in (MinibatchStandardDeviation(), attention, normalized_by_class):
        y, wanted = np.asarray(layer(x)), np.asarray(layer(pixels))
        assert y.shape[:-1] == x.shape[:-1]
        np.testing.assert_allclose(y.reshape(wanted.shape), wanted, atol=1e-5)


def normalized_by_class(x):
    layer, labels = ConditionalBatchNormalization(2), np.array([0, 1, 0])
    layer([x, labels])
    layer.scale.assign(np.arange(16.0).reshape(2, 8))
    layer.shift.assign(np.arange(16.0).reshape(2, 8))
    return layer([x, labels], training=True)
