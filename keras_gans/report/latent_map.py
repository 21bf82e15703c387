"""A map of a part of the latent space: images between four corners."""

from typing import Any

import keras
import numpy as np

from keras_gans.drawing.plot_interpolation import class_names, has_paths
from keras_gans.drawing.tiles import tile
from keras_gans.ops.interpolation import spherical_interpolation
from keras_gans.protocols import Array
from keras_gans.report.pictures import encode

SIDE = 8  # images along each side
_MOST_CLASSES = 10
_MOST_CHARACTERS = 800_000  # of all maps


def latent_map(
    gan: keras.Model, labels: Array | None = None, seed: int = 0
) -> list[dict[str, Any]]:
    """Returns maps of a generator of images, all with the same latents.

    There is one map for each of the first 10 classes.

    Latents follow great circles along the sides of the map and between opposite sides.

    Args:
        gan: The model.
        labels: Labels `(N, ...)`. If the model has no classes, the first label is used.
        seed: Integer, the seed of the corners.

    Returns:
        A list of dicts: `label`, a string or None; `image`, a `data:` URL of 8x8 images; and
        `aspect`, the ratio of width to height of one image. The list is empty if the samples are
        not images, or the latents are not vectors.
    """
    if not has_paths(gan):
        return []
    latents = _between(gan.sample_latents(4, seed + 1))
    if gan.num_classes is None:
        label = None if labels is None else labels[0]
        return [_map(gan, latents, label, None, _MOST_CHARACTERS)]
    known = gan.num_classes if gan.clusters is None else gan.clusters.num_found
    classes = range(min(known, _MOST_CLASSES))
    most = _MOST_CHARACTERS // len(classes)
    names = class_names(gan)
    return [_map(gan, latents, label, names[label], most) for label in classes]


def _between(corners):
    left, right = (spherical_interpolation(a, b, SIDE) for a, b in (corners[:2], corners[2:]))
    rows = [spherical_interpolation(*ends, SIDE) for ends in zip(left, right, strict=True)]
    return np.concatenate(rows)


def _map(gan, latents, label, name, most):
    images = gan.generate(latents=latents, labels=label)
    pixels, (height, width) = tile(images, SIDE, SIDE, gan.value_range, gap=0)
    return {"label": name, "image": encode(pixels, most), "aspect": width / height}
