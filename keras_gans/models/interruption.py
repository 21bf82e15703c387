"""Telling callbacks that a training was interrupted."""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras


@contextlib.contextmanager
def telling_callbacks(call: dict[str, Any]) -> Iterator[None]:
    """Returns a context that tells callbacks about an error or Ctrl-C; Keras does not.

    It calls the method `on_train_interrupted(error)` of each callback that has one.

    Args:
        call: Dict of the arguments of `fit`.
    """
    try:
        yield
    except BaseException as error:
        callbacks = call.get("callbacks") or []
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks = callbacks.callbacks
        for callback in callbacks:
            if hasattr(callback, "on_train_interrupted"):
                callback.on_train_interrupted(error)
        raise
