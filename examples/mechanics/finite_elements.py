"""Plane-stress finite elements on a grid of square elements: displacements and compliance.

Units: elements are squares with a side of 1 mm and a thickness of 1 mm. Young's modulus of full
material is 1 N/mm^2 (1 MPa), Poisson's ratio is 0.3. Forces are in N, displacements in mm, and
compliances in N mm. Compliance is proportional to force^2 / (modulus * thickness), and does not
depend on the size of the elements.

Arrays are images: the first axis runs down the rows, the second along the columns. Displacements
and forces are (right, down). Node (row, column) is the upper left corner of element (row, column).

Reference: O. C. Zienkiewicz and R. L. Taylor, The Finite Element Method, vol. 1 (bilinear
    quadrilateral, 2x2 Gauss points).
"""

import numpy as np
from scipy.linalg import solveh_banded

POISSON_RATIO = 0.3


def element_stiffness(poisson_ratio=POISSON_RATIO):
    """Returns the (8, 8) stiffness matrix, in N/mm, of an element with modulus 1 N/mm^2.

    The eight displacements are (right, down) at the upper left, upper right, lower right and lower
    left node.
    """
    elasticity = np.array(
        [[1, poisson_ratio, 0], [poisson_ratio, 1, 0], [0, 0, (1 - poisson_ratio) / 2]]
    ) / (1 - poisson_ratio**2)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    stiffness = np.zeros((8, 8))
    for x, y in corners / np.sqrt(3):  # the Gauss points, each with a weight of 1/4
        slope_x = corners[:, 0] * (1 + corners[:, 1] * y) / 2
        slope_y = corners[:, 1] * (1 + corners[:, 0] * x) / 2
        strain = np.zeros((3, 8))
        strain[0, 0::2] = strain[2, 1::2] = slope_x
        strain[1, 1::2] = strain[2, 0::2] = slope_y
        stiffness += strain.T @ elasticity @ strain / 4
    return stiffness


class PlaneStress:
    """A grid of elements, fixed at some nodes and loaded at others.

    Nodes are numbered down the columns, so that the stiffness matrix is a narrow band (2 * rows +
    6) for SciPy's banded Cholesky solver. On grids of this size, it is faster than the general
    sparse solver (`tests/benchmarks/band_solver.py`).

    Args:
        held: boolean array of shape (rows + 1, columns + 1, 2); True where a node cannot move
            (right, down).
        forces: float array of the same shape, in N.

    Attributes:
        dofs: integer array (elements, 8), the indices of each element's displacements, in the
            order of `element_stiffness`; elements are numbered along the rows.
        free: integer array, the indices of the displacements that are not held.
        forces: float array (number of displacements,), in N.
    """

    def __init__(self, held, forces):
        rows, columns = held.shape[0] - 1, held.shape[1] - 1
        self.shape = (rows, columns)
        self._stiffness = element_stiffness()
        node = np.arange((rows + 1) * (columns + 1)).reshape(columns + 1, rows + 1).T
        corners = np.stack([node[:-1, :-1], node[:-1, 1:], node[1:, 1:], node[1:, :-1]], axis=-1)
        self.dofs = np.stack([2 * corners, 2 * corners + 1], axis=-1).reshape(rows * columns, 8)
        free = ~held.swapaxes(0, 1).reshape(-1)
        self.free = np.flatnonzero(free)
        self.forces = forces.swapaxes(0, 1).reshape(-1).astype("float64")
        self._find_band(free)

    def _find_band(self, free):
        """Finds where the entries of the elements' matrices are in the lower band."""
        number = np.where(free, np.cumsum(free) - 1, -1)[self.dofs]  # (elements, 8); -1 is held
        row, column = np.broadcast_arrays(number[:, :, None], number[:, None, :])
        self._counted = (column >= 0) & (row >= column)
        offset = (row - column)[self._counted]
        self._band_shape = (offset.max() + 1, len(self.free))
        self._band_index = offset * len(self.free) + column[self._counted]

    def solve(self, moduli):
        """Computes the displacements under the forces.

        Args:
            moduli: float array (rows, columns), Young's modulus of each element in N/mm^2, above 0.

        Returns:
            The displacements, (number of displacements,) in mm, and the energies, (rows, columns)
            in N mm: the compliance of each element if its modulus were 1, so that the compliance of
            the structure is sum(moduli * energies).
        """
        entries = (moduli.reshape(-1, 1, 1) * self._stiffness)[self._counted]
        band = np.bincount(self._band_index, entries, np.prod(self._band_shape))
        displacements = np.zeros(len(self.forces))
        displacements[self.free] = solveh_banded(
            band.reshape(self._band_shape),
            self.forces[self.free],
            lower=True,
            overwrite_ab=True,
            check_finite=False,
        )
        of_elements = displacements[self.dofs]
        energies = np.sum((of_elements @ self._stiffness) * of_elements, axis=1)
        return displacements, energies.reshape(self.shape)

    def compliance(self, moduli):
        """Returns the work of the forces, in N mm: the smaller, the stiffer."""
        displacements, _ = self.solve(moduli)
        return float(self.forces @ displacements)
