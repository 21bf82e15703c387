"""Compares the banded Cholesky solver of `examples/mechanics` with SciPy's sparse solvers.

    OPENBLAS_NUM_THREADS=1 python tests/benchmarks/band_solver.py

Solves with the stiffness matrix of 50x50 elements of random densities, and prints the median of 20
runs.
"""

import sys
import time
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu, spsolve

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
from mechanics.finite_elements import element_stiffness
from mechanics.specifications import SIZE, Specification


def median_milliseconds(function):
    times = []
    for _ in range(20):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1000 * np.median(times)


def main():
    generator = np.random.default_rng(0)
    structure = Specification.random(generator).structure()
    moduli = generator.uniform(1e-9, 1, (SIZE, SIZE))
    row = np.repeat(structure.dofs, 8, axis=1).reshape(-1)
    column = np.tile(structure.dofs, 8).reshape(-1)
    free, forces = structure.free, structure.forces[structure.free]

    def assembled():
        entries = (moduli.reshape(-1, 1, 1) * element_stiffness()).reshape(-1)
        return coo_array((entries, (row, column))).tocsr()[free][:, free].tocsc()

    symmetric = {"diag_pivot_thresh": 0, "options": {"SymmetricMode": True}}
    solvers = {
        "banded Cholesky": lambda: structure.solve(moduli),
        "spsolve": lambda: spsolve(assembled(), forces),
        "splu, symmetric": lambda: splu(assembled(), permc_spec="MMD_AT_PLUS_A", **symmetric).solve(
            forces
        ),
    }
    for name, solve in solvers.items():
        print(f"{name}: {median_milliseconds(solve):.1f} ms, including assembly")


if __name__ == "__main__":
    main()
