"""The HTML page of `TrainingReport`, made from a dict of facts."""

import datetime
import importlib.util
import json
import math
import platform
import re
import sys
import time
import warnings
from pathlib import Path
from string import Template
from typing import Any

import keras
import numpy as np

from keras_gans.drawing.notebook import quietly
from keras_gans.report.curves import panels_of
from keras_gans.report.latent_map import SIDE

_TEMPLATE = Path(__file__).with_name("page.html")
_FACTS = re.compile(r'<script type="application/json" id="facts">(.*?)</script>', re.DOTALL)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NO_PAGE = (
    *(OSError, ValueError, KeyError, TypeError, OverflowError),
    *(AttributeError, RecursionError),  # for missing facts, and for deeply nested lists
)


def check_plotly() -> None:
    """Checks that plotly, which draws the curves, is installed.

    Raises:
        ImportError: If it is not.
    """
    if importlib.util.find_spec("plotly") is None:
        raise ImportError(
            "The report needs plotly to draw curves. Received: an environment without it. "
            "Run `pip install plotly`."
        )


def render(facts: dict[str, Any], model: keras.Model) -> str:
    """Returns the whole page as a string.

    Args:
        facts: Dict that can be converted to JSON. The page contains it, for its scripts and for
            `read`.
        model: The model, whose settings are shown.
    """
    from plotly.offline import get_plotlyjs

    first = [facts["metric"]["name"]] if facts["metric"] else []
    facts = {**facts, "side": SIDE, "panels": panels_of(facts["history"], first)}
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        plotly=get_plotlyjs(),
        facts=_as_json(facts),
        settings=_as_json(_plain(_settings(model))),
    )


def read(file: Path, epoch: int) -> dict[str, Any]:
    """Returns the facts of the page of an earlier run, up to an epoch, or an empty dict.

    Warns if the file is not such a page, or if a part of the facts has a wrong type.
    """
    if not file.exists():
        return {}
    try:
        found: Any = _FACTS.search(file.read_text(encoding="utf-8"))
        return _checked(json.loads(found.group(1)), epoch)
    except _NO_PAGE:
        warnings.warn(
            f"{file} is not a page of TrainingReport, which will replace it.", stacklevel=2
        )
        return {}


def _checked(facts, epoch):
    """Returns the facts, with frames, messages and logs up to an epoch, after checking types."""
    kinds = {"frames": ("image", _is_picture), "messages": ("text", _is_text)}
    checked = {**facts, "seconds": max(0.0, _checked_number(facts["seconds"]))}
    if not _is_text(facts["started"]):
        raise TypeError("started")
    for part, (name, is_right) in kinds.items():
        if not all(type(entry["epoch"]) is int and is_right(entry[name]) for entry in facts[part]):
            raise ValueError(part)
        entries = [{"epoch": entry["epoch"], name: entry[name]} for entry in facts[part]]
        checked[part] = [entry for entry in entries if entry["epoch"] <= epoch]
    checked["history"] = {
        name: [None if value is None else _checked_number(value) for value in values[:epoch]]
        for name, values in facts["history"].items()
    }
    return checked


def _is_text(value):
    return isinstance(value, str)


def _is_picture(value):
    return _is_text(value) and value.startswith("data:image/")


def _checked_number(value):
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def number(value: Any) -> float | None:
    """Returns a value as a float, or None if it is not a single finite number."""
    try:
        value = float(np.asarray(value).reshape(()))
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def duration(seconds: float) -> str:
    """Returns a duration in words."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def status(
    state: str, epoch: int, epochs: int, images_seen: int, spent: float, left: float | None
) -> str:
    """Returns a sentence about the progress of a training.

    Args:
        state: String: `"running"`, or how the training has ended.
        epoch: Integer, the number of completed epochs.
        epochs: Integer, the number of all epochs.
        images_seen: Integer.
        spent: Seconds since the training started.
        left: Seconds until the training ends; None if they are unknown.
    """
    parts = [f"Epoch {epoch} of {epochs}", f"{images_seen:,} images seen"]
    if state == "running":
        parts.append(f"{duration(spent)} so far")
        parts += [f"about {duration(left)} left"] if left is not None else []
    else:
        parts.append(f"{state} after {duration(spent)}")
    return ", ".join(parts) + f"; written at {time.strftime('%H:%M')}."


def today() -> str:
    """Returns date and time in words, in English regardless of the machine's language."""
    now = datetime.datetime.now().astimezone()
    return f"{now.day} {_MONTHS[now.month - 1]} {now.year}, {now:%H:%M}"


def _as_json(value):
    """Returns JSON that can be part of a script in a page."""
    return json.dumps(value, default=str, allow_nan=False).replace("<", "\\u003c")


def _plain(value):
    """Returns a setting in a form that JSON supports, with infinite numbers as strings."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _settings(model):
    packages = {name: sys.modules[name].__version__ for name in ("keras", "tensorflow")}
    versions = {"python": platform.python_version(), **packages}
    lines = []
    with quietly():
        model.summary(print_fn=lambda line, **_: lines.append(line))
    return {
        "versions": versions,
        "precision": keras.config.dtype_policy().name,
        **model.settings,
        "networks": "\n".join(lines),
    }
