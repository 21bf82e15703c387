import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans as kg

POINTS = np.random.default_rng(0).uniform(-1, 1, (64, 2)).astype("float32")
EPOCHS = 4
RATE = 0.01


def make_gan(kind=kg.optimizers.LinearDecayAdam, rate=RATE, policy=None):
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "tanh", dtype=policy)])
    judge = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, dtype=policy)])
    gan = kg.GAN(generator=generator, discriminator=judge, seed=0)
    gan.compile(kind(rate), kind(rate))
    return gan


def fit(gan, batch_size=16, epochs=EPOCHS, **kwargs):
    gan.fit(POINTS, batch_size=batch_size, epochs=epochs, verbose=0, **kwargs)
    return np.concatenate([weight.ravel() for weight in gan.generator.get_weights()])


class Progress(keras.callbacks.Callback):
    """Records the progress of both optimizers before each batch."""

    def on_train_begin(self, logs=None):
        self.values = []

    def on_train_batch_begin(self, batch, logs=None):
        players = self.model.discriminator_optimizer, self.model.generator_optimizer
        assert len({float(one.progress) for one in players}) == 1
        self.values.append(float(players[0].progress))


def test_the_decay_is_that_of_keras_schedule():
    steps = EPOCHS * len(POINTS) // 16
    schedule = keras.optimizers.schedules.PolynomialDecay(RATE, steps, end_learning_rate=0.0)
    expected = fit(make_gan(keras.optimizers.Adam, schedule))
    np.testing.assert_allclose(fit(make_gan()), expected, atol=1e-6)
    constant = fit(make_gan(keras.optimizers.Adam))
    assert np.abs(constant - expected).max() > 1e-3


def test_the_decay_begins_at_the_initial_epoch():
    progress = Progress()
    fit(make_gan(), batch_size=32, initial_epoch=1, callbacks=[progress])
    np.testing.assert_allclose(progress.values, np.arange(2, 8) / 8)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, for unknown lengths
def test_the_decay_follows_epochs_if_the_number_of_batches_is_unknown():
    progress = Progress()
    batches = tf.data.Dataset.from_tensor_slices(POINTS).batch(32).filter(lambda batch: True)
    make_gan().fit(batches, epochs=2, verbose=0, callbacks=[progress])
    assert progress.values == [0.0] * 3 + [0.5] * 3  # Keras tries to read a third batch


def test_a_second_fit_decreases_the_rate_again():
    gan, progress = make_gan(), Progress()
    for _ in range(2):
        fit(gan, batch_size=64, callbacks=[progress])
        np.testing.assert_allclose(progress.values, np.arange(4) / 4)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_after_fit_the_rate_is_the_initial_rate(error):
    def stop(epoch, logs):
        if epoch == 2:
            raise error

    gan = make_gan()
    with pytest.raises(error):
        fit(gan, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=stop)])
    assert float(gan.generator_optimizer.progress) == 0.0
    fit(gan)
    assert float(gan.generator_optimizer.progress) == 0.0


def test_a_scheduler_of_keras_sets_the_rate_alone():
    def rates(epoch):
        return RATE / (1 + epoch)

    scheduler = keras.callbacks.LearningRateScheduler(rates)
    expected = fit(make_gan(keras.optimizers.Adam), callbacks=[scheduler])
    np.testing.assert_array_equal(fit(make_gan(), callbacks=[scheduler]), expected)


def test_reduced_rates_decrease_further():
    class Half(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.optimizer.learning_rate = self.model.optimizer.learning_rate / 2

    def rates(epoch):
        return RATE * (1 - epoch / EPOCHS) / 2**epoch

    scheduler = keras.callbacks.LearningRateScheduler(rates)
    expected = fit(make_gan(keras.optimizers.Adam), batch_size=64, callbacks=[scheduler])
    got = fit(make_gan(), batch_size=64, callbacks=[Half()])
    np.testing.assert_allclose(got, expected, atol=1e-6)


def test_health_monitor_reports_the_rate_of_the_last_step():
    monitor = kg.callbacks.HealthMonitor(patience=1)
    fit(make_gan(rate=1e-10), batch_size=64, initial_epoch=1, epochs=2, callbacks=[monitor])
    assert "learning rate 5e-11" in monitor.messages[0]


def test_a_loaded_model_continues_the_decay(tmp_path):
    expected = fit(make_gan())
    gan, file = make_gan(), tmp_path / "gan.keras"
    checkpoint = keras.callbacks.ModelCheckpoint(file)
    halfway = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(gan, "stop_training", epoch == 1)
    )
    fit(gan, callbacks=[checkpoint, halfway])
    loaded = keras.saving.load_model(file)
    assert type(loaded.generator_optimizer) is kg.optimizers.LinearDecayAdam
    np.testing.assert_array_equal(fit(loaded, initial_epoch=2), expected)


def test_float16_scales_losses_and_decreases_rates():
    gan = make_gan(policy="mixed_float16")
    assert type(gan.generator_optimizer) is keras.optimizers.LossScaleOptimizer
    inner = gan.generator_optimizer.inner_optimizer
    seen = []
    note = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: seen.append(float(inner.progress))
    )
    fit(gan, batch_size=64, callbacks=[note])
    np.testing.assert_allclose(seen, np.arange(4) / 4)


def test_a_callback_list_of_keras_gets_the_decay_of_each_fit():
    gan, progress = make_gan(), Progress()
    callbacks = keras.callbacks.CallbackList(
        [progress], model=gan, epochs=EPOCHS, steps=2, add_history=True
    )
    for _ in range(2):
        gan.fit(POINTS, batch_size=32, epochs=EPOCHS, verbose=0, callbacks=callbacks)
        np.testing.assert_allclose(progress.values, np.arange(8) / 8)


def test_rates_decrease_by_default_if_there_are_labels():
    shape = (8, 8, 1)
    labeled = [
        kg.ConditionalGAN(shape, num_classes=3),
        kg.ConditionalGAN(shape, condition_dim=2),
        kg.DCGAN(shape, num_classes=3),
        kg.ACGAN(shape, num_classes=3),
        kg.SelfConditionedGAN(shape),
    ]
    kinds = []
    for gan in [*labeled, kg.DCGAN(shape), kg.InfoGAN(shape)]:
        gan.compile()
        kinds.append(type(gan.generator_optimizer))
        assert type(gan.discriminator_optimizer) is kinds[-1]
    assert kinds == [kg.optimizers.LinearDecayAdam] * 5 + [keras.optimizers.Adam] * 2


def test_a_schedule_is_an_error():
    schedule = keras.optimizers.schedules.CosineDecay(1e-3, 10)
    with pytest.raises(ValueError, match=r"(?s)must be a number.*Received.*keras.optimizers.Adam"):
        kg.optimizers.LinearDecayAdam(schedule)
