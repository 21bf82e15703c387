"""Sizes of the feature maps between the latents and an image of any size."""

import math
from collections.abc import Iterable, Sequence

from keras_gans.protocols import Shape

_SMALLEST_SIDE = 8
_STEM_SIDE = 8


def check_image_shape(image_shape: Shape, vectors: bool = False) -> Shape:
    """Checks the shape of one image and returns it as a tuple of ints.

    Args:
        image_shape: `(height, width, channels)`, from 8 pixels up; with `vectors`, any
            shape of positive sizes, such as `(2,)` for points.
        vectors: Whether plain vectors and small images will do.

    Returns:
        The shape as a tuple of ints.

    Raises:
        ValueError: If the shape has unknown, zero or too few sizes.
    """
    try:
        shape = tuple(int(size) for size in image_shape)
    except TypeError:
        shape = ()
    if vectors and shape and min(shape) >= 1:
        return shape
    if len(shape) == 3 and min(shape[:2]) >= _SMALLEST_SIDE and shape[2] >= 1:
        return shape
    expected = (
        "a tuple of positive sizes, such as (28, 28, 1) or (2,)"
        if vectors
        else f"(height, width, channels) with sides of at least {_SMALLEST_SIDE} pixels"
    )
    raise ValueError(
        f"`image_shape` must be {expected}. Received: image_shape={image_shape!r}. "
        "Grey images have one channel: (28, 28, 1). For vectors and smaller images use "
        "networks.mlp_generator and networks.mlp_discriminator."
    )


def num_halvings(image_shape: Shape) -> int:
    """How often to halve an image to come to about 8x8: twice for 28x28, 3 times for 64x64."""
    height, width, _ = image_shape
    halvings = math.log2(math.sqrt(height * width) / _STEM_SIDE)
    return max(1, round(halvings))


def feature_sizes(image_shape: Shape, strides: Iterable[int]) -> list[tuple[int, int]]:
    """Heights and widths from the image down to the smallest map, sides rounded up.

    Example:

    >>> feature_sizes((33, 20, 3), [2, 2])
    [(33, 20), (17, 10), (9, 5)]
    """
    sizes = [(image_shape[0], image_shape[1])]
    for stride in strides:
        height, width = sizes[-1]
        sizes.append((math.ceil(height / stride), math.ceil(width / stride)))
    return sizes


def layer_widths(width: int | Sequence[int], num_layers: int) -> list[int]:
    """Filters of each layer from the image inwards: doubled at each, at most 8 times.

    Args:
        width: Integer, filters of the layer next to the image; or a sequence with the
            filters of every layer, which is returned as it is.
        num_layers: Integer.

    Raises:
        ValueError: If a sequence has another length than `num_layers`.

    Example:

    >>> layer_widths(32, 3)
    [32, 64, 128]
    """
    if isinstance(width, int):
        return [width * min(2**layer, 8) for layer in range(num_layers)]
    return _one_each("width", width, num_layers)


def layer_kernels(kernel_size: int | Sequence[int], num_layers: int) -> list[int]:
    """Kernel sizes of each layer: one integer for all, or a sequence with one for each."""
    if isinstance(kernel_size, int):
        return [kernel_size] * num_layers
    return _one_each("kernel_size", kernel_size, num_layers)


def _one_each(name, values, num_layers):
    if len(values) != num_layers:
        raise ValueError(
            f"`{name}` must be an integer, or have one entry per stride ({num_layers}). "
            f"Received: {name}={values!r}. Pass `strides` with as many entries."
        )
    return list(values)
