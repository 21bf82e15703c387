"""WGANGP, R3GAN, and what goes together in `compile`."""

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans import losses


@pytest.fixture
def data():
    return np.random.default_rng(0).integers(0, 256, (16, 12, 9, 1), "uint8")


@pytest.mark.stage2
@pytest.mark.parametrize("recipe", [kg.WGANGP, kg.R3GAN])
def test_a_recipe_goes_on_to_the_bit_after_loading(recipe, data, tmp_path):
    keras.utils.set_random_seed(0)
    gan = recipe(image_shape=(12, 9, 1), latent_dim=3, seed=1)
    gan.compile()
    gan.fit(data, batch_size=8, verbose=0, shuffle=False)
    assert np.isfinite(gan.generate(4, seed=0)).all()
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(again) is recipe
    assert again.get_compile_config() == gan.get_compile_config()
    for model in (gan, again):
        model.fit(data, batch_size=8, epochs=2, verbose=0, shuffle=False)
    for a, b in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_critic_of_wgan_gp_sees_five_batches_to_the_generators_one(data):
    gan = kg.WGANGP((12, 9, 1), 3)
    gan.compile(run_eagerly=True)
    gan.fit(data, batch_size=2, verbose=0)  # 8 batches
    assert int(gan.discriminator_optimizer.iterations) == 8
    assert int(gan.generator_optimizer.iterations) == 1


def test_schedules_run_on_images_seen(data):
    gan = kg.R3GAN((12, 9, 1), 3)
    schedule = kg.ops.CosineSchedule(1.0, 0.0, 16)
    gan.compile(penalties=[losses.R1(schedule)], run_eagerly=True)
    first = gan.fit(data, batch_size=8, verbose=0).history["penalty"][0]
    later = gan.fit(data, batch_size=8, verbose=0).history["penalty"][0]
    assert first > 0
    assert later == 0  # the weight has come to its end


def test_what_is_no_object_is_refused():
    gan = kg.DCGAN((8, 8, 1), 3)
    for name, value, of in (
        ("loss", losses.Hinge, "<class .*Hinge"),
        ("penalties", [losses.R1], r"\[<class .*R1"),
        ("augmentation", kg.augmentation.DiffAugment, "<class .*DiffAugment"),
    ):
        with pytest.raises(ValueError, match=f"`{name}` must be .* Received: {name}={of}"):
            gan.compile(**{name: value})
    with pytest.raises(ValueError, match="gamma=nan"):
        losses.R1(float("nan"))
    with pytest.raises(ValueError, match=r"gamma=-1\.0"):
        losses.R1(kg.ops.CosineSchedule(-1.0, 1.0, 10))
    with pytest.raises(ValueError, match="a critic with the attribute `images_seen`"):
        losses.R1(kg.ops.CosineSchedule(1.0, 0.0, 10))(lambda x: x, keras.ops.ones((2, 1)), None)


def test_wgan_gp_takes_a_generator():
    generator = kg.networks.dcgan_generator((8, 8, 1), 3, width=4)
    assert kg.WGANGP((8, 8, 1), 3, generator=generator).generator is generator


def test_groups_that_do_not_divide_are_an_error():
    with pytest.raises(ValueError, match="group_size=16 for a stage with 20 channels"):
        kg.networks.r3gan_generator((8, 8, 1), width=20, group_size=16)


def test_logits_of_the_r3gan_discriminator_begin_neither_at_zero_nor_large():
    keras.utils.set_random_seed(0)
    discriminator = kg.networks.r3gan_discriminator((32, 32, 3), width=16)
    images = np.random.default_rng(0).uniform(-1, 1, (64, 32, 32, 3))
    assert 0.1 < np.asarray(discriminator(images)).std() < 1


@pytest.mark.parametrize(
    "settings",
    [
        {"penalties": [losses.R1(1.0)]},
        {"penalties": [losses.GradientPenalty()]},
        {"loss": losses.RelativisticPairing()},
        {"loss": losses.RelativisticAverage()},
    ],
    ids=["R1", "GradientPenalty", "pairs", "average"],
)
def test_batch_norm_in_the_discriminator_is_refused_where_images_count_alone(settings):
    discriminator = kg.networks.dcgan_discriminator((8, 8, 1), width=4, batch_norm=True)
    gan = kg.DCGAN(discriminator=discriminator, latent_dim=3)
    gan.compile()  # plain losses may have it
    with pytest.raises(ValueError, match="each logit depend on the whole batch"):
        gan.compile(**settings)


@pytest.mark.stage2
@pytest.mark.parametrize(
    "loss",
    [
        losses.Minimax(),
        losses.NonSaturating(label_smoothing=0.1),
        losses.LeastSquares(),
        losses.Hinge(),
        losses.Wasserstein(),
        losses.RelativisticPairing(),
        losses.RelativisticAverage(),
    ],
    ids=lambda loss: type(loss).__name__,
)
def test_every_loss_teaches_where_the_points_are(loss):
    """Real points lie about (0.5, -0.5); generated ones come to lie there."""
    keras.utils.set_random_seed(0)
    points = np.random.default_rng(0).normal([0.5, -0.5], 0.1, (512, 2)).clip(-1, 1)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), 2, width=16, activation="tanh"),
        discriminator=kg.networks.mlp_discriminator((2,), width=16),
        seed=0,
    )
    adams = [keras.optimizers.Adam(5e-3, beta_1=0.5) for _ in range(2)]
    gan.compile(*adams, loss=loss, penalties=[losses.R1(0.1), losses.R2(0.1)], ema_half_life=2000)
    gan.fit(points, batch_size=64, epochs=40, verbose=0)
    center = gan.generate(256, seed=0).mean(axis=0)
    np.testing.assert_allclose(center, [0.5, -0.5], atol=0.25)
