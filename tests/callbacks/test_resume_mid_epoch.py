"""Trainings that are stopped in the middle of an epoch and started again."""

import os
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans as kg
from keras_gans.callbacks.checkpoint import read_checkpoint

EPOCHS, BATCHES = 3, 7  # with a smaller batch at the end
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


def train(folder, kills=((1, 4),), data=ours, every=2, unit="steps", settings=None, others=None):
    """A training that is killed after batches of epochs, and started again each time."""
    for kill in (*kills, None):
        gan, own = make_gan(**(settings or {})), Own()
        resume = kg.callbacks.Resume(folder / "checkpoints", every, unit)
        decay = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9)
        log = keras.callbacks.CSVLogger(folder / "log.csv", append=True)
        callbacks = [resume, own, decay, log, *(others(folder) if others else [])]
        folder.mkdir(exist_ok=True)
        call = {"epochs": EPOCHS, "verbose": 0}
        if kill is None:
            history = gan.fit(data(), callbacks=callbacks, **call)
        else:
            with pytest.raises(Killed):
                gan.fit(data(), callbacks=[Kill(*kill), *callbacks], **call)
            log.csv_file.close()  # as the system does
    logs = {name: values[-1] for name, values in history.history.items()}
    return gan.get_state(), own.told, own.total.tolist(), (folder / "log.csv").read_text(), logs


def assert_same(one, other):
    for array, expected in zip(one[0], other[0], strict=True):
        np.testing.assert_array_equal(array, expected)
    assert one[1:] == other[1:]


@pytest.mark.parametrize("kills", [((1, 5),), ((0, 3), (2, 6), (2, 4))])
@pytest.mark.parametrize("data", [ours, tensors, lambda: POINTS])
def test_a_resumed_training_ends_as_if_never_stopped(data, kills, tmp_path):
    whole = train(tmp_path / "whole", (), data)
    assert_same(train(tmp_path / "killed", kills, data), whole)


@pytest.mark.parametrize(
    "settings", [{"steps_per_execution": 2}, {"discriminator_steps": 2}], ids=str
)
def test_in_graphs(settings, tmp_path):
    settings = {**settings, "run_eagerly": False}
    whole = train(tmp_path / "whole", (), settings=settings)
    again = train(tmp_path / "killed", ((1, 5),), settings=settings)
    assert_same(again, whole)


def test_a_training_continues_behind_the_step_that_was_saved(tmp_path):
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(1, 4)])
    found = read_checkpoint(tmp_path)
    assert (found.epoch, found.step) == (1, 3)  # 7 + 3 steps, every 5
    own = Own()
    history = fit(tmp_path, [own])
    assert [name for name in own.told if isinstance(name, int)] == [3, 4, 5, 6, *range(BATCHES)]
    assert history.epoch == [1, 2]
    assert history.params["steps"] == BATCHES


def fit(folder, callbacks, data=ours, every=5, unit="steps", **call):
    resume = kg.callbacks.Resume(folder, every, unit)
    call = {"epochs": EPOCHS, "verbose": 0, "callbacks": [*callbacks, resume], **call}
    return make_gan().fit(data(), **call)


def test_the_last_epoch_and_early_ends(tmp_path):
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(2, 2)], every=1)
    ends = []
    end = keras.callbacks.LambdaCallback(on_train_end=ends.append)
    assert fit(tmp_path, [end], every=1).epoch == [2]
    assert len(ends) == 1

    with pytest.raises(Killed):
        fit(tmp_path / "other", [Kill(0, 2)], every=1)

    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 4

    assert fit(tmp_path / "other", [Stop(), end], every=1).epoch == [0]
    assert len(ends) == 2


def test_minutes(tmp_path, monkeypatch):
    minutes = iter(range(10_000))
    monkeypatch.setattr("time.monotonic", lambda: 60.0 * next(minutes))
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(1, 3)], every=10, unit="minutes")
    found = read_checkpoint(tmp_path)
    assert found.epoch == 1 or found.step
    with pytest.raises(Killed):
        fit(tmp_path / "never", [Kill(1, 3)], every=100, unit="minutes")
    assert read_checkpoint(tmp_path / "never").state is None


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
        (Loader, {}),
        (lambda: ours().filter(lambda x: True), {}),
        (ours, {"steps_per_epoch": 2}),
    ],
)
def test_data_that_cannot_skip_are_saved_at_the_end_of_an_epoch(data, call, tmp_path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(tmp_path, [], data, every=1, **call)
    assert sum("Each epoch is saved at its end" in str(one.message) for one in caught) == 1
    found = read_checkpoint(tmp_path)
    assert (found.epoch, found.step) == (call.get("epochs", EPOCHS), 0)


def test_the_middle_of_an_epoch_needs_data_that_can_skip(tmp_path):
    with pytest.raises(Killed):
        fit(tmp_path, [Kill(1, 3)], every=1)
    with pytest.raises(ValueError, match=r"Received: other data, and step 3 of epoch 2 in"):
        fit(tmp_path, [], Loader)


def test_pictures_and_the_page_are_those_of_the_whole_epochs(tmp_path):
    pytest.importorskip("plotly")
    page = tmp_path / "report.html"

    def others():
        return [kg.ImageMonitor(tmp_path), kg.TrainingReport(page)]

    with pytest.raises(Killed):
        fit(tmp_path / "checkpoints", [*others(), Kill(0, 4)], every=1)
    first = (tmp_path / "image_at_epoch_0000.png").read_bytes()
    fit(tmp_path / "checkpoints", others(), every=1)
    assert (tmp_path / "image_at_epoch_0000.png").read_bytes() == first
    assert len([name for name in os.listdir(tmp_path) if name.endswith(".png")]) == EPOCHS + 1
    assert page.read_text().count('"epoch": 0, "image"') == 1
