"""A progress bar that appears only if something takes long."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import keras

_PATIENCE = 2.0  # seconds


def is_live() -> bool:
    """Returns whether a person is watching: in a terminal or a notebook, not in a log file."""
    return sys.stdout.isatty() or "ipykernel" in sys.modules


class SlowProgress:
    """A Keras progress bar that appears after two seconds, in a terminal or a notebook.

    Args:
        title: String, printed above the bar.
        total: Integer, the number of steps; None if it is unknown.
        unit: String, the name of a step.
    """

    def __init__(self, title: str, total: int | None = None, unit: str = "block"):
        self.title = title
        self.total = total
        self.unit = unit
        self._start, self._done, self._bar = time.monotonic(), 0, None

    def step(self) -> None:
        """Reports that one more step is done."""
        self._done += 1
        late = time.monotonic() - self._start > _PATIENCE
        if self._bar is None and late and self._done != self.total and is_live():
            print(f"\n{self.title}")
            self._bar = keras.utils.Progbar(self.total, interval=0.5, unit_name=self.unit)
        if self._bar is not None:
            self._bar.update(self._done)


def with_progress(items: Sequence[Any], title: str) -> Iterator[Any]:
    """Yields the items of a sequence, with a `SlowProgress`."""
    progress = SlowProgress(title, len(items))
    for item in items:
        yield item
        progress.step()
