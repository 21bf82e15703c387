"""Enlarging and shrinking by two, with the filter [1, 2, 1]: no checkerboards, no aliases."""

import keras
from keras import ops

from keras_gans.saving import serializable


@serializable()
class BilinearUpsampling(keras.layers.Layer):
    """Doubles height and width; new pixels are means of their neighbours.

    Unlike `keras.layers.UpSampling2D(interpolation="bilinear")`, old pixels keep their values,
    which is the filter [1, 2, 1] / 2 on an image with zeros in between; the border is repeated.

    Input shape:
        Floats `(N, H, W, C)`.

    Output shape:
        Floats `(N, 2 H, 2 W, C)`.

    Example:

    >>> row = np.array([0.0, 2.0, 4.0]).reshape(1, 1, 3, 1)
    >>> BilinearUpsampling()(row)[0, 0, :, 0].numpy()
    array([0., 1., 2., 3., 4., 4.], dtype=float32)
    """

    def call(self, images):
        """Returns the enlarged images."""
        for axis in (1, 2):
            _, after = _neighbours(images, axis)
            pairs = ops.stack([images, (images + after) / 2], axis=axis + 1)
            _, height, width, channels = images.shape
            doubled = (2 * height, width) if axis == 1 else (height, 2 * width)
            images = ops.reshape(pairs, (-1, *doubled, channels))
        return images

    def compute_output_shape(self, input_shape):
        """Returns `(N, 2 H, 2 W, C)`."""
        count, height, width, channels = input_shape
        return (count, 2 * height, 2 * width, channels)


@serializable()
class BilinearDownsampling(keras.layers.Layer):
    """Halves height and width, rounded up: blurs with [1, 2, 1] / 4, keeps every other pixel.

    The border is repeated.

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

    def call(self, images):
        """Returns the shrunk images."""
        for axis in (1, 2):
            before, after = _neighbours(images, axis)
            blurred = (before + 2 * images + after) / 4
            images = blurred[:, ::2] if axis == 1 else blurred[:, :, ::2]
        return images

    def compute_output_shape(self, input_shape):
        """Returns the rounded-up half of the sides."""
        count, height, width, channels = input_shape
        return (count, -(-height // 2), -(-width // 2), channels)


def _neighbours(images, axis):
    """The pixels before and after each along an axis; the border's neighbour is itself."""
    if axis == 1:
        first, rest = images[:, :1], images[:, 1:]
        most, last = images[:, :-1], images[:, -1:]
    else:
        first, rest = images[:, :, :1], images[:, :, 1:]
        most, last = images[:, :, :-1], images[:, :, -1:]
    return ops.concatenate([first, most], axis), ops.concatenate([rest, last], axis)
