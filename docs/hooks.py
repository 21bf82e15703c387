"""What the site needs beyond `docs/`: the gallery; pages of examples, notebooks and source files.

Links in pages lead where they lead on a file system, so that they work without the site, too.
"""

import json
import re
import tomllib
from pathlib import Path

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
FRENCH = {  # of pages that have a translation
    "first_gan.md": "premier_gan.md",
    "from_the_course.md": "du_cours.md",
    "teaching.md": "enseigner.md",
    **{
        f"notebooks/{path.stem[:-3]}.md": f"notebooks/{path.stem}.md"
        for path in (ROOT / "notebooks").glob("*_fr.py")
    },
}
PROJECT_PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security_policy.md",
}
_LINK = re.compile(r"\]\((?:\.\./)+((?:examples|keras_gans|notebooks|tests)/[\w/.]+|[A-Z]+\.md)")
_ROW = re.compile(r"^\| (?!picture|-)(.*) \| (.*) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
_PICTURE = re.compile(r"^\| (!\S+) \| .*\]\((\w+)\.py\).*\|$", re.MULTILINE)
_NAME = re.compile(r"^::: (keras_gans\.([\w.]+))$", re.MULTILINE)


@event_priority(100)  # before mike, which adds the version to the address
def on_config(config):
    """Addresses stand in one place, `pyproject.toml`."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    config.repo_url, config.repo_name = urls["Repository"], config.site_name
    config.site_url = urls["Documentation"].rstrip("/") + "/"
    return config


def on_files(files, config):
    """Adds the gallery, and pages that hold scripts."""
    for page, content in _generated_pages():
        files.append(File.generated(config, page, content=content))
    return files


def _generated_pages():
    gallery = (ROOT / "examples" / "README.md").read_text()
    yield "gallery.md", _as_cards(gallery)
    pictures = {name: picture for picture, name in _PICTURE.findall(gallery)}
    for name, page in PROJECT_PAGES.items():
        yield page, (ROOT / name).read_text().replace("](docs/", "](")
    for script in sorted((ROOT / "examples").glob("*.py")):
        yield f"examples/{script.stem}.md", _script_page(script, pictures.get(script.stem, ""))
    for path in [*(ROOT / "keras_gans").rglob("*.py"), *(ROOT / "tests/benchmarks").glob("*.py")]:
        yield f"source/{path.relative_to(ROOT).with_suffix('.md')}", _script_page(path)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        yield f"notebooks/{path.stem}.md", _notebook_page(path)


def _script_page(path, picture=""):
    picture = picture.replace("](../docs/", "](../")
    return f'# {path.name}\n\n{picture}\n\n```python linenums="1"\n{path.read_text()}```\n'


def _as_cards(gallery):
    """The gallery, with a grid of cards in place of each table."""
    gallery = gallery.replace("](../docs/", "](")
    gallery = re.sub(r"\]\((\w+)\.py\)", r"](examples/\1.md)", gallery)
    gallery = re.sub(r"\]\((mechanics[^)]*)\)", r"](examples/mechanical_designs.md)", gallery)
    return _TABLE.sub(_grid, gallery)


def _grid(table):
    cards = []
    for picture, what, command, minutes, score in _ROW.findall(table.group() + "\n"):
        page = re.search(r"\]\(([^)]+)\)", what)
        shown = f"[{picture}]({page.group(1)})" if picture.startswith("!") else f"*({picture})*"
        time = re.sub(r"^([\d.]+(?: and [\d.]+)?)", r"\1 minutes", minutes)
        facts = [] if score == "-" else [f"{time}. {score[0].upper()}{score[1:]}"]
        parts = [f"    {part}" for part in (what, *facts, command)]
        cards.append("\n\n".join([f"-   {shown}", *parts]))
    return '<div class="grid cards gallery" markdown>\n\n' + "\n\n".join(cards) + "\n\n</div>\n"


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
    """Leads links out of `docs/` to those pages; gives API pages the names that users write."""
    here = page.file.src_uri
    if here in FRENCH.values():
        page.meta["lang"] = "fr"
    if here.startswith(("source/", "examples/")) or here in ("index.md", "gallery.md"):
        page.meta["hide"] = ["navigation", "toc"]
    if here.startswith("source/"):
        page.meta["search"] = {"exclude": True}
    if here.startswith("api/"):
        page.meta["search"] = {"boost": 2}
        markdown = _NAME.sub(_with_heading, markdown)
    up = "../" * here.count("/")
    return _LINK.sub(lambda match: f"]({up}{_page_of(Path(match.group(1)))}", markdown)


def _page_of(path):
    if str(path) == "examples/README.md":
        return "gallery.md"
    if path.name in PROJECT_PAGES:
        return PROJECT_PAGES[path.name]
    if path.parts[0] in ("keras_gans", "tests"):
        return f"source/{path.with_suffix('.md')}"
    folder = "notebooks" if path.parts[0] == "notebooks" else "examples"
    return f"{folder}/{path.stem}.md"


def _with_heading(match):
    path, name = match.groups()
    if (ROOT / path.replace(".", "/")).with_suffix(".py").exists():
        path += "." + path.split(".")[-1]  # a function in a file of the same name
    name = name.removeprefix("models.").replace("callbacks.ImageMonitor", "ImageMonitor")
    options = f"      heading: kg.{name}\n      toc_label: {name.split('.')[-1]}"
    return f"::: {path}\n    options:\n{options}"


def on_page_context(context, page, config, nav):
    """A page leads to its translation, and on to pages in its own language."""
    translations = {**FRENCH, **{french: english for english, french in FRENCH.items()}}
    config.extra["alternate"] = []
    if other := translations.get(page.file.src_uri):
        pages = {"fr": page.file.src_uri, "en": other}
        if page.meta.get("lang") != "fr":
            pages = {"fr": other, "en": page.file.src_uri}
        config.extra["alternate"] = [
            {"name": name, "link": pages[lang].removesuffix("md").rstrip(".") + "/", "lang": lang}
            for lang, name in (("en", "English"), ("fr", "Français"))
        ]
    for neighbor in "previous_page", "next_page":
        there = getattr(page, neighbor)
        french = there is not None and there.file.src_uri in FRENCH.values()
        if french != (page.meta.get("lang") == "fr"):
            setattr(page, neighbor, None)
    return context
