"""What `Resume` carries of other callbacks, and what it does when files cannot be written."""

import os
import resource
import shutil
import signal

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans.callbacks.checkpoint import Checkpoint, read_checkpoint, write_checkpoint

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture
def make(points_gan, points):
    """A model and its data, the same each time."""

    def make():
        keras.utils.set_random_seed(0)
        gan = points_gan(
            seed=1,
            generator=kg.networks.mlp_generator((2,), 3, width=8),
            discriminator=kg.networks.mlp_discriminator((2,), width=8),
        )
        gan.compile()
        return gan, kg.datasets.from_arrays(points, 64, seed=0)

    return make


class Killed(BaseException):
    """Ends a training at once, without `on_train_end`."""


class Kill(keras.callbacks.Callback):
    """Ends a training when an epoch begins."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise Killed


class Score(keras.callbacks.Callback):
    """Writes numbers into the logs, as a sample metric would."""

    values = (5.0, 3.0, 2.0, 4.0, 4.0, 4.0, 4.0)

    def on_epoch_end(self, epoch, logs=None):
        logs["score"] = self.values[epoch]


class Own(keras.callbacks.Callback):
    """A callback of the user's own with values of all kinds."""

    def __init__(self, best=np.inf):
        super().__init__()
        self.best = best
        self.epochs = []
        self.means = {"score": np.zeros(3, "float32"), 1: (None, True)}
        self.tensor = None
        self.seen = set()
        self.weights = None

    def on_epoch_end(self, epoch, logs=None):
        self.best = min(self.best, logs["score"])
        self.epochs.append(epoch)
        self.means["score"][epoch % 3] += np.float32(logs["real_score"])
        self.tensor = keras.ops.convert_to_tensor([logs["score"], epoch])
        self.last = np.float32(logs["score"])
        self.seen.add(logs["score"])
        self.weights = self.model.get_weights()


def stateful(folder):
    monitored = {"monitor": "score", "mode": "min"}
    return [
        Score(),
        keras.callbacks.CSVLogger(folder / "log.csv", append=True),
        keras.callbacks.CSVLogger(folder / "own.csv"),
        keras.callbacks.ReduceLROnPlateau(**monitored, patience=2, min_delta=0.1, factor=0.5),
        keras.callbacks.EarlyStopping(
            **monitored, patience=3, min_delta=0.1, restore_best_weights=True
        ),
        keras.callbacks.ModelCheckpoint(folder / "best.keras", **monitored, save_best_only=True),
        kg.callbacks.NaNGuard(),
        kg.callbacks.HealthMonitor(patience=1),
        Own(),
    ]


def values_of(callback):
    names = set(vars(callback)) - {"_model", "params", "csv_file", "writer", "append_header"}
    return {name: vars(callback)[name] for name in names}


def assert_same(value, other):
    assert type(value) is type(other)
    if isinstance(value, dict):
        assert list(value) == list(other)
        value, other = list(value.values()), list(other.values())
    if isinstance(value, list | tuple):
        assert len(value) == len(other)
        for pair in zip(value, other, strict=True):
            assert_same(*pair)
    else:
        np.testing.assert_array_equal(value, other)


def fit(make, folder, kill=(), every=1, epochs=8, callbacks=stateful, first=False):
    """A training that ends when an epoch of `kill` begins, and is started again each time."""
    folder.mkdir(exist_ok=True)
    for epoch in (*kill, None):
        gan, data = make()
        others = callbacks(folder)
        resume = kg.callbacks.Resume(folder / "checkpoints", every)
        order = [resume, *others] if first else [*others, resume]
        if epoch is not None:
            with pytest.raises(Killed):
                gan.fit(data, epochs=epochs, verbose=0, callbacks=[*order, Kill(epoch)])
            for log in (c for c in others if isinstance(c, keras.callbacks.CSVLogger)):
                log.csv_file.close()  # as the system does
        else:
            history = gan.fit(data, epochs=epochs, verbose=0, callbacks=order)
    return gan, others, history


TIMES = {"images_per_second", "_start", "_end", "_images"}  # and those of Resume's folder


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(part) for key, part in value.items() if key not in TIMES}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def test_stopped_and_started_again_all_callbacks_end_as_if_never_stopped(make, tmp_path):
    gan, others, history = fit(make, tmp_path / "whole")
    assert len(history.epoch) == 6  # stopped early
    again, resumed, _ = fit(make, tmp_path / "killed", kill=(1, 5), every=2, first=True)
    assert_same(gan.get_state(), again.get_state())
    for one, other in zip(others, resumed, strict=True):
        values = [without_times(values_of(callback)) for callback in (one, other)]
        for name in values[0]:
            if name not in ("filename", "filepath"):
                assert_same(values[0][name], values[1][name])
    for name in ("log.csv", "own.csv"):
        texts = [(tmp_path / run / name).read_text() for run in ("whole", "killed")]
        assert texts[0] == texts[1]
    best = [keras.saving.load_model(tmp_path / run / "best.keras") for run in ("whole", "killed")]
    assert_same(best[0].get_state(), best[1].get_state())


