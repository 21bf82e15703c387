"""Saving a training before Ctrl-C or SIGTERM ends it."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """A handler of SIGINT and SIGTERM that calls a function before the usual handler.

    Args:
        save: Function without arguments.
    """

    _active: "StopSignals | None" = None  # the object that handles signals now

    def __init__(self, save: Callable[[], None]):
        self._before = save
        self._handlers: dict[int, Any] = {}
        self._writes = False
        self._waiting: Any = None  # a signal that came during a write, and its handler

    def take(self) -> None:
        """Starts to handle signals if this is the main thread, as Python requires."""
        if threading.current_thread() is not threading.main_thread():
            return
        if StopSignals._active is not None:  # after a training that ended with an error
            StopSignals._active.restore()
        StopSignals._active = self
        known = [number for number in _SIGNALS if signal.getsignal(number) is not None]
        self._handlers = {number: signal.signal(number, self._stop) for number in known}

    def restore(self) -> None:
        """Restores the previous handlers."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers, StopSignals._active = {}, None

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Returns a context that delays signals while a file is written."""
        self._writes = True
        try:
            yield
        finally:
            self._writes = False
        if self._waiting is not None:
            signal_and_handler, self._waiting = self._waiting, None
            self._pass_on(*signal_and_handler)

    def _stop(self, number, frame):
        handler = self._handlers[number]
        self.restore()  # a second signal does not wait
        if self._writes:
            self._waiting = handler, number, frame
            return
        self._before()
        self._pass_on(handler, number, frame)

    def _pass_on(self, handler, number, frame):
        if callable(handler):
            handler(number, frame)
        else:
            signal.raise_signal(number)
        self.take()  # in case training continues
