"""The images that callbacks draw repeatedly from the same latents."""

import warnings
from typing import Any

import keras
import numpy as np

from keras_gans.drawing.plot_interpolation import class_names
from keras_gans.drawing.plot_samples import can_be_drawn
from keras_gans.ops.images import check_array, to_value_range
from keras_gans.protocols import Array

_MOST_ROWS = 16  # classes
_MOST_REAL = 1000
_COUNTS = {1: 1000, 2: 16, 3: 16, 4: 8}  # samples, by the rank of one sample
_COLUMNS = {2: 4, 3: 8, 4: 2}  # samples per class, by the rank of one sample


def fixed_sample(
    gan: keras.Model,
    num_images: int | None = None,
    labels: Array | None = None,
    seed: int | None = 0,
) -> tuple[Array, int | None, list[str] | None]:
    """Returns images of the averaged generator from latents that depend only on the seed.

    Args:
        gan: The model.
        num_images: Integer. Defaults to 16 images or series, 8 volumes, or 1,000 points or rows of
            a table; for each of up to 16 classes, to 8 images, 4 series or 2 volumes.
        labels: Labels for a conditional model, one per image. Without them, a model with classes
            gets a row for each of the first 16 classes, with the same latents in each column.
        seed: Integer.

    Returns:
        Images, a NumPy array; the number of columns, or None; and the captions of rows, or None.

    Raises:
        ValueError: If `labels` is a single label, or None although the model needs labels.
    """
    rank = len(gan.image_shape)
    count = check_labels(gan, labels) or _COUNTS[rank]
    unlabeled = gan.num_classes is None or gan.clusters is not None
    if unlabeled or labels is not None or rank == 1:
        return gan.generate(num_images or count, labels=labels, seed=seed), None, None
    rows = min(gan.num_classes, _MOST_ROWS)
    columns = max(1, (num_images or _COLUMNS[rank] * rows) // rows)
    latents = gan.sample_latents(columns, seed)
    if latents is not None:
        latents = keras.tree.map_structure(lambda rows_: np.concatenate([rows_] * rows), latents)
    images = gan.generate(latents=latents, labels=np.repeat(np.arange(rows), columns))
    return images, columns, class_names(gan)[:rows]


def check_labels(gan: keras.Model, labels: Array | None) -> int | None:
    """Returns the number of labels; None if there are none, or one for all points or rows.

    Raises:
        ValueError: If `labels` is a single label, or None although the model needs labels.
    """
    shape = (gan.condition_dim,) if gan.condition_shape is None else tuple(gan.condition_shape)
    shape = () if shape == (None,) else shape  # of one label
    if labels is None:
        if shape:
            raise ValueError(
                "A model with float conditions needs labels to draw images. Received: "
                f"labels=None. Pass `labels` of shape (N, {', '.join(map(str, shape))}), "
                "such as labels from the training data."
            )
        return None
    if np.ndim(labels) > len(shape):
        return len(labels)
    if len(gan.image_shape) == 1:
        return None
    repeated = f"np.stack([label] * 16) of one label of shape {shape}"
    raise ValueError(
        "`labels` must contain one label per image. Received: "
        f"labels={f'an array of shape {np.shape(labels)}' if shape else labels}. "
        f"Pass labels={repeated if shape else f'[{labels}] * 16'}."
    )


def warn_if_undrawable(gan: keras.Model, callback: str) -> bool:
    """Returns whether the samples of a model can be drawn, and warns if they cannot.

    Args:
        gan: The model.
        callback: String, the name of the callback.
    """
    shape = tuple(gan.image_shape)
    if not can_be_drawn(shape):
        warnings.warn(
            f"{callback} draws no pictures: samples of shape {shape} are neither points, rows of "
            "a table, series, images nor volumes. Training continues without them.",
            stacklevel=3,
        )
    return can_be_drawn(shape)


def real_sample(images: Any, gan: keras.Model) -> Array:
    """Returns up to 1,000 real points or rows of a table, as floats in the model's range.

    Args:
        images: Array `(M, ...)`.
        gan: The model.

    Raises:
        ValueError: If the array does not match the model, or the model's samples are neither points
            nor rows.
    """
    shape = tuple(gan.image_shape)
    if len(shape) != 1:
        raise ValueError(
            "`real_images` are drawn only behind generated points and rows of tables. Received: "
            f"real_images for a model with image_shape={shape}. Omit them; `TrainingReport` shows "
            "real images next to generated ones."
        )
    images = np.asarray(images)
    if images.shape[1:] != shape or not len(images):
        raise ValueError(
            f"`real_images` must be an array of shape (M, {shape[0]}), with M of at least 1. "
            f"Received: shape={images.shape}. Pass a part of the training data."
        )
    images = random_rows(images)
    check_array(images, gan.value_range)
    return np.asarray(to_value_range(images, gan.value_range))


def random_rows(rows: Array) -> Array:
    """Returns up to 1,000 rows of an array, at random but always the same."""
    rows = np.asarray(rows)
    if len(rows) <= _MOST_REAL:
        return rows
    return rows[np.random.default_rng(0).choice(len(rows), _MOST_REAL, replace=False)]
