"""Trainings that are stopped in the middle of an epoch and started again."""

import os
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans as kg
from keras_gans.callbacks.checkpoint import read_checkpoint

pytestmark = pytest.mark.stage2
EPOCHS, BATCHES = 2, 5  # with a smaller batch at the end
POINTS = np.random.default_rng(0).uniform(-1, 1, (BATCHES * 8 - 3, 2)).astype("float32")


class Killed(BaseException):
    """Ends a training at once, without `on_train_end`."""


class Kill(keras.callbacks.Callback):
    """Ends a training after a batch of an epoch."""

    resumes_from_files = True  # it is not there when the training is started again

    def __init__(self, epoch, batch):
        super().__init__()
        self.place = epoch, batch

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == self.place:
            raise Killed


class Own(keras.callbacks.Callback):
    """What a callback is told, and values that each call changes."""

    def __init__(self):
        super().__init__()
        self.told = []
        self.total = np.zeros(2)
        self.inside = None

    def on_epoch_begin(self, epoch, logs=None):
        self.told.append(("begin", epoch))
        self.inside = True

    def on_train_batch_begin(self, batch, logs=None):
        self.told.append(batch)
        self.inside = None

    def on_train_batch_end(self, batch, logs=None):
        self.told.append((batch, {name: repr(float(value)) for name, value in logs.items()}))
        self.total += self.model.images_seen

    def on_epoch_end(self, epoch, logs=None):
        assert self.inside is None
        self.told.append((epoch, {name: repr(float(value)) for name, value in logs.items()}))


def make_gan(**settings):
    keras.utils.set_random_seed(0)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), 3, width=8),
        discriminator=kg.networks.mlp_discriminator((2,), width=8),
        seed=1,
    )
    gan.compile(**{"run_eagerly": True, "penalties": [kg.losses.R1(0.1)], **settings})
    return gan


def ours():
    return kg.datasets.from_arrays(POINTS, 8, seed=0, drop_remainder=False).map(lambda x: x)


def tensors():
    return tf.data.Dataset.from_tensor_slices(POINTS).batch(8)


def fit(folder, callbacks, data=ours, every=3, unit="steps", call=None, **settings):
    """The model, and the history of a training with `Resume`."""
    gan = make_gan(**settings)
    callbacks = [kg.callbacks.Resume(folder / "checkpoints", every, unit), *callbacks]
    call = {"epochs": EPOCHS, "verbose": 0, "callbacks": callbacks, **(call or {})}
    x = data()
    return gan, gan.fit(x, batch_size=8 if isinstance(x, np.ndarray) else None, **call)


def checkpoint(folder):
    return read_checkpoint(folder / "checkpoints")


def train(folder, kills, data, settings):
    """A training that is killed after batches of epochs, and started again each time."""
    folder.mkdir()
    for kill in (*kills, None):
        own, log = Own(), keras.callbacks.CSVLogger(folder / "log.csv", append=True)
        decay = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9)
        callbacks = [own, decay, log, kg.callbacks.NaNGuard()]
        if kill is None:
            gan, history = fit(folder, callbacks, data, 2, **settings)
        else:
            with pytest.raises(Killed):
                fit(folder, [Kill(*kill), *callbacks], data, 2, **settings)
            log.csv_file.close()  # as the system does
    logs = {name: values[-1] for name, values in history.history.items()}
    return gan.get_state(), own.told, own.total.tolist(), (folder / "log.csv").read_text(), logs


def assert_same(one, other):
    for array, expected in zip(one[0], other[0], strict=True):
        np.testing.assert_array_equal(array, expected)
    assert one[1:] == other[1:]


