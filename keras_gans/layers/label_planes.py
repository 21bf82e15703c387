"""Labels as constant channels of an image, series or volume."""

from typing import Any

import keras

from keras_gans import checks
from keras_gans.ops.labels import check_conditions, check_eager_classes
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class LabelPlanes(keras.layers.Layer):
    """Appends labels to images as constant channels, the simplest form of conditioning.

    An integer class becomes `num_classes` channels: ones in the channel of the class, zeros in all
    others. A vector of float conditions becomes one constant channel per component. Series and
    volumes are supported as well.

    Args:
        num_classes: Integer, the number of classes, or None for float conditions.

    Call arguments:
        inputs: Pair of images, floats `(N, H, W, C)`, and labels, integers `(N,)` or `(N, 1)` in
            `[0, num_classes)` or floats `(N, condition_dim)`. The images can also be series
            `(N, T, C)`, volumes `(N, D, H, W, C)`, or have any other number of spatial axes.

    Output shape:
        Floats `(N, H, W, C + num_classes)` or `(N, H, W, C + condition_dim)`, with the spatial
        axes of the input.

    Raises:
        ValueError: If `num_classes` is not a positive integer or None, or labels have the wrong
            shape or (in eager mode) are out of range.

    Example:

    >>> images, labels = np.zeros((2, 28, 28, 1)), np.array([3, 7])
    >>> planes = LabelPlanes(num_classes=10)([images, labels])
    >>> planes.shape
    TensorShape([2, 28, 28, 11])
    >>> float(planes[1, 5, 9, 1 + 7])
    1.0

    Reference:
        - [Mirza and Osindero, 2014](https://arxiv.org/abs/1411.1784). Unlike the paper,
          which concatenates vectors, labels are repeated over the pixels.
    """

    def __init__(self, num_classes: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_classes = checks.optional(checks.size, "num_classes", num_classes)

    def call(self, inputs: Tensor) -> Tensor:
        """Returns the images with the planes as additional channels."""
        images, labels = inputs
        if self.num_classes is None:
            check_conditions(labels.shape)
        else:
            check_eager_classes(labels, self.num_classes)
            labels = keras.ops.one_hot(
                keras.ops.reshape(labels, (-1,)), self.num_classes, dtype=images.dtype
            )
        sides = images.shape[1:-1]
        planes = keras.ops.cast(labels, images.dtype)
        planes = keras.ops.reshape(planes, (-1, *[1] * len(sides), planes.shape[-1]))
        planes = keras.ops.tile(planes, (1, *sides, 1))
        return keras.ops.concatenate([images, planes], axis=-1)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape of the images with the additional channels."""
        images, labels = input_shape
        planes = self.num_classes or labels[-1]
        return (*images[:-1], images[-1] + planes)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "num_classes": self.num_classes}
