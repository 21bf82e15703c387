"""Callbacks in the kernel of a notebook."""

import base64
import html
import io
import os
import urllib.parse
from typing import ClassVar

import IPython.display
import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

from keras_gans.drawing.notebook import NotebookPage

pytestmark = pytest.mark.stage2

CELL = """
import numpy as np
import keras_gans as kg

gan = kg.DCGAN((8, 8, 1), 2, generator=kg.networks.mlp_generator((8, 8, 1), 2, width=4))
gan.compile()
images = np.zeros((16, 8, 8, 1), "float32")
callbacks = [kg.ImageMonitor("samples"), kg.callbacks.TrainingReport("page.html")]
gan.fit(images, epochs=4, verbose=2, callbacks=callbacks);
"""

FIGURE = """
import numpy as np
from keras_gans.drawing import plot_images, plot_points

points = plot_points(np.zeros((4, 2)))
plot_images(np.zeros((16, 28, 28, 1)))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def shown(folder):
    """What stands below a cell that trains, printed lines aside."""
    pytest.importorskip("plotly", reason="the report's curves need the extra `report`")
    return outputs_of(CELL, folder)[0]


def outputs_of(code, folder, *more):
    """What stands below each of the cells, printed lines aside."""
    cells = [nbformat.v4.new_code_cell(text) for text in (code, *more)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    kernel = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, resources=kernel).execute()
    return [
        [output.data for output in cell.outputs if output.output_type != "stream"]
        for cell in notebook.cells
    ]


def test_one_grid_and_one_page_stay(shown):
    kinds = [set(data) - {"text/plain"} for data in shown]
    assert kinds == [{"image/png"}, {"text/html"}]


def test_the_grid_is_the_newest(shown, folder):
    newest = (folder / "samples" / "image_at_epoch_0004.png").read_bytes()
    assert base64.b64decode(shown[0]["image/png"]) == newest


def test_the_page_is_shown_by_its_address(shown, folder):
    assert (folder / "page.html").exists()
    assert 'src="page.html"' in shown[1]["text/html"]
    assert len(shown[1]["text/html"]) < 1_000  # characters


def test_a_figure_on_the_last_line_is_shown_once_with_and_without_pyplot(folder):
    figures = outputs_of(FIGURE, folder, "import matplotlib.pyplot as plt\n" + FIGURE)
    for (shown,) in figures:
        picture = Image.open(io.BytesIO(base64.b64decode(shown["image/png"])))
        assert min(picture.size) >= 400  # pixels, of 16 small images


VS_CODE = "__vsc_ipynb_file__ = 'a.ipynb'\n"


def test_vs_code_shows_the_page_itself_at_the_end(folder):
    pytest.importorskip("plotly", reason="the report's curves need the extra `report`")
    (shown,) = outputs_of(VS_CODE + CELL, folder)
    page = shown[1]["text/html"]
    assert page.startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert html.unescape(page.split('"')[1]) == (folder / "page.html").read_text()


def test_a_page_on_another_drive_is_shown_by_its_path(monkeypatch, tmp_path):
    """On Windows, there is no relative path to another drive."""

    class ZMQInteractiveShell:
        user_ns: ClassVar = {}

    def fails(path):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    shown = []
    monkeypatch.setattr(os.path, "relpath", fails)
    monkeypatch.setattr(IPython, "get_ipython", ZMQInteractiveShell)
    monkeypatch.setattr(IPython.display, "display", lambda page, **_: shown.append(page))
    file = tmp_path / "page.html"
    file.write_text("page")
    NotebookPage(file).show(ended=False)
    assert shown[0].src == urllib.parse.quote(file.as_posix())
