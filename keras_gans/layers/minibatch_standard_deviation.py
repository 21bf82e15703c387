"""How varied a batch is, for the discriminator to see."""

import keras
from keras import ops

from keras_gans.ops.replicas import mean_over_replicas
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable


@serializable()
class MinibatchStandardDeviation(keras.layers.Layer):
    """Appends a channel that says how much the images of a batch differ.

    A generator that draws the same image again and again is found out. Use no penalty on the
    slope of single images with it: each logit depends on the whole batch.

    Input shape:
        Floats `(N, H, W, C)`, or `(N, ..., C)` with any number of sides.

    Output shape:
        Floats `(N, H, W, C + 1)`, or `(N, ..., C + 1)`: the last channel is the standard
        deviation over the batch, averaged over pixels and channels, everywhere.

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
        # Not less than float32: in float16, 1e-8 is 0.
        mean = mean_over_replicas(ops.mean(exact, axis=0))
        variance = mean_over_replicas(ops.mean(ops.square(exact - mean), axis=0))
        deviation = ops.cast(ops.mean(ops.sqrt(variance + 1e-8)), images.dtype)
        plane = ops.ones_like(images[..., :1]) * deviation
        return ops.concatenate([images, plane], axis=-1)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape with one more channel."""
        return (*input_shape[:-1], input_shape[-1] + 1)
