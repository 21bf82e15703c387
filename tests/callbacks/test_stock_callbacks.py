"""Each row of the table in docs/callbacks.md."""

import csv

import keras
import numpy as np
import pytest

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture
def gan(points_gan):
    gan = points_gan(seed=1)
    gan.compile(
        discriminator_optimizer=keras.optimizers.SGD(4e-3),
        generator_optimizer=keras.optimizers.SGD(1e-3),
    )
    return gan


def rates(gan):
    return [
        float(optimizer.learning_rate)
        for optimizer in (gan.discriminator_optimizer, gan.generator_optimizer)
    ]


class Logs(keras.callbacks.Callback):
    """Writes a number into the logs, as a sample metric would."""

    def __init__(self, name, values):
        super().__init__()
        self.name, self.values = name, values

    def on_epoch_end(self, epoch, logs=None):
        logs[self.name] = self.values[epoch]


def fit(gan, points, *callbacks, epochs=3, **arguments):
    return gan.fit(points, epochs=epochs, callbacks=list(callbacks), verbose=0, **arguments)


def same(gan, other):
    return all(map(np.array_equal, gan.get_state(), other.get_state()))


def test_model_checkpoint(gan, points, tmp_path):
    gan.compile(keras.optimizers.Adam(4e-3), keras.optimizers.Adam(1e-3))
    path = str(tmp_path / "gan_{epoch}.keras")
    fit(gan, points, keras.callbacks.ModelCheckpoint(path))
    assert same(gan, keras.saving.load_model(tmp_path / "gan_3.keras"))
    assert not same(gan, keras.saving.load_model(tmp_path / "gan_2.keras"))


def test_model_checkpoint_of_the_best(gan, points, tmp_path):
    path = tmp_path / "best.keras"
    best = keras.callbacks.ModelCheckpoint(
        path, monitor="coverage", mode="max", save_best_only=True
    )
    fit(gan, points, Logs("coverage", [0.2, 0.9, 0.5]), best)
    assert keras.saving.load_model(path).images_seen == 2 * len(points)


def test_backup_and_restore_after_a_clean_interrupt(points_gan, points, tmp_path):
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    def make():
        keras.utils.set_random_seed(0)
        gan = points_gan(
            seed=1,
            generator=kg.networks.mlp_generator((2,), 3, width=8),
            discriminator=kg.networks.mlp_discriminator((2,), width=8),
        )
        gan.compile()
        return gan

    whole, stopped, again = make(), make(), make()
    fit(whole, points)
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, points, keras.callbacks.BackupAndRestore(tmp_path), Interrupt())
    history = fit(again, points, keras.callbacks.BackupAndRestore(tmp_path))
    assert history.epoch == [2]
    assert same(whole, again)


@pytest.mark.parametrize(
    "schedule", [lambda epoch, rate: rate / 2, lambda epoch: 4e-3 * 0.5 ** (epoch + 1)]
)
def test_learning_rate_scheduler_keeps_the_ratio(gan, points, schedule):
    history = fit(gan, points, keras.callbacks.LearningRateScheduler(schedule)).history
    assert rates(gan) == pytest.approx([4e-3 / 8, 1e-3 / 8])
    assert history["learning_rate"] == pytest.approx([2e-3, 1e-3, 5e-4])


def test_a_schedule_that_begins_at_zero(gan, points):
    warm_up = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * epoch)
    fit(gan, points, warm_up)
    assert rates(gan) == pytest.approx([2e-3, 0.5e-3])


def test_a_rate_of_zero_in_a_new_process_keeps_the_ratio(gan, points):
    state = gan.get_state()  # with both rates
    gan.optimizer.learning_rate = 0.0
    stopped = gan.get_state()
    again = kg.GAN(generator=gan.generator, discriminator=gan.discriminator)
    again.compile(keras.optimizers.SGD(4e-3), keras.optimizers.SGD(1e-3))
    again.set_state(stopped)
    assert rates(again) == [0.0, 0.0]
    again.optimizer.learning_rate = 2e-3
    assert rates(again) == pytest.approx([2e-3, 5e-4])
    again.set_state(state)


