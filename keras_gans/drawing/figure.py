"""Figures that show themselves in a notebook."""

import functools
import io
from typing import Any

from matplotlib.figure import Figure

_ENLARGED = 2  # pixels in a notebook for one in a file


def new_figure(**arguments: Any) -> Figure:
    """Returns a figure that a notebook shows as the last line of a cell.

    Unlike figures of pyplot, it is shown once, and is released when nothing refers to it. It has
    matplotlib's own class, which loggers such as Weights & Biases look for.

    Args:
        **arguments: Those of `matplotlib.figure.Figure`.
    """
    figure = Figure(**arguments)
    figure._repr_mimebundle_ = functools.partial(_shown, figure)
    return figure


def _shown(figure, **_):
    """What IPython displays, whether pyplot has been imported or not."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_ENLARGED * figure.dpi)
    return {"text/plain": repr(figure), "image/png": buffer.getvalue()}
