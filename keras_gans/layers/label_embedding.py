"""A learned vector for each class, or for each vector of conditions."""

from typing import Any

import keras

from keras_gans import checks
from keras_gans.ops.labels import check_conditions, check_eager_classes
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class LabelEmbedding(keras.layers.Layer):
    """Turns labels into learned vectors, to provide a network with its condition.

    Integer classes are one-hot encoded and multiplied by a matrix. The result is the same as that
    of `keras.layers.Embedding`, but the gradient is dense, which all optimizers and XLA support.
    Float conditions are multiplied by the matrix directly.

    Args:
        output_dim: Integer, the length of the vectors.
        num_classes: Integer, the number of classes, or None for float conditions.

    Input shape:
        Integers `(N,)` or `(N, 1)` in `[0, num_classes)`, or floats `(N, condition_dim)`.

    Output shape:
        Floats `(N, output_dim)`.

    Raises:
        ValueError: If a size is not a positive integer, or if labels have the wrong shape or (in
            eager mode) are out of range.

    Example:

    >>> LabelEmbedding(8, num_classes=10)(np.array([3, 7])).shape
    TensorShape([2, 8])
    """

    def __init__(self, output_dim: int, num_classes: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.output_dim = checks.size("output_dim", output_dim)
        self.num_classes = checks.optional(checks.size, "num_classes", num_classes)

    def build(self, input_shape: TensorShape) -> None:
        """Creates the matrix."""
        if self.num_classes is None:
            check_conditions(input_shape)
        rows = self.num_classes or input_shape[-1]
        self.embeddings = self.add_weight(
            shape=(rows, self.output_dim), initializer="random_normal", name="embeddings"
        )

    def call(self, labels: Tensor) -> Tensor:
        """Returns a vector for each label."""
        if self.num_classes is not None:
            check_eager_classes(labels, self.num_classes)
            labels = keras.ops.one_hot(
                keras.ops.reshape(labels, (-1,)), self.num_classes, dtype=self.compute_dtype
            )
        return keras.ops.matmul(labels, self.embeddings)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns `(N, output_dim)`."""
        return (input_shape[0], self.output_dim)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        config = super().get_config()
        return {**config, "output_dim": self.output_dim, "num_classes": self.num_classes}
