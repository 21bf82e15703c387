"""Writes each notebook from the script beside it: `python notebooks/make.py`.

The scripts are the source: jupytext's percent format, which is Python. A notebook whose cells are
up to date is left alone, with the outputs that it has. `--check` writes nothing and names those
that are not up to date; `--run mechanical_designs` runs that notebook in full and keeps its
pictures and results, but nothing that it printed.
"""

import argparse
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
LARGEST = 300_000  # bytes of a notebook with outputs
WIDEST = 1000  # pixels of a picture that is kept
COLORS = 128  # of a picture that is kept


def notebook(script):
    """The notebook of a script, without outputs; the same at each call."""
    made = jupytext.read(script, fmt="py:percent")
    made.metadata = nbformat.from_dict(METADATA)
    made.nbformat, made.nbformat_minor = 4, 5
    for number, cell in enumerate(made.cells, start=1):
        cell.id = f"cell-{number:02}"
        cell.metadata = nbformat.from_dict({})
    return made


def is_up_to_date(script):
    """Whether the notebook beside a script has the script's cells; outputs do not count."""
    path = script.with_suffix(".ipynb")
    if not path.exists():
        return False
    written = nbformat.read(path, as_version=4)
    for cell in written.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return written == notebook(script)


def run(script):
    """The notebook after a run in an empty folder, with its pictures and results."""
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
    """A picture without the words that stand for it, or a result."""
    output.metadata = nbformat.from_dict({})
    if "execution_count" in output:
        output.execution_count = None
    if "image/png" in output.data:
        output.data = nbformat.from_dict({"image/png": _small(output.data["image/png"])})
    return output


def _small(png):
    """A picture of at most WIDEST pixels and COLORS; figures in notebooks are large and sharp."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST**2), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def write(made, path):
    """Writes a notebook, unless it is too large to be read with pleasure."""
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
    parser.add_argument("--check", action="store_true", help="write nothing, name what is old")
    parser.add_argument("--run", metavar="NAME", help="run one notebook, and keep its pictures")
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
        write(notebook(script), script.with_suffix(".ipynb"))


if __name__ == "__main__":
    main()
