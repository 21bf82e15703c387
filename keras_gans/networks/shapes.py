"""Sizes of the feature maps between the latents and a sample of any size."""

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
        vectors: Whether plain vectors and small images are accepted.
        ranks: Numbers of spatial axes that are accepted.

    Returns:
        The shape as a tuple of ints.

    Raises:
        ValueError: If the shape has unknown, zero or too few sizes.
    """
    shape = _integers(image_shape)
    if vectors and shape and min(shape) >= 1:
        return shape
    _check_channels_last()
    rank = len(shape) - 1
    if rank in ranks and min(shape[:-1]) >= _SMALLEST_SIDE[rank] and shape[-1] >= 1:
        _warn_of_grey_images(shape)
        return shape
    expected = (
        "a tuple of positive sizes, such as (28, 28, 1) or (2,)"
        if vectors
        else ", or ".join(_EXPECTED[rank] for rank in ranks)
    )
    raise ValueError(
        f"`image_shape` must be {expected}. Received: image_shape={image_shape!r}. "
        "Grey images have one channel: (28, 28, 1). For vectors, smaller images and other "
        "shapes use networks.mlp_generator and networks.mlp_discriminator."
    )


def check_condition_shape(condition_shape: ShapeLike, image_shape: Shape) -> Shape:
    """Checks the shape of one condition and returns it as a tuple of ints.

    Args:
        condition_shape: Tuple of as many sizes as `image_shape` has. Only images are resized:
            for series and volumes, all sizes but the channels must be those of `image_shape`.
        image_shape: The checked shape of one sample.

    Returns:
        The shape as a tuple of ints.

    Raises:
        ValueError: If the shape has another number of sizes, zero sizes, or other sides.
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
        f"with image_shape={image_shape!r}. Grey images have one channel: (28, 28, 1). For "
        "conditions that are vectors use networks with `condition_dim`."
    )


def _check_channels_last():
    """Checks Keras' setting for the layers of the networks."""
    if keras.config.image_data_format() != "channels_last":
        raise ValueError(
            "Images have their channels last, (N, height, width, channels). Received: "
            f'image_data_format="{keras.config.image_data_format()}", a setting of Keras, from its '
            'file keras.json or from code. Call keras.config.set_image_data_format("channels_last")'
            " before the networks are created."
        )


def _integers(shape):
    """The shape as a tuple of ints; an empty one where it is no sequence of positive sizes."""
    try:
        return checks.whole_numbers("shape", shape)
    except ValueError:
        return ()


def _warn_of_grey_images(shape):
    """A series with as many channels as steps may be an image whose channels were forgotten."""
    if len(shape) == 2 and shape[1] == shape[0]:
        warnings.warn(
            f"A shape of two sizes is that of a series, {shape[0]} steps of {shape[1]} channels. "
            f"Received: image_shape={shape}. If these are grey images, pass {(*shape, 1)}.",
            stacklevel=4,
        )


def num_halvings(image_shape: Shape) -> int:
    """How often to halve a sample until the geometric mean of its sides is about that of a stem.

    That is 16 steps of a series, 8x8 pixels or 4x4x4 voxels, and at least once.

    Example:

    >>> num_halvings((28, 28, 1)), num_halvings((64, 64, 3)), num_halvings((128, 2))
    (2, 3, 3)
    """
    rank = len(image_shape) - 1
    mean = math.prod(image_shape[:-1]) ** (1 / rank)
    return max(1, round(math.log2(mean / _STEM_SIDE[rank])))


def feature_sizes(image_shape: Shape, strides: Iterable[int]) -> list[Shape]:
    """Sides from the sample down to the smallest map, rounded up.

    Example:

    >>> feature_sizes((33, 20, 3), [2, 2])
    [(33, 20), (17, 10), (9, 5)]
    """
    sizes = [tuple(image_shape[:-1])]
    for stride in strides:
        sizes.append(tuple(math.ceil(side / stride) for side in sizes[-1]))
    return sizes


def layer_widths(width: int | Sequence[int], num_layers: int, inwards: bool = True) -> list[int]:
    """Filters of each layer from the image inwards: doubled at each, at most 8 times.

    Args:
        width: Integer, filters of the layer next to the image; or a sequence with the
            filters of every layer, which is returned as it is.
        num_layers: Integer.
        inwards: Whether the first layer is the one next to the image, not the last.

    Raises:
        ValueError: If a sequence has another length than `num_layers`.

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
    """Kernel sizes of each layer: one integer for all, or a sequence with one for each."""
    if np.ndim(kernel_size) == 0:
        return [checks.size("kernel_size", kernel_size)] * num_layers
    return _one_each("kernel_size", kernel_size, num_layers)


def _one_each(name, values, num_layers):
    values = checks.whole_numbers(name, values, repair="Pass an integer, or one for each stride.")
    if len(values) != num_layers:
        raise ValueError(
            f"`{name}` must be an integer, or have one entry per stride ({num_layers}). "
            f"Received: {name}={values!r}. Pass `strides` with as many entries."
        )
    return list(values)


def latent_input(latent_dim: int) -> Tensor:
    """The input `latents`, after checking that their length is a positive integer."""
    return keras.Input((checks.size("latent_dim", latent_dim),), name="latents")


def check_width(width: int) -> int:
    """Returns the number of filters or units, after checking that it is a positive integer."""
    return checks.size("width", width)


def check_dropout(dropout: float) -> float:
    """Returns a share of activations, after checking that it is a number in [0, 1)."""
    return checks.finite_number("dropout", dropout, 0, 1, open_ends=")", repair="0 means none.")


def check_output(activation: str, batch_norm: bool = False) -> None:
    """Checks the activation of the image, and whether layers are normalised.

    Raises:
        ValueError: If there is no such activation, or `batch_norm` is not a bool.
    """
    checks.one_of("activation", activation, ("tanh", "sigmoid", "linear"))
    checks.flag("batch_norm", batch_norm)


def layer_strides(
    strides: Sequence[int] | None, default: Sequence[int], image_shape: Shape
) -> list[int]:
    """Returns the strides of each layer, or the default where they are None.

    Args:
        strides: Sequence of integers, at least one, none greater than the smallest side.
        default: Sequence of integers.
        image_shape: The checked shape of one sample.

    Raises:
        ValueError: If it is something else.
    """
    if strides is None:
        return list(default)
    side, repair = min(image_shape[:-1]), f"None means strides={tuple(default)}."
    checked = checks.whole_numbers("strides", strides, repair=repair)
    if not checked or max(checked) > side:
        expected = f"one or more integers from 1 to {side}, the smallest side"
        raise checks.wrong("strides", expected, strides, repair)
    return list(checked)
