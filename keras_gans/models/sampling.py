"""The inputs of networks in `generate` and `discriminate`, and calling networks in batches."""

import itertools
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.layers import Pack
from keras_gans.models.averaging import AveragedGenerator
from keras_gans.models.domain import Domain
from keras_gans.models.latents import MOST_IMAGES, length_of, rows_of
from keras_gans.models.signature import Signature
from keras_gans.models.state import parts_of
from keras_gans.networks.class_mixing import class_mixing_generator
from keras_gans.ops.images import is_bounded, to_uint8
from keras_gans.protocols import Array, ArrayLike


def apply_in_batches(apply: Callable[..., Any], first: Any, labels: Any, batch_size: int) -> Array:
    """Returns the outputs for all rows, computed in batches, as NumPy floats.

    Args:
        apply: Function of latents or images, and labels. If it returns a dict, `"logits"` is used.
        first: Array, a structure of arrays, or None.
        labels: Array or None.
        batch_size: Integer.
    """
    if length_of(labels if first is None else first) == 0:
        raise ValueError(
            "There must be at least one image. Received: an array without rows. Check how "
            "the images were selected."
        )
    return np.concatenate(list(_outputs(apply, first, labels, batch_size)))


def _outputs(apply, first, labels, batch_size):
    """Yields the output of each batch as a NumPy array."""
    for start in range(0, length_of(labels if first is None else first), batch_size):
        batch = rows_of([first, labels], slice(start, start + batch_size))
        output = apply(*keras.tree.map_structure(_as_tensor, batch))
        yield np.asarray(output["logits"] if isinstance(output, dict) else output)


def _as_tensor(rows):
    return None if rows is None else keras.ops.convert_to_tensor(rows)


def checked_seed(seed: Any) -> int | None:
    """Returns a seed or None, after checking it."""
    return checks.random_seed("seed", seed)


def checked_size(batch_size: Any) -> int:
    """Returns the number of images in a batch after checking it; 128 by default."""
    return 128 if batch_size is None else checks.whole_number("batch_size", batch_size)


