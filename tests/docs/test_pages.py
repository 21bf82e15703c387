"""All code on the pages runs, prints what they say, and is the same in both languages."""

import ast
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans as kg

ROOT = Path(__file__).parents[2]
PAGES = [path for path in [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md"]]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
WITH_CODE = [page for page in PAGES if BLOCK.search(page.read_text())]
TRANSLATED = {"first_gan.md": "premier_gan.md", "from_the_course.md": "du_cours.md"}


def blocks(page):
    return BLOCK.findall(page.read_text())


def promises(block):
    """What the comments behind `print` promise, where they are values."""
    for comment in re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE):
        if re.match(r"[\d\[(]|True$|False$", comment):
            yield comment


def a_gan():
    gan = kg.ConditionalGAN(image_shape=(28, 28, 1), latent_dim=16, num_classes=10)
    gan.compile()
    return gan


def given(page):
    """What the page takes for granted."""
    names = {"keras": keras, "kg": kg, "np": np, "tf": tf}
    digits = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 1), "uint8")
    if page.name == "measuring.md":
        first, last = np.random.default_rng(0).standard_normal((2, 16))
        names.update(first=first, last=last)
    if page.name == "saving_and_resuming.md":
        gan = kg.DCGAN(image_shape=(28, 28, 1))
        gan.compile()
        gan.fit(digits, verbose=0)
        names.update(gan=gan, dataset=kg.datasets.from_arrays(digits, 32))
    if page.name == "README.md":
        generator = kg.networks.dcgan_generator((28, 28, 1), 100)
        inputs = keras.Input((28, 28, 1))
        score = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Flatten()(inputs))
        labels = np.arange(64) % 10
        names.update(
            generator=generator,
            discriminator=keras.Model(inputs, score),
            images=digits,
            labels=labels,
            test_dataset=kg.datasets.from_arrays(digits, 64),
        )
    return names


def pictures(folder):
    folder.mkdir()
    for number, pixels in enumerate(
        np.random.default_rng(0).integers(0, 256, (64, 9, 9, 3), "uint8")
    ):
        Image.fromarray(pixels).save(folder / f"{number}.png")


@pytest.fixture
def few_steps():
    keras.config.set_max_epochs(1)
    keras.config.set_max_steps_per_epoch(2)
    yield
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.stem)
def test_the_code_runs(page, few_steps, tmp_path, monkeypatch, capsys, request):
    if "mnist(" in page.read_text():
        request.getfixturevalue("real_data")
    if "onnx" in page.read_text():
        pytest.importorskip("tf2onnx", reason="the page exports to ONNX")
    if "TrainingReport" in page.read_text():
        pytest.importorskip("plotly", reason="the page writes a report")
    monkeypatch.chdir(tmp_path)
    pictures(tmp_path / "my_pictures")
    names = given(page)
    for block in blocks(page):
        if page.name == "measuring.md" and "plot_class_interpolation" in block:
            names["gan"] = a_gan()
        exec(compile(block, page.name, "exec"), names)
        printed = capsys.readouterr().out.splitlines()
        for promise in promises(block):
            assert promise in printed


@pytest.mark.parametrize("page", TRANSLATED)
def test_a_translation_has_the_same_code(page, tmp_path):
    def code(name):
        return [
            ast.dump(ast.parse(block)) for block in blocks(ROOT / "docs" / name)
        ]

    assert code(TRANSLATED[page]) == code(page)
    assert f"]({page})" in (ROOT / "docs" / TRANSLATED[page]).read_text()


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text()
    for page in ROOT.glob("docs/**/*.md"):
        assert f": {page.relative_to(ROOT / 'docs')}" in navigation, page.name


def test_the_api_pages_have_all_public_names():
    for room in ("models", *kg.__all__[6:]):
        page = ROOT / "docs" / "api" / f"{room}.md"
        named = re.findall(rf"^::: keras_gans\.{room}\.(\w+)$", page.read_text(), re.MULTILINE)
        assert named == __import__(f"keras_gans.{room}", fromlist=["*"]).__all__
