"""Figures that show themselves in a notebook."""

import io
from typing import Any

import matplotlib.figure

_ENLARGED = 2  # pixels in a notebook for one in a file


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure that a notebook shows as the last line of a cell.

    Unlike figures of pyplot, it is shown once and is released when nothing refers to it. Arguments
    are those of `matplotlib.figure.Figure`.
    """

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """What IPython shows, whether pyplot has been imported or not."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=_ENLARGED * self.dpi)
        return {"text/plain": repr(self), "image/png": buffer.getvalue()}
