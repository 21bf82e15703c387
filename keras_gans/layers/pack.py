"""Several images side by side, as one with more channels."""

from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class Pack(keras.layers.Layer):
    """Joins every few images of a batch along their channels, for PacGAN.

    A discriminator behind it judges several images together, and sees when they are too alike.
    `GAN` puts it in front of a discriminator whose channels are a multiple of the image's.

    Args:
        num_images: Integer, images that are judged together.

    Input shape:
        Floats `(N, H, W, C)`, `(N, n)`, or any other number of sides. Where `num_images` does
        not divide `N`, the first image fills up the last pack.

    Output shape:
        Floats `(packs, H, W, num_images * C)` or `(packs, num_images * n)`, with `packs` of
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
        """Returns the joined images."""
        _, *sides, channels = images.shape
        missing = -ops.shape(images)[0] % self.num_images
        images = ops.concatenate([images, ops.repeat(images[:1], missing, axis=0)])
        packs = ops.reshape(images, (-1, self.num_images, *sides, channels))
        packs = ops.moveaxis(packs, 1, -2)  # beside the channels
        return ops.reshape(packs, (-1, *sides, self.num_images * channels))

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape of the packs."""
        count, *sides, channels = input_shape
        count = None if count is None else -(-count // self.num_images)
        return (count, *sides, self.num_images * channels)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "num_images": self.num_images}
