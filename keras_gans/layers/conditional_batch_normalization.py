"""BatchNorm whose scale and shift depend on the class."""

from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.ops.labels import check_eager_classes
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class ConditionalBatchNormalization(keras.layers.Layer):
    """Normalizes over the batch, then scales and shifts each channel depending on the class.

    Use it in generators, to provide the class to every normalized layer.

    Args:
        num_classes: Integer.
        momentum: Float in [0, 1), the momentum of the moving statistics. With Keras' default of
            0.99, short trainings would keep the initial statistics.

    Call arguments:
        inputs: Pair of floats `(N, H, W, C)`, or `(N, ..., C)` with any number of spatial axes,
            and integer classes `(N,)` in `[0, num_classes)`.
        training: Whether to use the statistics of the batch and to update the moving ones.

    Output shape:
        The shape of the first input.

    Raises:
        ValueError: If an argument is out of range, or (in eager mode) a class is.

    Example:

    >>> layer = ConditionalBatchNormalization(num_classes=10)
    >>> layer([np.ones((2, 4, 4, 8)), np.array([3, 7])]).shape
    TensorShape([2, 4, 4, 8])

    Reference:
        - [Dumoulin et al., 2017](https://arxiv.org/abs/1610.07629), equation 5.
    """

    def __init__(self, num_classes: int, momentum: float = 0.9, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_classes = checks.size("num_classes", num_classes)
        self.momentum = checks.finite_number("momentum", momentum, 0, 1, open_ends=")")
        self.normalization = keras.layers.BatchNormalization(
            momentum=self.momentum, center=False, scale=False, dtype=self.dtype_policy
        )

    def build(self, input_shape: TensorShape) -> None:
        """Creates a scale and a shift for each class and channel."""
        images, _ = input_shape
        self.normalization.build(images)
        shape = (self.num_classes, images[-1])
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones")
        self.shift = self.add_weight(name="shift", shape=shape, initializer="zeros")

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        """Returns the normalized, scaled and shifted feature maps."""
        images, labels = inputs
        check_eager_classes(labels, self.num_classes)
        images = self.normalization(images, training=training)
        chosen = ops.one_hot(ops.reshape(labels, (-1,)), self.num_classes, dtype=images.dtype)
        scale, shift = ops.matmul(chosen, self.scale), ops.matmul(chosen, self.shift)
        each = (-1, *[1] * (len(images.shape) - 2), images.shape[-1])
        return images * ops.reshape(scale, each) + ops.reshape(shift, each)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape of the feature maps."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        own = {"num_classes": self.num_classes, "momentum": self.momentum}
        return {**super().get_config(), **own}
