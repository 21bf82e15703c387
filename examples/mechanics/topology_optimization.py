"""Topology optimization by SIMP: finds the stiffest part for a given amount of material.

Minimizes the compliance over the densities x of the elements, where 0 <= x <= 1 and mean(x) is the
volume fraction. Young's modulus is E = E_min + x^p (1 - E_min) (modified SIMP, p = 3, E_min =
1e-9). A filter of the densities or of the sensitivities prevents checkerboard patterns. The update
uses the optimality criteria (damping 1/2, move limit 0.2).

References: O. Sigmund, A 99 line topology optimization code written in Matlab, Struct. Multidisc.
Optim. 21, 2001; E. Andreassen, A. Clausen, M. Schevenels, B. S. Lazarov, O. Sigmund, Efficient
topology optimization in MATLAB using 88 lines of code, Struct. Multidisc. Optim. 43, 2011.
"""

import dataclasses
import math

import numpy as np
from scipy.sparse import csr_array, diags_array

MINIMUM_MODULUS = 1e-9  # of void, relative to material
MOVE_LIMIT = 0.2


@dataclasses.dataclass
class Optimum:
    """The result of an optimization.

    Attributes:
        densities: float array (rows, columns) in [0, 1], filtered.
        compliance: float, in N mm.
        iterations: integer, the number of iterations.
        converged: boolean, whether the densities stopped changing.
    """

    densities: np.ndarray
    compliance: float
    iterations: int
    converged: bool


def modulus(densities, penalty=3.0):
    """Returns Young's modulus for these densities, relative to full material (modified SIMP)."""
    return MINIMUM_MODULUS + densities**penalty * (1 - MINIMUM_MODULUS)


def cone_filter(shape, radius):
    """Returns a sparse matrix that averages elements, weighted by `radius` - distance."""
    rows, columns = shape
    number = np.arange(rows * columns).reshape(shape)
    reach = math.ceil(radius) - 1
    weights, sources, targets = [], [], []
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            weight = radius - math.hypot(down, right)
            if weight > 0:
                target = number[
                    max(0, -down) : rows - max(0, down), max(0, -right) : columns - max(0, right)
                ]
                targets.append(target.reshape(-1))
                sources.append(targets[-1] + down * columns + right)
                weights.append(np.full(target.size, weight))
    index = np.concatenate(targets), np.concatenate(sources)
    cone = csr_array((np.concatenate(weights), index), shape=(number.size, number.size))
    return csr_array(diags_array(1 / cone.sum(axis=1)) @ cone)


def optimize(
    structure,
    volume_fraction,
    filter_radius,
    penalty=3.0,
    filter_densities=False,
    tolerance=0.01,
    max_iterations=2000,
):
    """Finds the stiffest structure with a given amount of material.

    Args:
        structure: `PlaneStress`.
        volume_fraction: mean density, in (0, 1).
        filter_radius: in elements; about the width of the thinnest bars.
        penalty: the exponent p; with 3 and a Poisson's ratio of 0.3, densities between 0 and 1 do
            not pay off.
        filter_densities: whether to use the density filter (2011) instead of the sensitivity filter
            (2001), which gives sharper edges.
        tolerance: the optimization has converged when no density changes by more than this in an
            iteration (0.01 in both papers).
        max_iterations: the optimization stops after this many, without having converged.

    Returns:
        An `Optimum`.
    """
    cone = cone_filter(structure.shape, filter_radius)
    designs = np.full(cone.shape[0], float(volume_fraction))
    densities, change = designs, 1.0
    iterations = 0
    while change > tolerance and iterations < max_iterations:
        iterations += 1
        compliance, slopes = compliance_and_slopes(structure, densities, penalty)
        if filter_densities:
            slopes, volume_slopes = cone.T @ slopes, cone.T @ np.ones_like(slopes)
        else:
            slopes = cone @ (designs * slopes) / np.maximum(designs, 1e-3)
            volume_slopes = np.ones_like(slopes)
        moved = _optimality_criteria(designs, slopes, volume_slopes, volume_fraction * len(designs))
        change = float(np.max(np.abs(moved - designs)))
        designs = moved
        densities = cone @ designs if filter_densities else designs
    return Optimum(densities.reshape(structure.shape), compliance, iterations, change <= tolerance)


def compliance_and_slopes(structure, densities, penalty=3.0):
    """Returns the compliance, in N mm, and its derivatives by the densities (rows * columns,)."""
    moduli = modulus(densities, penalty)
    _, energies = structure.solve(moduli.reshape(structure.shape))
    energies = energies.reshape(-1)
    moduli_slopes = penalty * densities ** (penalty - 1) * (1 - MINIMUM_MODULUS)
    return float(moduli @ energies), -moduli_slopes * energies


def _optimality_criteria(designs, slopes, volume_slopes, volume):
    """Returns x * sqrt(-slope / (multiplier * volume slope)), within the move limit.

    Bisection finds the multiplier for which the volume is right.
    """
    lowest = np.maximum(0.0, designs - MOVE_LIMIT)
    highest = np.minimum(1.0, designs + MOVE_LIMIT)
    wanted = designs * np.sqrt(-slopes / volume_slopes)  # at multiplier 1
    low, high = 0.0, 1e9
    while high - low > 1e-3 * (high + low):
        middle = (low + high) / 2
        moved = np.clip(wanted / math.sqrt(middle), lowest, highest)
        if volume_slopes @ moved > volume:
            low = middle
        else:
            high = middle
    return moved
