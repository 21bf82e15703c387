"""What the site shows: its pictures, and the pages that `docs/hooks.py` and the theme make."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["floors", "step"])
def test_a_drawing_is_that_of_the_script(name):
    drawing = (ROOT / "docs" / "images" / f"{name}.svg").read_text()
    assert drawing == getattr(load("draw"), name)()


def test_the_floors_have_all_packages():
    drawing = (ROOT / "docs" / "images" / "floors.svg").read_text()
    drawn = re.findall(r">(\w+)</text>", drawing)
    packages = [path.parent.name for path in ROOT.glob("keras_gans/*/__init__.py")]
    assert {*packages, "optimizers", "priors", "saving", "protocols", "version"} == set(drawn)


def shows_what_people_call(site):
    models = (site / "api/models/index.html").read_text()
    called = ("generate", "discriminate", "fit", "evaluate", "measure_with", "summary", "export")
    for name in called:
        assert f'id="keras_gans.models.GAN.{name}"' in models
    for name in ("compile_defaults", "default_networks", "train_step", "get_config"):
        assert f'.{name}"' not in models
    assert "kg.SelfConditionedGAN" in models
    assert "*further" not in models
    assert "_Neighborhoods" not in (site / "api/metrics/index.html").read_text()


def links_to_lines_of_source(site):
    page = (site / "api/losses/index.html").read_text()
    link = re.search(r'href="\.\./\.\./(source/[\w/]+/)#(__codelineno-0-(\d+))"', page)
    assert f'id="{link.group(2)}"' in (site / link.group(1) / "index.html").read_text()
    path = ROOT / (link.group(1).strip("/").removeprefix("source/") + ".py")
    assert re.match(r"@|class |def ", path.read_text().splitlines()[int(link.group(3)) - 1])


def leads_from_french_pages_to_french_pages(site):
    french = (site / "premier_gan/index.html").read_text()
    assert '<html lang="fr"' in french
    assert 'href="../first_gan/" hreflang="en"' in french
    assert 'rel="next" href="../du_cours/"' in french
    assert 'rel="prev"' not in french
    assert '<html lang="en"' in (site / "first_gan/index.html").read_text()


def has_a_card_for_each_example(site):
    gallery = (site / "gallery/index.html").read_text()
    assert "<table" not in gallery
    names = re.findall(r"\]\((\w+)\.py\)", (ROOT / "examples/README.md").read_text())
    assert len(names) > 20
    for name in names:
        assert f'href="../examples/{name}/"' in gallery


@pytest.mark.stage2
def test_the_site(tmp_path):
    pytest.importorskip("mkdocstrings", reason="builds the site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    shows_what_people_call(tmp_path)
    links_to_lines_of_source(tmp_path)
    leads_from_french_pages_to_french_pages(tmp_path)
    has_a_card_for_each_example(tmp_path)
