"""Shapes of samples, sizes of feature maps, and checks of the networks' arguments."""

import math
import warnings
from collections.abc import Iterable, Sequence

import keras
import numpy as np

from keras_gans import checks
from keras_gans.protocols import Shape, ShapeLike, Tensor

# By the number of spatial axes: series, images, volumes.
_SMALLEST_SIDE = {1: 8, 2: 8, 3: 4}
_STEM_SIDE = {1: 16, 2: 8, 3: 4}
_EXPECTED = {
    1: "(steps, channels) with at least 8 steps",
    2: "(height, width, channels) with sides of at least 8 pixels",
    3: "(depth, height, width, channels) with sides of at least 4 voxels",
}


def check_image_shape(
    image_shape: ShapeLike, vectors: bool = False, ranks: Sequence[int] = (1, 2, 3)
) -> Shape:
    """Checks the shape of one sample and returns it as a tuple of ints.

    Args:
        image_shape: `(steps, channels)` of series, `(height, width, channels)` of images or
            `(depth, height, width, channels)` of volumes; with `vectors`, any shape of
            positive sizes, such as `(2,)` for points.
        vectors: Whether vectors and small images are accepted.
        ranks: Numbers of spatial axes that are accepted.

    Returns:
        The shape as a tuple of ints.

    Raises:
        ValueError: If the shape has unknown or zero sizes, too few sizes, or sides that are too
            small.
    """
    shape = _integers(image_shape)
    if vectors and shape and min(shape) >= 1:
        return shape
    _check_channels_last()
    rank = len(shape) - 1
    if rank in ranks and min(shape[:-1]) >= _SMALLEST_SIDE[rank] and shape[-1] >= 1:
        _warn_of_gray_images(shape)
        return shape
    expected = (
        "a tuple of positive sizes, such as (28, 28, 1) or (2,)"
        if vectors
        else ", or ".join(_EXPECTED[rank] for rank in ranks)
    )
    raise ValueError(
        f"`image_shape` must be {expected}. Received: image_shape={image_shape!r}. "
        "Gray images have one channel: (28, 28, 1). For vectors, smaller images and other "
        "shapes, use networks.mlp_generator and networks.mlp_discriminator."
    )


def check_condition_shape(condition_shape: ShapeLike, image_shape: Shape) -> Shape:
    """Checks the shape of one condition and returns it as a tuple of ints.

    Args:
        condition_shape: Tuple with as many sizes as `image_shape`. Only images are resized: for
            series and volumes, all sizes but the channels must equal those of `image_shape`.
        image_shape: The checked shape of one sample.

    Returns:
        The shape as a tuple of ints.

    Raises:
        ValueError: If the shape has zero sizes or a different number of sizes, or if the condition
            would have to be resized but is not an image.
    """
    shape = _integers(condition_shape)
    fits = len(shape) == len(image_shape) and min(shape) >= 1
    if fits and (len(shape) == 3 or shape[:-1] == image_shape[:-1]):
        return shape
    expected = (
        "(height, width, channels)"
        if len(image_shape) == 3
        else f"({', '.join(map(str, image_shape[:-1]))}, channels), like `image_shape`"
    )
    raise ValueError(
        f"`condition_shape` must be {expected}. Received: condition_shape={condition_shape!r} "
        f"with image_shape={image_shape!r}. Gray images have one channel: (28, 28, 1). For "
        "conditions that are vectors, use networks with `condition_dim`."
    )


def _check_channels_last():
    """Checks Keras' setting of the image data format."""
    if keras.config.image_data_format() != "channels_last":
        raise ValueError(
            "Images must have their channels last, (N, height, width, channels). Received: "
            f'image_data_format="{keras.config.image_data_format()}", a setting of Keras that is '
            "made in its file keras.json or in code. Before you create networks, call "
            'keras.config.set_image_data_format("channels_last").'
        )


def _integers(shape):
    """Returns the shape as a tuple of ints, empty if it is not a sequence of positive sizes."""
    try:
        return checks.whole_numbers("shape", shape)
    except ValueError:
        return ()


def _warn_of_gray_images(shape):
    """Warns if a series has as many channels as steps: it may be an image without channels."""
    if len(shape) == 2 and shape[1] == shape[0]:
        warnings.warn(
            f"A shape of two sizes describes series, here {shape[0]} steps of {shape[1]} channels. "
            f"Received: image_shape={shape}. If these are gray images, pass {(*shape, 1)}.",
            stacklevel=4,
        )


