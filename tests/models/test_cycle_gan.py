"""CycleGAN: its objective by hand, its step, its files."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("eagerly")

RNG = np.random.default_rng(0)
IMAGES, CONDITIONS = RNG.uniform(-1, 1, (2, 12, 6)).astype("float32")


@pytest.fixture(autouse=True)
def eager_cycles(monkeypatch):
    compile_with = kg.CycleGAN.compile

    def compile_eagerly(gan, *args, **keywords):
        compile_with(gan, *args, **{"run_eagerly": True, **keywords})

    monkeypatch.setattr(kg.CycleGAN, "compile", compile_eagerly)


WAYS, PLAYERS = ("", "inverse_"), ("discriminator", "generator")


def cycle_gan(**settings):
    keras.utils.set_random_seed(0)

    def network(size, activation=None):
        return keras.Sequential([keras.Input((6,)), layers.Dense(size, activation)])

    gan = kg.CycleGAN(
        (6,),
        generators=[network(6, "tanh") for _ in range(2)],
        discriminators=[network(1) for _ in range(2)],
        seed=0,
    )
    gan.compile(**settings)
    return gan


def squares(logits, target):
    return float(ops.mean((logits - target) ** 2) / 2)


def test_the_first_step_is_the_papers_objective():
    rates = [keras.optimizers.SGD(0.0) for _ in range(2)]
    gan = cycle_gan(
        discriminator_optimizer=rates[0], generator_optimizer=rates[1], cycle_weight=7.0
    )
    there, back = gan.generator, gan.inverse_generator
    fake_images, fake_conditions = there(CONDITIONS), back(IMAGES)
    judged = [
        (gan.discriminator(IMAGES), gan.discriminator(fake_images)),
        (gan.inverse_discriminator(CONDITIONS), gan.inverse_discriminator(fake_conditions)),
    ]
    cycle = ops.mean(ops.abs(there(fake_conditions) - IMAGES))
    cycle += ops.mean(ops.abs(back(fake_images) - CONDITIONS))
    logs = gan.fit(IMAGES, CONDITIONS, batch_size=12, shuffle=False, verbose=0).history
    of_judges = sum(squares(real, 1) + squares(fake, 0) for real, fake in judged)
    assert logs["discriminator_loss"][0] == pytest.approx(of_judges, abs=1e-6)
    of_generators = sum(squares(fake, 1) for _, fake in judged)
    assert logs["generator_loss"][0] == pytest.approx(of_generators, abs=1e-6)
    assert logs["generator_auxiliary_loss"][0] == pytest.approx(7 * float(cycle), abs=1e-5)


def test_all_four_networks_learn_and_the_averages_follow():
    gan = cycle_gan()
    names = "generator", "inverse_generator", "discriminator", "inverse_discriminator"
    before = {name: [w.numpy() for w in getattr(gan, name).weights] for name in names}
    averages = gan.generate(labels=CONDITIONS)
    gan.fit(IMAGES, CONDITIONS, batch_size=6, epochs=2, verbose=0)
    for name in names:
        after = getattr(gan, name).weights
        assert all(np.any(a != b) for a, b in zip(before[name], after, strict=True)), name
    assert np.any(gan.generate(labels=CONDITIONS) != averages)
    assert gan.images_seen == 24


@pytest.mark.stage2
def test_a_weight_of_the_cycle_makes_it_close():
    far, near = (cycle_gan(cycle_weight=weight, ema_half_life=0.0) for weight in (0.0, 10.0))
    distances = []
    for gan in (far, near):
        gan.fit(IMAGES, CONDITIONS, batch_size=12, epochs=60, verbose=0)
        again = gan.generate(labels=gan.generate(labels=CONDITIONS), inverse=True)
        distances.append(np.abs(again - CONDITIONS).mean())
    assert distances[1] < 0.9 * distances[0]


def test_it_is_measured_saved_and_loaded(tmp_path):
    metric = kg.metrics.KernelDistance(kg.metrics.RawPixels(), subset_size=6)
    gan = cycle_gan(metrics=[metric])
    gan.fit(IMAGES, CONDITIONS, batch_size=6, verbose=0)
    assert np.isfinite(list(gan.evaluate(IMAGES, CONDITIONS, verbose=0).values())).all()
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    for inverse in (False, True):
        np.testing.assert_array_equal(
            again.generate(labels=CONDITIONS, inverse=inverse),
            gan.generate(labels=CONDITIONS, inverse=inverse),
        )


def test_data_of_another_shape_are_an_error():
    with pytest.raises(ValueError, match=r"\(N, 6\)"):
        cycle_gan().fit(IMAGES[:, :5], CONDITIONS, verbose=0)


def test_regularisers_count():
    def trained(rate):
        keras.utils.set_random_seed(0)
        regularizer = keras.regularizers.L2(rate)
        dense = [layers.Dense(6, kernel_regularizer=regularizer) for _ in range(2)]
        gan = kg.CycleGAN(
            (6,),
            generators=[keras.Sequential([keras.Input((6,)), layer]) for layer in dense],
            discriminators=[keras.Sequential([keras.Input((6,)), layers.Dense(1)]) for _ in "ab"],
        )
        gan.compile()
        gan.fit(IMAGES, CONDITIONS, batch_size=6, verbose=0, shuffle=False)
        return dense[0].kernel.numpy()

    assert np.any(trained(0.0) != trained(10.0))


def test_float16_is_scaled_and_trains_all_four_networks():
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        gan = cycle_gan()
        networks = [getattr(gan, f"{way}{player}") for way in WAYS for player in PLAYERS]
        before = [network.get_weights()[0] for network in networks]
        logs = gan.fit(IMAGES, CONDITIONS, batch_size=6, verbose=0).history
    finally:
        keras.mixed_precision.set_global_policy("float32")
    for player in PLAYERS:
        optimizer = getattr(gan, f"{player}_optimizer")
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    assert networks[0].layers[0].compute_dtype == "float16"
    assert np.isfinite(list(logs.values())).all()
    for network, old in zip(networks, before, strict=True):
        assert np.abs(network.get_weights()[0] - old).max() > 0


def test_conditions_must_be_finite():
    broken = CONDITIONS.copy()
    broken[0, 0] = np.nan
    with pytest.raises(ValueError, match="must be finite"):
        cycle_gan().fit(IMAGES, broken, verbose=0)


def test_a_loaded_model_continues_bit_for_bit(tmp_path):
    gan = cycle_gan()
    gan.fit(IMAGES, CONDITIONS, batch_size=6, epochs=2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    for model in (gan, again):
        model.fit(IMAGES, CONDITIONS, batch_size=6, epochs=4, initial_epoch=2, verbose=0)
    for array, expected in zip(again.get_state(), gan.get_state(), strict=True):
        np.testing.assert_array_equal(array, expected)


def test_an_interrupted_training_is_resumed_bit_for_bit(tmp_path):
    whole, first, second = (cycle_gan() for _ in range(3))
    data = {"x": IMAGES, "y": CONDITIONS, "batch_size": 6, "verbose": 0}
    whole.fit(**data, epochs=3)
    for gan, epochs in ((first, 2), (second, 3)):
        gan.fit(**data, epochs=epochs, callbacks=[kg.callbacks.Resume(tmp_path)])
    for array, expected in zip(second.get_state(), whole.get_state(), strict=True):
        np.testing.assert_array_equal(array, expected)


def test_a_training_with_other_settings_is_not_resumed(tmp_path):
    data = {"x": IMAGES, "y": CONDITIONS, "batch_size": 6, "verbose": 0}
    cycle_gan().fit(**data, callbacks=[kg.callbacks.Resume(tmp_path)])
    with pytest.raises(ValueError, match="cycle_weight"):
        cycle_gan(cycle_weight=5.0).fit(**data, callbacks=[kg.callbacks.Resume(tmp_path)])


def test_callbacks_watch_a_training(tmp_path):
    gan = cycle_gan(metrics=[kg.metrics.KernelDistance(kg.metrics.RawPixels(), subset_size=6)])
    report = kg.callbacks.TrainingReport(tmp_path / "report.html", labels=CONDITIONS[:4])
    callbacks = [
        kg.callbacks.NaNGuard(),
        kg.callbacks.HealthMonitor(),
        kg.callbacks.SampleEvaluator(IMAGES, CONDITIONS),
        report,
    ]
    logs = gan.fit(IMAGES, CONDITIONS, batch_size=6, verbose=0, callbacks=callbacks).history
    assert logs["discriminator_gradient_norm"][0] > 0
    assert np.isfinite(logs["kernel_distance"]).all()
    assert (tmp_path / "report.html").exists()


def test_the_discriminator_judges_images():
    gan = cycle_gan()
    expected = gan.discriminator(IMAGES)
    np.testing.assert_allclose(gan.discriminate(IMAGES), expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"\(N, 6\). Received: shape=\(12, 5\)"):
        gan.discriminate(IMAGES[:, :5])


def test_the_average_is_exported(tmp_path):
    """After two steps, of which the average follows the last by half."""
    gan = cycle_gan(
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        generator_optimizer=keras.optimizers.SGD(0.1),
    )
    for size in (12, 1):
        gan.train_on_batch(IMAGES[:size], CONDITIONS[:size])
    assert np.abs(gan.generate(labels=CONDITIONS) - gan.generator(CONDITIONS)).max() > 1e-3
    gan.export(tmp_path / "translator", verbose=False)
    layer = keras.layers.TFSMLayer(tmp_path / "translator", call_endpoint="serve")
    np.testing.assert_allclose(layer(CONDITIONS), gan.generate(labels=CONDITIONS), atol=1e-6)
