"""The values in the attributes of callbacks that a file of `Resume` contains."""

import inspect
import json
import os
import types
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.callbacks.checkpoint import digest_of
from keras_gans.callbacks.health_monitor import HealthMonitor
from keras_gans.protocols import Array

_FILE = "bytes of the file"  # of a CSVLogger; not the name of an attribute
_KNOWN = "keras", "keras_gans"  # packages whose callbacks have no other changing values
_WITHOUT_STATE = types.FunctionType | types.BuiltinFunctionType | types.MethodType | type
_MONITORS = (
    keras.callbacks.EarlyStopping,
    keras.callbacks.ModelCheckpoint,
    keras.callbacks.ReduceLROnPlateau,
)
_LEFT_OUT: list[tuple[Any, set[str]]] = [  # by class
    (keras.callbacks.Callback, {"_model", "params"}),
    (_MONITORS, {"min_delta"}),  # Keras changes its sign when it finds out the direction
    (keras.callbacks.CSVLogger, {"append_header", "csv_file", "writer"}),  # see `_cut`
    (keras.callbacks.TensorBoard, {"_is_tracing", "_profiler_started"}),
    (HealthMonitor, {"_start", "_end", "_images"}),  # a clock of the process
]


class HeldValues:
    """The attributes of callbacks that training changes, by class and position.

    Create it when training begins: only values that differ later are saved.

    Args:
        callbacks: List of callbacks. Those with `resumes_from_files = True` are ignored.
    """

    def __init__(self, callbacks: Sequence[Any]):
        self._callbacks = named(callbacks)
        self._arrays: dict[str, Array] = {}  # among the first values
        self._first = {
            name: _texts(callback, self._arrays) for name, callback in self._callbacks.items()
        }
        self._said: set[str] = set()
        self._say_what_is_not_carried()

    def read(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Returns the values in a form for JSON, and a dict of arrays by their digests."""
        self._say_what_is_not_carried()
        held: dict[str, Any] = {}
        arrays: dict[str, Array] = {}
        for name, callback in self._callbacks.items():
            found: dict[str, Array] = {}
            texts = _texts(callback, found)
            first = self._first[name]
            changed = {key: text for key, text in texts.items() if first.get(key) != text}
            held[name] = {key: json.loads(text) for key, text in changed.items()}
            # Copies, because a callback may change its arrays in place.
            used = {d: a for d, a in found.items() if any(d in text for text in changed.values())}
            arrays.update({d: np.array(array) for d, array in used.items() if d not in arrays})
            if _writes_log(callback):
                callback.csv_file.flush()
                held[name][_FILE] = os.path.getsize(callback.filename)
        return held, arrays

    def restore(self, held: dict[str, Any], arrays: dict[str, Array]) -> None:
        """Sets attributes to the values that `read` returned, and all others to the first values.

        Later rows of log files are removed.

        Args:
            held: Dict of values.
            arrays: Dict of arrays by their digests.
        """
        known = {*self._callbacks, *self._said}
        missing = sorted(name for name in held if held[name] and name not in known)
        self._said.update(missing)
        if missing:
            warnings.warn(
                "The checkpoint contains values of callbacks that are not in the list now: "
                f"{', '.join(missing)}. They are ignored.",
                stacklevel=2,
            )
        for name, callback in self._callbacks.items():
            values = dict(held.get(name, {}))
            size = values.pop(_FILE, None)
            if size is not None and _writes_log(callback):
                _cut(callback, size)
            first = self._first[name]
            for key, text in _texts(callback, {}).items():
                if key in first and key not in values and text != first[key]:
                    setattr(callback, key, _decoded(json.loads(first[key]), self._arrays))
            for key, value in values.items():
                setattr(callback, key, _decoded(value, arrays))

    def _say_what_is_not_carried(self):
        """Warns once about each value that cannot be saved."""
        lost = [
            f"{name}.{key} ({type(value).__name__})"
            for name, callback in self._callbacks.items()
            if type(callback).__module__.partition(".")[0] not in _KNOWN
            for key, value in _attributes(callback).items()
            if _may_change(value, callback) and not _is_plain(value)
        ]
        new = [name for name in lost if name not in self._said]
        self._said.update(new)
        if new:
            warnings.warn(
                "Resume saves numbers, strings, arrays, and lists, tuples, sets and dicts of "
                f"them. It cannot save these attributes of callbacks: {', '.join(new)}. If "
                "training changes them, a resumed training differs from an uninterrupted one.",
                stacklevel=2,
            )


def rewriting_logs(callbacks: Sequence[Any]) -> list[Any]:
    """Returns the `CSVLogger`s that overwrite their file when training begins."""
    logs = [c for c in callbacks if isinstance(c, keras.callbacks.CSVLogger)]
    return [log for log in logs if not log.append]


def named(callbacks: Sequence[Any]) -> dict[str, Any]:
    """Returns a dict of callbacks by class name, numbered from the second of a class on."""
    found: dict[str, Any] = {}
    for callback in callbacks:
        if getattr(callback, "resumes_from_files", False):
            continue
        kind = type(callback).__name__
        number = sum(type(other).__name__ == kind for other in found.values()) + 1
        found[kind if number == 1 else f"{kind} {number}"] = callback
    return found


def _attributes(callback):
    left_out = {name for kind, names in _LEFT_OUT if isinstance(callback, kind) for name in names}
    return {name: value for name, value in vars(callback).items() if name not in left_out}


def _texts(callback, arrays):
    """Returns the JSON of each plain attribute by name; adds arrays to `arrays` by digest."""
    attributes = _attributes(callback)
    plain = {name: value for name, value in attributes.items() if _is_plain(value)}
    return {name: json.dumps(_encoded(value, arrays)) for name, value in plain.items()}


def _may_change(value, callback):
    """Returns whether training may change a value that is not plain."""
    return not (
        isinstance(value, _WITHOUT_STATE | Path | keras.callbacks.Callback)
        or inspect.ismodule(value)
        or value is callback.model
    )


def _writes_log(callback):
    is_log = isinstance(callback, keras.callbacks.CSVLogger)
    return is_log and callback.csv_file is not None and os.path.isfile(callback.filename)


def _cut(log, size):
    """Truncates the opened file of a log to a size in bytes."""
    if os.path.getsize(log.filename) > size:
        os.truncate(log.filename, size)
        log.append_header = log.append_header or size == 0


def ended_by(callbacks: Sequence[Any], held: dict[str, Any]) -> list[str]:
    """Returns the names of the `EarlyStopping` callbacks that had ended the training.

    Args:
        callbacks: List of callbacks.
        held: Dict that `HeldValues.read` returned.
    """
    return [
        name
        for name, callback in named(callbacks).items()
        if isinstance(callback, keras.callbacks.EarlyStopping)
        and held.get(name, {}).get("stopped_epoch")
    ]


# conversion to and from JSON ------------------------------------------------------------------


def _is_plain(value):
    if isinstance(value, np.ndarray | np.generic):
        special = value.dtype.hasobject or value.dtype.names is not None
        return type(value) is not np.ma.MaskedArray and not special
    if type(value) in (list, tuple, set):
        return all(map(_is_plain, value))
    if type(value) is dict:
        return all(map(_is_plain, [*value, *value.values()]))
    return value is None or type(value) in (bool, int, float, str) or _is_tensor(value)


def _is_tensor(value):
    return keras.ops.is_tensor(value) and hasattr(value, "numpy")  # eager


def _encoded(value, arrays):
    """Returns a plain value in a form for JSON; adds arrays to `arrays` by digest."""
    if type(value) is list:
        return [_encoded(part, arrays) for part in value]
    if type(value) is tuple:
        return {"tuple": [_encoded(part, arrays) for part in value]}
    if type(value) is set:
        return {"set": [_encoded(part, arrays) for part in sorted(value, key=repr)]}
    if type(value) is dict:
        return {"dict": [[_encoded(part, arrays) for part in pair] for pair in value.items()]}
    if value is None or type(value) in (bool, int, float, str):
        return value
    kind = "tensor" if _is_tensor(value) else "array"
    kind = "scalar" if isinstance(value, np.generic) else kind
    array = np.asarray(value)
    number = array.item() if array.ndim == 0 else None
    if type(number) not in (bool, int, float):
        number = {"digest": digest_of(array)}
        arrays[number["digest"]] = array
    dtype = array.dtype
    return {kind: [dtype.name if dtype.kind == "V" else dtype.str, number]}  # "V": bfloat16


def _decoded(value, arrays):
    """Returns the value that was passed to `_encoded`."""
    if isinstance(value, list):
        return [_decoded(part, arrays) for part in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind in ("tuple", "set"):
        return (tuple if kind == "tuple" else set)(_decoded(part, arrays) for part in content)
    if kind == "dict":
        return {_decoded(key, arrays): _decoded(part, arrays) for key, part in content}
    name, number = content
    dtype = np.dtype(name)
    if isinstance(number, dict):
        array = np.array(arrays[number["digest"]])
        array = array.view(dtype) if array.dtype != dtype and array.dtype.kind == "V" else array
    else:
        array = np.array(number, dtype)
    if kind == "tensor":
        return keras.ops.convert_to_tensor(array)
    return array[()] if kind == "scalar" else array
