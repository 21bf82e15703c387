"""Pictures and pages in a notebook, one place per run."""

import contextlib
import html
import os
import sys
import urllib.parse
from pathlib import Path
from typing import Any

from keras_gans.protocols import PathLike

_HEIGHT = 700  # pixels of a page
_VS_CODE = "__vsc_ipynb_file__"  # a variable that VS Code sets in the kernel


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
    """Shows a page below the cell of a notebook; elsewhere nothing.

    A Jupyter notebook holds the page's address alone, since messages of several megabytes are more
    than Jupyter lets through. VS Code and Colab show no files by address: there, the page's
    path is shown, and the page itself in its place when it has ended.

    Args:
        file: Path of the page, which loads itself again; at or below the notebook's folder.
    """

    def __init__(self, file: PathLike):
        self._file = Path(file)
        self._handle: Any = None

    def show(self, ended: bool) -> None:
        """Shows the page, if it is not there yet.

        Args:
            ended: Whether the page will not change any more.
        """
        if not in_notebook() or not self._file.exists():
            return
        from IPython.display import HTML, IFrame, display

        by_address = not _shows_no_files()
        if self._handle is None:
            path = html.escape(str(self._file.resolve()))
            address = urllib.parse.quote(Path(os.path.relpath(self._file)).as_posix())
            page = IFrame(address, width="100%", height=_HEIGHT)
            text = HTML(f"<p>The training report: open <code>{path}</code> in a browser.</p>")
            self._handle = display(page if by_address else text, display_id=True)
        if ended and not by_address:
            content = html.escape(self._file.read_text(encoding="utf-8"))
            frame = f'<iframe srcdoc="{content}" width="100%" height="{_HEIGHT}"></iframe>'
            self._handle.update(HTML(frame))


def _shows_no_files():
    """Whether this notebook cannot show files by address."""
    import IPython

    return "google.colab" in sys.modules or _VS_CODE in IPython.get_ipython().user_ns


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
