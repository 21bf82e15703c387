"""Pictures and pages in a notebook, one place per run."""

import contextlib
import os
import sys
import urllib.parse
from pathlib import Path
from typing import Any

from keras_gans.protocols import PathLike


class NotebookPicture:
    """Shows a picture in a notebook, and later ones in its place; elsewhere nothing."""

    def __init__(self):
        self._handle = None

    def show(self, png: bytes) -> None:
        """Shows the bytes of a PNG file."""
        if not in_notebook():
            return
        from IPython.display import Image, display

        if self._handle is None:
            self._handle = display(Image(data=png), display_id=True)
        else:
            self._handle.update(Image(data=png))


class NotebookPage:
    """Shows a page in a Jupyter notebook, once; elsewhere nothing.

    The notebook holds the page's address alone, since messages of several megabytes are more than
    Jupyter lets through; Colab shows no files by address.

    Args:
        file: Path of the page, which loads itself again; at or below the notebook's folder.
    """

    def __init__(self, file: PathLike):
        self._file = file
        self._shown = False

    def show(self) -> None:
        """Shows the page, if it is not there yet."""
        if self._shown or not in_notebook() or "google.colab" in sys.modules:
            return
        from IPython.display import IFrame, display

        address = urllib.parse.quote(Path(os.path.relpath(self._file)).as_posix())
        display(IFrame(address, width="100%", height=700))
        self._shown = True


def quietly() -> contextlib.AbstractContextManager[Any]:
    """A context in which a notebook shows nothing: `summary` leaves a line there on each call."""
    if not in_notebook():
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output()


def in_notebook() -> bool:
    """Whether the code runs in a notebook's kernel: Jupyter, Colab or VS Code."""
    ipython = sys.modules.get("IPython")  # a kernel has it imported
    shell = ipython.get_ipython() if ipython else None
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in type(shell).__mro__)
