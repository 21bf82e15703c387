"""The code of docs/from_the_course.md does what the page says."""

import re
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_gans as kg

PAGE = Path(__file__).parents[2] / "docs" / "from_the_course.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)


def run(block, names):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(block, str(PAGE), "exec"), names)
    return [str(warning.message) for warning in caught]


@pytest.fixture(scope="module")
def names():
    """What the page's imports and first lines define."""
    return {"keras": keras, "kg": kg, "np": np}


@pytest.mark.parametrize("block", BLOCKS[:3])
def test_what_goes_wrong_by_hand_prints_what_the_page_says(block, names, capsys):
    run(BLOCKS[0], names)
    capsys.readouterr()
    run(block, names)
    said = re.findall(r"^print\(.*\)  # (.*)$", block, re.M)
    lines = capsys.readouterr().out.splitlines()
    assert len(said) > 0
    assert lines == said


def test_a_discriminator_frozen_after_compiling_warns(names):
    run(BLOCKS[0], names)
    caught = run(BLOCKS[1], names)
    assert any("does not have any trainable weights" in text for text in caught)


def test_fidles_second_notebook(names):
    networks = {
        "generator": kg.networks.mlp_generator((28, 28, 1), 4, width=8, activation="sigmoid"),
        "discriminator": kg.networks.mlp_discriminator((28, 28, 1), width=8),
    }
    names = {**names, **networks}
    run(BLOCKS[3], names)
    assert names["gan"].discriminator_steps == 2
    assert names["gan"].generator_optimizer.beta_2 == 0.9
    assert names["gan"].value_range == (0, 1)


@pytest.mark.stage2
def test_the_whole_program_runs(names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keras.config.set_max_epochs(1)
    keras.config.set_max_steps_per_epoch(2)
    try:
        run(BLOCKS[-1], names)
    finally:
        keras.config.set_max_epochs(None)
        keras.config.set_max_steps_per_epoch(None)
    assert (tmp_path / "samples" / "image_at_epoch_0001.png").exists()
    assert (tmp_path / "samples" / "learning_curves.png").exists()
    assert len(BLOCKS) == 5


def test_every_script_that_the_page_names_exists():
    links = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text())
    links += [
        f"../{path}" for path in re.findall(r"`((?:examples|tests)/[\w/.]+)`", PAGE.read_text())
    ]
    assert len(links) > 10
    for link in links:
        assert (PAGE.parent / link).exists(), link
