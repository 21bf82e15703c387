"""Interpolation between images of a generator."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import keras
import numpy as np

from keras_gans import checks
from keras_gans.drawing.plot_images import plot_images
from keras_gans.ops.interpolation import class_interpolation, spherical_interpolation
from keras_gans.protocols import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST = 1000  # rows, and images in a row
_LONGEST = 40  # letters of a name in a caption


def plot_latent_interpolation(
    gan: keras.Model,
    num_rows: int = 4,
    num_steps: int = 8,
    label: ArrayLike | None = None,
    seed: int | None = 0,
) -> "Figure":
    """Draws rows of images, each along a path from one latent vector to another.

    If the generator has learned a continuous space of images, and not a list of them, the images
    change gradually.

    Args:
        gan: A `GAN` of images.
        num_rows: Integer.
        num_steps: Integer, the number of images in a row, including both ends.
        label: The label of all images, or the name of their class, for a conditional model. None
            means class 0.
        seed: Integer, the seed of the ends.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the model's samples are not images, or its latents are not vectors.

    Example:

        kg.drawing.plot_latent_interpolation(gan).savefig("between.png")
    """
    _check_has_paths(gan)
    num_rows = checks.whole_number("num_rows", num_rows, 1, _MOST)
    num_steps = checks.whole_number("num_steps", num_steps, 2, _MOST)
    ends = gan.sample_latents(2 * num_rows, seed).reshape(num_rows, 2, -1)
    latents = np.concatenate(
        [spherical_interpolation(first, last, num_steps) for first, last in ends]
    )
    if label is None and gan.num_classes is not None:
        label = 0
    images = gan.generate(latents=latents, labels=label)
    title = None
    if label is not None and gan.num_classes is not None:
        name = label if isinstance(label, str) else class_names(gan)[int(np.asarray(label))]
        title = f"Class {_shortened(name)}"
    return plot_images(images, num_steps, gan.value_range, title=title)


def plot_class_interpolation(
    gan: keras.Model, classes: Sequence[int] | None = None, num_steps: int = 8, seed: int | None = 0
) -> "Figure":
    """Draws rows of images, each from one class to the next, all with the same latents.

    Args:
        gan: A `GAN` of images with `num_classes`.
        classes: Two or more integers; None means the first five classes, and back to the first.
        num_steps: Integer, the number of images in a row, including both ends.
        seed: Integer, the seed of the latents.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the model has no classes, its samples are not images, or its latents are not
            vectors.

    Example:

        kg.drawing.plot_class_interpolation(gan, classes=[3, 8, 1]).savefig("between.png")
    """
    if getattr(gan, "num_classes", None) is None:
        raise ValueError(
            "Only a model with classes can mix classes. Received: a model without num_classes. "
            "Use plot_latent_interpolation; interpolate float conditions yourself."
        )
    _check_has_paths(gan)
    if classes is None:
        classes = [*range(min(gan.num_classes, 5)), 0]
    repair = f"Pass two or more classes in [0, {gan.num_classes})."
    classes = checks.whole_numbers("classes", classes, 0, repair=repair)
    if len(classes) < 2:
        raise checks.wrong("classes", "a list of two or more classes", classes, repair)
    num_steps = checks.whole_number("num_steps", num_steps, 2, _MOST)
    pairs = list(itertools.pairwise(classes))
    weights = [class_interpolation(*pair, gan.num_classes, num_steps) for pair in pairs]
    latents = gan.sample_latents(1, seed)
    images = gan.generate(
        latents=latents.repeat(num_steps * len(pairs), axis=0), labels=np.concatenate(weights)
    )
    names = class_names(gan)
    captions = [f"{names[first]} to {names[last]}" for first, last in pairs]
    return plot_images(images, num_steps, gan.value_range, captions)


def class_names(gan: keras.Model) -> list[str]:
    """Returns the names of a model's classes, or their numbers as strings if they have none.

    They are used as captions: the middle of a long name is left out.
    """
    return list(map(_shortened, gan.class_names or map(str, range(gan.num_classes))))


def _shortened(name):
    half = _LONGEST // 2
    return name if len(name) <= _LONGEST else f"{name[:half]}...{name[3 - half :]}"


def has_paths(gan: keras.Model) -> bool:
    """Returns whether a model makes images from latent vectors, so that paths can be drawn."""
    latent_dim = gan.latent_dim
    return len(gan.image_shape) == 3 and isinstance(latent_dim, int) and latent_dim > 0


def _check_has_paths(gan):
    if not hasattr(gan, "generate") or not hasattr(gan, "image_shape"):
        raise checks.wrong("gan", "a keras_gans.GAN", gan, "Pass the model that was trained.")
    if not has_paths(gan):
        raise ValueError(
            "Interpolations are drawn for models of images (H, W, C) whose latents are vectors. "
            f"Received: a model with image_shape={tuple(gan.image_shape)} and "
            f"latent_dim={gan.latent_dim}. Interpolate between results of `gan.sample_latents` "
            "yourself, pass them to `gan.generate`, and draw the result with `plot_samples`."
        )