@pytest.mark.parametrize(
    ("data", "settings", "kills"),
    [
        (ours, {"discriminator_steps": 2}, ((0, 3), (1, 2), (1, 4))),
        (tensors, {}, ((1, 3),)),
        (lambda: POINTS, {}, ((1, 3),)),
        pytest.param(
            ours,
            {"steps_per_execution": 2, "run_eagerly": False},
            ((1, 3),),
            marks=pytest.mark.stage2,  # it builds graphs
        ),
    ],
)
def test_a_resumed_training_ends_as_if_never_stopped(data, settings, kills, tmp_path):
    whole = train(tmp_path / "whole", (), data, settings)
    assert_same(train(tmp_path / "killed", kills, data, settings), whole)


def test_a_training_continues_behind_the_step_that_was_saved(tmp_path):
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(1, 2)])
    assert (checkpoint(tmp_path).epoch, checkpoint(tmp_path).step) == (1, 1)  # 6 of 7 steps
    own = Own()
    own.resumes_from_files = True  # it sees the steps of this process alone
    _, history = fit(tmp_path, [own])
    assert [name for name in own.told if isinstance(name, int)] == [1, 2, 3, 4]
    assert history.epoch == [1]
    assert history.params["steps"] == BATCHES
    assert (checkpoint(tmp_path).epoch, checkpoint(tmp_path).step) == (EPOCHS, 0)


def test_training_ends_once(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 3

    ends = []
    end = keras.callbacks.LambdaCallback(on_train_end=ends.append)
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(0, 1)], every=1)
    assert fit(tmp_path, [Stop(), end], every=1)[1].epoch == [0]
    assert len(ends) == 1

    with pytest.raises(Killed):
        fit(tmp_path / "fewer", [Kill(1, 3)], every=1)
    gan, history = fit(tmp_path / "fewer", [end], every=1, call={"epochs": 1})
    assert history.epoch == []
    assert gan.images_seen == len(POINTS) + 3 * 8
    assert len(ends) == 2


def test_minutes(tmp_path, monkeypatch):
    class Clock(keras.callbacks.Callback):
        seconds = 0.0

        def on_train_batch_begin(self, batch, logs=None):
            Clock.seconds += 60.0

    monkeypatch.setattr("time.monotonic", lambda: Clock.seconds)
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(0, 3), Clock()], every=2, unit="minutes")
    assert checkpoint(tmp_path).step == 2


def loader():
    return [POINTS[:8], POINTS[8:16]].__iter__()


class Loader:
    def __iter__(self):
        return loader()

    def __len__(self):
        return 2


@pytest.mark.parametrize(
    ("data", "call"),
    [
        (loader, {"epochs": 1}),
        (Loader, {"epochs": 1}),
        (lambda: ours().filter(lambda x: True), {"epochs": 1}),
        (ours, {"steps_per_epoch": 2}),
    ],
)
def test_data_that_cannot_skip_are_saved_at_the_end_of_an_epoch(data, call, tmp_path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(tmp_path, [], data, every=1, call=call)
    assert sum("Each epoch is saved at its end" in str(one.message) for one in caught) == 1
    assert (checkpoint(tmp_path).epoch, checkpoint(tmp_path).step) == (
        call.get("epochs", EPOCHS),
        0,
    )


def test_the_middle_of_an_epoch_needs_data_that_can_skip(tmp_path):
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(0, 3)], every=1)
    with pytest.raises(ValueError, match=r"Received: other data, and step 3 of epoch 1 in"):
        fit(tmp_path, [], Loader)


def test_pictures_and_the_page_are_those_of_the_whole_epochs(tmp_path):
    pytest.importorskip("plotly")
    page = tmp_path / "report.html"

    def others():
        return [kg.ImageMonitor(tmp_path), kg.callbacks.TrainingReport(page)]

    with pytest.raises(Killed):
        fit(tmp_path, [*others(), Kill(0, 3)], every=1)
    first = (tmp_path / "image_at_epoch_0000.png").read_bytes()
    fit(tmp_path, others(), every=1)
    assert (tmp_path / "image_at_epoch_0000.png").read_bytes() == first
    assert len([name for name in os.listdir(tmp_path) if name.endswith(".png")]) == EPOCHS + 1
    assert page.read_text().count('"epoch": 0, "image"') == 1
