"""The stem of R3GAN's generator."""

from typing import Any

import keras

from keras_gans import checks
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class LearnedBasis(keras.layers.Layer):
    """Turns a vector into a small feature map: each entry scales one learned map.

    Args:
        height: Integer, the height of the maps in pixels.
        width: Integer, the width of the maps in pixels.

    Input shape:
        Floats `(N, C)`.

    Output shape:
        Floats `(N, height, width, C)`.

    Raises:
        ValueError: If a size is not a positive integer.

    Example:

    >>> LearnedBasis(4, 4)(np.ones((2, 8))).shape
    TensorShape([2, 4, 4, 8])

    Reference:
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), section 4.
    """

    def __init__(self, height: int, width: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.height = checks.size("height", height)
        self.width = checks.size("width", width)

    def build(self, input_shape: TensorShape) -> None:
        """Creates the maps."""
        self.basis = self.add_weight(
            name="basis",
            shape=(self.height, self.width, input_shape[-1]),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
        )

    def call(self, vectors: Tensor) -> Tensor:
        """Returns the scaled maps."""
        return vectors[:, None, None, :] * self.basis

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns `(N, height, width, C)`."""
        return (input_shape[0], self.height, self.width, input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "height": self.height, "width": self.width}
