"""`python -m keras_gans card`."""

import ast
import functools
import html
import re
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gans as kg
from keras_gans import __main__ as program

pytestmark = pytest.mark.usefixtures("eagerly")


def small_gan(**labels):
    networks = {
        "generator": functools.partial(kg.networks.mlp_generator, width=4, depth=1),
        "discriminator": functools.partial(kg.networks.mlp_discriminator, width=4, depth=1),
    }
    return kg.GAN((8, 8, 1), 3, **networks, **labels)


def made(name, **arguments):
    """A network factory of any shape of samples."""
    return functools.partial(getattr(kg.networks, f"mlp_{name}"), width=4, depth=1, **arguments)


def card(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["keras_gans", "card", *map(str, arguments)])
    program.main()


def test_a_card_shows_the_model_and_how_to_load_it(tmp_path, monkeypatch, capsys, digits):
    gan = small_gan(num_classes=2)
    gan.compile(loss=kg.losses.Hinge(), penalties=[kg.losses.R1(1.0)])
    gan.fit(digits, np.arange(16) % 2, verbose=0)
    gan.class_names = ["light", "heavy"]
    gan.save(tmp_path / "designs.keras")
    card(monkeypatch, tmp_path / "designs.keras")
    folder = tmp_path / "designs_card"
    assert str(folder / "README.md") in capsys.readouterr().out
    text = (folder / "README.md").read_text()
    assert text.startswith("---\nlibrary_name: keras\n")
    for fact in (
        "2 classes: light, heavy",
        "(8, 8, 1)",
        "| images seen in training | 16 |",
        "Hinge, R1",
        "| values | from -1 to 1 |",
        f"generator {gan.generator.count_params():,}",
    ):
        assert fact in text
    assert text.count("TODO") == 3
    with Image.open(folder / "samples.png") as picture:
        assert picture.width > 8 * 8
    monkeypatch.chdir(tmp_path)
    loaded = {}
    exec(re.search("```python\n(.*?)```", text, re.DOTALL).group(1), loaded)
    np.testing.assert_array_equal(loaded["images"], gan.generate(16, seed=0, dtype="uint8"))
    for name in ("README.md", "samples.png"):
        with pytest.raises(ValueError, match=rf"already contains a {name}"):
            card(monkeypatch, tmp_path / "designs.keras")
        (folder / name).unlink()


def test_a_model_that_needs_conditions_has_a_card_without_a_picture(tmp_path, monkeypatch):
    conditions = {"condition_dim": 2}, {"condition_shape": (8, 8, 1)}
    words = "conditions of 2 numbers", "conditions of shape (8, 8, 1)"
    for labels, described in zip(conditions, words, strict=True):
        gan = small_gan(**labels) if "condition_dim" in labels else kg.Pix2Pix((8, 8, 1), **labels)
        gan.save(tmp_path / "gan.keras")
        folder = tmp_path / "new" / next(iter(labels))
        card(monkeypatch, tmp_path / "gan.keras", "--folder", folder)
        text = (folder / "README.md").read_text()
        assert f"| labels | {described} |" in text
        assert "gan.generate(labels=labels)" in text
        assert [path.name for path in folder.iterdir()] == ["README.md"]
        assert "samples.png" not in text


@pytest.mark.parametrize(
    ("shape", "kind", "drawn"),
    [
        *(((3,), "samples", True), ((6, 2), "series", True), ((4, 4, 4, 1), "volumes", True)),
        ((2, 2, 2, 2, 1), "samples", False),
    ],
)
def test_samples_of_any_rank(shape, kind, drawn, tmp_path, monkeypatch):
    gan = kg.GAN(shape, 3, generator=made("generator"), discriminator=made("discriminator"))
    gan.save(tmp_path / "gan.keras")
    card(monkeypatch, tmp_path / "gan.keras")
    text = (tmp_path / "gan_card" / "README.md").read_text()
    assert f"it generates {kind} of shape {shape}.\n" in text
    assert "images = gan.generate(16, seed=0)\n```" in text  # they have no pixels
    assert "| labels | none |" in text
    assert "| latents | 3 |" in text
    assert "loss and penalties" not in text  # it is not compiled
    assert f"keras {keras.__version__} |" in text
    assert (tmp_path / "gan_card" / "samples.png").exists() == drawn


def test_clusters_are_no_labels(tmp_path, monkeypatch):
    networks = {"generator": made("generator"), "discriminator": made("discriminator")}
    kg.SelfConditionedGAN((8, 8, 1), 3, num_classes=2, **networks).save(tmp_path / "gan.keras")
    card(monkeypatch, tmp_path / "gan.keras")
    assert "| labels | none |" in (tmp_path / "gan_card" / "README.md").read_text()


NAMES = "a|b", "`code` *x* <script>", "[l](u)", "cat, big", "snake_case", "_x_", "$1 &amp; ~2~"


def test_names_are_texts(tmp_path, monkeypatch):
    markdown = pytest.importorskip("markdown_it", reason="rendering needs markdown-it-py")
    gan = small_gan(num_classes=len(NAMES))
    gan.class_names = NAMES
    file = tmp_path / 'my "best" _gan_.keras'
    gan.save(file)
    card(monkeypatch, file, "--folder", tmp_path / "card")
    text = (tmp_path / "card" / "README.md").read_text()
    page = (
        markdown.MarkdownIt().enable(["table", "strikethrough"]).render(text.split("---\n", 2)[2])
    )
    words = html.unescape(re.sub("<[^>]*>", "", page))
    assert words.count(f"{len(NAMES)} classes: {'; '.join(NAMES)}") == 2  # also in the table
    assert words.startswith('\nmy "best" _gan_') or 'my "best" _gan_\n' in words
    assert "snake_case" in text  # no signs where none are needed
    (loading,) = re.findall(r"load_model\((.*)\)", text)
    assert ast.literal_eval(loading) == file.name


def test_another_model_has_no_card(tmp_path, monkeypatch):
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(tmp_path / "other.keras")
    with pytest.raises(ValueError, match=r"Received: .*other.keras.* contains a Sequential"):
        card(monkeypatch, tmp_path / "other.keras")
    (tmp_path / "other.keras").write_bytes(b"no model")
    with pytest.raises(ValueError, match=r"Received: .*other.keras.*Pass a file that `gan.save`"):
        card(monkeypatch, tmp_path / "other.keras")
