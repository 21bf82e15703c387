"""Notebooks: short, valid, up to date with their scripts; their code runs, in both languages."""

import ast
import base64
import io
import runpy
from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
SCRIPTS = sorted(path for path in FOLDER.glob("*.py") if path.name != "make.py")
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FRENCH = [path for path in SCRIPTS if path.stem.endswith("_fr")]
ENGLISH = [path for path in SCRIPTS if path not in FRENCH]
COURSES_IN_FRENCH = (
    "gan_lab",
    "mechanical_designs",
    "quick_draw_sheep",
    "tp_biometrics",
    "tp_cnn_gan",
)


def stem(path):
    return path.stem


@pytest.fixture(scope="module")
def make():
    pytest.importorskip("jupytext", reason="jupytext makes the notebooks")
    return runpy.run_path(str(FOLDER / "make.py"))


def cells(path, kind):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def test_each_script_has_a_notebook_and_each_french_course_a_french_one():
    assert [path.stem for path in NOTEBOOKS] == [path.stem for path in SCRIPTS]
    assert [path.stem for path in FRENCH] == [f"{course}_fr" for course in COURSES_IN_FRENCH]


@pytest.mark.parametrize("script", SCRIPTS, ids=stem)
def test_a_notebook_is_up_to_date(script, make):
    assert make["is_up_to_date"](script), "Run `python notebooks/make.py`."


def test_outputs_are_no_reason_to_make_a_notebook_again_and_changes_are(make, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n")
    assert not make["is_up_to_date"](script)
    made = make["notebook"](script)
    made.cells[1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "2"})]
    make["write"](made, script.with_suffix(".ipynb"))
    assert make["is_up_to_date"](script)
    script.write_text(script.read_text().replace("1 + 1", "1 + 2"))
    assert not make["is_up_to_date"](script)


def test_outputs_are_kept_if_only_text_and_comments_change(make, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("# %% [markdown]\n# # Title\n\n# %%\n1 + 1  # two\n")
    path = script.with_suffix(".ipynb")
    made = make["with_outputs"](make["notebook"](script), path)
    made.cells[1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "2"})]
    make["write"](made, path)
    for old, new, num_outputs in (("Title", "Other", 1), ("two", "2", 1), ("1 + 1", "1 + 2", 0)):
        script.write_text(script.read_text().replace(old, new))
        made = make["with_outputs"](make["notebook"](script), path)
        assert len(made.cells[1].outputs) == num_outputs
        assert new in made.cells[0].source + made.cells[1].source


def test_a_notebook_that_is_too_large_is_not_written(make, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x" * 300_000)])
    with pytest.raises(ValueError, match=r"300,000 bytes\. Received: large\.ipynb"):
        make["write"](notebook, tmp_path / "large.ipynb")
    assert not list(tmp_path.iterdir())


def test_pictures_are_kept_small(make):
    noise = np.random.default_rng(0).integers(0, 256, (300, 1500, 3), "uint8")
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    output = nbformat.v4.new_output(
        "display_data",
        {"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "<Figure>"},
    )
    kept = make["_kept"](output).data
    picture = Image.open(io.BytesIO(base64.b64decode(kept["image/png"])))
    assert picture.size == (1000, 200)
    assert len(picture.getcolors()) <= 128
    assert len(kept) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_a_notebook_is_valid_short_and_holds_no_logs(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len(notebook.cells) < 15
    assert path.stat().st_size < 300_000
    for cell in cells(path, "code"):
        assert cell.execution_count is None
        for output in cell.outputs:
            assert output.output_type in ("display_data", "execute_result")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_a_notebook_begins_with_the_installation_and_has_room_for_answers(path):
    model = FRENCH[0] if path.stem.endswith("_fr") else ENGLISH[0]
    ways = [
        nbformat.read(file, 4).cells[0].source.partition("**\n\n- ")[2]
        for file in (path, model.with_suffix(".ipynb"))
    ]
    assert ways[0] == ways[1]
    assert "Colab" in ways[0]
    assert "KERAS_GANS_DATA" in cells(path, "code")[0].source
    assert any(not cell.source for cell in cells(path, "code"))


class WithoutTexts(ast.NodeTransformer):
    """Takes out what is for the reader: words between values, titles, and strings with a space."""

    def visit_Constant(self, node):
        is_text = isinstance(node.value, str) and " " in node.value
        return ast.Constant("text") if is_text else node

    def visit_JoinedStr(self, node):
        return [self.visit(value) for value in node.values if isinstance(value, ast.FormattedValue)]

    def visit_keyword(self, node):
        shown = node.arg in ("title", "label", "xlabel")
        return ast.keyword(node.arg, ast.Constant("text")) if shown else self.generic_visit(node)


def without_texts(script):
    return ast.dump(WithoutTexts().visit(ast.parse(script.read_text())))


@pytest.mark.parametrize("script", FRENCH, ids=stem)
def test_a_translation_has_the_same_code_and_cells(script):
    original = script.with_name(script.name.replace("_fr", ""))
    assert without_texts(script) == without_texts(original)
    kinds = [
        [cell.cell_type for cell in nbformat.read(path.with_suffix(".ipynb"), 4).cells]
        for path in (script, original)
    ]
    assert kinds[0] == kinds[1]


@pytest.fixture
def few_steps():
    keras.config.set_max_epochs(1)
    keras.config.set_max_steps_per_epoch(2)
    yield
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore:Limiting", "ignore:Your input ran out")  # of `few_steps`
@pytest.mark.parametrize("script", ENGLISH, ids=stem)  # French ones have the same code
def test_the_code_runs(script, few_steps, tmp_path, monkeypatch, request):
    text = script.read_text()
    if "mnist(" in text or "quick_draw(" in text:
        request.getfixturevalue("real_data")
    monkeypatch.chdir(tmp_path)
    exec(compile(text, script.name, "exec"), {"__name__": "__main__"})
    assert list(tmp_path.rglob("image_at_epoch_000*.png"))
