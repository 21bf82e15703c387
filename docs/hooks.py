"""What the site needs beyond `docs/`: the gallery; pages of examples, notebooks and source files.

Links in pages lead where they lead on a file system, so that they work without the site, too.
"""

import json
import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
SOURCES = "keras_gans/models/gan.py", "keras_gans/networks/dcgan.py"  # that pages lead to
_LINK = re.compile(r"\]\((?:\.\./)+((?:examples|keras_gans|notebooks|tests)/[\w/.]+)\)")


def on_files(files, config):
    """Adds the gallery, and pages that hold scripts."""
    gallery = (ROOT / "examples" / "README.md").read_text()
    gallery = gallery.replace("](../docs/", "](")
    gallery = re.sub(r"\]\((\w+)\.py\)", r"](examples/\1.md)", gallery)
    gallery = re.sub(r"\]\((mechanics[^)]*)\)", r"](examples/mechanical_designs.md)", gallery)
    files.append(File.generated(config, "gallery.md", content=gallery))
    for script in [*sorted((ROOT / "examples").glob("*.py")), *(ROOT / path for path in SOURCES)]:
        content = f"# {script.name}\n\n```python\n{script.read_text()}```\n"
        files.append(File.generated(config, f"examples/{script.stem}.md", content=content))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        page = f"notebooks/{path.stem}.md"
        files.append(File.generated(config, page, content=_notebook_page(path)))
    return files


def _notebook_page(path):
    """The cells of a notebook and its pictures, as Markdown."""
    parts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        parts.append(text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```")
        for output in cell.get("outputs", []):
            if picture := "".join(output["data"].get("image/png", "")).replace("\n", ""):
                parts.append(f"![A picture that the cell draws](data:image/png;base64,{picture})")
            else:
                parts.append("```text\n" + "".join(output["data"]["text/plain"]) + "\n```")
    return "\n\n".join(parts)


def on_page_markdown(markdown, page, config, files):
    """Leads links out of `docs/` to those pages."""

    def inside(match):
        path = Path(match.group(1))
        up = "../" * page.file.src_uri.count("/")
        if path == Path("examples/README.md"):
            return f"]({up}gallery.md)"
        folder = "notebooks" if path.parts[0] == "notebooks" else "examples"
        return f"]({up}{folder}/{path.stem}.md)"

    return _LINK.sub(inside, markdown)