def test_one_schedule_is_refused_before_anything_has_changed(points_gan):
    gan = points_gan()
    rate = keras.optimizers.schedules.ExponentialDecay(1e-3, 10, 0.9)
    gan.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(rate))
    with pytest.raises(TypeError, match="a `LearningRateSchedule` object"):
        gan.optimizer.learning_rate = 1e-4
    assert float(gan.discriminator_optimizer.learning_rate) == pytest.approx(1e-3)


def test_reduce_on_plateau_keeps_the_ratio(gan, points):
    plateau = keras.callbacks.ReduceLROnPlateau(
        "flat", mode="min", factor=0.1, patience=1, min_lr=1e-4
    )
    fit(gan, points, Logs("flat", [1.0] * 4), plateau, epochs=4)
    assert rates(gan) == pytest.approx([1e-4, 0.25e-4])


def test_early_stopping(gan, points):
    stop = keras.callbacks.EarlyStopping(
        "distance", mode="min", patience=1, restore_best_weights=True
    )
    history = fit(gan, points, Logs("distance", [2.0, 1.0, 3.0, 4.0]), stop, epochs=4)
    assert history.epoch == [0, 1, 2]
    assert gan.images_seen == 2 * len(points)  # a weight, restored with the others


def test_early_stopping_on_held_out_data(gan, points):
    stop = keras.callbacks.EarlyStopping("val_real_score", mode="max", min_delta=10, patience=1)
    history = fit(gan, points, stop, validation_data=(points,))
    assert len(history.epoch) == 2


def test_tensorboard(gan, points, tmp_path):
    pytest.importorskip("tensorboard")
    fit(gan, points, keras.callbacks.TensorBoard(tmp_path, histogram_freq=1, update_freq=1))
    files = list(tmp_path.rglob("events*"))
    assert files
    content = b"".join(path.read_bytes() for path in files)
    assert b"epoch_generator_loss" in content
    assert b"epoch_discriminator_loss" in content
    tags = [weight.path for network in gan.layers for weight in network.weights]
    assert len(set(tags)) == len(tags)


def test_csv_logger(gan, points, tmp_path):
    path = tmp_path / "logs.csv"
    history = fit(gan, points, keras.callbacks.CSVLogger(path)).history
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    for name, values in history.items():
        assert [float(row[name]) for row in rows] == pytest.approx(values)


def test_lambda_callback(gan, points):
    seen = []
    fit(gan, points, keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: seen.append(logs)))
    assert len(seen) == 3
    assert {"generator_loss", "fake_score"} <= set(seen[0])


def test_progress_bar_shows_means_of_the_epoch(gan, points, capsys):
    history = gan.fit(points, batch_size=8, verbose=2).history
    shown = capsys.readouterr().out
    assert f"generator_loss: {history['generator_loss'][0]:.4f}" in shown
    losses = []
    gan.optimizer.learning_rate = 0.0
    each = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append(float(logs["generator_loss"]))
    )
    history = gan.fit(points, batch_size=8, verbose=0, callbacks=[each]).history
    assert history["generator_loss"][0] == pytest.approx(losses[-1])  # a running mean


def test_terminate_on_nan_sees_no_log_named_loss(gan, points):
    history = fit(gan, points, Poison(1), keras.callbacks.TerminateOnNaN())
    assert np.isnan(history.history["discriminator_loss"]).all()
    assert len(history.epoch) == 3  # so that NaNGuard(max_rollbacks=0) is what to use


# NaNGuard -------------------------------------------------------------------------------


class Poison(keras.callbacks.Callback):
    """Makes a weight NaN before some batches of the run."""

    def __init__(self, *batches):
        super().__init__()
        self.batches, self.count = batches, 0

    def on_train_batch_begin(self, batch, logs=None):
        if self.count in self.batches:
            weight = self.model.discriminator.trainable_variables[0]
            weight.assign(weight * np.nan)
        self.count += 1


def test_nan_guard_rolls_back_and_reduces_both_learning_rates(gan, points, capsys):
    guard = kg.callbacks.NaNGuard(factor=0.5)
    history = fit(gan, points, Poison(2), guard, epochs=3).history  # in the second epoch
    assert guard.rollbacks == 1
    assert rates(gan) == pytest.approx([2e-3, 5e-4])
    assert all(np.all(np.isfinite(array)) for array in gan.get_state())
    assert all(np.all(np.isfinite(values)) for values in history.values())
    assert gan.images_seen < 3 * len(points)  # back at the end of the first epoch
    assert "epoch 2, batch 1" in capsys.readouterr().out


