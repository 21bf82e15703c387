"""What augmentations are made of: differentiable changes, other ones for each image.

Each function takes float images `(N, H, W, C)`, about 0 in the middle of their range, and a
`keras.random.SeedGenerator`, and returns images of the same shape and dtype. They are products and
sums only: XLA compiles them, and penalties can differentiate them twice.
"""

import keras
from keras import ops

from keras_gans.protocols import Tensor

_LARGEST_SHIFT = 1 / 8  # of a side
_HOLE = 1 / 2  # of a side


def translation(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Shifts by up to an eighth of each side, whole pixels; the border is repeated."""
    for axis in (1, 2):
        side = images.shape[axis]
        largest = round(side * _LARGEST_SHIFT)
        shift = keras.random.randint(_each(images, 1), -largest, largest + 1, seed=seed)
        source = ops.clip(ops.arange(side)[None] + shift, 0, side - 1)  # (N, side)
        images = _choose(images, source, axis)
    return images


def flip(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Mirrors half of the images, left to right."""
    width = ops.arange(images.shape[2])[None]
    mirrored = _each_uniform(images, 1, seed) < 0.5
    return _choose(images, ops.where(mirrored, images.shape[2] - 1 - width, width), 2)


def cutout(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Sets a square of half the side to 0; parts of it may lie outside."""
    keep = 0.0
    for axis in (1, 2):
        side = images.shape[axis]
        center = keras.random.randint(_each(images, 1), 0, side + 1, seed=seed)
        distance = ops.abs(2 * ops.arange(side)[None] + 1 - 2 * center)  # in half pixels
        outside = ops.cast(distance > round(side * _HOLE), images.dtype)
        shape = (-1, side, 1, 1) if axis == 1 else (-1, 1, side, 1)
        outside = ops.reshape(outside, shape)
        keep = outside if axis == 1 else 1 - (1 - keep) * (1 - outside)
    return images * keep


def brightness(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Adds between -0.5 and 0.5."""
    return images + _each_uniform(images, 3, seed) - 0.5


def saturation(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Multiplies the distance from the mean of the channels by 0 to 2; grey images stay."""
    if images.shape[-1] == 1:
        return images
    mean = ops.mean(images, axis=-1, keepdims=True)
    return mean + (images - mean) * 2 * _each_uniform(images, 3, seed)


def contrast(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Multiplies the distance from the mean of the image by 0.5 to 1.5."""
    mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return mean + (images - mean) * (0.5 + _each_uniform(images, 3, seed))


def _each(images, num_axes):
    return (ops.shape(images)[0], *[1] * num_axes)


def _each_uniform(images, num_axes, seed):
    return ops.cast(keras.random.uniform(_each(images, num_axes), seed=seed), images.dtype)


def _choose(images, source, axis):
    """Rows (axis 1) or columns (axis 2) of each image by number, `(N, side)`: a product."""
    chosen = ops.one_hot(source, images.shape[axis], dtype=images.dtype)  # (N, to, from)
    equation = "nij,njwc->niwc" if axis == 1 else "nij,nhjc->nhic"
    return ops.einsum(equation, chosen, images)
