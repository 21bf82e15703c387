import numpy as np
import pytest
from mechanics.finite_elements import PlaneStress, element_stiffness
from mechanics.topology_optimization import compliance_and_slopes, modulus

RNG = np.random.default_rng(0)


def cantilever(rows, columns, force=1.0):
    """Clamped on the left, pulled down by a force spread over the right edge."""
    held = np.zeros((rows + 1, columns + 1, 2), bool)
    forces = np.zeros((rows + 1, columns + 1, 2))
    held[:, 0] = True
    forces[:, -1, 1] = force / rows
    forces[[0, -1], -1, 1] /= 2
    return PlaneStress(held, forces)


def test_the_element_is_that_of_the_88_lines():
    nu = 0.3
    first_row = np.array([0.5 - nu / 6, 0.125 + nu / 8, -0.25 - nu / 12, -0.125 + 3 * nu / 8])
    stiffness = element_stiffness(nu)
    np.testing.assert_allclose(stiffness[0, :4], first_row / (1 - nu**2))
    np.testing.assert_allclose(stiffness, stiffness.T, atol=1e-15)


def test_moving_and_turning_an_element_takes_no_force():
    x, y = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])
    right, down = np.tile([1.0, 0.0], 4), np.tile([0.0, 1.0], 4)
    turn = np.stack([-y, x], axis=1).reshape(-1)
    for motion in (right, down, turn):
        np.testing.assert_allclose(element_stiffness() @ motion, 0, atol=1e-15)
    assert np.linalg.matrix_rank(element_stiffness()) == 5


def test_a_bar_in_tension_stretches_by_force_times_length_over_stiffness():
    rows, columns, force = 4, 10, 3.0
    held = np.zeros((rows + 1, columns + 1, 2), bool)
    held[:, 0, 0] = held[0, 0, 1] = True
    forces = np.zeros((rows + 1, columns + 1, 2))
    forces[:, -1, 0] = force / rows
    forces[[0, -1], -1, 0] /= 2
    stretch = force * columns / rows  # modulus 1, thickness 1
    bar = PlaneStress(held, forces)
    assert bar.compliance(np.ones((rows, columns))) == pytest.approx(force * stretch)


def test_a_slender_cantilever_bends_as_beam_theory_says():
    rows, columns = 16, 320
    bending = columns**3 / (3 * rows**3 / 12)
    shear = 1.2 * columns / rows * 2 * 1.3
    compliance = cantilever(rows, columns).compliance(np.ones((rows, columns)))
    assert compliance == pytest.approx(bending + shear, rel=0.01)


def test_finer_elements_give_more_with_steps_that_shrink():
    compliances = [cantilever(n, 3 * n).compliance(np.ones((n, 3 * n))) for n in (2, 4, 8, 16, 32)]
    steps = np.diff(compliances)
    assert np.all(steps > 0)
    assert np.all(steps[1:] < 0.5 * steps[:-1])


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (5, 5)])
def test_the_band_solver_agrees_with_scipys_sparse_solver(shape):
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import spsolve

    structure = cantilever(*shape)
    moduli = RNG.uniform(0.1, 1, shape)
    displacements, _ = structure.solve(moduli)
    row = np.repeat(structure.dofs, 8, axis=1).reshape(-1)
    column = np.tile(structure.dofs, 8).reshape(-1)
    entries = np.outer(moduli, element_stiffness()).reshape(-1)
    free = structure.free
    stiffness = coo_array((entries, (row, column))).tocsr()[free][:, free]
    expected = spsolve(stiffness.tocsc(), structure.forces[free])
    np.testing.assert_allclose(displacements[free], expected, rtol=1e-9)


def test_slopes_of_the_compliance_are_those_of_finite_differences():
    structure = cantilever(5, 8)
    densities = RNG.uniform(0.2, 1, 40)
    compliance, slopes = compliance_and_slopes(structure, densities)
    assert compliance == pytest.approx(structure.compliance(modulus(densities).reshape(5, 8)))
    for element in (0, 17, 39):
        step = 1e-5 * np.eye(40)[element]
        higher, _ = compliance_and_slopes(structure, densities + step)
        lower, _ = compliance_and_slopes(structure, densities - step)
        assert slopes[element] == pytest.approx((higher - lower) / 2e-5, rel=1e-6)


def test_compliance_grows_with_the_square_of_the_force():
    moduli = RNG.uniform(0.1, 1, (4, 6))
    one, three = (cantilever(4, 6, force).compliance(moduli) for force in (1.0, 3.0))
    assert three == pytest.approx(9 * one)
