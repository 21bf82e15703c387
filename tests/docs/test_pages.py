"""All code on the pages runs, prints what they say, and is the same in both languages."""

import ast
import importlib.util
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans as kg

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md"]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
TRANSLATED = {
    "first_gan.md": "premier_gan.md",
    "from_the_course.md": "du_cours.md",
    "teaching.md": "enseigner.md",
}
ELSEWHERE = "from_the_course.md", "objectives.md", "your_tools.md"  # have tests of their own
WITH_CODE = [
    page
    for page in PAGES
    if BLOCK.search(page.read_text()) and page.name not in (*TRANSLATED.values(), *ELSEWHERE)
]


def blocks(page):
    return BLOCK.findall(page.read_text())


def promises(block):
    """What the comments behind `print` promise, where they are values."""
    for comment in re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE):
        if re.match(r"[\d\[(]|True$|False$", comment):
            yield comment


def compiled(gan):
    gan.compile()
    return gan


def given(page):
    """What the page takes for granted."""
    names = {"keras": keras, "kg": kg, "np": np, "tf": tf}
    digits = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 1), "uint8")
    if page.name == "saving_and_resuming.md":
        gan = compiled(kg.DCGAN(image_shape=(28, 28, 1)))
        gan.fit(digits, verbose=0)
        names.update(gan=gan, dataset=kg.datasets.from_arrays(digits, 32))
    if page.name == "fine_tuning.md":  # a model to begin with
        compiled(kg.DCGAN(image_shape=(28, 28, 1))).save("sheep.keras")
    if page.name == "README.md":
        generator = kg.networks.mlp_generator((28, 28, 1), 100)
        inputs = keras.Input((28, 28, 1))
        score = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Flatten()(inputs))
        labels = np.arange(64) % 10
        names.update(
            generator=generator,
            discriminator=keras.Model(inputs, score),
            images=digits,
            labels=labels,
            gan=compiled(kg.DCGAN(image_shape=(28, 28, 1))),
            dataset=kg.datasets.from_arrays(digits, 32),
            test_dataset=kg.datasets.from_arrays(digits, 64),
        )
    return names


def shortened(page, block):
    """The block with one seed, and without the line that needs a package that is not installed."""
    if importlib.util.find_spec("tf2onnx") is None:
        block = re.sub(".*format=.onnx.*", "", block)
    if page.name == "saving_and_resuming.md":
        block = block.replace("100_000", "40").replace("10_000", "10")
    return block.replace("range(3)", "range(1)") if page.name == "comparing_settings.md" else block


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
    keras.config.set_dtype_policy("float32")  # a page shows how to change it


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore:Limiting", "ignore:Your input ran out")  # of `few_steps`
@pytest.mark.filterwarnings("ignore:FrechetDistance should be given more images")  # of few images
@pytest.mark.filterwarnings("ignore:Pictures should have the proportions")  # of `pictures`
@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.stem)
def test_the_code_runs(page, few_steps, tmp_path, monkeypatch, capsys, request):
    if "mnist(" in page.read_text():
        request.getfixturevalue("real_data")
    if "TrainingReport" in page.read_text():
        pytest.importorskip("plotly", reason="the page writes a report")
    monkeypatch.chdir(tmp_path)
    pictures(tmp_path / "my_pictures")
    names = given(page)
    for block in blocks(page):
        if page.name == "README.md":  # each block for itself
            names = given(page)
        block = shortened(page, block)
        if page.name == "measuring.md" and "plot_class_interpolation" in block:
            names["gan"] = compiled(kg.ConditionalGAN((28, 28, 1), 16, num_classes=10))
        exec(compile(block, page.name, "exec"), names)
        printed = capsys.readouterr().out.splitlines()
        for promise in promises(block):
            assert promise in printed


@pytest.mark.parametrize("page", TRANSLATED)
def test_a_translation_says_the_same(page):
    texts = [(ROOT / "docs" / name).read_text() for name in (page, TRANSLATED[page])]
    for part in (BLOCK, re.compile(r"^(#+) ", re.MULTILINE), re.compile(r"^(\|) ", re.MULTILINE)):
        first, second = (part.findall(text) for text in texts)
        if part is BLOCK:
            first, second = (
                [ast.dump(ast.parse(code)) for code in codes] for codes in (first, second)
            )
        assert first == second
    assert f"]({TRANSLATED[page]})" in texts[0]
    assert f"]({page})" in texts[1]


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text()
    for page in ROOT.glob("docs/**/*.md"):
        assert f": {page.relative_to(ROOT / 'docs')}" in navigation, page.name


def test_the_api_pages_have_all_public_names():
    for room in ("models", "protocols", *filter(str.isalpha, kg.__all__[11:])):
        page = ROOT / "docs" / "api" / f"{room}.md"
        named = re.findall(rf"^::: keras_gans\.{room}\.(\w+)$", page.read_text(), re.MULTILINE)
        public = __import__(f"keras_gans.{room}", fromlist=["*"]).__all__
        assert sorted(named) == sorted(public)
