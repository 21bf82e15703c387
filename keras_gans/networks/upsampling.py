"""A generator that enlarges by copying pixels, then convolves."""

from collections.abc import Sequence

import keras

from keras_gans.networks.convolutional_generator import convolutional_generator
from keras_gans.networks.layers_by_rank import CONVOLUTIONS, UPSAMPLINGS
from keras_gans.protocols import ShapeLike


def upsampling_generator(
    image_shape: ShapeLike,
    latent_dim: int = 100,
    width: int | Sequence[int] = 16,
    kernel_size: int | Sequence[int] = 3,
    strides: Sequence[int] | None = None,
    batch_norm: bool = True,
    activation: str = "tanh",
    num_classes: int | None = None,
    condition_dim: int | None = None,
) -> keras.Model:
    """Builds a generator of nearest upsampling and convolutions; no checkerboards.

    Like `dcgan_generator`, with `UpSampling2D` and `Conv2D` in place of each transposed
    convolution. Every convolution works at the larger size, so a stage costs about
    `stride**2` times what a transposed convolution of the same kernel costs. Series and
    volumes have the 1-D and 3-D layers of the same names.

    Args:
        image_shape: Tuple `(height, width, channels)`, `(steps, channels)` or `(depth,
            height, width, channels)`; see `dcgan_generator`.
        latent_dim: Integer, length of the latents.
        width: Integer, filters of the layer before the image, doubled at each coarser one;
            or a sequence with the filters of every layer before the image, the stem's first.
        kernel_size: Integer, side of the kernels in pixels; or a sequence, one per stride.
        strides: Sequence of integers from the stem to the image; see `dcgan_generator`.
        batch_norm: Whether to normalise; without it, layers have biases.
        activation: Activation of the image: `"tanh"`, `"sigmoid"` or `"linear"`.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.

    Returns:
        A functional `keras.Model` from latents `(N, latent_dim)`, or `[latents, labels]`,
        to float images `(N, *image_shape)`.

    Raises:
        ValueError: If a size, or the length of a sequence, makes no network.

    Example:

    >>> sheep = upsampling_generator(
    ...     (28, 28, 1), width=(64, 128, 256), strides=(2, 2, 1), activation="sigmoid")
    >>> sheep.output_shape
    (None, 28, 28, 1)

    Reference:
        - [Odena et al., 2016](https://distill.pub/2016/deconv-checkerboard/).
    """
    return convolutional_generator(
        _upsampling_and_convolution,
        image_shape,
        latent_dim,
        width,
        kernel_size,
        strides,
        batch_norm,
        activation,
        {"num_classes": num_classes, "condition_dim": condition_dim},
    )


def _upsampling_and_convolution(rank, filters, kernel_size, strides, **layer):
    convolution = CONVOLUTIONS[rank](filters, kernel_size, padding="same", **layer)
    if strides == 1:
        return [convolution]
    return [UPSAMPLINGS[rank](strides), convolution]  # copies: the default of all three
