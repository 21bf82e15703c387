"""What callbacks learn of a training that ends before its time."""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras


@contextlib.contextmanager
def telling_callbacks(call: dict[str, Any]) -> Iterator[None]:
    """A context that tells callbacks of an error or Ctrl-C in it, which Keras does not.

    Each callback with a method `on_train_interrupted(error)` is called.

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