def test_nan_guard_restores_everything_but_the_learning_rates(gan, points):
    """Weights, optimizers and random states are those at the end of the epoch before."""
    gan.compile(keras.optimizers.Adam(4e-3), keras.optimizers.Adam(1e-3))
    guard, kept, restored = kg.callbacks.NaNGuard(), [], []

    class Keep(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kept.append(gan.get_state())

        def on_train_batch_end(self, batch, logs=None):
            if guard.rollbacks > len(restored):
                restored.append(gan.get_state())

    fit(gan, points, Poison(3), guard, Keep(), epochs=2)  # in the last batch
    differing = [(a, b) for a, b in zip(kept[0], restored[0], strict=True) if np.any(a != b)]
    assert np.array(differing) == pytest.approx(np.array([(4e-3, 2e-3), (1e-3, 5e-4)]))
    assert any(np.any(a != b) for a, b in zip(kept[0], gan.get_state(), strict=True))


def test_nan_guard_goes_back_to_what_was_resumed(gan, points, tmp_path):
    guard = kg.callbacks.NaNGuard()
    fit(gan, points, kg.callbacks.Resume(tmp_path), epochs=3)
    fit(gan, points, Poison(0), guard, kg.callbacks.Resume(tmp_path), epochs=4)
    assert guard.rollbacks == 1
    assert gan.images_seen >= 3 * len(points)


def test_a_rollback_in_the_last_batch_does_not_log_zeros(gan, points):
    history = fit(gan, points, Poison(3), kg.callbacks.NaNGuard(), epochs=3).history
    assert np.isnan(history["generator_loss"][1])
    assert np.isfinite(history["generator_loss"][2])


def test_nan_guard_gives_up(gan, points):
    guard = kg.callbacks.NaNGuard(max_rollbacks=2)
    with pytest.raises(FloatingPointError, match="2 rollbacks"):
        fit(gan, points, Poison(*range(3, 100)), guard, epochs=30)
    assert all(np.all(np.isfinite(array)) for array in gan.get_state())


def test_nan_guard_that_only_stops(gan, points):
    with pytest.raises(FloatingPointError, match="after 0 rollbacks"):
        fit(gan, points, Poison(1), kg.callbacks.NaNGuard(max_rollbacks=0))


def test_nan_guard_and_a_schedule(points_gan, points):
    gan = points_gan()
    rate = keras.optimizers.schedules.ExponentialDecay(1e-3, 10, 0.9)
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(rate))
    with pytest.raises(ValueError, match="schedule"):
        fit(gan, points, kg.callbacks.NaNGuard())
    fit(gan, points, kg.callbacks.NaNGuard(max_rollbacks=0))


def test_nan_guard_arguments():
    with pytest.raises(ValueError, match="factor=2"):
        kg.callbacks.NaNGuard(factor=2)


def test_a_guarded_training_without_nan_is_the_same(points_gan, points):
    results = []
    for callbacks in ([], [kg.callbacks.NaNGuard()]):
        keras.utils.set_random_seed(0)
        gan = points_gan(
            seed=1,
            generator=kg.networks.mlp_generator((2,), 3, width=8),
            discriminator=kg.networks.mlp_discriminator((2,), width=8),
        )
        gan.compile()
        fit(gan, points, *callbacks)
        results.append(gan)
    assert same(*results)


def test_the_stand_in_answers_whatever_a_keras_optimizer_answers(gan):
    gan.compile(keras.optimizers.Adam(4e-3), keras.optimizers.Adam(1e-3))
    optimizer = keras.optimizers.SGD(0.1)
    public = {name for name in [*dir(optimizer), *vars(optimizer)] if not name.startswith("_")}
    missing = {name for name in public if not hasattr(gan.optimizer, name)}
    assert missing <= {"momentum", "nesterov"}  # SGD's own
    assert gan.optimizer.clipnorm is None
    assert not hasattr(gan.optimizer, "zzz")
    config = gan.optimizer.get_config()
    for player in ("discriminator", "generator"):
        own = getattr(gan, f"{player}_optimizer").get_config()
        assert {name: config[f"{player}_{name}"] for name in own} == own
    with pytest.raises(TypeError, match=r"gan\.generator_optimizer"):
        gan.optimizer.apply([])
