import numpy as np
import pytest
from mechanics.pieces import in_one_piece, largest_piece
from mechanics.specifications import SIZE, Specification, black_and_white

CLAMPED = ((0.0, 0.0, 0.0, 0.5), (0.0, 0.5, 0.0, 1.0))
CANTILEVER = Specification(0.3, (1.0, 0.5), (0.0, 1.0), CLAMPED)


def draw(number):
    return Specification.random(np.random.default_rng((7, number)))


def test_conditions_and_back():
    for number in range(20):
        specification = draw(number)
        conditions = specification.conditions()
        again = Specification.from_conditions(conditions)
        np.testing.assert_array_equal(again.conditions(), conditions)
        assert again.volume_fraction == pytest.approx(specification.volume_fraction)
        assert again.supports[1] == pytest.approx(specification.supports[1])
        structure, other = specification.structure(10), again.structure(10)
        np.testing.assert_array_equal(structure.free, other.free)


def test_random_specifications_keep_to_their_ranges():
    conditions = np.stack([draw(number).conditions() for number in range(300)])
    assert 0.2 <= conditions[:, 0].min() < 0.22
    assert 0.48 < conditions[:, 0].max() <= 0.5 + 1e-6
    np.testing.assert_allclose(np.hypot(conditions[:, 3], conditions[:, 4]), 1, rtol=1e-6)
    assert conditions.min() >= -1
    assert conditions.max() <= 1
    assert len(np.unique(conditions, axis=0)) > 290
    families = np.stack([conditions[:, 8] == 0.5, conditions[:, 6] == 1], axis=1)
    assert 60 < families[:, 0].sum() < 140
    assert 60 < families[:, 1].sum() < 140


def test_supports_and_load_lie_where_the_conditions_say():
    structure = CANTILEVER.structure(4)
    held = np.ones((5, 5, 2), bool)  # column, row, direction
    held.reshape(-1)[structure.free] = False
    assert held[0].all()
    assert not held[1:].any()
    forces = structure.forces.reshape(5, 5, 2)
    assert forces[4, 2].tolist() == [0, 1]
    assert np.count_nonzero(forces) == 1


def test_joined_means_touching_the_load_and_both_supports():
    bar = np.zeros((SIZE, SIZE), bool)
    bar[24:26] = True  # from the middle of the left edge, where both halves meet, to the load
    assert CANTILEVER.joined(bar)
    short = bar.copy()
    short[:, -1] = False
    assert not CANTILEVER.joined(short)
    loose = bar.copy()
    loose[:, 0] = False
    assert not CANTILEVER.joined(loose)
    upper = np.zeros_like(bar)
    upper[10:24, :] = True
    upper[10:26, -1] = True  # reaches the load, and the upper support alone
    assert not CANTILEVER.joined(upper)


def test_pieces_are_joined_by_edges_not_by_corners():
    diagonal = np.eye(6, dtype=bool)
    assert largest_piece(diagonal).sum() == 1
    assert not in_one_piece(diagonal)
    assert in_one_piece(np.ones((6, 6), bool))
    assert not in_one_piece(np.zeros((6, 6), bool))
    speck = np.zeros((20, 20), bool)
    speck[:10] = True
    speck[15, :2] = True  # 2 of 202
    assert in_one_piece(speck)
    speck[15, 2] = True  # 3 of 203
    assert not in_one_piece(speck)
    assert largest_piece(speck).sum() == 200


def test_black_and_white_keeps_the_densest_and_the_volume():
    densities = np.random.default_rng(0).random((10, 10))
    design = black_and_white(densities, 0.3)
    assert design.sum() == 30
    assert densities[design].min() > densities[~design].max()
    assert black_and_white(np.zeros((10, 10)), 0.3).sum() == 30


def test_the_optimum_is_stiffer_than_another_design_of_the_same_volume():
    optimum = CANTILEVER.optimum(20)
    design = black_and_white(optimum.densities, 0.3)
    bar = np.zeros((20, 20), bool)
    bar[7:13] = True
    assert CANTILEVER.joined(design)
    assert CANTILEVER.compliance(design) < 0.5 * CANTILEVER.compliance(bar)
    assert CANTILEVER.compliance(design) == pytest.approx(optimum.compliance, rel=0.3)