def test_a_training_that_was_stopped_early_is_not_continued(make, tmp_path, capsys):
    def callbacks(folder):
        monitored = {"monitor": "score", "mode": "min"}
        return [
            Score(),
            keras.callbacks.EarlyStopping(**monitored, patience=1, restore_best_weights=True),
        ]

    gan, _, history = fit(make, tmp_path, callbacks=callbacks)
    assert history.epoch == [0, 1, 2, 3]
    again, _, history = fit(make, tmp_path, callbacks=callbacks)
    assert history.epoch == []
    assert_same(gan.get_state(), again.get_state())
    assert "EarlyStopping ended the training after epoch 4" in capsys.readouterr().out


class Holder(keras.callbacks.Callback):
    """Holds what a file cannot, and what training does not change."""

    def __init__(self):
        super().__init__()
        self.mean = keras.metrics.Mean()
        self.constants = (np.sin, len, Holder, keras.ops.sin)
        self.function, self.folder = np.array, os
        self.now = None

    def on_epoch_end(self, epoch, logs=None):
        self.now = iter([epoch])


def test_what_cannot_be_carried_is_named_once(make, tmp_path):
    gan, data = make()
    holders = [Holder(), Holder()]
    resume = kg.callbacks.Resume(tmp_path)
    with pytest.warns(UserWarning, match="cannot save these") as caught:
        gan.fit(data, epochs=3, verbose=0, callbacks=[resume, *holders])
    texts = [str(warning.message) for warning in caught]
    assert len(texts) == 2  # when training begins, and after its first epoch
    assert "Holder.mean (Mean), Holder.constants (tuple), Holder 2.mean (Mean)" in texts[0]
    assert "Holder.now (list_iterator), Holder 2.now (list_iterator)" in texts[1]
    assert "function" not in texts[0]


def test_values_without_their_callback_are_named(make, tmp_path):
    fit(make, tmp_path, epochs=1, callbacks=lambda folder: [Score(), Own()])
    with pytest.warns(UserWarning, match="not in the list now: Own"):
        fit(make, tmp_path, epochs=2, callbacks=lambda folder: [Score()])


# What cannot be saved -----------------------------------------------------------------------


def checkpoint(folder):
    return read_checkpoint(folder)


def run(make, folder, epochs=4, every=1, **actions):
    """Trains; after some epochs, functions of the model are called."""
    gan, data = make()

    def act(epoch, logs):
        actions.get(f"after_{epoch + 1}", lambda gan: None)(gan)

    callbacks = [
        kg.callbacks.Resume(folder, every),
        keras.callbacks.LambdaCallback(on_epoch_end=act),
    ]
    gan.fit(data, epochs=epochs, verbose=0, callbacks=callbacks)
    return gan


def poison(gan):
    weight = gan.generator.weights[0]
    weight.assign(weight * np.nan)


def test_a_finite_state_is_not_replaced_by_nan(make, tmp_path):
    with pytest.warns(UserWarning, match="Resume could not save epoch") as caught:
        run(make, tmp_path, after_3=poison)
    texts = [str(warning.message) for warning in caught]
    assert all("NaN or infinity" in text and "that of epoch 2" in text for text in texts)
    assert "epoch 4" in texts[-1]
    assert "Training has ended." in texts[-1]
    assert checkpoint(tmp_path).epoch == 2
    run(make, tmp_path)
    assert checkpoint(tmp_path).epoch == 4


def limit_files(num_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, resource.RLIM_INFINITY))


def test_a_full_disk_is_a_warning_and_saving_is_tried_again(make, tmp_path):
    try:
        with pytest.warns(UserWarning, match="Resume could not save") as caught:
            run(
                make,
                tmp_path,
                after_2=lambda gan: limit_files(3000),
                after_4=lambda gan: limit_files(resource.RLIM_INFINITY),
                every=2,
            )
    finally:
        limit_files(resource.RLIM_INFINITY)
    assert len(caught) == 2  # after epochs 2 and 3; that of epoch 4 is written
    assert "Nothing has been saved so far" in str(caught[0].message)
    assert checkpoint(tmp_path).epoch == 4
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_removed_is_made_again(make, tmp_path):
    folder = tmp_path / "checkpoints"
    with pytest.warns(UserWarning, match="Resume could not save") as caught:
        run(make, folder, after_2=lambda gan: shutil.rmtree(folder))
    assert len(caught) == 1
    assert checkpoint(folder).epoch == 4


