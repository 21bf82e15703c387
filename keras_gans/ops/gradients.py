"""Gradients with respect to images, for penalties."""

import math
from collections.abc import Callable

import keras
import tensorflow as tf

from keras_gans.protocols import Tensor


def sum_of_logits(logits: Tensor) -> Tensor:
    """Returns the sum over all images of the logit, or of the mean of the map of logits.

    Args:
        logits: Floats `(N, ...)`.
    """
    total = tf.reduce_sum(tf.cast(logits, keras.config.floatx()))
    each = math.prod(logits.shape[1:])
    return total if each == 1 else total / each


def gradients_of_critic(critic: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """Returns the gradient of each image's logit, or of the mean of its map of logits.

    Args:
        critic: Callable from images `(N, ...)` to logits `(N, ...)`. If it has a method
            `gradients(images)`, like the critic that models pass to penalties, this method is
            called instead, because it reuses gradients that have already been computed.
        images: Float tensor `(N, ...)`.

    Returns:
        A float tensor with the shape of `images`. An outer tape can differentiate it again, with
        respect to the critic's weights.
    """
    if hasattr(critic, "gradients"):
        return critic.gradients(images)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(images)
        total = sum_of_logits(critic(images))
    return tf.cast(tape.gradient(total, images), keras.config.floatx())
