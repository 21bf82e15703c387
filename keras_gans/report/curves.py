"""Which curves of `TrainingReport` share a chart."""

from collections.abc import Mapping, Sequence
from typing import Any


def panels_of(
    history: Mapping[str, Sequence[float | None]], first: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The charts of all logs: losses together, scores together, each other number alone.

    Those of the logs in `first` come before the others, then losses and scores.

    Args:
        history: Dict of lists of floats, or None where a number is missing; one an epoch.
        first: Names of logs.

    Returns:
        A list of dicts: `title`, a string; `names`, a list of logs in the order of the logs. Logs
        without a number are left out.
    """
    panels: dict[str, list[str]] = {_title(name): [] for name in first}
    panels |= {title: [] for title in ("losses", "scores") if title not in panels}
    for name in history:
        if any(value is not None for value in history[name]):
            panels.setdefault(_title(name), []).append(name)
    return [{"title": title, "names": names} for title, names in panels.items() if names]


def _title(name):
    name = name.removeprefix("val_")
    for ending, title in (("_loss", "losses"), ("_score", "scores"), ("_accuracy", "accuracies")):
        if name.endswith(ending):
            return title
    return "gradient norms" if name.endswith("_gradient_norm") else name
