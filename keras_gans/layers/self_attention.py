"""Attention between the pixels of an image."""

import math
from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class SelfAttention(keras.layers.Layer):
    """Attention from each pixel to all others, as a residual block.

    Initially, the layer is the identity. Its cost grows with the square of the number of pixels:
    use it where feature maps are about 16x16.

    Args:
        num_heads: Integer, the number of attention heads.

    Input shape:
        Floats `(N, H, W, C)` with at least 8 channels, series `(N, T, C)` or volumes
        `(N, D, H, W, C)`.

    Output shape:
        The shape of the input.

    Raises:
        ValueError: If `num_heads` is not a positive integer.

    Example:

    >>> images = np.ones((2, 4, 4, 8))
    >>> bool(np.allclose(SelfAttention()(images), images))
    True

    Reference:
        - [Zhang et al., 2019](https://arxiv.org/abs/1805.08318), equation 3. Unlike the paper,
          scores are divided by the root of the keys' size, as in `keras.layers.MultiHeadAttention`.
    """

    def __init__(self, num_heads: int = 1, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_heads = checks.size("num_heads", num_heads)

    def build(self, input_shape: TensorShape) -> None:
        """Creates the attention layer."""
        _, *sides, channels = input_shape
        self.attention = keras.layers.MultiHeadAttention(
            self.num_heads,
            max(1, channels // 8),
            value_dim=max(1, channels // 2),
            use_bias=False,
            dtype=self.dtype_policy,
        )
        pixels = (None, math.prod(sides), channels)
        self.attention.build(pixels, pixels)
        self.strength = self.add_weight(name="strength", shape=(), initializer="zeros")

    def call(self, images: Tensor) -> Tensor:
        """Returns the images plus the scaled output of the attention."""
        _, *sides, channels = images.shape
        pixels = ops.reshape(images, (-1, math.prod(sides), channels))
        told = ops.reshape(self.attention(pixels, pixels), (-1, *sides, channels))
        return images + self.strength * told

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape of the images."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "num_heads": self.num_heads}
