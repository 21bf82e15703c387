"""Designs on demand: conditions to ask a model for, and a comparison with the optimizer's designs.

Designs are boolean arrays (N, H, W), True where there is material. Those of a specification follow
each other: the first N / len(specifications) designs belong to the first specification, and so on.
"""

import dataclasses

import numpy as np

import keras_gans as kg

from . import analysis
from .specifications import Specification, black_and_white


def held_out_specifications(num_loads, volume_fractions):
    """Returns a list of specifications not seen in training: each load with each volume."""
    dataset = kg.datasets.mechanical_designs(num_loads, "test", labels=True, seed=0)
    _, conditions = next(iter(dataset))
    loads = [Specification.from_conditions(condition) for condition in conditions.numpy()]
    return [
        dataclasses.replace(load, volume_fraction=volume)
        for load in loads
        for volume in volume_fractions
    ]


def optima(specifications):
    """Returns the optimizer's design for each specification, with the requested volume."""
    return np.stack(
        [
            black_and_white(specification.optimum().densities, specification.volume_fraction)
            for specification in specifications
        ]
    )


def comparison(designs, best, specifications):
    """Compares generated designs with the requests, and with the optimizer's designs.

    Args:
        designs: Generated designs (N, H, W), of one specification after the other.
        best: The `optima` of the specifications.
        specifications: List of `Specification`.

    Returns:
        String of four lines, to be printed.
    """
    each = len(designs) // len(specifications)
    errors, joined, ratios = [], [], []
    groups = designs.reshape(len(specifications), each, *designs.shape[1:])
    for specification, optimum, group in zip(specifications, best, groups, strict=True):
        errors.extend(np.abs(analysis.material(group) - specification.volume_fraction))
        joined.append(analysis.joined(group, [specification.conditions()] * each))
        stiffest = specification.compliance(optimum)
        sound = group[joined[-1]]
        ratios.extend(specification.compliance(design) / stiffest for design in sound)
    return (
        f"{len(designs)} designs for {len(specifications)} conditions not seen in training:\n"
        f"mean absolute error of the volume fraction: {np.mean(errors):.4f}\n"
        f"joined to the load and both supports: {np.mean(joined):.1%}\n"
        f"their compliance relative to the optimizer's designs: median {np.median(ratios):.3f}"
    )


def plot_designs(designs, best, volume_fractions, shown=4):
    """Draws a row for each load: for each volume, the optimizer's design and generated ones.

    Args:
        designs: Generated designs (N, H, W), of one specification after the other.
        best: The `optima` of the specifications.
        volume_fractions: Sequence of floats, the volumes of each load.
        shown: Integer, the number of generated designs for each specification.
    """
    groups = designs.reshape(len(best), -1, *designs.shape[1:])[:, :shown]
    images = np.concatenate([best[:, None], groups], axis=1).reshape(-1, *designs.shape[1:], 1)
    *others, last = (f"{volume:g}" for volume in volume_fractions)
    volumes = f"{', '.join(others)} and {last}"
    title = f"Volumes {volumes}: the optimizer's design, then {shown} generated ones"
    columns = (1 + shown) * len(volume_fractions)
    return kg.drawing.plot_images(255 * images.astype("uint8"), columns, title=title)
