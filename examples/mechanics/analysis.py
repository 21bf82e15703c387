"""Figures and measures for questions about designs, real and generated.

Designs are boolean arrays (N, H, W), True where there is material; `as_designs` converts images to
designs. Every figure is a `matplotlib.figure.Figure`; save it with `figure.savefig("name.png")`.
"""

import numpy as np
from scipy.stats import wasserstein_distance

import keras_gans as kg

from .pieces import in_one_piece, largest_piece
from .specifications import Specification

NEAR_COPY = 0.03  # designs that differ in a smaller share of their pixels are near copies
MATERIAL_BINS = np.arange(0.095, 0.7, 0.02)  # the designs of the dataset have whole percentages


def as_designs(images):
    """Converts images (N, H, W, 1), floats in [-1, 1], to designs; values above 0 are material."""
    return np.asarray(images)[..., 0] > 0


def plot_number(designs, generated=None, drawn=24):
    """Draws the first designs, with the number of designs and of different designs."""
    groups = {"real": designs, "generated": generated}
    groups = {name: group for name, group in groups.items() if group is not None}
    drawn = min(drawn, *(len(group) // 2 * 2 for group in groups.values()))
    images, captions = [], []
    for name, group in groups.items():
        different = len(np.unique(np.packbits(group.reshape(len(group), -1), axis=1), axis=0))
        images.append(group[:drawn, ..., None])
        captions += [f"{len(group):,} {name},", f"{different:,} different"]
    return kg.drawing.plot_images(
        255 * np.concatenate(images).astype("uint8"), drawn // 2, captions=captions
    )


def plot_overlay(designs, generated=None):
    """Draws the mean of the designs."""
    fake = None if generated is None else generated[..., None]
    return kg.drawing.plot_mean_images(designs[..., None], fake)


def plot_material(designs, generated=None):
    """Draws the histogram of the share of material."""
    fake = None if generated is None else material(generated)
    label = "Share of material (volume fraction)"
    return kg.drawing.plot_histograms(material(designs), fake, MATERIAL_BINS, label)


def plot_nearest(generated, training, columns=12):
    """Draws the generated designs that are nearest to a training design, each above that design.

    The number is the share of pixels that differ.
    """
    columns = min(columns, len(generated))
    index, difference = nearest(generated, training)
    first = np.argsort(difference, kind="stable")[:columns]
    pairs = np.concatenate([generated[first], training[index[first]]])
    captions = [f"{share:.1%}" for share in difference[first]] + ["nearest"] * len(first)
    title = "Generated, pixels that differ, nearest training design"
    return kg.drawing.plot_images(
        255 * pairs[..., None].astype("uint8"), columns, captions=captions, title=title
    )


def material(designs):
    """Returns the share of material of each design, (N,) floats in [0, 1]."""
    return designs.mean(axis=(1, 2))


def material_distance(designs, generated):
    """Returns the Wasserstein-1 distance between the shares of material, as a volume fraction."""
    return float(wasserstein_distance(material(designs), material(generated)))


def share_in_one_piece(designs):
    """Returns the share of designs whose largest 4-connected part has at least 99% of it."""
    return float(np.mean([in_one_piece(design) for design in designs]))


def joined(designs, conditions):
    """Returns (N,) booleans: whether a design is in one piece and touches its load and supports."""
    return np.array(
        [
            in_one_piece(design)
            and Specification.from_conditions(condition).joined(largest_piece(design))
            for design, condition in zip(designs, conditions, strict=True)
        ]
    )


def nearest(designs, training):
    """Returns the index of the nearest training design, and the share of pixels that differ."""
    flat, others = (
        group.reshape(len(group), -1).astype("float32") for group in (designs, training)
    )
    both = flat @ others.T  # pixels with material in both
    differences = flat.sum(1)[:, None] + others.sum(1)[None] - 2 * both
    index = differences.argmin(axis=1)
    return index, differences[np.arange(len(flat)), index] / flat.shape[1]


def share_of_near_copies(designs, training):
    """Returns the share of designs that differ from a training design in under 3% of the pixels."""
    return float(np.mean(nearest(designs, training)[1] < NEAR_COPY))
