"""The generator of pix2pix, a U-Net: from image to image, with skip connections."""

import math

import keras

from keras_gans import checks
from keras_gans.networks import shapes
from keras_gans.networks.conditioning import resize_condition
from keras_gans.networks.convolutional_generator import normalize_and_activate
from keras_gans.networks.layers_by_rank import CONVOLUTIONS, TRANSPOSED_CONVOLUTIONS, crop
from keras_gans.networks.precision import full_precision
from keras_gans.networks.strided_convolutions import strided_convolutions
from keras_gans.protocols import ShapeLike

_KERNEL_SIZE = 4  # twice the stride, so that each pixel is a sum of the same number of products
_LAST_KERNEL_SIZE = 3  # odd, so that the image is not shifted
_DROPOUT_LAYERS = 3
_DEEPEST = 20


def unet_generator(
    image_shape: ShapeLike,
    condition_shape: ShapeLike,
    latent_dim: int = 0,
    width: int = 32,
    depth: int | None = None,
    batch_norm: bool = True,
    dropout: float = 0.0,
    activation: str = "tanh",
) -> keras.Model:
    """Builds a U-Net that translates one image, the condition, into another.

    On the way down, `depth` convolutions with stride 2 halve the sides, rounded up. On the way
    up, as many transposed convolutions double them again; each result is cropped to the size
    of the feature map from the way down, which is then appended to its channels. Kernels of
    size 4 with stride 2 overlap evenly, which avoids checkerboard artifacts. A last convolution
    at full size, which also sees the condition, produces clean strokes. A condition of a
    different size, such as the small image in super-resolution, is first resized bilinearly.

    Args:
        image_shape: Tuple `(height, width, channels)` of the generated images, with sides of at
            least 8 pixels; also `(steps, channels)` or `(depth, height, width, channels)`.
        condition_shape: Tuple of the same length. For series and volumes, all sizes but the
            channels must equal those of `image_shape`.
        latent_dim: Integer, length of the latents, which are joined to the smallest feature map.
            0 means no noise: each condition gives one image.
        width: Integer, filters of the first convolution; the number doubles at each coarser one,
            up to 8 times as many. The paper uses 64.
        depth: Integer, how often the sides are halved. None means 3 for 28x28, and one more
            for each doubling of the size, down to about 4x4.
        batch_norm: Whether to use BatchNorm; without it, layers have biases.
        dropout: Float in [0, 1), share of activations dropped after each of the first three
            transposed convolutions. The paper uses 0.5.
        activation: Activation of the image: `"tanh"`, `"sigmoid"` or `"linear"`.

    Returns:
        A functional `keras.Model` from conditions `(N, *condition_shape)`, an input
        named `"labels"`, to float images `(N, *image_shape)`; with `latent_dim`, from
        `[latents, labels]`.

    Raises:
        ValueError: If no network can be built for a shape or the depth.

    Example:

    >>> designs = unet_generator((50, 50, 1), condition_shape=(50, 50, 3), latent_dim=16)
    >>> designs.input_shape, designs.output_shape
    ([(None, 16), (None, 50, 50, 3)], (None, 50, 50, 1))

    Reference:
        - [Isola et al., 2017](https://arxiv.org/abs/1611.07004), section 3.2.1 and appendix
          6.1.1. Unlike the paper, the smallest feature map is about 4x4, not 1x1, a convolution
          at full size makes the image, and the way up uses LeakyReLU (slope 0.2), not ReLU.
          Unlike the paper, noise comes from latents, and dropout is active in training only. Unlike
          the paper, moving statistics are used for normalization outside of training, not those of
          the generated images.
    """
    image_shape = shapes.check_image_shape(image_shape)
    depth = _check_depth(depth, image_shape)
    shapes.check_output(activation, batch_norm)
    width, dropout = shapes.check_width(width), shapes.check_dropout(dropout)
    widths = shapes.layer_widths(width, depth)
    condition_shape = shapes.check_condition_shape(condition_shape, image_shape)
    inputs = condition = keras.Input(condition_shape, name="labels")
    full = resize_condition(condition, image_shape)
    sizes = [_KERNEL_SIZE] * depth, [2] * depth
    *skips, x = strided_convolutions(full, widths, *sizes, batch_norm, None)
    if checks.size("latent_dim", latent_dim, 0):
        latents = shapes.latent_input(latent_dim)
        inputs = [latents, condition]
        x = keras.layers.Concatenate()([x, _planes(latents, (*x.shape[1:-1], width), batch_norm)])
    x = _way_up(x, skips, widths, batch_norm, dropout)
    x = _enlarge(x, width, image_shape[:-1], use_bias=not batch_norm)
    last = CONVOLUTIONS[len(image_shape) - 1]
    last = last(image_shape[-1], _LAST_KERNEL_SIZE, padding="same", activation=activation)
    images = last(keras.layers.Concatenate()([normalize_and_activate(x, batch_norm), full]))
    return keras.Model(inputs, images, name="generator")


def _way_up(x, skips, widths, batch_norm, dropout):
    """Doubles the sides up to half of the image's, and appends the maps from the way down."""
    for level in reversed(range(len(skips))):
        x = _enlarge(x, widths[level], skips[level].shape[1:-1], use_bias=not batch_norm)
        x = normalize_and_activate(x, batch_norm)
        if dropout and level >= len(skips) - _DROPOUT_LAYERS:
            x = keras.layers.Dropout(dropout, dtype=full_precision())(x)
        x = keras.layers.Concatenate()([x, skips[level]])
    return x


def _check_depth(depth, image_shape):
    if depth is None:
        return shapes.num_halvings(image_shape) + 1
    repair = "Use None for a depth that depends on the size."
    return checks.whole_number("depth", depth, 1, _DEEPEST, repair)


def _planes(latents, shape, batch_norm):
    """Turns latents into feature maps of the smallest size."""
    x = keras.layers.Dense(math.prod(shape), use_bias=not batch_norm)(latents)
    return keras.layers.Reshape(shape)(normalize_and_activate(x, batch_norm))


def _enlarge(x, filters, sides, **layer):
    convolution = TRANSPOSED_CONVOLUTIONS[len(sides)]
    return crop(convolution(filters, _KERNEL_SIZE, 2, padding="same", **layer)(x), sides)
