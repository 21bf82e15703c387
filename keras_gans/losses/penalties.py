"""Penalties on the discriminator's slope: where it is measured, times what is asked."""

import keras

from keras_gans.ops.gradients import gradients_of_critic
from keras_gans.saving import serializable


@serializable()
class R1:
    """Penalises the slope at real images, so that the discriminator comes to rest there.

    Formula:

        gamma / 2 * mean over the batch of sum over the pixels of (grad_x D(x))^2

    Args:
        gamma: Float, weight. A start for images is `0.0002 * resolution**2 / batch_size`
            (the rule of StyleGAN2-ADA), then a few values around it.

    Call arguments:
        critic: Callable from images to logits `(N, 1)`, labels closed over.
        real_images: Floats `(N, ...)`.
        fake_images: Floats `(N, ...)`; not used.

    Returns:
        A float32 scalar, to be added to the discriminator's loss.

    Raises:
        ValueError: If `gamma` is negative.

    Example:

    >>> images = keras.ops.ones((4, 3))
    >>> penalty = R1(gamma=2.0)
    >>> float(penalty(lambda x: keras.ops.sum(2 * x, axis=1, keepdims=True), images, None))
    12.0

    Reference:
        - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), equation 9.
    """

    def __init__(self, gamma):
        if gamma < 0:
            raise ValueError(
                "`gamma` must be zero or more. "
                f"Received: gamma={gamma}. A negative weight rewards steep slopes; drop the sign."
            )
        self.gamma = gamma

    def __call__(self, critic, real_images, fake_images):
        """Returns the penalty, a float32 scalar."""
        gradients = gradients_of_critic(critic, real_images)
        axes = tuple(range(1, len(gradients.shape)))
        squared_norm = keras.ops.sum(keras.ops.square(gradients), axis=axes)
        return self.gamma / 2 * keras.ops.mean(squared_norm)

    def get_config(self):
        """Returns the constructor's arguments as a dict."""
        return {"gamma": self.gamma}

    @classmethod
    def from_config(cls, config):
        """Creates the penalty from the dict that `get_config` returned."""
        return cls(**config)
