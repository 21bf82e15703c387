"""The networks of DCGAN: transposed and strided convolutions."""

from collections.abc import Mapping, Sequence

import keras

from keras_gans import checks
from keras_gans.layers import LabelPlanes
from keras_gans.networks import shapes
from keras_gans.networks.conditioning import (
    inputs_with_labels,
    label_input,
    logits_with_heads,
    project_to_logit,
)
from keras_gans.networks.convolutional_generator import convolutional_generator
from keras_gans.networks.layers_by_rank import TRANSPOSED_CONVOLUTIONS
from keras_gans.networks.strided_convolutions import strided_convolutions
from keras_gans.protocols import ShapeLike


def dcgan_generator(
    image_shape: ShapeLike,
    latent_dim: int = 100,
    width: int | Sequence[int] = 16,
    kernel_size: int | Sequence[int] = 4,
    strides: Sequence[int] | None = None,
    batch_norm: bool = True,
    activation: str = "tanh",
    num_classes: int | None = None,
    condition_dim: int | None = None,
) -> keras.Model:
    """Builds a generator of transposed convolutions; the default of `DCGAN`.

    It has a dense stem of about 8x8, followed by one transposed convolution per stride, with
    BatchNorm and LeakyReLU (slope 0.2) between them. The last convolution, at full size, produces
    the image. If a side is not a multiple of the stride, it is rounded up, and the additional row
    or column is cropped. For series and volumes, the network has 1-D or 3-D layers and a stem of
    about 16 steps or 4x4x4 voxels.

    Args:
        image_shape: Tuple `(height, width, channels)`, with sides of at least 8 pixels; for series
            `(steps, channels)`, with at least 8 steps; for volumes `(depth, height, width,
            channels)`, with sides of at least 4 voxels.
        latent_dim: Integer, length of the latents.
        width: Integer, filters of the layer before the image; the number doubles at each coarser
            one, up to 8 times as many; or a sequence with the filters of every layer before the
            image, starting at the stem. Doubling it from 16 to 32 for 50x50 results in 3.2 times
            as many weights, and a training step of the default pair takes 1.6 times as long (two
            cores of an AMD EPYC, `tests/benchmarks/width.py`).
        kernel_size: Integer, side of the kernels in pixels; or a sequence, one per stride.
            Multiples of the stride avoid checkerboard artifacts.
        strides: Sequence of integers, from the stem to the image. Their product is the ratio of
            the image's sides to those of the stem. None means `(2, 2, 1)` for 28x28, with another
            2 in front for each doubling of the size, and also `(2, 2, 1)` for 64 steps and
            16x16x16.
        batch_norm: Whether to use BatchNorm; without it, layers have biases.
        activation: Activation of the image: `"tanh"` for values in (-1, 1), `"sigmoid"`
            for (0, 1), `"linear"` for any values.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.

    Returns:
        A functional `keras.Model` from latents `(N, latent_dim)`, or `[latents, labels]`,
        to float images `(N, *image_shape)`.

    Raises:
        ValueError: If no network can be built for a size or the length of a sequence.

    Example:

    >>> tutorial = dcgan_generator(  # the generator of TensorFlow's tutorial
    ...     (28, 28, 1), latent_dim=100, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2))
    >>> tutorial.count_params()
    2330944
    >>> dcgan_generator((100, 2)).output_shape  # series of 100 steps
    (None, 100, 2)

    Reference:
        - [Radford et al., 2016](https://arxiv.org/abs/1511.06434). Unlike the paper, hidden
          layers use LeakyReLU.
    """
    return convolutional_generator(
        _transposed_convolution,
        image_shape,
        latent_dim,
        width,
        kernel_size,
        strides,
        batch_norm,
        activation,
        {"num_classes": num_classes, "condition_dim": condition_dim},
    )


def _transposed_convolution(rank, filters, kernel_size, strides, **layer):
    convolution = TRANSPOSED_CONVOLUTIONS[rank]
    return [convolution(filters, kernel_size, strides, padding="same", **layer)]


