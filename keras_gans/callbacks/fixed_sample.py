"""The images that callbacks draw again and again, from latents that stay the same."""

import keras
import numpy as np

from keras_gans.protocols import Array

_MOST_ROWS = 16
_POINTS = 1000
_MOST_CHANNELS = 4


def fixed_sample(
    gan: keras.Model,
    num_images: int | None = None,
    labels: Array | None = None,
    seed: int | None = 0,
) -> tuple[Array, int | None, list[str] | None]:
    """What the averaged generator makes of latents that depend on the seed alone.

    Args:
        gan: The model.
        num_images: Integer; 16 by default, 8 for each of up to 16 classes, 1,000 points.
        labels: What a conditional model is asked for, one label per image; a model with classes
            gets a row for each of them, with the same latents down each column.
        seed: Integer.

    Returns:
        Images, NumPy; the number of columns, or None; and the captions of rows, or None.

    Raises:
        ValueError: If the model makes neither images nor 2-D points, or `labels` is a single one.
    """
    if tuple(gan.image_shape) == (2,):
        return gan.generate(num_images or _POINTS, labels=labels, seed=seed), None, None
    if labels is not None and np.ndim(labels) == 0:
        raise ValueError(
            "`labels` must hold one label for each image. "
            f"Received: labels={labels}. Pass labels=[{labels}] * 16."
        )
    check_drawable(gan)
    if gan.num_classes is None or labels is not None:
        count = num_images or (16 if labels is None else len(labels))
        return gan.generate(count, labels=labels, seed=seed), None, None
    rows = min(gan.num_classes, _MOST_ROWS)
    columns = max(1, (num_images or 8 * rows) // rows)
    latents = np.random.default_rng(seed).standard_normal((columns, gan.latent_dim))
    images = gan.generate(
        latents=np.tile(latents, (rows, 1)), labels=np.repeat(np.arange(rows), columns)
    )
    return images, columns, [str(label) for label in range(rows)]


def check_drawable(gan: keras.Model) -> None:
    """Checks that a model makes images, of up to four channels, or 2-D points.

    Raises:
        ValueError: If not.
    """
    shape = tuple(gan.image_shape)
    if shape != (2,) and (len(shape) != 3 or shape[-1] > _MOST_CHANNELS):
        raise ValueError(
            "Images of up to four channels and 2-D points can be drawn. "
            f"Received: a model with image_shape={shape}. Drop the callback."
        )
