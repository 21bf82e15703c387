"""Several images, concatenated along their channels."""

from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class Pack(keras.layers.Layer):
    """Concatenates groups of images along their channels, for PacGAN.

    The discriminator then judges several images together and can detect that they are too similar.
    Use this layer as the first one of a discriminator.

    Args:
        num_images: Integer, the number of images in a group.

    Input shape:
        Floats `(N, H, W, C)`, `(N, n)`, or with any other number of axes. If `N` is not a multiple
        of `num_images`, the last group is completed with the first image.

    Output shape:
        Floats `(packs, H, W, num_images * C)` or `(packs, num_images * n)`, where `packs` is
        `ceil(N / num_images)`.

    Raises:
        ValueError: If `num_images` is not a positive integer.

    Example:

    >>> Pack(2)(np.zeros((6, 28, 28, 1))).shape
    TensorShape([3, 28, 28, 2])

    Reference:
        - [Lin et al., 2018](https://arxiv.org/abs/1712.04086), section 3.
    """

    def __init__(self, num_images: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_images = checks.size("num_images", num_images)

    def call(self, images: Tensor) -> Tensor:
        """Returns the groups of images."""
        _, *sides, channels = images.shape
        missing = -ops.shape(images)[0] % self.num_images
        images = ops.concatenate([images, ops.repeat(images[:1], missing, axis=0)])
        packs = ops.reshape(images, (-1, self.num_images, *sides, channels))
        packs = ops.moveaxis(packs, 1, -2)  # next to the channels
        return ops.reshape(packs, (-1, *sides, self.num_images * channels))

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape of the groups."""
        count, *sides, channels = input_shape
        count = None if count is None else -(-count // self.num_images)
        return (count, *sides, self.num_images * channels)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "num_images": self.num_images}
