"""Pictures and pages in a notebook, which replace earlier ones of the same run."""

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
    """A picture in a notebook that later pictures replace; outside of notebooks, nothing."""

    def __init__(self):
        self._handle = None

    def show(self, png: bytes) -> None:
        """Shows a picture, given as the bytes of a PNG file."""
        if not in_notebook():
            return
        from IPython.display import Image, display

        if self._handle is None:
            self._handle = display(Image(data=png), display_id=True)
        else:
            self._handle.update(Image(data=png))


class NotebookPage:
    """A page below the cell of a notebook; outside of notebooks, nothing.

    In a Jupyter notebook, the cell contains only the address of the page, because Jupyter does not
    transmit messages of several megabytes. VS Code and Colab cannot show files by address. There,
    the path of the page is shown first, and replaced by the page itself when training ends.

    Args:
        file: Path of the page, which reloads itself. It must be in the notebook's folder, or in a
            folder below.
    """

    def __init__(self, file: PathLike):
        self._file = Path(file)
        self._handle: Any = None

    def show(self, ended: bool) -> None:
        """Shows the page if it is not shown yet.

        Args:
            ended: Whether the page is final.
        """
        if not in_notebook() or not self._file.exists():
            return
        from IPython.display import HTML, IFrame, display

        by_address = not _shows_no_files()
        if self._handle is None:
            path = html.escape(str(self._file.resolve()))
            page: Any = HTML(f"<p>The training report: open <code>{path}</code> in a browser.</p>")
            if by_address:
                page = IFrame(_address(self._file), width="100%", height=_HEIGHT)
            self._handle = display(page, display_id=True)
        if ended and not by_address:
            content = html.escape(self._file.read_text(encoding="utf-8"))
            frame = f'<iframe srcdoc="{content}" width="100%" height="{_HEIGHT}"></iframe>'
            self._handle.update(HTML(frame))


def _address(file):
    """Returns the address of a file, from the notebook's folder if both are on the same drive."""
    with contextlib.suppress(ValueError):  # of Windows: there is no path to another drive
        file = Path(os.path.relpath(file))
    return urllib.parse.quote(file.as_posix())


def _shows_no_files():
    """Returns whether this notebook cannot show files by address."""
    import IPython

    return "google.colab" in sys.modules or _VS_CODE in IPython.get_ipython().user_ns


def quietly() -> contextlib.AbstractContextManager[Any]:
    """Returns a context that suppresses output in notebooks, such as the lines of `summary`."""
    if not in_notebook():
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output()


def in_notebook() -> bool:
    """Returns whether the code runs in a notebook's kernel: Jupyter, Colab or VS Code."""
    ipython = sys.modules.get("IPython")  # imported by every kernel
    shell = ipython.get_ipython() if ipython else None
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in type(shell).__mro__)
