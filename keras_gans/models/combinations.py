"""Which losses, penalties, augmentations and discriminators go together."""

from typing import Any

import keras

from keras_gans.augmentation import AdaptiveAugment
from keras_gans.augmentation.varying_augment import VaryingAugment
from keras_gans.layers import MinibatchStandardDeviation
from keras_gans.models.state import parts_of


def check(loss: Any, penalties: Any, augmentation: Any, discriminator: Any) -> None:
    """Checks what `compile` was given against each other.

    Raises:
        ValueError: If a discriminator that mixes the images of a batch meets a penalty or a loss
            that looks at single images, or an adaptive augmentation a loss whose logits have no
            sign; or if an augmentation of moving strength is part of another.
    """
    mixing = _mixing_layers(discriminator)
    if mixing and (penalties or loss.generator_compares):
        raise ValueError(
            "A penalty on the slope, and a loss that compares images, look at each image alone; "
            "some layers make each logit depend on the whole batch. Received: a discriminator "
            f"with {', '.join(sorted(mixing))}, "
            f"penalties={[type(term).__name__ for term in penalties]} and "
            f"loss={type(loss).__name__}. Build the discriminator without them, or with "
            "keras.layers.LayerNormalization; the generator may keep them."
        )
    if isinstance(augmentation, AdaptiveAugment) and loss.threshold is None:
        raise ValueError(
            "An adaptive augmentation follows the sign of real logits. Received: "
            f"augmentation={type(augmentation).__name__} with loss={type(loss).__name__}, for "
            "which only differences mean something. Use ScheduledAugment, or NonSaturating."
        )
    inside = _moving_parts(augmentation)
    if inside:
        raise ValueError(
            "An augmentation whose strength moves must be the augmentation itself, or nothing "
            "moves it. "
            f"Received: augmentation={type(augmentation).__name__} with {' and '.join(inside)} "
            f"inside. Pass {inside[0]} alone, with a policy of several changes."
        )


def _mixing_layers(network):
    """The layers in which the images of a batch meet, by the names of their classes.

    BatchNorm that is frozen uses its moving statistics, and mixes nothing.
    """
    mixing = keras.layers.BatchNormalization | MinibatchStandardDeviation
    return {
        type(layer).__name__
        for layer in parts_of(network, mixing)
        if layer.trainable or not isinstance(layer, keras.layers.BatchNormalization)
    }


def _moving_parts(augmentation):
    """The augmentations inside another whose strength would move, by their classes' names."""
    return [
        type(part).__name__
        for part in parts_of(augmentation, VaryingAugment)
        if part is not augmentation
    ]
