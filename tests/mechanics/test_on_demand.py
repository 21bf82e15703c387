import numpy as np
import pytest
from mechanics import on_demand
from mechanics.specifications import Specification

from keras_gans import datasets

VOLUMES = 0.3, 0.4


@pytest.fixture(scope="module")
def held_out():
    """Four designs that no model has seen, and their specifications."""
    designs, conditions = next(iter(datasets.mechanical_designs(4, "test", labels=True, seed=0)))
    specifications = [Specification.from_conditions(row) for row in conditions.numpy()]
    return designs.numpy()[..., 0] > 0, specifications


def test_each_held_out_load_is_asked_for_with_each_volume(held_out):
    asked = on_demand.held_out_specifications(4, VOLUMES)
    assert [specification.volume_fraction for specification in asked] == [0.3, 0.4] * 4
    assert [one.load for one in asked[::2]] == [one.load for one in held_out[1]]
    assert [one.supports for one in asked[1::2]] == [one.supports for one in held_out[1]]


def test_the_optimum_is_the_stored_design(held_out):
    designs, specifications = held_out
    [optimum] = on_demand.optima(specifications[:1])
    assert np.mean(optimum != designs[0]) < 0.01


def test_the_optimizers_own_designs_are_perfect(held_out):
    designs, specifications = held_out
    text = on_demand.comparison(np.repeat(designs, 2, axis=0), designs, specifications)
    assert text.splitlines() == [
        "8 designs for 4 conditions not seen in training:",
        "mean absolute error of the volume fraction: 0.0000",
        "joined to the load and both supports: 100.0%",
        "their compliance relative to the optimizer's designs: median 1.000",
    ]


def test_designs_of_other_conditions_are_not(held_out):
    designs, specifications = held_out
    half = np.repeat(designs, 2, axis=0)
    half[1::2] = np.eye(50) > 0  # 2% of the square, in 50 pieces
    text = on_demand.comparison(half, designs, specifications)
    error = np.mean([specification.volume_fraction - 0.02 for specification in specifications]) / 2
    assert f"volume fraction: {error:.4f}\n" in text
    assert "both supports: 50.0%\n" in text
    assert text.endswith("median 1.000")


def test_the_optimizers_design_comes_first_in_the_picture(held_out):
    designs, _ = held_out
    generated = np.zeros((12, 50, 50), bool)
    figure = on_demand.plot_designs(generated, designs, VOLUMES, shown=2)
    [title] = (text.get_text() for text in figure.texts)
    assert title == "Volumes 0.3 and 0.4: the optimizer's design, then 2 generated ones"
    sheet = np.asarray(figure.axes[0].images[0].get_array())
    bright = [part.mean() for part in np.array_split(sheet, 6, axis=1)]
    assert set(np.argsort(bright)[-2:]) == {0, 3}  # of six columns
