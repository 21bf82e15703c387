"""What a discriminator may return: a logit, a map of logits, or a dict."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("quickly")

IMAGES = np.random.default_rng(0).uniform(-1, 1, (12, 4)).astype("float32")
LOSSES = [kg.losses.NonSaturating, kg.losses.RelativisticPairing, kg.losses.RelativisticAverage]


def discriminator(end):
    """The same weights for each `end`, a function from one logit to the outputs."""
    keras.utils.set_random_seed(1)
    images = keras.Input((4,))
    hidden = layers.Dense(5, activation="tanh")(images)
    return keras.Model(images, end(layers.Dense(1)(hidden)))


def repeated(logit):
    return layers.Reshape((2, 3, 1))(layers.RepeatVector(6)(logit))


def trained(end, loss=kg.losses.NonSaturating, **settings):
    network = discriminator(end)
    keras.utils.set_random_seed(0)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((4,), 2, width=4), discriminator=network, seed=0
    )
    gan.compile(
        *[keras.optimizers.SGD(0.1) for _ in range(2)],
        loss=loss(),
        penalties=[kg.losses.R1(2.0), kg.losses.GradientPenalty(3.0)],
        **settings,
    )
    history = gan.fit(IMAGES, batch_size=6, epochs=2, verbose=0, shuffle=False, **health())
    return np.concatenate([weight.numpy().ravel() for weight in gan.weights]), history.history


def health():
    monitor = keras.callbacks.Callback()
    monitor.tracks_health = True
    return {"callbacks": [monitor]}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_map_that_repeats_a_logit_trains_like_that_logit(loss):
    one, logs = trained(lambda logit: logit, loss)
    many, logs_of_map = trained(repeated, loss)
    np.testing.assert_allclose(many, one, rtol=1e-4, atol=1e-6)
    assert {"penalty", "real_accuracy", "fake_accuracy"} <= set(logs)
    for name, values in logs.items():
        np.testing.assert_allclose(logs_of_map[name], values, rtol=1e-4, err_msg=name)


def test_a_logit_in_a_dict_trains_like_that_logit():
    one, _ = trained(lambda logit: logit)
    in_dict, _ = trained(lambda logit: {"logits": logit, "twice": 2 * logit})
    np.testing.assert_array_equal(in_dict, one)


def test_the_slope_of_a_map_is_that_of_its_mean():
    images = keras.ops.ones((3, 4))
    slopes = np.array([[1.0, 3.0], [0, 0], [0, 4.0], [0, 0]], "float32")  # of two logits
    r1 = kg.losses.R1(gamma=2.0)
    mean = slopes.mean(axis=1)
    penalty = r1(lambda x: keras.ops.reshape(keras.ops.matmul(x, slopes), (-1, 2, 1)), images, None)
    assert float(penalty) == pytest.approx(np.sum(mean**2))


@pytest.mark.parametrize("end", [repeated, lambda logit: {"logits": logit, "more": logit}])
def test_discriminate_returns_the_logits(end):
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((4,), 2, width=4), discriminator=discriminator(end)
    )
    outputs = gan.discriminator(IMAGES)
    logits = outputs["logits"] if isinstance(outputs, dict) else outputs
    np.testing.assert_allclose(gan.discriminate(IMAGES), logits, atol=1e-6)


def test_a_map_keeps_an_adaptive_augmentation_informed():
    images = keras.Input((8, 8, 1))
    network = keras.Model(images, layers.Conv2D(1, 4, 2, "same")(images))
    gan = kg.DCGAN(discriminator=network, latent_dim=2, seed=0)
    augmentation = kg.augmentation.AdaptiveAugment(target=-0.9, ramp=100, seed=0)
    gan.compile(augmentation=augmentation)
    gan.fit(np.random.default_rng(0).uniform(-1, 1, (12, 8, 8, 1)), batch_size=6, verbose=0)
    assert float(augmentation.strength) == pytest.approx(12 / 100)
