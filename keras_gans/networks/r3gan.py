"""The networks of R3GAN: residual blocks without normalization."""

import math
from collections.abc import Sequence

import keras

from keras_gans import checks
from keras_gans.layers import BilinearDownsampling, BilinearUpsampling, LearnedBasis
from keras_gans.networks import shapes
from keras_gans.networks.conditioning import (
    inputs_with_labels,
    join_labels,
    label_input,
    project_to_logit,
)
from keras_gans.networks.layers_by_rank import crop
from keras_gans.networks.precision import full_precision
from keras_gans.protocols import ShapeLike

_MOST_BLOCKS = 100
_GAIN = math.sqrt(2 / (1 + 0.2**2))  # of LeakyReLU with slope 0.2


def r3gan_generator(
    image_shape: ShapeLike,
    latent_dim: int = 64,
    width: int | Sequence[int] = 16,
    blocks: int = 1,
    group_size: int | None = None,
    activation: str = "linear",
    num_classes: int | None = None,
    condition_dim: int | None = None,
) -> keras.Model:
    """Builds the generator of R3GAN; small by default, for 28 to 64 pixels on a CPU.

    It has a learned basis of about 8x8, followed by stages of residual blocks; each stage doubles
    the size. It uses no normalization, noise inputs or styles.

    Args:
        image_shape: Tuple `(height, width, channels)`, with sides of at least 8 pixels.
        latent_dim: Integer, length of the latents.
        width: Integer, channels of the finest stage; the number doubles at each coarser one, up to
            8 times as many; or a sequence with the channels of every stage, the coarsest first.
            The paper uses 768 in each of four stages for 32x32.
        blocks: Integer, residual blocks per stage. The paper uses 2.
        group_size: Integer, channels per group in the 3x3 convolutions, 16 in the paper. None
            means no groups, which is faster on a CPU.
        activation: Activation of the image: `"linear"` as in the paper, `"tanh"` or `"sigmoid"`.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.

    Returns:
        A functional `keras.Model` from latents `(N, latent_dim)`, or `[latents, labels]`,
        to float images `(N, height, width, channels)`.

    Raises:
        ValueError: If no network can be built for a size or the length of a sequence.

    Example:

    >>> r3gan_generator((28, 28, 1)).output_shape
    (None, 28, 28, 1)

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), section 4. Unlike the paper,
          the stem is about 8x8 by default, and blocks are narrower and fewer.
    """
    image_shape = shapes.check_image_shape(image_shape, ranks=(2,))
    shapes.check_output(activation)
    sizes = shapes.feature_sizes(image_shape, [2] * shapes.num_halvings(image_shape))[::-1]
    widths = shapes.layer_widths(width, len(sizes), inwards=False)
    scale = (_check_blocks(blocks) * len(sizes)) ** -0.25
    latents = shapes.latent_input(latent_dim)
    labels = label_input(num_classes, condition_dim)
    x = join_labels(latents, labels, num_classes, latents.shape[1])
    x = keras.layers.Dense(widths[0], use_bias=False, kernel_initializer=_normal(1.0))(x)
    x = LearnedBasis(*sizes[0])(x)
    for stage, (size, channels) in enumerate(zip(sizes, widths, strict=True)):
        if stage > 0:
            x = BilinearUpsampling()(_change_width(x, channels))
            x = crop(x, size)
        for _ in range(blocks):
            x = _residual_block(x, scale, group_size)
    images = keras.layers.Conv2D(image_shape[2], 1, kernel_initializer=_normal(1.0))(x)
    images = keras.layers.Activation(activation, dtype=full_precision())(images)
    return keras.Model(inputs_with_labels(latents, labels), images, name="generator")


def r3gan_discriminator(
    image_shape: ShapeLike,
    width: int | Sequence[int] = 16,
    blocks: int = 1,
    group_size: int | None = None,
    num_classes: int | None = None,
    condition_dim: int | None = None,
) -> keras.Model:
    """Builds the discriminator of R3GAN, the mirror image of `r3gan_generator`.

    Args:
        image_shape: See `r3gan_generator`, also for the following arguments.
        width: Integer, or a sequence, the coarsest stage first.
        blocks: Integer.
        group_size: Integer or None.
        num_classes: Integer.
        condition_dim: Integer.

    Returns:
        A functional `keras.Model` from images `(N, height, width, channels)`, or
        `[images, labels]`, to logits `(N, 1)`.

    Raises:
        ValueError: If no network can be built for a size or the length of a sequence.

    Example:

    >>> r3gan_discriminator((28, 28, 1)).output_shape
    (None, 1)

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), section 4.
    """
    image_shape = shapes.check_image_shape(image_shape, ranks=(2,))
    blocks = _check_blocks(blocks)
    stages = shapes.num_halvings(image_shape) + 1
    widths = shapes.layer_widths(width, stages, inwards=False)[::-1]
    scale = (blocks * stages) ** -0.25

    images = keras.Input(image_shape, name="images")
    labels = label_input(num_classes, condition_dim)
    x = keras.layers.Conv2D(widths[0], 1, kernel_initializer=_normal(1.0))(images)
    for stage, channels in enumerate(widths):
        if stage > 0:
            x = _change_width(BilinearDownsampling()(x), channels)
        for _ in range(blocks):
            x = _residual_block(x, scale, group_size)
    x = keras.layers.Flatten()(_weighted_sum(x))
    logits = project_to_logit(x, labels, num_classes)
    return keras.Model(inputs_with_labels(images, labels), logits, name="discriminator")


def _residual_block(x, scale, group_size):
    """Applies a block with twice the channels inside, initialized as the identity."""
    channels = x.shape[-1]
    inside = 2 * channels
    group_size = checks.optional(checks.whole_number, "group_size", group_size)
    if group_size and inside % group_size:
        raise ValueError(
            "Twice the number of channels of each stage must be a multiple of `group_size`. "
            f"Received: group_size={group_size} for a stage with {channels} channels. Choose "
            "widths that are multiples of it, or group_size=None."
        )
    groups = inside // group_size if group_size else 1
    first, last = {"kernel_initializer": _normal(_GAIN * scale)}, {"kernel_initializer": "zeros"}
    y = keras.layers.Conv2D(inside, 1, **first)(x)
    y = keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(y)
    y = keras.layers.Conv2D(inside, 3, padding="same", groups=groups, **first)(y)
    y = keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(y)
    y = keras.layers.Conv2D(channels, 1, use_bias=False, **last)(y)
    return keras.layers.Add()([x, y])


def _weighted_sum(x):
    """Returns weighted sums over all pixels, `(N, 1, 1, C)`, with separate weights per channel."""
    size = x.shape[1:3]
    # Keras' fan-in counts all channels, but each sum uses only one.
    initializer = keras.initializers.RandomNormal(stddev=1 / math.sqrt(math.prod(size)))
    return keras.layers.DepthwiseConv2D(size, use_bias=False, depthwise_initializer=initializer)(x)


def _change_width(x, channels):
    if x.shape[-1] == channels:
        return x
    return keras.layers.Conv2D(channels, 1, use_bias=False, kernel_initializer=_normal(1.0))(x)


def _check_blocks(blocks):
    return checks.whole_number("blocks", blocks, high=_MOST_BLOCKS)


def _normal(gain):
    """Returns an initializer of normal weights with standard deviation `gain / sqrt(inputs)`."""
    return keras.initializers.VarianceScaling(gain**2, "fan_in", "untruncated_normal")
