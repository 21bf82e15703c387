import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans.networks import class_mixing_generator, dcgan_generator


def own_generator():
    """Reads its labels twice, with an operation and with a layer."""
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()(
        [latents, keras.ops.one_hot(labels, 3), keras.layers.Embedding(3, 5)(labels)]
    )
    return keras.Model([latents, labels], keras.layers.Dense(6, activation="tanh")(x))


@pytest.mark.parametrize(
    "generator", [own_generator, lambda: dcgan_generator((8, 8, 1), 4, width=4, num_classes=3)]
)
def test_whole_classes_are_what_they_were(generator):
    generator = generator()
    latents = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    mixing = class_mixing_generator(generator, num_classes=3)
    whole = mixing([latents, np.eye(3, dtype="float32")])
    expected = generator([latents, np.arange(3)], training=False)
    np.testing.assert_allclose(whole, expected, atol=1e-6)
    half = mixing([latents, np.full((3, 3), 1 / 3, "float32")])
    assert np.abs(half - expected).max() > 1e-5


def test_generate_mixes_classes():
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3)
    latents = np.random.default_rng(0).normal(size=(1, 4)).repeat(5, axis=0)
    weights = kg.ops.class_interpolation(0, 2, num_classes=3, num_steps=5)
    images = gan.generate(latents=latents, labels=weights)
    ends = gan.generate(latents=latents[:2], labels=[0, 2])
    np.testing.assert_allclose(images[[0, -1]], ends, atol=1e-6)
    steps = np.abs(np.diff(images, axis=0)).max(axis=(1, 2, 3))
    assert steps.min() > 0
    assert steps.max() < np.abs(ends[0] - ends[1]).max()


@pytest.mark.parametrize("weights", [[[0.5, 0.6, 0.0]], [[0.5, 0.5]], [[1.5, -0.5, 0.0]]])
def test_weights_that_are_none(weights):
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3)
    with pytest.raises(ValueError, match=r"floats \(N, 3\), not negative"):
        gan.generate(labels=np.array(weights))


def test_a_generator_that_ignores_its_labels():
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32")
    images = keras.layers.Dense(2)(latents)
    generator = keras.Model([latents, labels], [images, labels + 1])  # makes no float of them
    with pytest.raises(ValueError, match="in which nothing does"):
        class_mixing_generator(generator, 3)


def test_labels_may_pass_through_integers_first():
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32")
    shifted = keras.layers.Reshape((1,))(keras.ops.cast(labels, "int32"))
    embedding = keras.layers.Flatten()(keras.layers.Embedding(3, 5)(shifted))
    x = keras.layers.Dense(6)(keras.layers.Concatenate()([latents, embedding]))
    generator = keras.Model([latents, labels], x)
    mixing = class_mixing_generator(generator, 3)
    half = mixing([np.zeros((1, 4)), np.array([[0.5, 0.0, 0.5]], "float32")])
    ends = generator([np.zeros((2, 4)), np.array([0, 2])])
    np.testing.assert_allclose(half[0], np.mean(ends, axis=0), atol=1e-6)


def test_classes_that_are_numbers_cannot_be_mixed():
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32")
    number = keras.layers.Reshape((1,))(keras.ops.cast(labels, "float32"))
    x = keras.layers.Dense(2)(keras.layers.Concatenate()([latents, number]))
    with pytest.raises(ValueError, match="half-way between 0 and 2"):
        class_mixing_generator(keras.Model([latents, labels], x), 3)
