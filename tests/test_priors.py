"""Priors: distributions, structures, and one noise for all."""

import math

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans import priors

pytestmark = pytest.mark.usefixtures("eagerly")

NOISE = np.random.default_rng(0).standard_normal((20_000, 3)).astype("float32")
DISTRIBUTIONS = {
    "normal": (priors.Normal(1.0, 0.5), 1.0, 0.5),
    "uniform": (priors.Uniform(-1, 3), 1.0, 4 / math.sqrt(12)),
    # The variance of a normal distribution that is cut at 1: 1 - 2 phi(1) / (2 Phi(1) - 1).
    "truncated": (priors.TruncatedNormal(1.0), 0.0, 0.5396),
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_mean_and_deviation(name):
    prior, mean, deviation = DISTRIBUTIONS[name]
    latents = np.asarray(prior(NOISE))
    np.testing.assert_allclose(latents.mean(axis=0), mean, atol=0.02)
    np.testing.assert_allclose(latents.std(axis=0), deviation, atol=0.02)


def test_ranges():
    extreme = np.array([[-50.0, -6.0, 6.0, 50.0]], "float32")
    assert np.abs(priors.TruncatedNormal(2.0)(extreme)).max() <= 2.0
    assert np.abs(priors.TruncatedNormal(100.0)(extreme)).max() <= 6.0
    assert np.abs(priors.Uniform()(extreme)).max() <= 1.0


def test_the_default_changes_nothing():
    assert priors.Normal()(NOISE) is NOISE


def test_codes_follow_the_noise():
    latents = np.asarray(
        priors.Codes([4, 3], continuous=2)(
            np.random.default_rng(0).standard_normal((20_000, 12)).astype("float32")
        )
    )
    noise, first, second, continuous = np.split(latents, [3, 7, 10], axis=1)
    assert noise.std() == pytest.approx(1, abs=0.02)
    for code, number in ((first, 4), (second, 3)):
        assert set(np.unique(code)) == {0.0, 1.0}
        assert (code.sum(axis=1) == 1).all()
        np.testing.assert_allclose(code.mean(axis=0), 1 / number, atol=0.02)
    assert np.abs(continuous).max() < 1
    np.testing.assert_allclose(continuous.var(axis=0), 1 / 3, atol=0.02)


def test_too_few_latents_for_the_codes_are_an_error():
    with pytest.raises(ValueError, match="at least 12 entries"):
        priors.Codes()(NOISE)


def test_a_structure_keeps_its_structure():
    latents = priors.Uniform()({"style": NOISE, "noise": NOISE[:, :1]})
    assert {name: part.shape for name, part in latents.items()} == {
        "style": (20_000, 3),
        "noise": (20_000, 1),
    }


def gan_with(prior, **settings):
    keras.utils.set_random_seed(0)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), 5, width=4),
        discriminator=kg.networks.mlp_discriminator((2,), width=4),
        prior=prior,
        seed=0,
    )
    gan.compile(**settings)
    return gan


def test_generate_training_and_evaluation_use_the_prior():
    seen = []

    def narrow(noise):
        seen.append(np.asarray(noise).shape)
        return 0.0 * noise + 0.5

    gan = gan_with(narrow)
    points = np.full((6, 2), -1.0, "float32")
    gan.fit(points, batch_size=6, verbose=0)
    gan.evaluate(points, verbose=0)
    np.testing.assert_array_equal(gan.sample_latents(3), np.full((3, 5), 0.5))
    made = gan.generate(3, seed=0)
    assert (made == made[0]).all()
    assert seen == [(4, 5), (6, 5), (6, 5), (3, 5), (3, 5)]  # the first: `fit` looks at four images


def test_the_first_of_many_are_those_of_few():
    gan = gan_with(priors.Codes(categories=(3,), continuous=1))
    many = gan.sample_latents(64, seed=7)
    np.testing.assert_array_equal(gan.sample_latents(16, seed=7), many[:16])
    np.testing.assert_allclose(
        gan.generate(16, seed=7), gan.generate(64, seed=7, batch_size=10)[:16], atol=1e-5
    )


@pytest.mark.parametrize("prior", [priors.Uniform(0, 2), priors.Codes([2], 1)])
def test_a_prior_is_saved(prior, tmp_path):
    gan = gan_with(prior)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.prior.get_config() == prior.get_config()
    np.testing.assert_array_equal(again.sample_latents(4, seed=1), gan.sample_latents(4, seed=1))


@pytest.mark.parametrize(
    ("make", "received"),
    [
        (lambda: priors.Normal(stddev=0), "stddev=0"),
        (lambda: priors.Uniform(1, 1), "low=1, high=1"),
        (lambda: priors.TruncatedNormal(0), "threshold=0"),
        (lambda: priors.Codes([1]), r"categories=\[1\]"),
    ],
)
def test_wrong_settings(make, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        make()
