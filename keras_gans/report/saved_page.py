"""What the page of a run contains, read from its file and checked."""

import json
import math
import re
import warnings
from pathlib import Path
from typing import Any

from keras_gans.pipelines.files import move_aside

_DATA = '<script type="application/json" id="{}">'
_PLAIN = {"title": str, "state": str, "epoch": int, "epochs": int, "pixels": bool}
_NO_NUMBER = None, "nan", "inf", "-inf"  # in the history
_NO_PAGE = (
    *(OSError, ValueError, KeyError, TypeError, OverflowError),
    *(AttributeError, RecursionError),  # for missing facts, and for deeply nested lists
)


def check_replaceable(file: Path) -> None:
    """Checks that a file is a page of `TrainingReport`, or does not exist.

    Raises:
        ValueError: If it is another file.
    """
    if file.is_file() and not is_report(file):
        raise ValueError(
            "A report replaces only pages that TrainingReport wrote. Received: "
            f"file={str(file)!r}, another file. Pass another path, or remove the file."
        )


def is_report(file: Path) -> bool:
    """Returns whether a file is the page of a run; its facts are not checked."""
    return file.is_file() and _DATA.format("facts").encode() in file.read_bytes()


def read(file: Path, epoch: int) -> dict[str, Any]:
    """Returns the facts of the page of an earlier run, up to an epoch, or an empty dict.

    If a part of the facts is missing or has a wrong type, a warning says where the file is moved.
    """
    if not file.exists():
        return {}
    try:
        return _up_to(epoch, _checked(_data(file.read_text(encoding="utf-8"), "facts")))
    except _NO_PAGE:
        aside = move_aside([file])
        warnings.warn(
            "A report must be complete, and written by this version of keras_gans. Received: "
            f"file={str(file)!r}. It was moved to {str(aside)!r}, and a new report is begun.",
            stacklevel=2,
        )
        return {}


def read_all(file: Path) -> dict[str, Any]:
    """Returns all facts of the page of a run, with the settings of its model as `configuration`.

    Raises:
        ValueError: If the page is damaged, or another version of the package wrote it.
    """
    try:
        text = file.read_text(encoding="utf-8")
        facts = _complete(_checked(_data(text, "facts")))
        return {**facts, "configuration": dict(_data(text, "configuration"))}
    except _NO_PAGE as error:
        raise ValueError(
            "A page must be complete, and written by this version of keras_gans. "
            f"Received: {str(file)!r} ({type(error).__name__}: {error}). "
            "Leave it out, or train again."
        ) from error


def _data(text, name):
    found: Any = re.search(f"{_DATA.format(name)}(.*?)</script>", text, re.DOTALL)
    return json.loads(found.group(1))


def _checked(facts):
    """Returns the facts after checking the types of those that a resumed run takes up."""
    kinds = {"frames": ("image", _is_picture), "messages": ("text", _is_text)}
    checked = {**facts, "seconds": max(0.0, _checked_number(facts["seconds"]))}
    interval = facts.get("interval")
    checked["interval"] = interval if interval is None else _checked_number(interval)
    if not _is_text(facts["started"]):
        raise TypeError("started")
    for part, (name, is_right) in kinds.items():
        if not all(type(entry["epoch"]) is int and is_right(entry[name]) for entry in facts[part]):
            raise ValueError(part)
        checked[part] = [{"epoch": entry["epoch"], name: entry[name]} for entry in facts[part]]
    checked["history"] = {
        name: [value if value in _NO_NUMBER else _checked_number(value) for value in values]
        for name, values in facts["history"].items()
    }
    return checked


def _up_to(epoch, facts):
    entries = {
        part: [entry for entry in facts[part] if entry["epoch"] <= epoch]
        for part in ("frames", "messages")
    }
    history = {name: values[:epoch] for name, values in facts["history"].items()}
    return {**facts, **entries, "history": history}


def _complete(facts):
    """Returns the facts after checking the types of the others that a comparison shows."""
    right = {name: type(facts[name]) is kind for name, kind in _PLAIN.items()}
    right["real"] = facts["real"] is None or _is_picture(facts["real"])
    right["rows"] = facts["rows"] is None or all(_is_text(row) for row in facts["rows"])
    right["metrics"] = all(
        _is_text(metric["name"])
        and metric["lower"] in (True, False, None)
        and (metric.get("protocol") is None or _is_text(metric["protocol"]))
        for metric in facts["metrics"]
    )
    wrong = [name for name, is_right in right.items() if not is_right]
    if wrong:
        raise TypeError(", ".join(wrong))
    return facts


def _is_text(value):
    return isinstance(value, str)


def _is_picture(value):
    return _is_text(value) and value.startswith("data:image/")


def _checked_number(value):
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)
