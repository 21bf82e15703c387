"""The code of docs/objectives.md runs, and its tables name what there is."""

import re
from pathlib import Path

import keras
import pytest

import keras_gans as kg

PAGE = (Path(__file__).parents[2] / "docs" / "objectives.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.S)


@pytest.fixture
def two_steps():
    keras.config.set_max_steps_per_epoch(2)
    yield
    keras.config.set_max_steps_per_epoch(None)


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore:Limiting")  # Keras, of `two_steps`
def test_the_code_runs(two_steps):
    names = {}
    for block in BLOCKS:
        exec(compile(block, "objectives.md", "exec"), names)
    assert len(BLOCKS) == 3


def test_every_loss_and_penalty_has_a_row():
    rows = re.findall(r"^\| `(\w+)\(", PAGE, re.M)
    bases = {"AdversarialLoss", "SlopePenalty", "KerasLoss"}
    auxiliary = {name for name in kg.losses.__all__ if is_auxiliary(getattr(kg.losses, name))}
    assert set(rows) == set(kg.losses.__all__) - bases - auxiliary


def is_auxiliary(loss):
    return issubclass(loss, kg.losses.AuxiliaryLoss)


def test_every_auxiliary_loss_has_a_row():
    page = (Path(__file__).parents[2] / "docs" / "auxiliary_losses.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \|", page, re.M)
    names = [name for name in kg.losses.__all__ if is_auxiliary(getattr(kg.losses, name))]
    assert set(rows) == {*names} - {"AuxiliaryLoss"}


def test_the_recipes_are_what_the_table_says():
    for recipe, loss, penalties in (
        (kg.DCGAN, kg.losses.NonSaturating, [kg.losses.R1]),
        (kg.WGANGP, kg.losses.Wasserstein, [kg.losses.GradientPenalty]),
        (kg.R3GAN, kg.losses.RelativisticPairing, [kg.losses.R1, kg.losses.R2]),
    ):
        defaults = recipe((8, 8, 1), 2).compile_defaults()
        assert type(defaults["loss"]) is loss
        assert [type(penalty) for penalty in defaults["penalties"]] == penalties
        assert f"| `kg.{recipe.__name__}` | `{loss.__name__}` |" in PAGE
