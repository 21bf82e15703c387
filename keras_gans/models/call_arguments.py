"""Reading and checking the arguments of `fit` and `evaluate` before they start."""

import inspect
import re
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.models import keywords

_COUNTS = {  # the smallest value of each; None is accepted
    "batch_size": 1,
    "epochs": 1,
    "initial_epoch": 0,
    "steps": 1,
    "steps_per_epoch": 1,
    "validation_batch_size": 1,
    "validation_steps": 1,
}
_NEEDED = "epochs", "initial_epoch"  # None is not accepted
_VERBOSE = ("auto", 0, 1, 2)


def arguments_of(method: str, model: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Returns the arguments of a call of `fit` or `evaluate` as a dict from names to values.

    Raises:
        TypeError: If a keyword is unknown.
        ValueError: If an argument has an invalid value.
    """
    if method == "fit":
        keywords.of_fit(kwargs)
    bound = inspect.signature(getattr(keras.Model, method)).bind(model, *args, **kwargs)
    call = {name: value for name, value in bound.arguments.items() if name != "self"}
    call.update(call.pop("kwargs", {}))
    return _checked(call)


def _checked(call):
    for name, low in _COUNTS.items():
        if call.get(name) is not None or (name in call and name in _NEEDED):
            call[name] = checks.whole_number(name, call[name], low)
    if call.get("initial_epoch", 0) > call.get("epochs", 1):
        raise ValueError(
            "`epochs` is the number of the last epoch, and must not be less than `initial_epoch`. "
            f"Received: epochs={call.get('epochs', 1)}, initial_epoch={call['initial_epoch']}. "
            "Raise `epochs`."
        )
    if "validation_split" in call:
        split = call["validation_split"]
        call["validation_split"] = checks.finite_number("validation_split", split, 0, 1, ")")
    for name in {"shuffle", "return_dict"} & set(call):
        call[name] = checks.flag(name, call[name])
    verbose = call.get("verbose", "auto")
    if not isinstance(verbose, bool | np.bool_):
        checks.one_of("verbose", verbose, _VERBOSE)
    _check_frequency(call.get("validation_freq", 1))
    _check_callbacks(call.get("callbacks"))
    return call


def _check_frequency(frequency):
    """Checks that `validation_freq` is an integer, or a list of epochs."""
    if isinstance(frequency, list | tuple | np.ndarray) and np.size(frequency):
        checks.whole_numbers("validation_freq", frequency, 1)
    else:
        checks.whole_number("validation_freq", frequency)


def _check_callbacks(callbacks):
    if callbacks is None or isinstance(callbacks, keras.callbacks.CallbackList):
        return
    listed = keras.tree.flatten(callbacks)
    if not all(isinstance(callback, keras.callbacks.Callback) for callback in listed):
        repair = "Create each one, such as keras_gans.ImageMonitor()."
        raise checks.wrong("callbacks", "a list of objects of Keras' Callback", callbacks, repair)


def check_end(data: Any, steps: Any, argument: str) -> None:
    """Checks that a dataset is finite, or that a number of steps is given.

    Args:
        data: Anything that Keras accepts as data.
        steps: Integer or None.
        argument: String, the name of the argument for the number of steps.

    Raises:
        ValueError: If a dataset is known to be infinite, and `steps` is None.
    """
    endless = (
        isinstance(data, tf.data.Dataset)
        and int(data.cardinality()) == tf.data.INFINITE_CARDINALITY
    )
    if endless and steps is None:
        raise ValueError(
            f"`{argument}` must be given for an infinite dataset. Received: {argument}=None, "
            f"and a dataset that repeats forever. Pass {argument}=100, for example, or remove "
            "`repeat()` from the dataset."
        )


def check_kind(data: Any) -> None:
    """Checks that the model can be trained on data of this kind, before Keras reads them.

    Raises:
        ValueError: If they are not arrays, a dataset or an iterable of batches.
    """
    if isinstance(data, list | tuple | dict):
        leaves = keras.tree.flatten(data)
        fits = len(leaves) > 0 and all(hasattr(leaf, "shape") for leaf in leaves)
    else:
        fits = not isinstance(data, str | bytes | type) and (
            hasattr(data, "shape") or hasattr(data, "__iter__") or hasattr(data, "__getitem__")
        )
    if not fits or isinstance(data, np.generic):
        repair = "Join single images with np.stack(images)."
        expected = "images: an array, a tf.data.Dataset, or an iterable of batches"
        raise checks.wrong("x", expected, data, repair)


def message_in(error: Exception) -> ValueError | None:
    """Returns the error of this library inside a TensorFlow error, or None.

    If a dataset raises an error while it reads a file, or has fewer or more batches than it says,
    TensorFlow wraps the error in several lines about the graph.
    """
    found = re.search(r"ValueError: ([^\n]*Received: [^\n]*)", str(error))
    if found:
        return ValueError(found.group(1))
    found = re.search(r"expected to contain (\d+) .* contained (only|at least) (\d+)", str(error))
    if not found:
        return None
    return ValueError(
        "Data must have as many batches as they say. Received: data of length "
        f"{found.group(1)} with {found.group(2)} {found.group(3)} batches. Correct `__len__` of "
        "the loader, or `assert_cardinality` of the dataset."
    )
