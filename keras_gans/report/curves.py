"""The charts of `TrainingReport`, and the curves in each of them."""

from collections.abc import Mapping, Sequence
from typing import Any

_TITLES = {
    "real_score": "scores",
    "fake_score": "scores",
    "real_accuracy": "accuracies",
    "fake_accuracy": "accuracies",
}


def panels_of(
    history: Mapping[str, Sequence[float | str | None]], first: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Returns the charts of all logs: losses in one, scores in one, and other logs alone.

    The charts of the logs in `first` come before losses and scores, and the other charts after
    them.

    Args:
        history: Dict of lists with a float for each epoch, a string if it is not finite, or None if
            it is missing.
        first: Names of logs.

    Returns:
        A list of dicts with `title`, a string, and `names`, a list of the logs in order. Logs
        without a finite number are omitted.
    """
    panels: dict[str, list[str]] = {_title(name): [] for name in first}
    panels |= {title: [] for title in ("losses", "scores") if title not in panels}
    for name in history:
        if any(isinstance(value, int | float) for value in history[name]):
            panels.setdefault(_title(name), []).append(name)
    return [{"title": title, "names": names} for title, names in panels.items() if names]


def _title(name):
    name = name.removeprefix("val_")
    if name in _TITLES:
        return _TITLES[name]
    if name.endswith("_loss"):
        return "losses"
    return "gradient norms" if name.endswith("_gradient_norm") else name
