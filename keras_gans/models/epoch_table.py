"""The table that `fit` prints, with a row for each epoch."""

import shutil
import sys
import time
from typing import Any

import keras

from keras_gans.pipelines.progress import is_live

_WIDTH = 100  # characters of a row; fewer in a narrow terminal
_GAP = "  "
_PAUSE = 0.2  # seconds between two updates of the row of the current epoch
_LAST = {"images/s": 8, "time": 6}  # columns and their widths
_LEAST_IMPORTANT = "real_score", "fake_score", "penalty"
_NUMBER = 6  # characters of a number


class EpochTable(keras.callbacks.ProgbarLogger):
    """Callback that prints a row of losses, scores and metrics per epoch; no progress bar.

    The header is printed before the first row, and again when new logs appear. In a terminal or a
    notebook, the row of the current epoch is updated until the epoch ends. A row has at most 100
    characters, or the width of the terminal. If there are too many logs, scores and the penalty are
    left out first, and the header has `...` in their place.

    `fit` uses this callback if `verbose` is 1 or `"auto"`. Keras adds no progress bar of its own if
    the callbacks contain a `ProgbarLogger`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, None] = {}  # names of all logs
        self._columns: dict[str, int] = {}  # names and widths of the columns
        self._is_live = is_live()
        self._width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 0)).columns - 1)
        self._start = self._updated = 0.0
        self._epoch = self._steps = self._seen_before = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Starts the clock."""
        self._start = self._updated = time.perf_counter()
        self._epoch, self._seen_before = epoch, self.model.images_seen

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Updates the row of the current epoch, in a terminal or a notebook."""
        self._steps = batch + 1
        now = time.perf_counter()
        is_last = self._steps == self.target
        if not self._is_live or (now - self._updated < _PAUSE and not is_last):
            return
        self._updated = now
        self._add_columns(logs or {})
        # After the last step, other callbacks may print something before the row of the epoch.
        sys.stdout.write("\r" + (" " * self._width + "\r" if is_last else self._row(logs or {})))
        sys.stdout.flush()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Prints the row of an epoch, including what other callbacks have added to its logs."""
        self._add_columns(logs or {})
        print(self._start_of_line() + self._row(logs or {}), flush=True)

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Prints nothing, because `fit` evaluates within an epoch."""

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Prints nothing, because `fit` evaluates within an epoch."""

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Prints nothing, because `fit` evaluates within an epoch."""

    def _start_of_line(self):
        return "\r" if self._is_live else ""

    def _add_columns(self, logs):
        """Prints a new header, with all columns that fit, if there are new logs."""
        if self._names.keys() >= logs.keys():
            return
        self._names |= dict.fromkeys(logs)
        first = {
            "epoch": max(5, 2 * len(f"{self.epochs}") + 1),
            "step": max(5, len(f"{self.target}")),
        }
        ends = first | {"...": 3} | _LAST
        room = self._width - sum(ends.values()) - len(_GAP) * (len(ends) - 1)
        columns = dict(first)
        for name in sorted(self._names, key=_importance):
            width = max(_NUMBER, *map(len, name.split("_")))
            room -= width + len(_GAP)
            columns |= {name: width} if room >= 0 else {"...": 3}
        self._columns = columns | _LAST
        height = max(name.count("_") + 1 for name in self._columns)
        cells = [
            [word.rjust(width) for word in ["", *[""] * height, *name.split("_")][-height:]]
            for name, width in self._columns.items()
        ]
        header = "\n".join(_GAP.join(line) for line in zip(*cells, strict=True))
        print(self._start_of_line() + header)

    def _row(self, logs):
        """Returns the row of the current epoch so far."""
        seconds = max(time.perf_counter() - self._start, 1e-6)
        images = self.model.images_seen - self._seen_before
        minutes, rest = divmod(int(seconds), 60)
        cells = {name: _number(float(value)) for name, value in logs.items()}
        cells |= {"epoch": f"{self._epoch + 1}/{self.epochs}", "step": str(self._steps)}
        cells |= {"images/s": f"{images / seconds:,.0f}", "time": f"{minutes}:{rest:02}"}
        return _GAP.join(cells.get(name, "").rjust(width) for name, width in self._columns.items())


def with_table(call: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments of `fit` with an `EpochTable`, unless there is a progress bar already.

    A Keras `CallbackList` is not changed.
    """
    callbacks = call.get("callbacks")
    listed = keras.tree.flatten(callbacks or [])
    has_bar = any(isinstance(callback, keras.callbacks.ProgbarLogger) for callback in listed)
    is_list = isinstance(callbacks, keras.callbacks.CallbackList)
    if call.get("verbose", "auto") not in ("auto", 1) or has_bar or is_list:
        return call
    return {**call, "callbacks": [*listed, EpochTable()]}


def _importance(name):
    """Returns a number to sort logs by: losses, then metrics, then scores and the penalty."""
    return 0 if name.endswith("_loss") else 2 if name in _LEAST_IMPORTANT else 1


def _number(value):
    """Returns a number with three digits, or with fewer if the text is wider than its column."""
    texts = [f"{value:.0f}"] if abs(value) >= 1000 else []
    texts += [f"{value:.{digits}g}" for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) <= _NUMBER), texts[-1])
