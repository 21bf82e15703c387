"""Which losses, penalties, augmentations and discriminators can be combined."""

from typing import Any

import keras

from keras_gans.augmentation import AdaptiveAugment
from keras_gans.augmentation.varying_augment import VaryingAugment
from keras_gans.layers import MinibatchStandardDeviation, SpectralNormalization
from keras_gans.models.state import parts_of


def check(loss: Any, penalties: Any, augmentation: Any, discriminator: Any) -> None:
    """Checks that the arguments of `compile` can be combined.

    Raises:
        ValueError: If a discriminator that mixes the images of a batch is used with a penalty or a
            loss for single images, or an adaptive augmentation with a loss whose logits have no
            meaningful sign; or if an augmentation of varying strength is part of another.
    """
    mixing = _mixing_layers(discriminator)
    if mixing and (penalties or loss.generator_compares):
        raise ValueError(
            "A penalty on the slope, or a loss that compares images, looks at each image alone; "
            "some layers make each logit depend on the whole batch. Received: a discriminator "
            f"with {', '.join(sorted(mixing))}, "
            f"penalties={[type(term).__name__ for term in penalties]} and "
            f"loss={type(loss).__name__}. Build the discriminator without these layers, or with "
            "keras.layers.LayerNormalization; the generator can keep them."
        )
    if isinstance(augmentation, AdaptiveAugment) and loss.threshold is None:
        raise ValueError(
            "An adaptive augmentation needs the sign of real logits. Received: "
            f"augmentation={type(augmentation).__name__} with loss={type(loss).__name__}, for "
            "which only differences are meaningful. Use ScheduledAugment, or NonSaturating."
        )
    inside = _moving_parts(augmentation)
    if inside:
        raise ValueError(
            "An augmentation of varying strength must be passed alone: inside another one, its "
            "strength is never updated. "
            f"Received: augmentation={type(augmentation).__name__} with {' and '.join(inside)} "
            f"inside. Pass {inside[0]} alone, with a policy of several changes."
        )


def limits_itself(discriminator: Any) -> bool:
    """Whether layers of a discriminator do what a penalty would do, or do not permit one.

    These are BatchNorm, dropout, spectral normalization, and those that mix the images of a batch.
    """
    spectral = keras.layers.SpectralNormalization | SpectralNormalization
    dropout = [layer for layer in parts_of(discriminator, keras.layers.Dropout) if layer.rate > 0]
    return bool(dropout or parts_of(discriminator, spectral) or _mixing_layers(discriminator))


def _mixing_layers(network):
    """Class names of the layers that mix the images of a batch.

    Frozen BatchNorm uses its moving statistics and mixes nothing.
    """
    mixing = keras.layers.BatchNormalization | MinibatchStandardDeviation
    return {
        type(layer).__name__
        for layer in parts_of(network, mixing)
        if layer.trainable or not isinstance(layer, keras.layers.BatchNormalization)
    }


def _moving_parts(augmentation):
    """Class names of the augmentations of varying strength inside another augmentation."""
    return [
        type(part).__name__
        for part in parts_of(augmentation, VaryingAugment)
        if part is not augmentation
    ]
