"""A callback that goes on where a killed training stopped."""

import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import Any

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
from keras_gans.pipelines.files import is_chief, prepare_folder, remove_unfinished
from keras_gans.protocols import PathLike

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Resume(keras.callbacks.Callback):
    """Saves the training after each epoch, and goes on from there when it is started again.

    Start the same script again after a crash, a kill or a power cut: `fit` goes on with the
    epoch after the last one saved, and ends with the weights of a training that was never
    stopped, bit for bit, on the same machine with deterministic ops (CPUs are) and data whose
    order is a function of seed and epoch, as that of `keras_gans.datasets` with a `seed` is.
    Give the model a `seed`, and call `keras.utils.set_random_seed` first.

    The state is one file, `training.npz`: weights, averaged generator, both optimizers,
    counters and random states. It is written beside its place and renamed, and the one before
    is kept as `training_before.npz`, which is taken where the newest is damaged: each array
    has a checksum. Ctrl-C and SIGTERM save the last whole epoch, then do what they do without
    this callback; during a write they wait for its end.

    The file also holds what training changes in the attributes of the other callbacks, as far as
    these are numbers, strings, arrays, or lists, tuples, sets and dicts of them: the best value
    and the patience of `EarlyStopping`, `ReduceLROnPlateau` and `ModelCheckpoint`, for example. A
    warning names what cannot be carried. `CSVLogger` continues its file, without the rows of epochs
    that are repeated. `fit` calls this callback after the others, wherever it is in the list.

    A state with NaN or infinity never replaces a finite one, and a file that cannot be written
    does not end the training: there is a warning, the files of before are kept, and saving is tried
    again after the next epoch.

    With `steps_per_epoch`, an epoch ends in the middle of the data, and the resumed training sees
    other batches. On several machines the folder must be shared; the first one writes.

    Args:
        folder: Path, created where it is missing; `~` is the home folder. One folder for each
            training.
        every: Integer, epochs between two files.

    Raises:
        ValueError: When training begins, if the model, its `compile` or the number of steps
            are not those of the file, or no file of the folder is whole.
        OSError: When training begins, if the folder cannot be written to.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[ImageMonitor(), Resume("checkpoints")])
    """

    _active: "Resume | None" = None  # the one that handles signals

    def __init__(self, folder: PathLike, every: int = 1):
        super().__init__()
        self.folder = checks.path("folder", folder)
        self.every = checks.whole_number("every", every, repair="1 saves after each epoch.")
        self._others: list[Any] = []  # callbacks of the same training
        self._found: Checkpoint | None = None  # the newest file
        self._unsaved: Checkpoint | None = None
        self._handlers: dict[int, Any] = {}
        self._writes = False
        self._waiting: Any = None  # a signal that came during a write, and its handler
        self._rewriting: list[Any] = []  # logs that would begin their file anew

    def initial_epoch(self, callbacks: Sequence[Any] = ()) -> int | None:
        """The epoch at which training continues, or None: `fit` asks before it begins.

        Args:
            callbacks: List of all callbacks of the training.
        """
        prepare_folder(self.folder)
        self._found = found = read_checkpoint(self.folder)
        self._others = [callback for callback in callbacks if not isinstance(callback, Resume)]
        if found is None or found.state is None:  # nothing was trained
            return None
        self._rewriting = rewriting_logs(self._others)
        for log in self._rewriting:
            log.append = True  # while it opens its file, which it would empty
        ended = ended_by(self._others, found.callbacks)
        if ended:
            print(
                f"{' and '.join(ended)} ended the training after epoch {found.epoch}, says "
                f"{self.folder}: nothing is left to train."
            )
        return sys.maxsize if ended else found.epoch

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Sets the state that was saved, where there is one."""
        self._settings = self._read_settings()
        self._unsaved = None
        self._problem: Exception | None = None  # of the last attempt to save
        self._saved_epoch: int | None = None
        for log in self._rewriting:
            log.append = False
        self._held, self._rewriting = HeldValues(self._others), []
        if is_chief(self.model):
            remove_unfinished(self.folder, NAME)
        if self._found is not None:
            found, self._found = self._found, None
            self._restore(found)
        if self._saved_epoch is None and is_chief(self.model):
            # It says where logs begin, and shows whether files can be written.
            begin = Checkpoint(0, None, self._settings, *self._held.read())
            write_checkpoint(self.folder, begin)
        self._was_finite = [_is_finite(array) for array in self.model.get_state()]
        if threading.current_thread() is threading.main_thread():
            if Resume._active is not None:  # of a training that ended with an error
                Resume._active._restore_handlers()
            self._take_handlers()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves where the epoch is one of every so many, or the last attempt has failed."""
        state = self.model.get_state()
        self._unsaved = Checkpoint(epoch + 1, state, self._settings, *self._held.read())
        if (epoch + 1) % self.every == 0 or self._problem is not None:
            self._save()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Saves the last epoch."""
        self._save(" Training has ended.")
        self._restore_handlers()

    # saving -----------------------------------------------------------------------------
    def _restore(self, found):
        if found.state is not None:
            self._compare(found.settings)
            self.model.set_state(found.state)
            self._saved_epoch = found.epoch
            if found.epoch >= (self.params or {}).get("epochs", found.epoch + 1):
                print(f"All epochs are done, says {self.folder}: nothing is left to train.")
        self._held.restore(found.callbacks, found.arrays)

    def _save(self, outlook=" It is tried again after the next epoch."):
        """Writes what is unsaved, then handles a signal that has come in the meantime."""
        self._writes = True
        try:
            if self._unsaved is not None and is_chief(self.model):
                self._write(self._unsaved, outlook)
            if self._problem is None:
                self._unsaved = None
        finally:
            self._writes = False
        if self._waiting is not None:
            signal_and_handler, self._waiting = self._waiting, None
            self._pass_on(*signal_and_handler)

    def _write(self, checkpoint, outlook):
        """Writes a file; a failure is a warning, and the files of before are kept."""
        try:
            if self._problem is not None:
                prepare_folder(self.folder)
            self._check_finite(checkpoint)
            write_checkpoint(self.folder, checkpoint)
        except (OSError, FloatingPointError) as error:
            self._problem = error
            kept = "Nothing has been saved so far."
            if self._saved_epoch is not None:
                kept = f"The newest file is that of epoch {self._saved_epoch}."
            warnings.warn(
                f"Resume could not save epoch {checkpoint.epoch} in {str(self.folder)!r}: "
                f"{error}. {kept}{outlook}",
                stacklevel=2,
            )
        else:
            self._problem, self._saved_epoch = None, checkpoint.epoch

    def _check_finite(self, checkpoint):
        pairs = zip(checkpoint.state, self._was_finite, strict=True)
        if any(was_finite and not _is_finite(array) for array, was_finite in pairs):
            raise FloatingPointError(
                "the weights or the optimizers hold NaN or infinity, and a finite state is "
                "not replaced by such a one (NaNGuard goes back to the last good state)"
            )

    # signals ----------------------------------------------------------------------------
    def _take_handlers(self):
        Resume._active = self
        known = [number for number in _SIGNALS if signal.getsignal(number) is not None]
        self._handlers = {number: signal.signal(number, self._stop) for number in known}

    def _restore_handlers(self):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers, Resume._active = {}, None

    def _stop(self, number, frame):
        """Saves, then does what the signal does without this callback."""
        handler = self._handlers[number]
        self._restore_handlers()  # a second signal does not wait
        if self._writes:
            self._waiting = handler, number, frame
            return
        self._save("")
        self._pass_on(handler, number, frame)

    def _pass_on(self, handler, number, frame):
        if callable(handler):
            handler(number, frame)
        else:
            signal.raise_signal(number)
        self._take_handlers()  # where the training goes on

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
                "A training must go on with the settings that it began with. "
                f"Received: {'; '.join(lines)}. Change them back, or take another folder than "
                f"{str(self.folder)!r} to begin anew."
            )


def _plain(value):
    """A value as JSON keeps it; floats without the digits that float32 adds."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return value if isinstance(value, int | str | bool | None) else str(value)


def _is_finite(array):
    return bool(np.all(np.isfinite(array)))
