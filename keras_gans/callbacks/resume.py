"""A callback that goes on where a killed training stopped."""

import signal
import threading
from typing import Any

import keras

from keras_gans import checks
from keras_gans.callbacks.checkpoint import (
    flat_settings,
    read_checkpoint,
    remove_unfinished,
    write_checkpoint,
)
from keras_gans.pipelines.files import is_chief, prepare_folder
from keras_gans.protocols import Array, PathLike

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
    is kept as `training_before.npz`, which is taken where the newest is torn. Ctrl-C and
    SIGTERM save the last whole epoch, then do what they do without this callback. Put it
    last, so that the others are done with an epoch when it is saved; their own state (the
    best value of `EarlyStopping`) is not saved. With `steps_per_epoch`, an epoch ends in the
    middle of the data, and the resumed training sees other batches. On several machines the folder
    must be shared; the first one writes.

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
        self._found: Any = None  # state, epoch and settings of the newest file
        self._unsaved: tuple[list[Array], int] | None = None  # state and epoch
        self._handlers: dict[int, Any] = {}

    def initial_epoch(self) -> int | None:
        """The epoch at which training continues, or None: `fit` asks before it begins."""
        prepare_folder(self.folder)
        self._found = read_checkpoint(self.folder)
        return None if self._found is None else self._found[1]

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Sets the state that was saved, where there is one."""
        if is_chief(self.model):
            remove_unfinished(self.folder)
        self._settings = self._read_settings()
        self._unsaved = None
        if self._found is not None:
            (state, epoch, settings), self._found = self._found, None
            self._compare(settings)
            self.model.set_state(state)
            if epoch >= (self.params or {}).get("epochs", epoch + 1):
                print(f"All epochs are done, says {self.folder}: nothing is left to train.")
        if threading.current_thread() is threading.main_thread():
            if Resume._active is not None:  # of a training that ended with an error
                Resume._active._restore_handlers()
            Resume._active = self
            self._handlers = {number: signal.signal(number, self._stop) for number in _SIGNALS}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves where the epoch is one of every so many."""
        self._unsaved = (self.model.get_state(), epoch + 1)
        if (epoch + 1) % self.every == 0:
            self._save()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Saves the last epoch."""
        self._save()
        self._restore_handlers()

    def _save(self):
        if self._unsaved is not None and is_chief(self.model):
            write_checkpoint(self.folder, *self._unsaved, self._settings)
        self._unsaved = None

    def _stop(self, number, frame):
        self._restore_handlers()
        self._save()
        signal.raise_signal(number)

    def _restore_handlers(self):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers, Resume._active = {}, None

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
