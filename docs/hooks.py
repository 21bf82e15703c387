"""What the site needs beyond `docs/`: the gallery, and a page for each example and source file.

Links in pages lead where they lead on a file system, so that they work without the site, too.
"""

import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
SOURCES = "keras_gans/models/gan.py", "keras_gans/networks/dcgan.py"  # that pages lead to
_LINK = re.compile(r"\]\((?:\.\./)+((?:examples|keras_gans|tests)/[\w/.]+)\)")


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
    return files


def on_page_markdown(markdown, page, config, files):
    """Leads links out of `docs/` to those pages."""

    def inside(match):
        path = Path(match.group(1))
        up = "../" * page.file.src_uri.count("/")
        if path == Path("examples/README.md"):
            return f"]({up}gallery.md)"
        return f"]({up}examples/{path.stem}.md)"

    return _LINK.sub(inside, markdown)
