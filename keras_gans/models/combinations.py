"""Checks of combinations of losses, penalties, augmentations and discriminators."""

from typing import Any

import keras

from keras_gans.augmentation import AdaptiveAugment
from keras_gans.augmentation.varying_augment import VaryingAugment
from keras_gans.layers import MinibatchStandardDeviation, SpectralNormalization
from keras_gans.models.state import parts_of


def check(loss: Any, penalties: Any, augmentation: Any, discriminator: Any) -> None:
    """Checks that the arguments of `compile` can be combined.

    Raises:
        ValueError: If the discriminator mixes the images of a batch although a penalty or the loss
            needs a logit for each single image, if an adaptive augmentation is used with a loss
            whose logits have no meaningful sign, or if an augmentation of varying strength is part
            of another augmentation.
    """
    mixing = _mixing_layers(discriminator)
    if mixing and (penalties or loss.generator_compares):
        raise ValueError(
            "With a penalty or a relativistic loss, the discriminator must not have layers that "
            "make each logit depend on the whole batch. Received: a discriminator "
            f"with {', '.join(sorted(mixing))}, "
            f"penalties={[type(term).__name__ for term in penalties]} and "
            f"loss={type(loss).__name__}. Remove these layers from the discriminator, or replace "
            "them with keras.layers.LayerNormalization; the generator can keep them."
        )
    if isinstance(augmentation, AdaptiveAugment) and loss.threshold is None:
        raise ValueError(
            "An adaptive augmentation needs a loss whose logits have a meaningful sign. Received: "
            f"augmentation={type(augmentation).__name__} with loss={type(loss).__name__}, for "
            "which only differences are meaningful. Use ScheduledAugment, or NonSaturating."
        )
    inside = _moving_parts(augmentation)
    if inside:
        raise ValueError(
            "An augmentation of varying strength must be passed alone, because its strength is "
            "not updated inside another augmentation. "
            f"Received: augmentation={type(augmentation).__name__} with {' and '.join(inside)} "
            f"inside. Pass {inside[0]} alone, with a policy of several changes."
        )


def limits_itself(discriminator: Any) -> bool:
    """Returns whether a discriminator has layers that replace or rule out a penalty.

    These are BatchNorm, dropout, spectral normalization, and layers that mix the images of a batch.
    """
    spectral = keras.layers.SpectralNormalization | SpectralNormalization
    dropout = [layer for layer in parts_of(discriminator, keras.layers.Dropout) if layer.rate > 0]
    return bool(dropout or parts_of(discriminator, spectral) or _mixing_layers(discriminator))


def _mixing_layers(network):
    """Returns the class names of the layers that mix the images of a batch.

    Frozen BatchNorm layers use their moving statistics and do not mix images.
    """
    mixing = keras.layers.BatchNormalization | MinibatchStandardDeviation
    return {
        type(layer).__name__
        for layer in parts_of(network, mixing)
        if layer.trainable or not isinstance(layer, keras.layers.BatchNormalization)
    }


def _moving_parts(augmentation):
    """Returns the class names of augmentations of varying strength inside another one."""
    return [
        type(part).__name__
        for part in parts_of(augmentation, VaryingAugment)
        if part is not augmentation
    ]
