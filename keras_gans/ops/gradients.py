"""Gradients with respect to images, which penalties are made of."""

from collections.abc import Callable

import tensorflow as tf

from keras_gans.protocols import Tensor


def gradients_of_critic(critic: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """Slope of each image's logit with respect to that image's values.

    Args:
        critic: Callable from images `(N, ...)` to logits `(N, 1)`. If it has a method
            `gradients(images)`, as what models pass to penalties, that is asked: it knows the
            slopes of images that it has seen.
        images: Float tensor `(N, ...)`.

    Returns:
        A float32 tensor of the shape of `images`. It can be differentiated again by
        an outer tape, with respect to the critic's weights.
    """
    if hasattr(critic, "gradients"):
        return critic.gradients(images)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(images)
        total = tf.reduce_sum(tf.cast(critic(images), "float32"))
    return tf.cast(tape.gradient(total, images), "float32")
