"""The variation within a batch, as an input of the discriminator."""

import keras
from keras import ops

from keras_gans.ops.replicas import mean_over_replicas
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class MinibatchStandardDeviation(keras.layers.Layer):
    """Appends a channel with the standard deviation over the batch.

    The discriminator can then detect a generator that always draws the same image. Do not combine
    it with slope penalties, because each logit depends on the whole batch.

    Input shape:
        Floats `(N, H, W, C)`, or `(N, ..., C)` with any number of spatial axes.

    Output shape:
        Floats `(N, H, W, C + 1)`, or `(N, ..., C + 1)`. The last channel is constant: the standard
        deviation over the batch, averaged over pixels and channels.

    Example:

    >>> images = np.stack([np.zeros((4, 4, 1)), np.full((4, 4, 1), 2.0)])
    >>> float(MinibatchStandardDeviation()(images)[0, 0, 0, 1])
    1.0

    Reference:
        - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 3. Unlike the code of
          the paper, the whole batch is one group.
    """

    def call(self, images: Tensor) -> Tensor:
        """Returns the images with one more channel."""
        exact = ops.cast(images, keras.backend.result_type(images.dtype, "float32"))
        # At least float32: in float16, 1e-8 is 0.
        mean = mean_over_replicas(ops.mean(exact, axis=0))
        variance = mean_over_replicas(ops.mean(ops.square(exact - mean), axis=0))
        deviation = ops.cast(ops.mean(ops.sqrt(variance + 1e-8)), images.dtype)
        plane = ops.ones_like(images[..., :1]) * deviation
        return ops.concatenate([images, plane], axis=-1)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape with one more channel."""
        return (*input_shape[:-1], input_shape[-1] + 1)
