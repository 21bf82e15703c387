"""The discriminator of pix2pix, which judges an image patch by patch."""

from collections.abc import Sequence

import keras

from keras_gans import checks
from keras_gans.networks import shapes
from keras_gans.networks.conditioning import inputs_with_labels, resize_condition
from keras_gans.networks.layers_by_rank import CONVOLUTIONS
from keras_gans.networks.strided_convolutions import strided_convolutions
from keras_gans.protocols import ShapeLike

_MOST_HALVINGS = 3  # the paper's, for patches of 70 pixels in images of 256


def patch_discriminator(
    image_shape: ShapeLike,
    condition_shape: ShapeLike | None = None,
    width: int | Sequence[int] = 32,
    kernel_size: int | Sequence[int] = 4,
    strides: Sequence[int] | None = None,
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> keras.Model:
    """Builds a discriminator that returns one logit for each patch of an image.

    It has one convolution per stride, each followed by LeakyReLU (slope 0.2) and dropout, and
    then a convolution of stride 1 to one channel. Each logit depends only on a patch, which
    makes the network smaller and is sufficient for textures and edges. The overall structure
    of the image has to be determined by the condition or by another loss.

    Args:
        image_shape: Tuple `(height, width, channels)`, `(steps, channels)` or `(depth,
            height, width, channels)`; see `dcgan_generator`.
        condition_shape: Tuple of the same length, for images that are judged together with their
            condition. The channels of both are joined. A condition of a different size is first
            resized bilinearly, which is possible for images only.
        width: Integer, filters of the first convolution; the number doubles at each following one,
            up to 8 times as many; or a sequence with the filters of every convolution.
        kernel_size: Integer, side of the kernels in pixels; or a sequence, one per stride. The
            last one is also used for the convolution to logits.
        strides: Sequence of integers, starting at the image. None means `(2, 1)` for 28x28
            (patches of 16 pixels), `(2, 2, 1)` for 50x50 and 64x64 (patches of 34 pixels), and
            `(2, 2, 2, 1)` from 128x128 on (patches of 70 pixels).
        batch_norm: Whether to use BatchNorm, in all convolutions but the first. Do not
            combine it with a penalty, which treats each image separately.
        dropout: Float in [0, 1), share of activations dropped after each convolution.

    Returns:
        A functional `keras.Model` from images `(N, *image_shape)`, or `[images, labels]` with
        conditions `(N, *condition_shape)`, to a map of logits: `(N, H / s, W / s, 1)`, with
        `s` the product of the strides, rounded up.

    Raises:
        ValueError: If no network can be built for a shape or the length of a sequence.

    Example:

    >>> patch_discriminator((64, 64, 1), condition_shape=(64, 64, 3)).output_shape
    (None, 16, 16, 1)

    Reference:
        - [Isola et al., 2017](https://arxiv.org/abs/1611.07004), section 3.2.2 and appendix
          6.1.2. Unlike the paper, patches are smaller for smaller images, BatchNorm is off by
          default, and borders are padded so that the map has one logit per stride.
    """
    image_shape = shapes.check_image_shape(image_shape)
    halvings = min(max(1, shapes.num_halvings(image_shape) - 1), _MOST_HALVINGS)
    batch_norm, dropout = checks.flag("batch_norm", batch_norm), shapes.check_dropout(dropout)
    strides = shapes.layer_strides(strides, [2] * halvings + [1], image_shape)
    widths = shapes.layer_widths(width, len(strides))
    kernels = shapes.layer_kernels(kernel_size, len(strides))

    x = images = keras.Input(image_shape, name="images")
    condition = None
    if condition_shape is not None:
        condition_shape = shapes.check_condition_shape(condition_shape, image_shape)
        condition = keras.Input(condition_shape, name="labels")
        x = keras.layers.Concatenate()([images, resize_condition(condition, image_shape)])
    x = strided_convolutions(x, widths, kernels, strides, batch_norm, dropout)[-1]
    convolution = CONVOLUTIONS[len(image_shape) - 1]
    logits = convolution(1, kernels[-1], padding="same", name="logits")(x)
    return keras.Model(inputs_with_labels(images, condition), logits, name="discriminator")
