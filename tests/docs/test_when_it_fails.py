"""Each row of docs/when_it_fails.md: the symptom appears, and the fix works."""

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

pytestmark = [pytest.mark.usefixtures("eagerly"), pytest.mark.stage2]

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


def test_each_row_has_a_test_or_is_measured():
    found = re.findall(r"^\| ([^|]+) \|[^|]+\|([^|]+)\|$", PAGE, re.MULTILINE)
    rows = [row for row in found if row[0] not in ("symptom", "---")]
    tests = [name for name in globals() if name.startswith("test_")]
    unequal_rates = 2  # rows more than tests
    measured = [symptom for symptom, fix in rows if "[measured](" in fix]
    assert len(measured) == 3
    assert len(rows) - len(measured) == len(tests) - 1 + unequal_rates  # without this one


def test_gray_without_a_channel():
    images = UINT8[..., 0]
    with pytest.raises(ValueError, match="without a channel axis"):
        make_gan().fit(images, verbose=0)
    make_gan().fit(images[..., None], verbose=0)


def test_floats_up_to_255():
    images = UINT8.astype("float32")
    with pytest.raises(ValueError, match="must lie in the value range"):
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
    with pytest.raises(ValueError, match=r"its own optimizer\. Received: the same object"):
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
    assert said.startswith("epoch 1: NaN or infinite: discriminator_loss")
    assert messages(make_gan(**rates(1e-3, 1e-3), run_eagerly=False)) == ""
    gan = make_gan(**rates(1e20, 1e20))
    with pytest.raises(FloatingPointError):
        gan.fit(UINT8, batch_size=8, epochs=5, verbose=0, callbacks=[NaNGuard(max_rollbacks=0)])


@pytest.fixture(scope="module")
def designs():
    return next(iter(kg.datasets.mechanical_designs(2048, seed=0, image_shape=(16, 16, 1)))).numpy()


def plain_generator():
    dense = [keras.layers.Dense(32, activation="relu") for _ in range(2)]
    image = [keras.layers.Dense(256, activation="tanh"), keras.layers.Reshape((16, 16, 1))]
    return keras.Sequential([keras.Input((8,)), *dense, *image])


def watch(designs, discriminator_rate, generator_rate, **settings):
    """What `HealthMonitor` says of a short training."""
    keras.utils.set_random_seed(0)
    discriminator = networks.mlp_discriminator((16, 16, 1), width=32)
    gan = kg.GAN(generator=plain_generator(), discriminator=discriminator, seed=0)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(discriminator_rate, 0.5),
        generator_optimizer=keras.optimizers.Adam(generator_rate, 0.5),
        run_eagerly=False,  # of 128 steps
        **settings,
    )
    health = HealthMonitor(patience=2)
    gan.fit(designs, batch_size=64, epochs=4, callbacks=[health], verbose=0)
    return " ".join(health.messages)


@pytest.fixture(scope="module")
def fixed(designs):
    """The messages after the fix for all unequal rates."""
    return watch(designs, 1e-3, 1e-3, penalties=[kg.losses.R1(1.0)])


@pytest.mark.parametrize(
    ("rates", "symptom"),
    [
        ((1e-2, 1e-1), "the generator has collapsed"),
        ((1e-2, 1e-5), "the discriminator wins"),
        ((1e-3, 0.0), "the generator is frozen"),
    ],
)
def test_unequal_rates_and_their_fix(designs, fixed, rates, symptom):
    assert symptom in watch(designs, *rates)
    assert fixed == ""


@pytest.mark.parametrize(("momentum", "pale"), [(0.99, True), (0.9, False)])
def test_pale_pictures_from_a_slow_batch_normalization(momentum, pale):
    small = keras.initializers.RandomNormal(stddev=0.02, seed=0)
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(64, kernel_initializer=small),
            keras.layers.BatchNormalization(momentum=momentum),
            keras.layers.LeakyReLU(),
            keras.layers.Dense(64, activation="tanh"),
            keras.layers.Reshape((8, 8, 1)),
        ]
    )
    gan = kg.DCGAN(generator=generator, discriminator=sigmoid_discriminator(), seed=0)
    gan.compile(loss=keras.losses.BinaryCrossentropy(), run_eagerly=False)
    gan.fit(UINT8, batch_size=8, epochs=20, verbose=0)  # 80 steps
    latents = np.random.default_rng(0).standard_normal((64, 4)).astype("float32")
    trained = np.asarray(gan.generator(latents, training=True)).std(axis=0).mean()
    drawn = gan.generate(latents=latents).std(axis=0).mean()
    assert (drawn < trained / 2) == pale


@pytest.mark.parametrize(("kernel", "board"), [(3, True), (5, True), (4, False)])
def test_a_checkerboard(kernel, board):
    ones = {"kernel_initializer": "ones", "use_bias": False}
    layer = keras.layers.Conv2DTranspose(1, kernel, strides=2, padding="same", **ones)
    drawn = np.asarray(layer(np.ones((1, 8, 8, 1), "float32")))[0, 4:-4, 4:-4, 0]
    assert (np.ptp(drawn) > 0) == board
    even = kg.networks.upsampling_generator((8, 8, 1), 4)
    assert not any(isinstance(layer, keras.layers.Conv2DTranspose) for layer in even.layers)
