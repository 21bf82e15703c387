"""`python -m keras_gans card`."""

import functools
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
    with pytest.raises(ValueError, match=r"already contains a README.md"):
        card(monkeypatch, tmp_path / "designs.keras")


def test_a_model_that_needs_conditions_has_a_card_without_a_picture(tmp_path, monkeypatch):
    small_gan(condition_dim=2).save(tmp_path / "gan.keras")
    card(monkeypatch, tmp_path / "gan.keras", "--folder", tmp_path / "other")
    text = (tmp_path / "other" / "README.md").read_text()
    assert "conditions of 2 numbers" in text
    assert "gan.generate(labels=labels)" in text
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["README.md"]
    assert "samples.png" not in text


def test_another_model_has_no_card(tmp_path, monkeypatch):
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(tmp_path / "other.keras")
    with pytest.raises(ValueError, match=r"Received: .*other.keras.* contains a Sequential"):
        card(monkeypatch, tmp_path / "other.keras")
