"""What every example has: a short script, a docstring in one form, a row in the gallery."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
GALLERY = (ROOT / "examples" / "README.md").read_text()
NOT_FREE = (
    "celeba_faces",
    "cifar10",
    "quick_draw_sheep",
)  # no picture made from these sets may be committed


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_says_what_to_expect(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 120
    docstring = ast.get_docstring(ast.parse(text))
    parts = ["What you will see", f"python examples/{path.name}"]
    if "strategy" not in path.stem:  # those two show that nothing changes
        parts += ["minute", "Expected"]
        assert re.search(r"(Two cores|One core) of an (AMD EPYC|Intel Xeon)", docstring)
    for part in parts:
        assert part in docstring


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_has_a_row_in_the_gallery(path):
    rows = [line for line in GALLERY.splitlines() if f"]({path.name})" in line]
    assert len(rows) == 1
    assert f"`python examples/{path.name}" in rows[0]
    assert "@" not in rows[0]


def test_the_gallery_shows_only_pictures_that_may_be_shown():
    pictures = [line.split(")")[0] for line in GALLERY.split("](../docs/images/")[1:]]
    assert len(pictures) > 8
    for picture in pictures:
        assert (ROOT / "docs" / "images" / picture).exists()
        assert not any(name in picture for name in NOT_FREE)
