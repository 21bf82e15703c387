"""Networks as people bring them, and models whole."""

import keras
import numpy as np
import pytest
from small_networks import SMALL, drift_apart

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("eagerly")


def courses_networks(final):
    """A small pair in the manner of the tutorials, plain Keras."""
    generator = keras.Sequential(
        [
            keras.Input((100,)),
            keras.layers.Dense(4 * 4 * 8),
            keras.layers.Reshape((4, 4, 8)),
            keras.layers.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(8, 4, 2, padding="same"),
            keras.layers.LeakyReLU(),
            keras.layers.Dropout(0.3),
            keras.layers.Flatten(),
            keras.layers.Dense(1, activation=final),
        ]
    )
    return generator, discriminator


@pytest.mark.parametrize(
    ("final", "loss"),
    [
        ("sigmoid", keras.losses.BinaryCrossentropy()),
        (None, keras.losses.BinaryCrossentropy(from_logits=True)),
    ],
)
def test_the_way_people_know_it(final, loss):
    generator, discriminator = courses_networks(final)
    gan = kg.DCGAN(discriminator=discriminator, generator=generator, latent_dim=100)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(1e-4),
        generator_optimizer=keras.optimizers.Adam(1e-4),
        loss=loss,
    )
    assert gan.value_range == (0.0, 1.0)
    images = np.random.default_rng(0).uniform(0, 1, (64, 8, 8, 1)).astype("float32")
    logs = gan.fit(images, epochs=2, verbose=0).history
    assert all(np.isfinite(values).all() for values in logs.values())
    assert 0 < logs["real_score"][-1] < 1


@pytest.mark.parametrize(
    ("layer", "penalized"),
    [
        (keras.layers.LeakyReLU(), True),
        (keras.layers.Dropout(0.0), True),
        (keras.layers.LayerNormalization(), True),
        (keras.layers.Dropout(0.3), False),
        (keras.layers.BatchNormalization(), False),
        (kg.layers.MinibatchStandardDeviation(), False),
        (kg.layers.SpectralNormalization(keras.layers.Conv2D(2, 3)), False),
        (keras.layers.SpectralNormalization(keras.layers.Conv2D(2, 3)), False),
    ],
)
def test_a_discriminator_that_does_not_limit_itself_is_penalized(layer, penalized):
    discriminator = keras.Sequential(
        [keras.Input((8, 8, 1)), layer, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    gan = kg.DCGAN((8, 8, 1), discriminator=discriminator)
    gan.compile()
    assert [type(penalty) for penalty in gan.penalties] == [kg.losses.R1] * penalized
    rate = 2e-3 if penalized else 1e-3
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(rate)
    gan.compile(penalties=[])
    assert gan.penalties == []


@pytest.mark.parametrize(
    ("shape", "size"),
    [((28, 28, 1), 16), ((32, 32, 1), 16), ((50, 50, 1), 32), ((64, 64, 1), 32), ((64, 64, 3), 64)],
)
def test_larger_images_have_more_latents(shape, size):
    assert kg.DCGAN(shape, **SMALL).latent_dim == size
    assert kg.ConditionalGAN(shape, num_classes=2, **SMALL).latent_dim == size
    assert kg.DCGAN(shape, latent_dim=5, **SMALL).latent_dim == 5


def test_bare():
    gan = kg.DCGAN(image_shape=(28, 28, 1))
    assert gan.latent_dim == 16
    gan.compile()
    gan.fit(np.random.default_rng(0).integers(0, 256, (40, 28, 28, 1), "uint8"), verbose=0)
    assert gan.generate(2).shape == (2, 28, 28, 1)


def small(kind):
    settings = {"image_shape": (8, 8, 1), "latent_dim": 3, "seed": 1, **SMALL}
    if kind == "classes":
        return kg.ConditionalGAN(num_classes=4, **settings)
    if kind == "floats":
        return kg.ConditionalGAN(condition_dim=2, **settings)
    return kg.DCGAN(**settings)


LABELS = {
    "none": None,
    "classes": np.arange(16) % 4,
    "floats": np.linspace(-1, 1, 32).reshape(16, 2),
}


@pytest.mark.parametrize("kind", LABELS)
def test_a_saved_model_is_the_same_model(kind, digits, tmp_path):
    gan = small(kind)
    gan.compile(
        keras.optimizers.Adam(1e-3),
        keras.optimizers.RMSprop(1e-3),
        penalties=[kg.losses.R1(0.5)],
        ema_half_life=500,
        steps_per_execution=2,
    )
    gan.fit(digits, LABELS[kind], batch_size=8, epochs=2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(again) is type(gan)
    assert (again.images_seen, again.ema_half_life) == (32, 500)
    assert again.value_range == gan.value_range
    assert (again.num_classes, again.condition_dim) == (gan.num_classes, gan.condition_dim)
    assert again.penalties[0].gamma == 0.5
    assert again.steps_per_execution == 2
    for a, b in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    for player in ("generator_optimizer", "discriminator_optimizer"):
        a, b = getattr(gan, player), getattr(again, player)
        assert type(a) is type(b)
        for x, y in zip(a.variables, b.variables, strict=True):
            np.testing.assert_array_equal(x, y)
    labels = LABELS[kind]
    np.testing.assert_array_equal(
        gan.generate(16, labels=labels, seed=0), again.generate(16, labels=labels, seed=0)
    )


@pytest.mark.stage2
def test_the_conditional_model_learns_which_label_is_which():
    """Class 0 is dark, class 1 bright: a label map that is scrambled cannot learn it."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 512)
    shade = np.where(labels == 0, 40, 215)[:, None, None, None]
    images = (shade + rng.integers(-30, 30, (512, 8, 8, 1))).astype("uint8")
    gan = kg.ConditionalGAN(image_shape=(8, 8, 1), latent_dim=4, num_classes=2)
    adams = [keras.optimizers.Adam(2e-3, beta_1=0.5) for _ in range(2)]
    gan.compile(*adams, run_eagerly=False)
    gan.fit(images, labels, batch_size=32, epochs=12, verbose=0)
    dark, bright = (gan.generate(64, labels=label, seed=0).mean() for label in (0, 1))
    assert dark < -0.4
    assert bright > 0.4


def test_composition_and_predict():
    """The averaged generator is what a model is in another, and what it predicts."""
    gan = small("none")
    drift_apart(gan, np.ones((16, 8, 8, 1), "float32"))
    z = keras.Input((3,))
    inverted = keras.Model(z, -gan(z))
    latents = np.random.normal(size=(2, 3)).astype("float32")
    assert np.abs(gan.generate(latents=latents) - gan.generator(latents)).max() > 1e-3
    np.testing.assert_allclose(
        -gan.generate(latents=latents), inverted.predict(latents, verbose=0), atol=1e-6
    )
