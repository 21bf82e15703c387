"""Differentiable changes, drawn independently for each sample.

Each function takes floats `(N, ..., C)` with any number of spatial axes: series `(N, T, C)`, images
`(N, H, W, C)` or volumes `(N, D, H, W, C)`, in a range centered at 0, and a
`keras.random.SeedGenerator`. It returns samples of the same shape and dtype. The functions consist
of products and sums only, so that XLA can compile them and penalties can differentiate them twice.
"""

import functools

import keras
from keras import ops

from keras_gans.ops.replicas import draw
from keras_gans.protocols import Tensor

_LARGEST_SHIFT = 1 / 8  # of a side
_HOLE = 1 / 2  # of a side


def translation(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Shifts by a whole number of pixels, up to an eighth of each side; repeats the border."""
    for axis in _spatial_axes(images):
        side = images.shape[axis]
        largest = round(side * _LARGEST_SHIFT)
        shift = _each_integer(images, -largest, largest + 1, seed)
        source = ops.clip(ops.arange(side, dtype="int32")[None] + shift, 0, side - 1)  # (N, side)
        images = _choose(images, source, axis)
    return images


def flip(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Mirrors half of the samples along the last spatial axis: left to right, or in time."""
    axis = _spatial_axes(images)[-1]
    side = images.shape[axis]
    places = ops.arange(side, dtype="int32")[None]
    mirrored = _each_uniform(images, 1, seed) < 0.5
    return _choose(images, ops.where(mirrored, side - 1 - places, places), axis)


def cutout(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Sets a box of half of each side to 0; parts of the box may lie outside the image."""
    keep = None
    for axis in _spatial_axes(images):
        side = images.shape[axis]
        center = _each_integer(images, 0, side + 1, seed)
        distance = ops.abs(
            2 * ops.arange(side, dtype="int32")[None] + 1 - 2 * center
        )  # in half pixels
        outside = ops.cast(distance > round(side * _HOLE), images.dtype)
        shape = [-1, *[1] * _num_axes(images)]
        shape[axis] = side
        outside = ops.reshape(outside, shape)
        keep = outside if keep is None else 1 - (1 - keep) * (1 - outside)
    return images * keep


def brightness(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Adds a number between -0.5 and 0.5."""
    return images + _each_uniform(images, _num_axes(images), seed) - 0.5


def saturation(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Multiplies the distance from the channel mean by 0 to 2; single channels are unchanged."""
    if images.shape[-1] == 1:
        return images
    mean = ops.mean(images, axis=-1, keepdims=True)
    return mean + (images - mean) * 2 * _each_uniform(images, _num_axes(images), seed)


def contrast(images: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Multiplies the distance from each sample's mean by 0.5 to 1.5."""
    mean = ops.mean(images, axis=tuple(range(1, len(images.shape))), keepdims=True)
    return mean + (images - mean) * (0.5 + _each_uniform(images, _num_axes(images), seed))


def _spatial_axes(images):
    return range(1, len(images.shape) - 1)


def _num_axes(images):
    """Returns the number of axes of one sample, including the channels."""
    return len(images.shape) - 1


def _each_uniform(images, num_axes, seed):
    """Returns a number in [0, 1) for each sample, with `num_axes` axes of size 1."""
    return ops.cast(draw(keras.random.uniform, images, (1,) * num_axes, seed), images.dtype)


def _each_integer(images, low, high, seed):
    """Returns an integer in [low, high) for each sample, `(N, 1)`."""
    sampler = functools.partial(keras.random.randint, minval=low, maxval=high)
    return draw(sampler, images, (1,), seed)


def _choose(images, source, axis):
    """Gathers entries along an axis by their indices `(N, side)`, as a matrix product."""
    chosen = ops.one_hot(source, images.shape[axis], dtype=images.dtype)  # (N, to, from)
    axes = "abcdefgh"[: len(images.shape) - 1]
    before, after = axes[: axis - 1], axes[axis:]
    return ops.einsum(f"nij,n{before}j{after}->n{before}i{after}", chosen, images)