def num_halvings(image_shape: Shape) -> int:
    """Returns how often a sample is halved to reach about the size of a stem, at least once.

    A stem has 16 steps, 8x8 pixels or 4x4x4 voxels. The sizes are compared by the geometric mean
    of the sides.

    Example:

    >>> num_halvings((28, 28, 1)), num_halvings((64, 64, 3)), num_halvings((128, 2))
    (2, 3, 3)
    """
    rank = len(image_shape) - 1
    mean = math.prod(image_shape[:-1]) ** (1 / rank)
    return max(1, round(math.log2(mean / _STEM_SIDE[rank])))


def feature_sizes(image_shape: Shape, strides: Iterable[int]) -> list[Shape]:
    """Returns the sides of the sample and of each smaller feature map, rounded up.

    Example:

    >>> feature_sizes((33, 20, 3), [2, 2])
    [(33, 20), (17, 10), (9, 5)]
    """
    sizes = [tuple(image_shape[:-1])]
    for stride in strides:
        sizes.append(tuple(math.ceil(side / stride) for side in sizes[-1]))
    return sizes


def layer_widths(width: int | Sequence[int], num_layers: int, inwards: bool = True) -> list[int]:
    """Returns the filters of each layer, doubled at each layer up to 8 times `width`.

    Args:
        width: Integer, filters of the layer next to the image; or a sequence with the
            filters of every layer, which is returned unchanged as a list.
        num_layers: Integer.
        inwards: Whether the first layer, not the last one, is next to the image.

    Raises:
        ValueError: If the length of a sequence is not `num_layers`.

    Example:

    >>> layer_widths(32, 3)
    [32, 64, 128]
    """
    if np.ndim(width) == 0:
        width = check_width(width)  # type: ignore[arg-type]
        widths = [width * min(2**layer, 8) for layer in range(num_layers)]
        return widths if inwards else widths[::-1]
    return _one_each("width", width, num_layers)


def layer_kernels(kernel_size: int | Sequence[int], num_layers: int) -> list[int]:
    """Returns the kernel size of each layer, from one integer for all or a sequence."""
    if np.ndim(kernel_size) == 0:
        return [checks.size("kernel_size", kernel_size)] * num_layers
    return _one_each("kernel_size", kernel_size, num_layers)


def _one_each(name, values, num_layers):
    values = checks.whole_numbers(name, values, repair="Pass an integer, or one for each stride.")
    if len(values) != num_layers:
        raise ValueError(
            f"`{name}` must be an integer, or have one entry per stride ({num_layers}). "
            f"Received: {name}={values!r}. Pass `strides` with the same number of entries."
        )
    return list(values)


def latent_input(latent_dim: int) -> Tensor:
    """Returns the input `latents`, after checking that their length is a positive integer."""
    return keras.Input((checks.size("latent_dim", latent_dim),), name="latents")


def check_width(width: int) -> int:
    """Returns the number of filters or units, after checking that it is a positive integer."""
    return checks.size("width", width)


def check_dropout(dropout: float) -> float:
    """Returns a share of activations, after checking that it is a number in [0, 1)."""
    return checks.finite_number("dropout", dropout, 0, 1, open_ends=")", repair="0 means none.")


def check_output(activation: str, batch_norm: bool = False) -> None:
    """Checks the activation of the image and the flag for BatchNorm.

    Raises:
        ValueError: If the activation is not supported, or `batch_norm` is not a bool.
    """
    checks.one_of("activation", activation, ("tanh", "sigmoid", "linear"))
    checks.flag("batch_norm", batch_norm)


def layer_strides(
    strides: Sequence[int] | None, default: Sequence[int], image_shape: Shape
) -> list[int]:
    """Returns the stride of each layer, or the default if `strides` is None.

    Args:
        strides: Sequence of one or more integers, none greater than the smallest side.
        default: Sequence of integers.
        image_shape: The checked shape of one sample.

    Raises:
        ValueError: If `strides` is invalid.
    """
    if strides is None:
        return list(default)
    side, repair = min(image_shape[:-1]), f"None means strides={tuple(default)}."
    checked = checks.whole_numbers("strides", strides, repair=repair)
    if not checked or max(checked) > side:
        expected = f"one or more integers from 1 to {side}, the smallest side"
        raise checks.wrong("strides", expected, strides, repair)
    return list(checked)
