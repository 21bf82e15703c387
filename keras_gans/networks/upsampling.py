"""A generator of nearest-neighbor upsampling and convolutions."""

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
    """Builds a generator of nearest-neighbor upsampling and convolutions, without checkerboards.

    It is the same as `dcgan_generator`, except that each transposed convolution is replaced by
    `UpSampling2D` and `Conv2D`. Since each convolution works at the larger size, a stage costs
    about `stride**2` times as much as a transposed convolution with the same kernel. For series
    and volumes, it uses the corresponding 1-D or 3-D layers.

    Args:
        image_shape: Tuple `(height, width, channels)`, `(steps, channels)` or `(depth,
            height, width, channels)`; see `dcgan_generator`.
        latent_dim: Integer, length of the latents.
        width: Integer, filters of the layer before the image; the number doubles at each coarser
            one, up to 8 times as many; or a sequence with the filters of every layer before the
            image, starting at the stem.
        kernel_size: Integer, side of the kernels in pixels; or a sequence, one per stride.
        strides: Sequence of integers, from the stem to the image; see `dcgan_generator`.
        batch_norm: Whether to use BatchNorm; without it, layers have biases.
        activation: Activation of the image: `"tanh"`, `"sigmoid"` or `"linear"`.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.

    Returns:
        A functional `keras.Model` from latents `(N, latent_dim)`, or `[latents, labels]`,
        to float images `(N, *image_shape)`.

    Raises:
        ValueError: If no network can be built for a size or the length of a sequence.

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
    return [UPSAMPLINGS[rank](strides), convolution]  # nearest neighbor by default
