"""The HTML pages of `TrainingReport` and of comparisons, made from dicts of facts."""

import datetime
import json
import math
import platform
import sys
from pathlib import Path
from string import Template
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.drawing.notebook import quietly
from keras_gans.protocols import PathLike
from keras_gans.report.curves import panels_of
from keras_gans.report.latent_map import SIDE

SUFFIXES = ".html", ".htm"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def check_plotly() -> None:
    """Checks that plotly, which draws the curves, is installed.

    Raises:
        ImportError: If it is not.
    """
    checks.package("plotly", "The report needs plotly to draw curves.", "Run `pip install plotly`.")


def checked_file(name: str, value: PathLike) -> Path:
    """Returns the path of a page to write, after checking its ending.

    Args:
        name: String, the name of the argument.
        value: Path.
    """
    file = checks.path(name, value)
    if file.suffix not in SUFFIXES:
        raise ValueError(
            "The name of the page must end in `.html`, or browsers show its source. "
            f'Received: {name}={str(file)!r}. Pass {name}="{file.stem or "report"}.html".'
        )
    return file


def render(facts: dict[str, Any], model: keras.Model) -> str:
    """Returns the report of a run as a string.

    Args:
        facts: Dict that can be converted to JSON. The page contains it, for its scripts and for
            `saved_page`.
        model: The model, whose settings are shown.
    """
    first = [metric["name"] for metric in facts["metrics"] if metric["lower"] is not None]
    facts = {**facts, "side": SIDE, "panels": panels_of(facts["history"], first[:1])}
    return _page("report", facts=facts, configuration=_plain(_settings(model)))


def render_comparison(facts: dict[str, Any]) -> str:
    """Returns the comparison of several runs as a string.

    Args:
        facts: Dict that can be converted to JSON, which the page contains for its scripts.
    """
    return _page("comparison", comparison=facts)


def _page(name, **data):
    """Returns a page whose scripts find the data by their names."""
    from plotly.offline import get_plotlyjs

    body = _template(name).substitute({key: _as_json(value) for key, value in data.items()})
    return _template("page").substitute(plotly=get_plotlyjs(), body=body)


def _template(name):
    file = Path(__file__).with_name(f"{name}.html")
    return Template(file.read_text(encoding="utf-8"))


def number(value: Any) -> float | str | None:
    """Returns a value as a float; "nan", "inf" or "-inf"; or None if it is not a single number."""
    try:
        value = float(np.asarray(value).reshape(()))
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else str(value)


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
    return ", ".join(parts) + f"; written on {today()}."


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
        "recipe": type(model).__name__,
        **model.settings,
        "networks": "\n".join(lines),
    }
