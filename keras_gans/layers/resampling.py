"""Upsampling and downsampling by two with the filter [1, 2, 1], without aliasing."""

import keras
import numpy as np
from keras import ops

from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class BilinearUpsampling(keras.layers.Layer):
    """Doubles height and width; each new pixel is the mean of its neighbors.

    Unlike in `keras.layers.UpSampling2D(interpolation="bilinear")`, existing pixels keep their
    values. This corresponds to the filter [1, 2, 1] / 2 on an image with zeros inserted between the
    pixels. The border is repeated.

    Input shape:
        Floats `(N, H, W, C)`.

    Output shape:
        Floats `(N, 2 H, 2 W, C)`.

    Example:

    >>> row = np.array([0.0, 2.0, 4.0]).reshape(1, 1, 3, 1)
    >>> BilinearUpsampling()(row)[0, 0, :, 0].numpy()
    array([0., 1., 2., 3., 4., 4.], dtype=float32)
    """

    def call(self, images: Tensor) -> Tensor:
        """Returns the upsampled images."""
        return _along_both_sides(_upsampling, images)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns `(N, 2 H, 2 W, C)`."""
        count, height, width, channels = input_shape
        return (count, 2 * height, 2 * width, channels)


@serializable()
class BilinearDownsampling(keras.layers.Layer):
    """Halves height and width: blurs with [1, 2, 1] / 4 and keeps every other pixel.

    Odd sizes are rounded up, and the border is repeated.

    Input shape:
        Floats `(N, H, W, C)`.

    Output shape:
        Floats `(N, ceil(H / 2), ceil(W / 2), C)`.

    Example:

    >>> row = np.array([0.0, 4.0, 8.0]).reshape(1, 1, 3, 1)
    >>> BilinearDownsampling()(row)[0, 0, :, 0].numpy()
    array([1., 7.], dtype=float32)

    Reference:
        - [Zhang, 2019](https://arxiv.org/abs/1904.11486).
    """

    def call(self, images: Tensor) -> Tensor:
        """Returns the downsampled images."""
        return _along_both_sides(_downsampling, images)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns `(N, ceil(H / 2), ceil(W / 2), C)`."""
        count, height, width, channels = input_shape
        return (count, -(-height // 2), -(-width // 2), channels)


def _upsampling(size):
    """Returns the matrix `(2 size, size)` that upsamples a row of pixels."""
    after = np.minimum(np.arange(size) + 1, size - 1)
    rows = np.eye(size)
    return np.stack([rows, (rows + rows[after]) / 2], axis=1).reshape(2 * size, size)


def _downsampling(size):
    """Returns the matrix `(ceil(size / 2), size)` that downsamples a row of pixels."""
    middle = np.arange(0, size, 2)
    before, after = np.maximum(middle - 1, 0), np.minimum(middle + 1, size - 1)
    rows = np.eye(size)
    return (rows[before] + 2 * rows[middle] + rows[after]) / 4


def _along_both_sides(matrix, images):
    """Applies a matrix along both sides; strided slices would have slower gradients."""
    _, height, width, channels = images.shape
    down, across = (ops.convert_to_tensor(matrix(n), images.dtype) for n in (height, width))
    images = ops.matmul(across, ops.reshape(images, (-1, width, channels)))
    images = ops.reshape(images, (-1, height, across.shape[0] * channels))
    images = ops.matmul(down, images)
    return ops.reshape(images, (-1, down.shape[0], across.shape[0], channels))