def dcgan_discriminator(
    image_shape: ShapeLike,
    width: int | Sequence[int] = 32,
    kernel_size: int | Sequence[int] = 4,
    strides: Sequence[int] | None = None,
    batch_norm: bool = False,
    dropout: float = 0.0,
    num_classes: int | None = None,
    condition_dim: int | None = None,
    projection: bool = True,
    heads: Mapping[str, int] | None = None,
) -> keras.Model:
    """Builds a discriminator of strided convolutions; the default of `DCGAN`.

    It has one convolution per stride, each followed by LeakyReLU (slope 0.2), and then a dense
    layer to one logit. For series and volumes, it uses 1-D or 3-D convolutions.

    Args:
        image_shape: Tuple `(height, width, channels)`, `(steps, channels)` or `(depth,
            height, width, channels)`; see `dcgan_generator`.
        width: Integer, filters of the first convolution; the number doubles at each following one,
            up to 8 times as many; or a sequence with the filters of every convolution. Doubling it
            from 32 to 64 for 50x50 results in 4 times as many weights, and a training step of the
            default pair takes 2.3 times as long (two cores of an AMD EPYC,
            `tests/benchmarks/width.py`).
        kernel_size: Integer, side of the kernels in pixels; or a sequence, one per stride.
        strides: Sequence of integers, starting at the image. None means `(2, 2, 2)` for 28x28, and
            another 2 for each doubling of the size, down to about 4x4 pixels, 8 steps of a series,
            or 2x2x2 voxels.
        batch_norm: Whether to use BatchNorm, in all convolutions but the first. Do not
            combine it with a penalty, which treats each image separately.
        dropout: Float in [0, 1), share of activations dropped after each convolution.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.
        projection: How labels are used. True adds the product of their embedding and the
            features to the logit; False appends them to the image as constant channels.
        heads: Dict from names to numbers of units, for additional outputs computed from the
            features: `{"classes": 10}` for the classes of AC-GAN, or `{"codes": 2}` for the codes
            of InfoGAN. Each head is a dense layer without activation.

    Returns:
        A functional `keras.Model` from images `(N, *image_shape)`, or `[images, labels]`, to
        logits `(N, 1)`; with `heads`, to a dict of `"logits"` and `(N, units)` for each head.

    Raises:
        ValueError: If no network can be built for a size or the length of a sequence, or if a head
            is named `"logits"`.

    Example:

    >>> tutorial = dcgan_discriminator(  # the discriminator of TensorFlow's tutorial
    ...     (28, 28, 1), width=64, kernel_size=5, strides=(2, 2))
    >>> tutorial.count_params()
    212865
    >>> ac_gan = dcgan_discriminator((28, 28, 1), heads={"classes": 10})
    >>> {name: output.shape for name, output in ac_gan.output.items()}
    {'logits': (None, 1), 'classes': (None, 10)}

    Reference:
        - [Radford et al., 2016](https://arxiv.org/abs/1511.06434).
        - [Miyato and Koyama, 2018](https://arxiv.org/abs/1802.05637), for `projection`.
        - [Odena et al., 2017](https://arxiv.org/abs/1610.09585), and
          [Chen et al., 2016](https://arxiv.org/abs/1606.03657), for `heads`.
    """
    image_shape = shapes.check_image_shape(image_shape)
    batch_norm = checks.flag("batch_norm", batch_norm)
    dropout, projection = shapes.check_dropout(dropout), checks.flag("projection", projection)
    usual = [2] * (shapes.num_halvings(image_shape) + 1)
    strides = shapes.layer_strides(strides, usual, image_shape)
    widths = shapes.layer_widths(width, len(strides))
    kernels = shapes.layer_kernels(kernel_size, len(strides))

    images = keras.Input(image_shape, name="images")
    labels = label_input(num_classes, condition_dim)
    planes = labels is not None and not projection
    x = LabelPlanes(num_classes)([images, labels]) if planes else images
    x = strided_convolutions(x, widths, kernels, strides, batch_norm, dropout or None)[-1]
    x = keras.layers.Flatten()(x)
    logits = project_to_logit(x, labels if projection else None, num_classes)
    outputs = logits_with_heads(logits, x, heads)
    return keras.Model(inputs_with_labels(images, labels), outputs, name="discriminator")
