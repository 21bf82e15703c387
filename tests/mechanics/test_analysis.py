import io

import numpy as np
import pytest
from mechanics import analysis
from scipy.stats import wasserstein_distance

RNG = np.random.default_rng(0)
DESIGNS = RNG.random((40, 50, 50)) < RNG.uniform(0.2, 0.5, (40, 1, 1))


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_images_become_designs_at_the_middle():
    images = np.array([-1, -0.01, 0.01, 1]).reshape(1, 2, 2, 1)
    assert analysis.as_designs(images).tolist() == [[[False, False], [True, True]]]


def test_the_number_of_designs_and_of_different_ones():
    repeated = DESIGNS.copy()
    repeated[30:] = repeated[0]
    figure = analysis.plot_number(DESIGNS, repeated)
    assert texts(figure) == ["40 real,", "40 different", "40 generated,", "30 different"]


def test_the_other_figures_are_drawn_with_and_without_generated_ones():
    for plot in (analysis.plot_number, analysis.plot_overlay, analysis.plot_material):
        assert len(plot(DESIGNS).axes) >= 1
        plot(DESIGNS, DESIGNS[:30]).savefig(io.BytesIO())


def test_material_is_the_mean_of_a_design():
    np.testing.assert_allclose(analysis.material(DESIGNS), DESIGNS.reshape(40, -1).mean(1))


def test_the_distance_of_material_is_how_far_it_has_to_be_moved():
    empty, full = np.zeros((4, 10, 10), bool), np.ones((4, 10, 10), bool)
    assert analysis.material_distance(empty, full) == 1
    half = np.concatenate([empty[:2], full[:2]])
    assert analysis.material_distance(empty, half) == pytest.approx(0.5)
    expected = wasserstein_distance([0.1, 0.2], [0.2, 0.2])
    few, more = np.zeros((2, 10, 10), bool), np.zeros((2, 10, 10), bool)
    few[0, 0], few[1, :2], more[:, :2] = True, True, True
    assert analysis.material_distance(few, more) == pytest.approx(expected)


def test_the_share_in_one_piece():
    whole, broken = np.ones((2, 10, 10), bool), np.ones((2, 10, 10), bool)
    broken[:, 5] = False
    assert analysis.share_in_one_piece(np.concatenate([whole, broken[:1]])) == pytest.approx(2 / 3)


def test_the_nearest_training_design():
    changed = DESIGNS[[5, 9]].copy()
    changed[0, 0, :10] ^= True
    changed[1, :2] ^= True
    index, difference = analysis.nearest(changed, DESIGNS)
    assert index.tolist() == [5, 9]
    np.testing.assert_allclose(difference, [10 / 2500, 100 / 2500])
    assert analysis.share_of_near_copies(changed, DESIGNS) == 0.5
    assert analysis.share_of_near_copies(changed[:1], DESIGNS) == 1
    assert analysis.share_of_near_copies(changed[1:], DESIGNS) == 0


def test_the_nearest_is_drawn_below_with_the_share_that_differs():
    changed = DESIGNS[3:5].copy()
    changed[0, 0, :25] ^= True
    figure = analysis.plot_nearest(changed, DESIGNS, columns=2)
    assert texts(figure) == ["0.0%", "1.0%", "nearest", "nearest"]


def test_joined_takes_each_design_with_its_own_conditions():
    bar = np.zeros((50, 50), bool)
    bar[24:26] = True
    clamped = [0, 0, 0, 0.5, 0, 0.5, 0, 1]
    reached = [0.04, 1, 0.5, 0, 1, *clamped]
    missed = [0.04, 1, 0.9, 0, 1, *clamped]
    assert analysis.joined(np.stack([bar, bar]), [reached, missed]).tolist() == [True, False]
    broken = bar.copy()
    broken[:, 25] = False
    assert analysis.joined(broken[None], [reached]).tolist() == [False]
