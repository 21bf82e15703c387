"""Penalties on the slope (the input gradient) of the discriminator."""

from collections.abc import Callable
from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.ops.gradients import gradients_of_critic
from keras_gans.ops.schedules import CosineSchedule
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable

_EPSILON = 1e-12  # under the square root, whose derivative at zero is infinite


_LARGEST_WEIGHT = 1e6


class SlopePenalty:
    """Base class of slope penalties: a weight, times the mean cost of the slopes at some points.

    To write your own penalty, override `points` and `cost`. Register the class with
    `keras.saving.register_keras_serializable`, so that models that use it can be loaded.

    Args:
        weight: Float in [0, 1e6], or a `keras_gans.ops.CosineSchedule` over the images seen.

    Call arguments:
        critic: Callable from images to logits `(N, 1)`, with the labels already bound.
        real_images: Floats `(N, ...)`.
        fake_images: Floats `(N, ...)`, without gradient.

    Returns:
        A float32 scalar, to be added to the discriminator's loss.

    Raises:
        ValueError: If the weight is out of range.

    Example:

        @keras.saving.register_keras_serializable(package="my_project")
        class FlatAroundZero(keras_gans.losses.SlopePenalty):
            def points(self, critic, real_images, fake_images):
                return keras.ops.zeros_like(real_images)

            def cost(self, squared_norms):
                return squared_norms
    """

    argument = "weight"  # name of the constructor's argument

    def __init__(self, weight: float | CosineSchedule):
        ends = (weight.start, weight.end) if isinstance(weight, CosineSchedule) else (weight,)
        repair = "Pass a number or a CosineSchedule; a negative weight rewards steep slopes."
        checked = [
            checks.finite_number(self.argument, end, 0, _LARGEST_WEIGHT, repair=repair)
            for end in ends
        ]
        self.weight = weight if isinstance(weight, CosineSchedule) else checked[0]

    def __call__(
        self, critic: Callable[[Tensor], Tensor], real_images: Tensor, fake_images: Tensor
    ) -> Tensor:
        """Returns the penalty, a float32 scalar."""
        slopes = gradients_of_critic(critic, self.points(critic, real_images, fake_images))
        axes = tuple(range(1, len(slopes.shape)))
        squared_norms = ops.sum(ops.square(slopes), axis=axes)
        return self._present_weight(critic) * ops.mean(self.cost(squared_norms))

    def _present_weight(self, critic: Callable[[Tensor], Tensor]) -> Tensor:
        if not isinstance(self.weight, CosineSchedule):
            return self.weight
        if not hasattr(critic, "images_seen"):
            raise ValueError(
                f"A scheduled weight needs a critic with the attribute `images_seen`. Received: "
                f"critic={critic!r}. Pass the critic that the model provides, or a constant weight."
            )
        return self.weight(critic.images_seen)

    def points(
        self, critic: Callable[[Tensor], Tensor], real_images: Tensor, fake_images: Tensor
    ) -> Tensor:
        """Returns the images `(N, ...)` at which the slope is measured."""
        raise _missing(self, "points(critic, real_images, fake_images)")

    def cost(self, squared_norms: Tensor) -> Tensor:
        """Returns the cost `(N,)` of slopes with these squared Euclidean norms `(N,)`."""
        raise _missing(self, "cost(squared_norms)")

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        weight = self.weight
        if callable(weight):
            weight = keras.saving.serialize_keras_object(weight)
        return {self.argument: weight}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the penalty from the dict that `get_config` returned."""
        config = dict(config)
        if isinstance(config[cls.argument], dict):
            config[cls.argument] = keras.saving.deserialize_keras_object(config[cls.argument])
        return cls(**config)


def _missing(penalty, method):
    return TypeError(
        f"A penalty must define `{method}`. Received: {type(penalty).__name__}, which does not. "
        "Define it in the class."
    )


@serializable()
class R1(SlopePenalty):
    """Penalizes the slope at real images, which makes the training converge locally.

    Formula:

        gamma / 2 * mean over the batch of sum over the pixels of (grad_x D(x))^2

    Args:
        gamma: Float in [0, 1e6], the weight, or a `keras_gans.ops.CosineSchedule` over the images
            seen. For images, start with `0.0002 * resolution**2 / batch_size` (the rule of
            StyleGAN2-ADA), then try a few values around it.

    Call arguments:
        critic: Callable from images to logits `(N, 1)`, with the labels already bound.
        real_images: Floats `(N, ...)`.
        fake_images: Floats `(N, ...)`; not used.

    Returns:
        A float32 scalar, to be added to the discriminator's loss.

    Raises:
        ValueError: If `gamma` is out of range.

    Example:

    >>> images = keras.ops.ones((4, 3))
    >>> penalty = R1(gamma=2.0)
    >>> float(penalty(lambda x: keras.ops.sum(2 * x, axis=1, keepdims=True), images, None))
    12.0

    Reference:
        - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), equation 9.
    """

    argument = "gamma"

    def __init__(self, gamma: float | CosineSchedule):
        super().__init__(gamma)
        self.gamma = self.weight

    def points(
        self, critic: Callable[[Tensor], Tensor], real_images: Tensor, fake_images: Tensor
    ) -> Tensor:
        """Returns the real images."""
        return real_images

    def cost(self, squared_norms: Tensor) -> Tensor:
        """Returns half of the squared norms."""
        return squared_norms / 2


@serializable()
class R2(R1):
    """Penalizes the slope at generated images; `R3GAN` uses it together with `R1`.

    Formula:

        gamma / 2 * mean over the batch of sum over the pixels of (grad_y D(y))^2 at y = G(z)

    Args:
        gamma: See `R1`.

    Example:

    >>> fake_images = keras.ops.ones((4, 3))
    >>> penalty = R2(gamma=2.0)
    >>> float(penalty(lambda x: keras.ops.sum(2 * x, axis=1, keepdims=True), None, fake_images))
    12.0

    Reference:
        - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), equation 10.
    """

    def points(
        self, critic: Callable[[Tensor], Tensor], real_images: Tensor, fake_images: Tensor
    ) -> Tensor:
        """Returns the generated images."""
        return fake_images


@serializable()
class GradientPenalty(SlopePenalty):
    """Pulls the gradient norm toward 1 between real and generated images: WGAN-GP.

    Formula, with `u` uniform in [0, 1], drawn for each image:

        weight * mean of (|grad D(p)| - 1)^2 at p = u x + (1 - u) G(z)

    Do not use BatchNorm in the discriminator: it makes the gradient of each image depend on the
    others.

    Args:
        weight: Float in [0, 1e6], or a `keras_gans.ops.CosineSchedule` over the images seen.

    Call arguments:
        critic: Callable from images to logits `(N, 1)`, with the labels already bound. Random
            numbers come from the model's seed generator if the critic is the model's.
        real_images: Floats `(N, ...)`.
        fake_images: Floats `(N, ...)`.

    Returns:
        A float32 scalar, to be added to the discriminator's loss.

    Raises:
        ValueError: If `weight` is out of range.

    Example:

    >>> images = keras.ops.ones((4, 1))
    >>> round(float(GradientPenalty()(lambda x: 3 * x, images, 0 * images)), 3)
    40.0

    Reference:
        - [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028), equation 3. Unlike the
          paper, 1e-12 is added under the root.
    """

    def __init__(self, weight: float | CosineSchedule = 10.0):
        super().__init__(weight)

    def points(
        self, critic: Callable[[Tensor], Tensor], real_images: Tensor, fake_images: Tensor
    ) -> Tensor:
        """Returns random points on the lines between pairs of images, without gradient."""
        shape = (1,) * (len(real_images.shape) - 1)
        if hasattr(critic, "uniform"):  # the model's own, whose random numbers are saved with it
            share = critic.uniform(real_images, shape)
        else:
            share = keras.random.uniform((ops.shape(real_images)[0], *shape))
        share = ops.cast(share, real_images.dtype)
        return ops.stop_gradient(share * real_images + (1 - share) * fake_images)

    def cost(self, squared_norms: Tensor) -> Tensor:
        """Returns the squared distance of the norms from 1."""
        return ops.square(ops.sqrt(squared_norms + _EPSILON) - 1)
