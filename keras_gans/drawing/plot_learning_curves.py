"""Losses, scores and all other logs of a training over epochs."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import keras
import numpy as np

from keras_gans import checks
from keras_gans.checks.numbers import is_real
from keras_gans.drawing.layout import PLAIN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SCORE = "Score: how realistic images look to the discriminator"
_ACCURACY = "Accuracy: share of images that the discriminator classifies correctly"
_PANELS = {  # by a log's name, or by its last word
    "real_score": _SCORE,
    "fake_score": _SCORE,
    "real_accuracy": _ACCURACY,
    "fake_accuracy": _ACCURACY,
    "loss": "Loss",
    "norm": "Norm: gradients of both players",
    "precision": "Precision, recall",
    "recall": "Precision, recall",
    "density": "Density, coverage",
    "coverage": "Density, coverage",
}
_HEIGHT = 3.2


def plot_learning_curves(history: keras.callbacks.History | dict[str, Sequence[float]]) -> "Figure":
    """Draws the logs of `fit`: all losses in one chart, all scores in one, and others alone.

    The losses of a GAN do not decrease like those of a classifier. While training goes well, both
    losses stay bounded, and the scores differ by less than about 0.5.

    Args:
        history: The `keras.callbacks.History` that `fit` returned, or its `history` dict.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If no epoch was logged.

    Example:

    >>> figure = plot_learning_curves({"generator_loss": [1.0, 0.9], "real_score": [0.5, 0.7]})
    """
    from keras_gans.drawing.figure import new_figure

    logs = getattr(history, "history", history)
    _check_epochs(logs)
    longest = max(map(len, logs.values()))
    epochs = [epoch + 1 for epoch in getattr(history, "epoch", None) or range(longest)]
    panels: dict[str, list[str]] = {}
    for name in logs:
        panels.setdefault(_panel_of(name), []).append(name)
    figure = new_figure(figsize=(7, _HEIGHT * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (panel, names) in zip(axes, panels.items(), strict=True):
        for name in names:
            numbers = _epochs_of(name, len(logs[name]), epochs)
            marker = "o" if len(logs[name]) == 1 else None
            ax.plot(numbers, logs[name], marker=marker, label=name.replace("_", " "))
        ax.set_ylabel(panel.split(":")[0], **PLAIN)
        ax.set_title(panel, **PLAIN)
        for text in ax.legend().get_texts():
            text.set_parse_math(False)
        ax.grid(alpha=0.3)
    axes[-1].set_xlabel("Epoch")
    axes[-1].xaxis.get_major_locator().set_params(integer=True)
    return figure


def _panel_of(name):
    own = name.removeprefix("val_")
    title = name.replace("_", " ").capitalize()
    return _PANELS.get(own) or _PANELS.get(own.rsplit("_", 1)[-1], title)


def _epochs_of(name, count, epochs):
    """Returns the epochs of a log, which with `validation_freq` are fewer than all.

    Keras does not store the frequency: it is the number for which the log has this length.
    """
    if count == len(epochs):
        return epochs
    found = [[e for e in epochs if e % every == 0] for every in range(1, epochs[-1] + 1)]
    found = [numbers for numbers in found if len(numbers) == count]
    guess = max(found, key=lambda numbers: numbers[-1], default=epochs[-count:])
    if len(found) != 1:
        warnings.warn(
            f"The epochs of a log must follow from its length. Received: {count} values of {name} "
            f"in {len(epochs)} epochs. They are drawn at the epochs {guess}.",
            stacklevel=3,
        )
    return guess


def _check_epochs(logs):
    """Checks that logs are a dict from names to lists of one or more numbers."""
    fits = isinstance(logs, dict) and len(logs) > 0 and all(isinstance(name, str) for name in logs)
    if not fits or not all(map(_are_numbers, logs.values())):
        raise ValueError(
            "There must be at least one epoch to draw, and a list of numbers for each log. "
            f"Received: {checks.received('history', logs)}. Pass what `gan.fit` returned."
        )


def _are_numbers(values):
    listed = isinstance(values, list | tuple | np.ndarray) and len(values) > 0
    return listed and all(map(is_real, values))
