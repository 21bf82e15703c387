"""A callback that continues an interrupted training."""

import sys
import time
import warnings
from collections.abc import Sequence
from typing import Any, Literal

import keras
import numpy as np

from keras_gans import checks
from keras_gans.callbacks.checkpoint import (
    NAME,
    Checkpoint,
    flat_settings,
    read_checkpoint,
    write_checkpoint,
)
from keras_gans.callbacks.held_values import HeldValues, ended_by, rewriting_logs
from keras_gans.callbacks.stop_signals import StopSignals
from keras_gans.pipelines.files import is_chief, prepare_folder, remove_unfinished
from keras_gans.protocols import PathLike

_NEEDS = (
    "arrays or a tf.data.Dataset with a known number of batches, no `steps_per_epoch`, and a "
    "single replica"
)


class Resume(keras.callbacks.Callback):
    """Callback that saves the training regularly, and continues it when the script is run again.

    Run the same script again after a crash or a power failure: `fit` continues after the last saved
    epoch or step. It ends with the same weights and logs as an uninterrupted training, bit for bit,
    on the same machine with deterministic ops (the ops of CPUs are) and data whose order depends
    only on seed and epoch, such as `keras_gans.datasets` with a `seed`. Pass a `seed` to the model,
    and call `keras.utils.set_random_seed` first.

    If epochs take hours, pass `unit="minutes"` or `unit="steps"` to save in the middle of an epoch.
    This needs arrays or a `tf.data.Dataset` with a known number of batches, no `steps_per_epoch`,
    and a single replica. Otherwise, there is a warning when training begins, and the training is
    saved at the end of each epoch.

    The state is stored in one file, `training.npz`: the weights, the averaged generator, both
    optimizers, counters and random states. The file is replaced as a whole, and the previous one is
    kept as `training_before.npz`. Each array has a checksum, and if the newest file is damaged, the
    previous one is used. Ctrl-C and SIGTERM save the last complete epoch, then have their usual
    effect. While a file is written, they wait.

    The file also contains the attributes of other callbacks that training changes, if they are
    numbers, strings, arrays, or lists, tuples, sets and dicts of them. Examples are the best value
    and the patience of `EarlyStopping`, `ReduceLROnPlateau` and `ModelCheckpoint`. A warning names
    attributes that cannot be saved. `CSVLogger` continues its file, without the rows of repeated
    epochs. `fit` calls this callback after the others, regardless of its position in the list.

    A state with NaN or infinity never replaces a finite state. If a file cannot be written, there
    is a warning, the previous files are kept, training continues, and saving is tried again after
    the next epoch.

    With `steps_per_epoch`, an epoch ends in the middle of the data, and a resumed training uses
    other batches. On several machines, the folder must be shared, and the first machine writes.

    Args:
        folder: Path, created if it does not exist; `~` is the home folder. Use a separate folder
            for each training.
        every: Integer, the interval between two files.
        unit: `"epochs"`, `"steps"` or `"minutes"`, the unit of the interval.

    Raises:
        ValueError: When training begins, if the model, the arguments of `compile` or the number of
            steps differ from the file, if all files in the folder are damaged, or if the file is
            from the middle of an epoch and the data cannot start there.
        OSError: When training begins, if the folder is not writable.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[ImageMonitor(), Resume("checkpoints")])
        gan.fit(dataset, epochs=5, callbacks=[Resume("checkpoints", every=30, unit="minutes")])
    """

    def __init__(
        self,
        folder: PathLike,
        every: int = 1,
        unit: Literal["epochs", "steps", "minutes"] = "epochs",
    ):
        super().__init__()
        self.folder = checks.path("folder", folder)
        self.every = checks.whole_number("every", every, repair="1 saves after each epoch.")
        self.unit = checks.one_of("unit", unit, ("epochs", "steps", "minutes"))
        self._within = False  # whether it saves in the middle of an epoch
        self._others: list[Any] = []  # callbacks of the same training
        self._found: Checkpoint | None = None  # the content of the newest file
        self._unsaved: Checkpoint | None = None
        self._signals = StopSignals(lambda: self._save(""))
        self._rewriting: list[Any] = []  # logs that would overwrite their file

    def initial_position(
        self, callbacks: Sequence[Any] = (), can_skip: bool = False
    ) -> tuple[int, int] | None:
        """Returns the position at which training continues, or None; called at the start of `fit`.

        Args:
            callbacks: List of all callbacks of the training.
            can_skip: Whether `fit` can skip the first batches of an epoch.

        Returns:
            Pair of integers, the number of completed epochs and of completed steps of the next one.
        """
        prepare_folder(self.folder)
        self._found = found = read_checkpoint(self.folder)
        self._others = [callback for callback in callbacks if not isinstance(callback, Resume)]
        self._say_where_it_saves(can_skip)
        if found is None or found.state is None:  # nothing was trained
            return None
        self._rewriting = rewriting_logs(self._others)
        for log in self._rewriting:
            log.append = True  # while it opens its file, which it would otherwise empty
        ended = ended_by(self._others, found.callbacks)
        if ended:
            print(
                f"According to {self.folder}, {' and '.join(ended)} ended the training after epoch "
                f"{found.epoch}: nothing is left to train."
            )
        return (sys.maxsize, 0) if ended else (found.epoch, found.step)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Restores the saved state, if there is one."""
        self._settings = self._read_settings()
        self._unsaved = None
        self._problem: Exception | None = None  # of the last attempt to save
        self._saved: str | None = None  # the position of the newest file
        for log in self._rewriting:
            log.append = False
        self._held, self._rewriting = HeldValues(self._others), []
        if is_chief(self.model):
            remove_unfinished(self.folder, NAME)
        self._epoch, self._begin = 0, time.monotonic()
        if self._found is not None:
            self._restore(self._found)
        if self._saved is None and is_chief(self.model):
            # This file contains the first size of logs, and shows that files can be written.
            begin = Checkpoint(0, None, self._settings, *self._held.read())
            write_checkpoint(self.folder, begin)
        self._was_finite = [_is_finite(array) for array in self.model.get_state()]
        self._signals.take()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Restores the middle of an epoch, after other callbacks have begun the epoch again."""
        found, self._found = self._found, None
        step = found.step if found is not None else 0
        if found is not None and step:
            self.model.set_state(found.state)
            for metric in self.model.metrics:
                means = found.means.get(metric.name, [])  # empty for a callback that is new
                for variable, value in zip(metric.variables, means, strict=bool(means)):
                    variable.assign(value)
            self._held.restore(found.callbacks, found.arrays)
        self._epoch = epoch
        self._intervals = self._intervals_until(step)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves in the middle of an epoch."""
        step = batch + 1
        if self._within and step < self.params["steps"] and self._is_due(step):
            means = {
                metric.name: [np.array(variable.numpy()) for variable in metric.variables]
                for metric in self.model.metrics
            }
            state, held = self.model.get_state(), self._held.read()
            settings = self._settings
            self._unsaved = Checkpoint(self._epoch, state, settings, *held, step, means)
            self._save()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves if an interval has ended, or if the last attempt has failed."""
        state = self.model.get_state()
        self._unsaved = Checkpoint(epoch + 1, state, self._settings, *self._held.read())
        self._epoch = epoch + 1
        if self._is_due(0) or self._problem is not None:
            self._save()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Saves the last epoch."""
        self._save(" Training has ended.")
        self._signals.restore()
        self._found = None

    # when -------------------------------------------------------------------------------
    def _say_where_it_saves(self, can_skip):
        """Decides whether to save in the middle of an epoch; warns if this is not possible."""
        self._within = can_skip and self.unit != "epochs"
        if self._found is not None and self._found.step and not can_skip:
            raise ValueError(
                f"A training that stopped in the middle of an epoch needs {_NEEDS}. "
                f"Received: other data, and {self._found.position} in {str(self.folder)!r}. "
                "Pass the same data as before, or use another folder to start again."
            )
        if self.unit != "epochs" and not can_skip:
            warnings.warn(
                f"Saving and continuing in the middle of an epoch needs {_NEEDS}. "
                f"Received: every={self.every}, unit={self.unit!r}, and other data. "
                "Each epoch is saved at its end.",
                stacklevel=2,
            )

    def _is_due(self, step):
        """Returns whether another interval has ended since the last call."""
        before, self._intervals = self._intervals, self._intervals_until(step)
        return self._intervals > before

    def _intervals_until(self, step):
        """Returns the number of intervals that have ended at a step of an epoch."""
        if self.unit == "minutes" and self._within:
            return (time.monotonic() - self._begin) // (60 * self.every)
        if self.unit == "steps" and self._within:
            return (self._epoch * self.params["steps"] + step) // self.every
        return self._epoch // (self.every if self.unit == "epochs" else 1)

    # saving -----------------------------------------------------------------------------
    def _restore(self, found):
        if found.state is not None:
            self._compare(found.settings)
            self.model.set_state(found.state)
            self._saved = found.position
            if found.epoch >= (self.params or {}).get("epochs", found.epoch + 1):
                print(f"According to {self.folder}, all epochs are done: nothing is left to train.")
        self._held.restore(found.callbacks, found.arrays)

    def _save(self, outlook=" Saving is tried again after the next epoch or interval."):
        """Writes the unsaved state, then handles a signal that has arrived in the meantime."""
        with self._signals.waiting():
            if self._unsaved is not None and is_chief(self.model):
                self._write(self._unsaved, outlook)
            if self._problem is None:
                self._unsaved = None

    def _write(self, checkpoint, outlook):
        """Writes a file; if this fails, warns and keeps the previous files."""
        try:
            if self._problem is not None:
                prepare_folder(self.folder)
            self._check_finite(checkpoint)
            write_checkpoint(self.folder, checkpoint)
        except (OSError, FloatingPointError) as error:
            self._problem = error
            kept = "Nothing has been saved so far."
            if self._saved is not None:
                kept = f"The newest file is that of {self._saved}."
            warnings.warn(
                f"Resume could not save {checkpoint.position} in {str(self.folder)!r}: "
                f"{error}. {kept}{outlook}",
                stacklevel=2,
            )
        else:
            self._problem, self._saved = None, checkpoint.position

    def _check_finite(self, checkpoint):
        pairs = zip(checkpoint.state, self._was_finite, strict=True)
        if any(was_finite and not _is_finite(array) for array, was_finite in pairs):
            raise FloatingPointError(
                "the weights or the optimizers contain NaN or infinity, which must not replace "
                "a finite state (NaNGuard restores the last good state)"
            )

    # settings ---------------------------------------------------------------------------
    def _read_settings(self):
        settings = {**self.model.settings, "steps": (self.params or {}).get("steps")}
        return {name: _plain(value) for name, value in flat_settings(settings).items()}

    def _compare(self, settings):
        names = sorted({*settings, *self._settings})
        changed = [name for name in names if settings.get(name) != self._settings.get(name)]
        if changed:
            lines = (f"{n}={self._settings.get(n)!r}, was {settings.get(n)!r}" for n in changed[:5])
            raise ValueError(
                "A training must continue with the same settings. "
                f"Received: {'; '.join(lines)}. Change them back, or use another folder than "
                f"{str(self.folder)!r} to start again."
            )


def _plain(value):
    """Returns a value in a form for JSON, with floats without the digits that float32 adds."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value if isinstance(value, int | str | bool | None) else str(value)


def _is_finite(array):
    return bool(np.all(np.isfinite(array)))
