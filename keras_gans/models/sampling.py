"""What `generate` and `discriminate` feed to the networks, and how."""

from typing import Any

import numpy as np

from keras_gans.layers import Pack
from keras_gans.models.averaging import AveragedGenerator
from keras_gans.models.domain import Domain
from keras_gans.networks.class_mixing import class_mixing_generator
from keras_gans.networks.conditioning import inputs_with_labels
from keras_gans.ops.labels import check_class_values
from keras_gans.protocols import Array, ArrayLike


def apply_in_batches(network: Any, first: Any, labels: Any, batch_size: int) -> Array:
    """The network's output for all rows, a batch at a time, as NumPy float32."""
    outputs = []
    for start in range(0, len(first), batch_size):
        rows = slice(start, start + batch_size)
        inputs = inputs_with_labels(first[rows], None if labels is None else labels[rows])
        outputs.append(np.asarray(network(inputs, training=False), "float32"))
    return np.concatenate(outputs)


def whole_packs(discriminator: Any, batch_size: int) -> int:
    """The largest batch size up to this one that a discriminator of packs can cut into packs."""
    packs = [layer for layer in discriminator.layers if isinstance(layer, Pack)]
    together = packs[0].num_images if packs else 1
    return batch_size // together * together


def generator_for(average: AveragedGenerator, domain: Domain, labels: Any) -> Any:
    """The averaged generator, as a network of mixtures where labels are weights of classes."""
    if labels is None or not is_mixture(domain, labels):
        return average
    return class_mixing_generator(average.as_network(), labels.shape[1])


def generator_inputs(
    domain: Domain,
    num_images: int | None,
    labels: ArrayLike | None,
    latents: ArrayLike | None,
    seed: int | None,
) -> tuple[Any, Any]:
    """Latents and labels for `generate`, checked against each other.

    The rows are drawn one after another, so the first 16 of 64 are the 16 of that seed.

    Args:
        domain: The model's `Domain`.
        num_images: See `GAN.generate`, as for the others.
        labels: Array, one label or None.
        latents: Array or None.
        seed: Integer or None.

    Returns:
        Latents, NumPy float32 `(N, latent_dim)`, and labels, NumPy `(N, ...)` or None.

    Raises:
        ValueError: If the counts do not agree, or labels are missing or not wanted.
    """
    labels = None if labels is None else np.asarray(labels)
    latents = None if latents is None else np.asarray(latents, "float32")
    if latents is not None and (latents.ndim != 2 or latents.shape[1] != domain.latent_dim):
        raise ValueError(
            f"`latents` must have the shape (N, {domain.latent_dim}). "
            f"Received: shape={latents.shape}. Draw them with that many columns."
        )
    if latents is not None and seed is not None:
        raise ValueError(
            "Noise comes from `latents` or from `seed`. "
            f"Received: both, with seed={seed}. Pass one of the two."
        )
    count = _count(domain, num_images, labels, latents)
    if latents is None:
        latents = np.random.default_rng(seed).standard_normal((count, domain.latent_dim), "float32")
    return latents, _labels(domain, labels, count)


def is_mixture(domain: Domain, labels: Array) -> bool:
    """Whether labels are weights of classes, `(N, num_classes)` floats."""
    return domain.num_classes is not None and labels.ndim == 2 and labels.dtype.kind == "f"


def _checked_mixture(domain, labels):
    fits = labels.shape[1] == domain.num_classes and np.all(labels >= 0)
    sums = labels.sum(axis=1)
    if not fits or not np.allclose(sums, 1.0, atol=1e-3):
        raise ValueError(
            f"Weights of classes must be floats (N, {domain.num_classes}), not negative, in rows "
            f"that sum to one. Received: shape={labels.shape}, sums from {sums.min():.3g} "
            f"to {sums.max():.3g}. See keras_gans.ops.class_interpolation."
        )
    return labels.astype("float32")


def _one_label(domain, labels):
    """Whether the labels are those of a single image, to be used for all."""
    return labels.ndim == (0 if domain.num_classes is not None else 1)


def _count(domain, num_images, labels, latents):
    counts = {"num_images": num_images}
    counts["latents"] = None if latents is None else len(latents)
    if labels is not None and not _one_label(domain, labels):
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


def _labels(domain, labels, count):
    if not domain.has_labels:
        if labels is not None:
            raise ValueError(
                "A model without labels generates without labels. "
                f"Received: labels of shape {labels.shape}. Use a ConditionalGAN, or drop them."
            )
        return None
    if labels is None:
        if domain.num_classes is None:
            raise ValueError(
                "A model conditioned on floats must be told what to generate. Received: "
                f"labels=None. Pass `labels` of shape (N, {domain.condition_dim})."
            )
        return (np.arange(count) % domain.num_classes).astype("int32")
    if _one_label(domain, labels):
        labels = np.repeat(labels[None], count, axis=0)
    if is_mixture(domain, labels):
        return _checked_mixture(domain, labels)
    labels = np.asarray(domain.standardize_labels(labels))
    if domain.num_classes is not None:
        check_class_values(labels.min(), labels.max(), domain.num_classes)
    return labels
