"""Figures that notebooks display."""

import functools
import io
from typing import Any

from matplotlib.figure import Figure

_ENLARGED = 2  # pixels in a notebook per pixel in a file


def new_figure(**arguments: Any) -> Figure:
    """Returns a figure that a notebook displays if it is the last line of a cell.

    Unlike a figure of pyplot, it is displayed once, and its memory is released when nothing refers
    to it. It is an instance of matplotlib's own class, as loggers such as Weights & Biases require.

    Args:
        **arguments: Arguments of `matplotlib.figure.Figure`.
    """
    figure = Figure(**arguments)
    figure._repr_mimebundle_ = functools.partial(_shown, figure)
    return figure


def _shown(figure, **_):
    """Returns what IPython displays, whether or not pyplot has been imported."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_ENLARGED * figure.dpi)
    return {"text/plain": repr(figure), "image/png": buffer.getvalue()}