def whole_packs(discriminator: Any, batch_size: int = 128) -> int:
    """Returns the largest batch size of whole packs up to `batch_size`, at least one pack."""
    packs = parts_of(discriminator, Pack)
    together = packs[0].num_images if packs else 1
    return max(batch_size // together, 1) * together


def generate(
    average: AveragedGenerator, signature: Signature, domain: Domain, *request: Any
) -> Array:
    """Returns what `GAN.generate` returns.

    Args:
        average: The averaged generator.
        signature: `Signature` of the generator.
        domain: The model's `Domain`.
        *request: The arguments of `GAN.generate`, in order.
    """
    *asked, batch_size, dtype = request
    size, finish = checked_size(batch_size), conversion(domain, dtype)
    latents, labels = generator_inputs(domain, *asked)
    network = _generator_for(average, signature, domain, labels)
    count = length_of(labels if latents is None else latents)
    return _joined(_outputs(lambda *rows: finish(network(*rows)), latents, labels, size), count)


def _joined(batches, count):
    """Returns the rows of all batches as one array, without keeping them twice."""
    first = next(batches)
    rows = np.empty((count, *first.shape[1:]), first.dtype)
    filled = 0
    for batch in itertools.chain([first], batches):
        rows[filled : filled + len(batch)] = batch
        filled += len(batch)
    return rows


def conversion(domain: Domain, dtype: Any) -> Callable[[Any], Any]:
    """Returns the function that converts generated floats to `dtype`, after checking it.

    Args:
        domain: The model's `Domain`.
        dtype: `"uint8"`, or the name of Keras' float type, which is the default.

    Raises:
        ValueError: If `dtype` is something else, or is `"uint8"` for samples that are not images.
    """
    floats = keras.config.floatx()
    if checks.one_of("dtype", floats if dtype is None else dtype, (floats, "uint8")) == floats:
        return lambda images: keras.ops.cast(images, floats)
    if len(domain.image_shape) != 3 or not is_bounded(domain.value_range):
        raise ValueError(
            'dtype="uint8" requires images (H, W, C) with a finite value range. Received: a model '
            f"with image_shape={domain.image_shape} and value_range={domain.value_range}. "
            "Omit `dtype`, and convert the floats yourself."
        )
    return lambda images: to_uint8(images, domain.value_range)


def _generator_for(average, signature, domain, labels):
    """Returns the averaged generator as a function of latents, and labels or class weights."""
    network: Any = average
    arrange = signature.__call__
    if labels is not None and is_mixture(domain, labels):
        place = signature.place_of_labels
        network = class_mixing_generator(average.as_network(), labels.shape[1], place)
        arrange = signature.arranged

    return lambda latents, labels: network(arrange(latents, labels), training=False)


def generator_inputs(
    domain: Domain,
    num_images: int | None,
    labels: ArrayLike | None,
    latents: ArrayLike | None,
    seed: int | None,
) -> tuple[Any, Any]:
    """Returns latents and labels for `generate`, after checking that they match.

    Rows are drawn one after another, so the first 16 of 64 rows are the same as 16 rows of the same
    seed.

    Args:
        domain: The model's `Domain`.
        num_images: See `GAN.generate`, also for the other arguments.
        labels: Array, one label, names of classes or None.
        latents: Array or None.
        seed: Integer or None.

    Returns:
        Latents, NumPy floats `(N, latent_dim)`, a structure of them or None; and labels, NumPy
        `(N, ...)` or None.

    Raises:
        ValueError: If the counts differ, or labels are missing or not accepted.
    """
    seed = checked_seed(seed)
    num_images = checks.optional(checks.whole_number, "num_images", num_images, 1, MOST_IMAGES)
    labels = domain.conditions.numbered(labels)
    labels = checks.optional(checks.numeric_array, "labels", labels)
    if labels is not None:
        _check_rank(domain, labels)
    latents = None if latents is None else domain.latents.checked(latents)
    if latents is not None and seed is not None:
        raise ValueError(
            "Noise must come from either `latents` or `seed`. "
            f"Received: both, with seed={seed}. Pass one of the two."
        )
    count = _count(domain, num_images, labels, latents)
    if latents is None:
        latents = domain.latents.sampled(count, seed)
    elif labels is None:
        seed = 0  # so that the same latents give the same images
    if labels is None:
        return latents, domain.conditions.drawn(count, seed)
    return latents, _labels(domain, labels, count)


def is_mixture(domain: Domain, labels: Array) -> bool:
    """Returns whether labels are weights of classes: floats in rows that are not one-hot."""
    many = domain.conditions.num_classes is not None and labels.ndim == 2 and labels.shape[1] > 1
    return many and labels.dtype.kind == "f" and not np.all((labels == 0) | (labels == 1))


def _checked_mixture(domain, labels):
    num_classes = domain.conditions.num_classes
    fits = labels.shape[1] == num_classes and np.all(labels >= 0)
    sums = labels.sum(axis=1)
    if not fits or not np.allclose(sums, 1.0, atol=1e-3):
        raise ValueError(
            f"Weights of classes must be non-negative floats (N, {num_classes}), in rows "
            f"that sum to 1. Received: shape={labels.shape}, sums from {sums.min():.3g} "
            f"to {sums.max():.3g}. See keras_gans.ops.class_interpolation."
        )
    return labels.astype(keras.config.floatx())


def _one_label(domain, labels):
    """Returns whether there is a single label, which is used for all images."""
    shape = domain.conditions.shape
    return labels.ndim == (0 if shape is None else len(shape))


def _count(domain, num_images, labels, latents):
    counts = {"num_images": num_images}
    counts["latents"] = None if latents is None else length_of(latents)
    if labels is not None and not _one_label(domain, labels):
        counts["labels"] = len(labels)
    counts = {name: count for name, count in counts.items() if count is not None}
    received = ", ".join(f"{name}: {count}" for name, count in counts.items()) or "none of them"
    if not counts or len(set(counts.values())) > 1 or min(counts.values()) < 1:
        raise ValueError(
            "The number of images must be given by one or more of `num_images`, `labels` and "
            f"`latents`, and must be the same in all of them. Received: {received}. "
            "Call, for example, generate(16)."
        )
    return next(iter(counts.values()))


def _check_rank(domain, labels):
    """Checks that the model accepts labels, and that there is one for all images or for each."""
    if not domain.conditions.exist:
        raise ValueError(
            "An unconditional model does not accept labels. "
            f"Received: labels of shape {labels.shape}. Use a ConditionalGAN, or omit them."
        )
    if labels.ndim == 0 and not _one_label(domain, labels):
        domain.conditions.standardized(labels)  # raises an error about the shape


def _labels(domain, labels, count):
    if _one_label(domain, labels):
        labels = np.repeat(labels[None], count, axis=0)
    if is_mixture(domain, labels):
        return _checked_mixture(domain, labels)
    return domain.conditions.checked_array(labels)