def test_nothing_that_could_be_saved_is_said_at_the_end(make, tmp_path):
    folder = tmp_path / "checkpoints"

    def replace(gan):
        shutil.rmtree(folder)
        folder.write_text("a file in place of the folder")

    with pytest.warns(UserWarning, match="Resume could not save epoch") as caught:
        run(make, folder, after_2=replace)
    assert "The newest file is that of epoch 1. Training has ended." in str(caught[-1].message)


# Signals ------------------------------------------------------------------------------------


def test_a_handler_that_continues_after_a_signal_during_a_write(make, tmp_path, monkeypatch):
    whole = run(make, tmp_path / "whole", epochs=2)
    handled = []
    write = os.fsync

    def fsync(file):
        if len(handled) < 2:
            signal.raise_signal(signal.SIGTERM)
        write(file)

    before = signal.signal(signal.SIGTERM, lambda number, frame: handled.append(number))
    try:
        monkeypatch.setattr(os, "fsync", fsync)
        gan = run(make, tmp_path / "stopped", epochs=2)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert handled == [signal.SIGTERM] * 2
    assert_same(gan.get_state(), whole.get_state())
    assert checkpoint(tmp_path / "stopped").epoch == 2
    assert sorted(os.listdir(tmp_path / "stopped")) == ["training.npz", "training_before.npz"]


# Damaged files ------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    """Two files, the bytes of the newer, and what it holds."""
    arrays = [np.arange(5, dtype="float32"), np.array(3), np.zeros((0, 2)), np.array(True)]
    for epoch in (1, 2):
        state = [np.array(array + array.dtype.type(epoch)) for array in arrays]
        newest = Checkpoint(epoch, state, {"a": 1}, {"Own": {"best": 0.5}}, {})
        write_checkpoint(tmp_path, newest)
    return tmp_path, (tmp_path / "training.npz").read_bytes(), newest


def is_right(folder, newest):
    """Whether the newest file is read right; False where the one before is taken."""
    found = checkpoint(folder)
    if found.epoch == 1:
        return False
    assert found.epoch == newest.epoch
    assert_same(found.state, newest.state)
    assert (found.settings, found.callbacks) == (newest.settings, newest.callbacks)
    return True


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_a_changed_byte_is_never_read_as_something_else(step, files, capsys):
    folder, content, newest = files
    assert is_right(folder, newest)
    kept = 0
    for place in range(0, len(content), step):
        for change in (1, 255):
            damaged = bytearray(content)
            damaged[place] ^= change
            (folder / "training.npz").write_bytes(damaged)
            kept += is_right(folder, newest)
    assert kept < len(content) / step  # the rest fell back to the one before


def test_a_file_with_too_few_arrays_falls_back(files, capsys):
    folder, _, newest = files
    with np.load(folder / "training.npz") as arrays:
        content = {name: arrays[name] for name in arrays.files[:-1]}
    np.savez(folder / "training.npz", **content)
    assert not is_right(folder, newest)
    assert "has 3 arrays instead of 4" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "problem"), [("array", "the checksums of 1 of its arrays"), ("meta", "description")]
)
def test_a_change_that_a_zip_archive_allows_is_found(part, problem, files, capsys):
    """The file is written as a whole, so that the checksums of the archive are right."""
    folder, _, newest = files
    with np.load(folder / "training.npz") as arrays:
        content = {name: np.array(arrays[name]) for name in arrays.files}
    name = next(n for n in content if content[n].size == 5) if part == "array" else "meta"
    content[name].reshape(-1)[-3] += 1
    np.savez(folder / "training.npz", **content)
    assert not is_right(folder, newest)
    assert problem in capsys.readouterr().out
    (folder / "training_before.npz").unlink()
    with pytest.raises(ValueError, match=rf"Received: .*training\.npz .*{problem}.*Delete"):
        checkpoint(folder)


def test_a_file_of_another_version_says_so(tmp_path):
    about = np.frombuffer(b'{"epoch": 1, "settings": {}}', "uint8")
    np.savez(tmp_path / "training.npz", meta=about)
    with pytest.raises(ValueError, match="another version"):
        checkpoint(tmp_path)
