import numpy as np
import pytest
from mechanics.finite_elements import PlaneStress
from mechanics.topology_optimization import cone_filter, optimize


def half_mbb_beam(rows, columns):
    """The right half of a beam on two supports, loaded in the middle, as in both papers."""
    held = np.zeros((rows + 1, columns + 1, 2), bool)
    forces = np.zeros((rows + 1, columns + 1, 2))
    held[:, 0, 0] = held[-1, -1, 1] = True
    forces[0, 0, 1] = 1
    return PlaneStress(held, forces)


def tower(size):
    """Clamped at the bottom, loaded in the middle of the top: its own mirror image."""
    held = np.zeros((size + 1, size + 1, 2), bool)
    forces = np.zeros((size + 1, size + 1, 2))
    held[-1, [0, 1, -2, -1]] = True
    forces[0, size // 2, 1] = 1
    return PlaneStress(held, forces)


@pytest.mark.parametrize(("filter_densities", "published"), [(False, 216.81), (True, 233.71)])
def test_compliances_published_with_the_88_lines(filter_densities, published):
    optimum = optimize(half_mbb_beam(20, 60), 0.5, 2.4, filter_densities=filter_densities)
    assert optimum.converged
    assert optimum.compliance == pytest.approx(published, abs=0.01)
    assert optimum.densities.mean() == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("filter_densities", [False, True])
def test_a_symmetric_problem_has_a_symmetric_optimum(filter_densities):
    densities = optimize(tower(20), 0.3, 1.5, filter_densities=filter_densities).densities
    assert densities.std() > 0.3
    np.testing.assert_allclose(densities, densities[:, ::-1], atol=1e-3)


def test_turning_the_problem_turns_the_optimum():
    upright = optimize(tower(16), 0.3, 1.5)
    held = np.zeros((17, 17, 2), bool)
    forces = np.zeros((17, 17, 2))
    held[[0, 1, -2, -1], 0] = True  # clamped on the left, pressed from the right
    forces[8, -1, 0] = -1
    lying = optimize(PlaneStress(held, forces), 0.3, 1.5)
    assert lying.compliance == pytest.approx(upright.compliance, rel=1e-4)
    np.testing.assert_allclose(lying.densities, np.rot90(upright.densities, -1), atol=1e-2)


@pytest.mark.slow
def test_finer_meshes_come_to_the_same_compliance():
    compliances = [
        optimize(half_mbb_beam(rows, 3 * rows), 0.5, 0.12 * rows).compliance
        for rows in (10, 20, 40)
    ]
    coarse, fine = np.abs(np.diff(compliances))
    assert fine < coarse
    assert fine < 0.02 * compliances[-1]


def test_optimized_material_is_stiffer_than_spread_material():
    structure = half_mbb_beam(20, 60)
    optimum = optimize(structure, 0.5, 2.4)
    assert optimum.compliance < 0.25 * structure.compliance(np.full((20, 60), 0.5**3))


def test_not_converged_is_said():
    optimum = optimize(half_mbb_beam(10, 30), 0.5, 1.5, max_iterations=3)
    assert optimum.iterations == 3
    assert not optimum.converged


def test_the_cone_weighs_neighbors_by_their_distance():
    cone = cone_filter((5, 7), 1.5).toarray()
    np.testing.assert_allclose(cone.sum(axis=1), 1)
    center = cone[2 * 7 + 3].reshape(5, 7)
    assert center[2, 4] / center[2, 3] == pytest.approx(0.5 / 1.5)
    assert center[1, 2] / center[2, 3] == pytest.approx((1.5 - 2**0.5) / 1.5)
    assert np.count_nonzero(center) == 9
