"""What `generate` and `discriminate` feed to the networks, and how."""

import numpy as np

from keras_gans.models.batches import check_arrays, check_labels
from keras_gans.networks.conditioning import inputs_with_labels
from keras_gans.ops.images import to_value_range


def apply_in_batches(network, first, labels, batch_size):
    """The network's output for all rows, a batch at a time, as NumPy float32."""
    outputs = []
    for start in range(0, len(first), batch_size):
        rows = slice(start, start + batch_size)
        inputs = inputs_with_labels(first[rows], None if labels is None else labels[rows])
        outputs.append(np.asarray(network(inputs, training=False), "float32"))
    return np.concatenate(outputs)


def discriminator_inputs(gan, images, labels):
    """Images as floats in the model's range, and labels, checked.

    Raises:
        ValueError: If they are not what the model takes.
    """
    images, labels = check_arrays(gan, np.asarray(images), labels)
    return to_value_range(images, gan.value_range), labels


def generator_inputs(gan, num_images, labels, latents, seed):
    """Latents and labels for `generate`, checked against each other.

    The rows are drawn one after another, so the first 16 of 64 are the 16 of that seed.

    Returns:
        Latents, NumPy float32 `(N, latent_dim)`, and labels, NumPy `(N, ...)` or None.

    Raises:
        ValueError: If the counts do not agree, or labels are missing or not wanted.
    """
    labels = None if labels is None else np.asarray(labels)
    latents = None if latents is None else np.asarray(latents, "float32")
    if latents is not None and (latents.ndim != 2 or latents.shape[1] != gan.latent_dim):
        raise ValueError(
            f"`latents` must have the shape (N, {gan.latent_dim}). "
            f"Received: shape={latents.shape}. Draw them with that many columns."
        )
    if latents is not None and seed is not None:
        raise ValueError(
            "Noise comes from `latents` or from `seed`. "
            f"Received: both, with seed={seed}. Pass one of the two."
        )
    count = _count(gan, num_images, labels, latents)
    if latents is None:
        latents = np.random.default_rng(seed).standard_normal((count, gan.latent_dim), "float32")
    return latents, _labels(gan, labels, count)


def is_mixture(gan, labels):
    """Whether labels are weights of classes, `(N, num_classes)` floats."""
    return gan.num_classes is not None and labels.ndim == 2 and labels.dtype.kind == "f"


def _checked_mixture(gan, labels):
    fits = labels.shape[1] == gan.num_classes and np.all(labels >= 0)
    if not fits or not np.allclose(labels.sum(axis=1), 1.0, atol=1e-3):
        raise ValueError(
            f"Weights of classes must be floats (N, {gan.num_classes}), not negative, in rows that "
            f"sum to one. Received: shape={labels.shape}, sums from {labels.sum(axis=1).min():.3g} "
            f"to {labels.sum(axis=1).max():.3g}. See keras_gans.ops.class_interpolation."
        )
    return labels.astype("float32")


def _one_label(gan, labels):
    """Whether the labels are those of a single image, to be used for all."""
    return labels.ndim == (0 if gan.num_classes is not None else 1)


def _count(gan, num_images, labels, latents):
    counts = {"num_images": num_images}
    counts["latents"] = None if latents is None else len(latents)
    if labels is not None and not _one_label(gan, labels):
        counts["labels"] = len(labels)
    counts = {name: count for name, count in counts.items() if count is not None}
    received = ", ".join(f"{name}: {count}" for name, count in counts.items()) or "none of them"
    if not counts or len(set(counts.values())) > 1 or min(counts.values()) < 1:
        raise ValueError(
            "The number of images must be given by `num_images`, `labels` or `latents`, one or "
            f"more, and the same wherever it is given. Received: {received}. "
            "Call, for example, generate(16)."
        )
    return next(iter(counts.values()))


def _labels(gan, labels, count):
    if gan.num_classes is None and gan.condition_dim is None:
        if labels is not None:
            raise ValueError(
                "A model without labels generates without labels. "
                f"Received: labels of shape {labels.shape}. Use a ConditionalGAN, or drop them."
            )
        return None
    if labels is None:
        if gan.num_classes is None:
            raise ValueError(
                "A model conditioned on floats must be told what to generate. Received: "
                f"labels=None. Pass `labels` of shape (N, {gan.condition_dim})."
            )
        return (np.arange(count) % gan.num_classes).astype("int32")
    if _one_label(gan, labels):
        labels = np.repeat(labels[None], count, axis=0)
    if is_mixture(gan, labels):
        return _checked_mixture(gan, labels)
    labels = check_labels(
        labels.shape, labels.dtype.name, labels, gan.num_classes, gan.condition_dim
    )
    labels = np.asarray(labels)
    if gan.num_classes is not None and not (0 <= labels.min() <= labels.max() < gan.num_classes):
        raise ValueError(
            f"Labels must be integers in [0, {gan.num_classes}). Received: labels from "
            f"{labels.min()} to {labels.max()}. Count classes from zero."
        )
    return labels
