"""Which losses, penalties, augmentations and discriminators go together."""

import keras


def check_combination(loss, penalties, augmentation, discriminator):
    """Checks what `compile` was given against each other.

    Raises:
        ValueError: If a discriminator with BatchNorm meets a penalty or a loss that looks at
            single images, or an adaptive augmentation a loss whose logits have no sign.
    """
    if _has_batch_norm(discriminator) and (penalties or getattr(loss, "generator_compares", False)):
        raise ValueError(
            "A penalty on the slope, and a loss that compares images, look at each image alone; "
            "BatchNorm makes each logit depend on the whole batch. Received: a discriminator with "
            f"BatchNormalization, penalties={[type(term).__name__ for term in penalties]} and "
            f"loss={type(loss).__name__}. Build the discriminator without BatchNorm, or with "
            "keras.layers.LayerNormalization; the generator may keep it."
        )
    if hasattr(augmentation, "adapt") and loss.threshold is None:
        raise ValueError(
            "An adaptive augmentation follows the sign of real logits. Received: "
            f"augmentation={type(augmentation).__name__} with loss={type(loss).__name__}, for "
            "which only differences of logits mean something. Use DiffAugment, or NonSaturating."
        )


def _has_batch_norm(network):
    return any(
        isinstance(layer, keras.layers.BatchNormalization) for layer in network._flatten_layers()
    )
