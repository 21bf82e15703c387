"""Creates each notebook from the script of the same name: `python notebooks/make.py`.

The scripts are the source, in jupytext's percent format, which is Python. A notebook whose cells
are up to date is not changed. If only text or comments have changed, the outputs are kept.
`--check` writes nothing, and lists the notebooks that are not up to date. `--run NAME` runs a
notebook, and keeps its images and results, but nothing that it printed.
"""

import argparse
import ast
import base64
import io
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from PIL import Image

FOLDER = Path(__file__).parent
SCRIPTS = sorted(path for path in FOLDER.glob("*.py") if path.name != Path(__file__).name)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
LARGEST = 300_000  # bytes, of a notebook with outputs
WIDEST = 1000  # pixels, of an image in a notebook
COLORS = 128  # of an image in a notebook


def notebook(script):
    """Returns the notebook of a script, without outputs; it is the same at each call."""
    made = jupytext.read(script, fmt="py:percent")
    made.metadata = nbformat.from_dict(METADATA)
    made.nbformat, made.nbformat_minor = 4, 5
    for number, cell in enumerate(made.cells, start=1):
        cell.id = f"cell-{number:02}"
        cell.metadata = nbformat.from_dict({})
    return made


def is_up_to_date(script):
    """Returns whether the notebook has the cells of the script, whatever its outputs."""
    path = script.with_suffix(".ipynb")
    if not path.exists():
        return False
    written = nbformat.read(path, as_version=4)
    for cell in written.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return written == notebook(script)


def with_outputs(made, path):
    """Returns the notebook with the outputs of the file at `path`, if the code is the same."""
    written = nbformat.read(path, as_version=4) if path.exists() else made
    if code(written) == code(made):
        for cell, old in zip(code_cells(made), code_cells(written), strict=True):
            cell.outputs = old.outputs
    return made


def code(made):
    """Returns the code of a notebook, without comments."""
    return [ast.unparse(ast.parse(cell.source)) for cell in code_cells(made)]


def code_cells(made):
    """Returns the code cells of a notebook."""
    return [cell for cell in made.cells if cell.cell_type == "code"]


def run(script):
    """Runs the notebook in an empty folder, and returns it with its images and results."""
    from nbclient import NotebookClient

    made = notebook(script)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        NotebookClient(made, timeout=3600, resources=resources, record_timing=False).execute()
    made.metadata = nbformat.from_dict(METADATA)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_kept(output) for output in cell.outputs if "data" in output]
    return made


def _kept(output):
    """Returns an image without its text, or a result."""
    output.metadata = nbformat.from_dict({})
    if "execution_count" in output:
        output.execution_count = None
    if "image/png" in output.data:
        output.data = nbformat.from_dict({"image/png": _small(output.data["image/png"])})
    return output


def _small(png):
    """Returns a smaller image, of at most WIDEST pixels and COLORS."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST**2), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def write(made, path):
    """Writes a notebook, unless it is too large."""
    text = nbformat.writes(made) + "\n"
    if len(text.encode()) > LARGEST:
        raise ValueError(
            f"A notebook must have at most {LARGEST:,} bytes. Received: {path.name} with "
            f"{len(text.encode()):,}. Draw fewer or smaller pictures."
        )
    path.write_text(text, encoding="utf-8")
    print(f"{path.name}: {len(text.encode()):,} bytes")


def main():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, list old notebooks")
    parser.add_argument("--run", metavar="NAME", help="run a notebook, and keep its images")
    arguments = parser.parse_args()
    if arguments.run:
        script = FOLDER / f"{arguments.run}.py"
        write(run(script), script.with_suffix(".ipynb"))
        return
    old = [script for script in SCRIPTS if not is_up_to_date(script)]
    if arguments.check and old:
        names = ", ".join(script.with_suffix(".ipynb").name for script in old)
        sys.exit(f"Not up to date: {names}. Run `python notebooks/make.py`.")
    for script in old if not arguments.check else []:
        path = script.with_suffix(".ipynb")
        write(with_outputs(notebook(script), path), path)


if __name__ == "__main__":
    main()
