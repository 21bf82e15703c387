"""The specification of a design: its supports, its load, and its amount of material.

Lengths are relative to the side of the square that the part may fill (50 mm, or 50 elements). x
points right, y points down, and (0, 0) is the upper left corner. The force is 1 N.
"""

import dataclasses
import math

import numpy as np

from .finite_elements import PlaneStress
from .topology_optimization import modulus, optimize

SIZE = 50  # elements along a side
FILTER_RADIUS = 1.8  # in elements (mm): about the width of the thinnest bars
PATCH = 6  # length of a support patch, in elements
FAMILIES = ("clamped edge", "two patches", "corners")


@dataclasses.dataclass(frozen=True)
class Specification:
    """A square part, held at two supports and loaded at a point.

    Args:
        volume_fraction: share of the square that is material.
        load: (x, y) of the point that the force acts on.
        direction: (right, down) of the force, a unit vector.
        supports: two boxes (x_min, y_min, x_max, y_max); nodes in them cannot move.
    """

    volume_fraction: float
    load: tuple[float, float]
    direction: tuple[float, float]
    supports: tuple[tuple[float, float, float, float], tuple[float, float, float, float]]

    @classmethod
    def random(cls, generator):
        """Draws a specification: family, supports, load, direction and volume.

        Positions are nodes of the grid, angles are multiples of 15 degrees from straight down, and
        volumes are multiples of 0.01.

        Args:
            generator: NumPy random generator.
        """

        def node(low, high):
            return int(generator.integers(low, high + 1)) / SIZE

        family = FAMILIES[generator.integers(len(FAMILIES))]
        patch = PATCH / SIZE
        if family == "clamped edge":
            supports = (0.0, 0.0, 0.0, 0.5), (0.0, 0.5, 0.0, 1.0)
            load = node(46, 50), node(5, 45)
        elif family == "two patches":
            upper, lower = node(0, 16), node(28, 44)
            supports = (0.0, upper, 0.0, upper + patch), (0.0, lower, 0.0, lower + patch)
            load = node(40, 50), node(5, 45)
        else:
            supports = (0.0, 1.0, patch, 1.0), (1.0 - patch, 1.0, 1.0, 1.0)
            load = node(12, 38), node(5, 35)
        angle = math.radians(15 * generator.integers(-4, 5))
        volume_fraction = generator.integers(20, 51) / 100
        return cls(volume_fraction, load, (math.sin(angle), math.cos(angle)), supports)

    @classmethod
    def from_conditions(cls, conditions):
        """Returns the specification whose `conditions()` are these: the inverse of `conditions`."""
        volume, load_x, load_y, right, down, *boxes = (float(number) for number in conditions)
        return cls(volume, (load_x, load_y), (right, down), (tuple(boxes[:4]), tuple(boxes[4:])))

    def conditions(self):
        """Returns 13 numbers, float32, in the order of `keras_gans.datasets.mechanical_designs`."""
        numbers = [self.volume_fraction, *self.load, *self.direction]
        return np.array([*numbers, *self.supports[0], *self.supports[1]], "float32")

    def structure(self, size=SIZE):
        """Returns a `PlaneStress` of `size` by `size` finite elements."""
        held = np.zeros((size + 1, size + 1, 2), bool)
        forces = np.zeros((size + 1, size + 1, 2))
        for box in self.supports:
            held[self._nodes(box, size)] = True
        forces[round(self.load[1] * size), round(self.load[0] * size)] = self.direction
        return PlaneStress(held, forces)

    def optimum(self, size=SIZE):
        """Returns the optimized design, an `Optimum`; the filter grows with `size`."""
        return optimize(self.structure(size), self.volume_fraction, FILTER_RADIUS * size / SIZE)

    def compliance(self, design):
        """Returns the compliance, in N mm, of a boolean design; void is a billion times softer."""
        return self.structure(len(design)).compliance(modulus(np.asarray(design, "float64")))

    def joined(self, part):
        """Returns whether a boolean part (size, size) touches the load and both supports."""
        corners = np.zeros((len(part) + 1, len(part) + 1), bool)
        for down in (0, 1):
            for right in (0, 1):
                corners[down : down + len(part), right : right + len(part)] |= part
        load = (*self.load, *self.load)
        return all(corners[self._nodes(box, len(part))].any() for box in (load, *self.supports))

    @staticmethod
    def _nodes(box, size):
        x_min, y_min, x_max, y_max = (round(length * size) for length in box)
        return np.s_[y_min : y_max + 1, x_min : x_max + 1]


def black_and_white(densities, volume_fraction):
    """Returns the boolean design of the densest elements that has this volume fraction."""
    num_elements = round(volume_fraction * densities.size)
    order = np.argsort(-densities, axis=None, kind="stable")
    design = np.zeros(densities.size, bool)
    design[order[:num_elements]] = True
    return design.reshape(densities.shape)
