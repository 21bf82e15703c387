"""Trials of users' own penalties and augmentations before training.

Under a strategy, there are no trials.
"""

import inspect
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.models.conditions import Conditions
from keras_gans.models.critic import Critic
from keras_gans.models.player import Judge

_SEED = 0


def check_penalty(penalty: Any, gan: Any, judge: Judge) -> None:
    """Tries a penalty on a few random images, without changing any state.

    Penalties of this library are not tried.

    Args:
        penalty: Callable; see `protocols.Penalty`.
        gan: The model.
        judge: The discriminator of the model.

    Raises:
        ValueError: If the penalty does not take the three arguments, or does not return a finite
            float scalar that depends on the discriminator.
    """
    if _is_ours(penalty) or _is_distributed(gan):
        return
    repair = "A penalty takes (critic, real_images, fake_images) and returns a scalar."
    _check_takes("penalties", penalty, 3, repair)
    images = _images(gan), _images(gan, _SEED + 1)
    conditions = Conditions(gan.num_classes, gan.condition_dim, gan.condition_shape)
    labels = conditions.zeros(len(images[0]))
    noise = keras.random.SeedGenerator(_SEED)
    seen = keras.ops.zeros((), "int64")
    with keras.StatelessScope(), tf.GradientTape() as tape:
        value = penalty(Critic(judge, gan.value_range, seen, noise, labels), *images)
    name = getattr(penalty, "__name__", type(penalty).__name__)
    if not _is_float(value) or tuple(value.shape) != () or not np.isfinite(float(value)):
        raise ValueError(
            "Each of `penalties` must return a finite float scalar. "
            f"Received: {checks.received(f'the result of {name}', _shown(value))}. Return a "
            "tensor, reduced with keras.ops.mean."
        )
    weights = [weight.value for weight in judge.network.trainable_variables]
    if all(gradient is None for gradient in tape.gradient(value, weights)):
        raise ValueError(
            "Each of `penalties` must depend on the discriminator's outputs. Received: the "
            f"penalty {name}, whose result does not. Compute it from `critic(images)` or "
            "`critic.gradients(images)`, with keras.ops."
        )


def check_augmentation(augmentation: Any, gan: Any) -> None:
    """Tries an augmentation on a few random images, without changing any state.

    Augmentations of this library are not tried.

    Args:
        augmentation: Callable; see `protocols.Augmentation`.
        gan: The model.

    Raises:
        ValueError: If the augmentation does not return finite float images of the same shape, or
            gradients do not pass through it.
    """
    if _is_ours(augmentation) or _is_distributed(gan):
        return
    repair = "It takes a batch of images, and returns a batch of images."
    _check_takes("augmentation", augmentation, 1, repair)
    images = _images(gan)
    with keras.StatelessScope(), tf.GradientTape() as tape:
        tape.watch(images)
        changed = augmentation(images)
    fits = _is_float(changed) and tuple(changed.shape) == tuple(images.shape)
    if not fits or not np.isfinite(keras.ops.convert_to_numpy(changed)).all():
        raise ValueError(
            f"`augmentation` must return finite images of the shape {tuple(images.shape)} for "
            f"images of that shape. Received: {checks.received('the result', _shown(changed))}. "
            "Return a tensor of changed images."
        )
    if tape.gradient(changed, images) is None:
        raise ValueError(
            "`augmentation` must be differentiable, or the generator learns nothing. "
            "Received: a result without a gradient with respect to the images. "
            "Compute it from the images with keras.ops, without rounding or NumPy."
        )


def _is_ours(thing):
    return type(thing).__module__.startswith("keras_gans.")


def _is_distributed(gan):
    """Returns whether the model is trained under a strategy."""
    return tf.distribute.has_strategy() or gan.distribute_strategy.num_replicas_in_sync > 1


def _images(gan, seed=_SEED):
    """Returns 12 random images, a multiple of the usual sizes of `layers.Pack`."""
    return keras.random.uniform((12, *gan.image_shape), -1.0, 1.0, seed=seed)


def _check_takes(name, function, count, repair):
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError as error:
        number = "one argument" if count == 1 else f"{count} arguments"
        raise checks.wrong(name, f"callable with {number}", function, repair) from error
    except ValueError:  # a function written in C, whose signature is unknown
        return


def _is_float(value):
    return hasattr(value, "shape") and "float" in str(getattr(value, "dtype", ""))


def _shown(value):
    """Returns a result in the form that an error shows: arrays for tensors."""
    return keras.ops.convert_to_numpy(value) if keras.ops.is_tensor(value) else value
