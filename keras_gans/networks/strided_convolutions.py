"""The strided convolutions of discriminators and U-Nets."""

from collections.abc import Sequence

import keras

from keras_gans.networks.layers_by_rank import CONVOLUTIONS
from keras_gans.networks.precision import full_precision
from keras_gans.protocols import Tensor


def strided_convolutions(
    x: Tensor,
    widths: Sequence[int],
    kernels: Sequence[int],
    strides: Sequence[int],
    batch_norm: bool,
    dropout: float | None,
) -> list[Tensor]:
    """Applies convolutions, each followed by LeakyReLU (slope 0.2) and dropout.

    Args:
        x: Floats `(N, ..., C)` with one, two or three spatial axes.
        widths: Filters of each convolution.
        kernels: Kernel size of each.
        strides: Stride of each.
        batch_norm: Whether to use BatchNorm after each convolution but the first.
        dropout: Float in [0, 1), or None for no dropout layers.

    Returns:
        The list of feature maps, one for each convolution.
    """
    convolution = CONVOLUTIONS[len(x.shape) - 2]
    maps = []
    for layer, (filters, kernel, stride) in enumerate(zip(widths, kernels, strides, strict=True)):
        normalize = batch_norm and layer > 0
        x = convolution(filters, kernel, stride, padding="same", use_bias=not normalize)(x)
        if normalize:
            x = keras.layers.BatchNormalization(momentum=0.9, dtype=full_precision())(x)
        x = keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(x)
        if dropout is not None:
            x = keras.layers.Dropout(dropout, dtype=full_precision())(x)
        maps.append(x)
    return maps
