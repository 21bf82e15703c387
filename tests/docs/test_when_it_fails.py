"""Each row of docs/when_it_fails.md: the symptom appears, and the mend mends it."""

import functools
import re
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans import networks
from keras_gans.callbacks import HealthMonitor, NaNGuard

PAGE = (Path(__file__).parents[2] / "docs" / "when_it_fails.md").read_text()
UINT8 = np.random.default_rng(0).integers(0, 256, (32, 8, 8, 1), "uint8")


def make_gan(activation="tanh", **settings):
    gan = kg.DCGAN(
        image_shape=(8, 8, 1),
        latent_dim=4,
        generator=functools.partial(networks.mlp_generator, width=16, activation=activation),
        discriminator=functools.partial(networks.mlp_discriminator, width=16),
        seed=0,
    )
    gan.compile(**settings)
    return gan


def rows():
    found = re.findall(r"^\| ([^|]+) \|[^|]+\|[^|]+\|$", PAGE, re.MULTILINE)
    return [row for row in found if row not in ("what you see", "---")]


def test_each_row_has_a_test():
    assert len(rows()) == 7 + 4 + 5


def test_grey_without_a_channel():
    images = UINT8[..., 0]
    with pytest.raises(ValueError, match="without an axis for the channel"):
        make_gan().fit(images, verbose=0)
    make_gan().fit(images[..., None], verbose=0)


def test_floats_up_to_255():
    images = UINT8.astype("float32")
    with pytest.raises(ValueError, match="must lie in the model's value range"):
        make_gan().fit(images, verbose=0)
    make_gan().fit(images / 127.5 - 1, verbose=0)


def test_floats_from_0_to_1():
    images = UINT8 / np.float32(255)
    with pytest.warns(UserWarning, match="The images seen so far lie in"):
        make_gan().fit(images, verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        make_gan().fit(images * 2 - 1, verbose=0)
        make_gan(activation="sigmoid").fit(images, verbose=0)


def sigmoid_discriminator():
    dense = keras.layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), dense])


def test_a_sigmoid_under_a_loss_on_logits():
    gan = kg.DCGAN((8, 8, 1), 4, discriminator=sigmoid_discriminator())
    with pytest.raises(ValueError, match="sigmoid"):
        gan.compile()
    gan.compile(loss=keras.losses.BinaryCrossentropy())
    gan.fit(UINT8, verbose=0)


def test_a_frozen_discriminator():
    discriminator = sigmoid_discriminator()
    discriminator.trainable = False
    gan = kg.DCGAN((8, 8, 1), 4, discriminator=discriminator)
    with pytest.raises(ValueError, match=r"discriminator\.trainable = True"):
        gan.compile(loss=keras.losses.BinaryCrossentropy())
    discriminator.trainable = True
    gan.compile(loss=keras.losses.BinaryCrossentropy())


def test_fewer_images_than_a_batch():
    with pytest.raises(ValueError, match="at least one batch"):
        kg.datasets.from_arrays(UINT8, batch_size=64)
    assert len(kg.datasets.from_arrays(UINT8, batch_size=32)) == 1


def test_one_optimizer_for_both():
    adam = keras.optimizers.Adam(1e-3)
    with pytest.raises(ValueError, match="optimizer"):
        make_gan(discriminator_optimizer=adam, generator_optimizer=adam)
    make_gan(
        discriminator_optimizer=keras.optimizers.Adam(1e-3),
        generator_optimizer=keras.optimizers.Adam(1e-3),
    )


def rates(discriminator, generator):
    return {
        "discriminator_optimizer": keras.optimizers.SGD(discriminator),
        "generator_optimizer": keras.optimizers.SGD(generator),
    }


def messages(gan, epochs=5, **arguments):
    health = HealthMonitor()
    gan.fit(UINT8, batch_size=8, epochs=epochs, verbose=0, callbacks=[health], **arguments)
    return " ".join(health.messages)


def test_losses_that_are_nan():
    said = messages(make_gan(**rates(1e20, 1e20)))
    assert "NaN or infinite" in said or "explodes" in said
    assert messages(make_gan(**rates(1e-3, 1e-3))) == ""
    gan = make_gan(**rates(1e20, 1e20))
    with pytest.raises((RuntimeError, ValueError), match="NaN|finite"):
        gan.fit(UINT8, batch_size=8, epochs=5, verbose=0, callbacks=[NaNGuard(max_rollbacks=0)])


@pytest.fixture(scope="module")
def ring():
    """4,096 points around eight places on a circle."""
    random = np.random.default_rng(0)
    angles = random.integers(0, 8, 4096) * np.pi / 4
    centers = 0.7 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (centers + 0.03 * random.standard_normal((4096, 2))).astype("float32")


def watch(points, patience=2, epochs=4, **settings):
    """What `HealthMonitor` says of a training."""
    keras.utils.set_random_seed(0)
    gan = kg.GAN(
        generator=networks.mlp_generator((2,), 4, width=32),
        discriminator=networks.mlp_discriminator((2,), width=32),
        seed=0,
    )
    gan.compile(**settings)
    health = HealthMonitor(patience)
    gan.fit(points, batch_size=128, epochs=epochs, callbacks=[health], verbose=0)
    return " ".join(health.messages), gan


def adams(discriminator, generator):
    return {
        "discriminator_optimizer": keras.optimizers.Adam(discriminator, 0.5),
        "generator_optimizer": keras.optimizers.Adam(generator, 0.5),
    }


def test_a_player_whose_rate_is_zero(ring):
    said, _ = watch(ring, **adams(1e-3, 0.0))
    assert "the generator is frozen" in said
    said, _ = watch(ring, **adams(1e-3, 1e-3))
    assert "frozen" not in said
