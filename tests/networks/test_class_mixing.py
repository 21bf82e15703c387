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
    with pytest.raises(ValueError, match=r"non-negative floats \(N, 3\)"):
        gan.generate(labels=np.array(weights))


def test_a_generator_that_ignores_its_labels():
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32")
    images = keras.layers.Dense(2)(latents)
    generator = keras.Model([latents, labels], [images, labels + 1])  # makes no float of them
    with pytest.raises(ValueError, match="in which no layer does"):
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
    with pytest.raises(ValueError, match="the mean of classes 0 and 2"):
        class_mixing_generator(keras.Model([latents, labels], x), 3)


def whole_and_half(generator, inputs, place, expected):
    """Whole classes are the generator's own, and the given order of inputs is kept."""
    mixing = class_mixing_generator(generator, 3)
    for weights, wanted in ((np.eye(3), expected), (np.full((3, 3), 1 / 3), None)):
        given = list(inputs)
        given.insert(place, weights.astype("float32"))
        made = np.asarray(mixing(keras.tree.pack_sequence_as(generator.input, given)))
        if wanted is None:
            assert np.abs(made - expected).max() > 1e-5
        else:
            np.testing.assert_allclose(made, wanted, atol=1e-6)
    return mixing


def dense(parts):
    return keras.layers.Dense(6, activation="tanh")(keras.layers.Concatenate()(parts))


def latents_of(*sizes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=(3, size)).astype("float32") for size in sizes]


@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_one_hot_labels(dtype):
    latents, labels = keras.Input((4,)), keras.Input((3,), dtype=dtype)
    floats = labels if dtype == "float32" else keras.layers.Dense(5)(labels)
    generator = keras.Model([latents, labels], dense([latents, floats]))
    inputs = latents_of(4)
    expected = generator([*inputs, np.eye(3)])
    whole_and_half(generator, inputs, 1, expected)


@pytest.mark.parametrize("name", [None, "labels", "y"])
def test_labels_may_come_first(name):
    labels, latents = keras.Input((), dtype="int32", name=name), keras.Input((4,))
    x = dense([latents, keras.layers.Embedding(3, 5)(labels)])
    generator = keras.Model([labels, latents], x)
    inputs = latents_of(4)
    expected = generator([np.arange(3), *inputs])
    mixing = whole_and_half(generator, inputs, 0, expected)
    assert [one.shape[1] for one in mixing.inputs] == [3, 4]


def test_several_latents_and_labels_by_name():
    styles, labels, latents = keras.Input((2,)), keras.Input((1,), name="Class"), keras.Input((4,))
    embedding = keras.layers.Flatten()(keras.layers.Embedding(3, 5)(labels))
    generator = keras.Model([styles, labels, latents], dense([styles, latents, embedding]))
    inputs = latents_of(2, 4)
    expected = generator([inputs[0], np.arange(3)[:, None], inputs[1]])
    whole_and_half(generator, inputs, 1, expected)


def test_inputs_in_a_dict():
    latents, labels = keras.Input((4,), name="a_latents"), keras.Input((3,), name="labels")
    inputs = {"labels": labels, "a_latents": latents}
    generator = keras.Model(inputs, dense([latents, labels]))
    (noise,) = latents_of(4)
    expected = generator({"labels": np.eye(3), "a_latents": noise})
    whole_and_half(generator, [noise], 1, expected)


def test_a_generator_without_labels():
    generator = keras.Model(x := keras.Input((4,)), keras.layers.Dense(2)(x))
    with pytest.raises(ValueError, match="in which no layer does"):
        class_mixing_generator(generator, 4)
