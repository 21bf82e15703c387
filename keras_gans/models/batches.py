"""Reading one batch of data as images and labels, whatever form it came in."""

import keras
import numpy as np
import tensorflow as tf

from keras_gans.models.value_watch import ValueWatch, no_data
from keras_gans.ops.images import wrong_image_dtype

_ARRAY_BLOCK = 8192  # images that are looked at together


def check_data(gan, method, x, y, keywords):
    """Checks what can be known of data before the first batch.

    Arrays are looked through, datasets asked for their size; generators are left alone.

    Args:
        gan: The model.
        method: `"fit"` or `"evaluate"`.
        x: Whatever Keras takes as data.
        y: Labels where `x` is an array, or None.
        keywords: Dict of the further arguments, which must hold no weights.

    Raises:
        ValueError: If the model was not compiled, or the data are empty or do not fit.
    """
    if not gan.compiled:
        raise ValueError(
            f"`{method}` needs to know how to train. Received: a {gan.__class__.__name__} "
            "that was not compiled. Call `gan.compile()` first; its defaults are the recipe."
        )
    if any(keywords.get(name) is not None for name in ("sample_weight", "class_weight")):
        raise weighted_samples()
    if isinstance(x, tf.data.Dataset) and int(x.cardinality()) == 0:
        raise no_data()
    if isinstance(x, np.ndarray):
        if len(x) == 0:
            raise no_data()
        if y is not None and len(x) != len(y):
            raise ValueError(
                "There must be one label per image. "
                f"Received: {len(x)} images and {len(y)} labels. Cut the longer one."
            )
        check_arrays(gan, x, y, warn=True)


def check_arrays(gan, images, labels, warn=False):
    """Checks shapes, dtypes and values of whole arrays; returns images and labels.

    With `warn`, arrays in [0, 1] under a range that begins below zero warn.

    Raises:
        ValueError: If they are not what the model takes.
    """
    data = images if labels is None else (images, np.asarray(labels))
    images, labels = unpack(data, gan.image_shape, gan.num_classes, gan.condition_dim)
    watch = ValueWatch(gan.value_range, gan.num_classes, warn)
    for start in range(0, len(images), _ARRAY_BLOCK):
        block = slice(start, start + _ARRAY_BLOCK)
        watch.record(images[block], None if labels is None else labels[block])
    watch.check()
    return images, labels


def weighted_samples():
    """The error for weights, which no GAN loss has a place for."""
    return ValueError(
        "A GAN weighs no samples. Received: sample_weight or class_weight. "
        "Leave them out; draw the images that matter more often instead."
    )


def unpack(data, image_shape, num_classes=None, condition_dim=None):
    """Splits a batch into images and labels, and checks their shapes and dtypes.

    Args:
        data: Images `(N, *image_shape)`, or a tuple `(images, labels)`.
        image_shape: Tuple, shape of one image.
        num_classes: Integer, for labels that are classes.
        condition_dim: Integer, for labels that are vectors of floats.

    Returns:
        Images and labels, as they are; labels are None for a model without.

    Raises:
        ValueError: If shapes, dtypes or the number of parts are not what the model takes.
    """
    images, labels, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
    if isinstance(images, tuple | list):  # fit((images, labels)) arrives as one structure
        images, labels = images if len(images) == 2 and labels is None else (images, labels)
    if sample_weight is not None:
        raise weighted_samples()
    if isinstance(images, tuple | list | dict):
        raise ValueError(
            "Data must be images, or a pair (images, labels). "
            f"Received: a structure of {len(images)} parts. Map the dataset to that form."
        )
    check_images(tuple(images.shape), images.dtype, image_shape)
    if num_classes is None and condition_dim is None:
        return images, None
    if labels is None:
        raise ValueError(
            "A conditional model trains on images and labels. Received: images alone. Pass "
            "fit(images, labels), or a dataset of (images, labels) such as labels=True gives."
        )
    dtype = keras.backend.standardize_dtype(labels.dtype)
    return images, check_labels(tuple(labels.shape), dtype, labels, num_classes, condition_dim)


def check_images(shape, dtype, image_shape):
    """Checks the static shape and the dtype of a batch of images.

    Raises:
        ValueError: If the rank, the sides or the channels are not the model's, or the
            dtype is neither uint8, bool nor float.
    """
    dtype = keras.backend.standardize_dtype(dtype)
    if dtype not in ("uint8", "bool") and "float" not in dtype:
        raise wrong_image_dtype(dtype)
    if len(shape) == len(image_shape) and image_shape[-1] == 1 and len(image_shape) == 3:
        raise ValueError(
            f"Images must have the shape (N, {', '.join(map(str, image_shape))}). "
            f"Received: shape={shape}, without an axis for the channel. "
            "Add it with `images[..., None]`."
        )
    fits = len(shape) == len(image_shape) + 1 and all(
        size in (None, wanted) for size, wanted in zip(shape[1:], image_shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"Images must have the shape (N, {', '.join(map(str, image_shape))}). "
            f"Received: shape={shape}. Resize them, or create the model with "
            f"image_shape={shape[1:]}."
        )


def check_labels(shape, dtype, labels, num_classes, condition_dim):
    """Checks the shape and dtype of labels, and returns classes as a vector.

    Raises:
        ValueError: If classes are not integers `(N,)` or `(N, 1)`, or conditions are not
            numbers `(N, condition_dim)`.
    """
    if num_classes is not None:
        if "int" not in dtype or len(shape) not in (1, 2) or shape[1:] not in ((), (1,)):
            raise ValueError(
                f"Labels must be integer classes of shape (N,), in [0, {num_classes}). "
                f"Received: dtype={dtype}, shape={shape}. Turn one-hot rows into integers with "
                '`labels.argmax(-1)`; convert floats with `labels.astype("int32")`.'
            )
        return keras.ops.reshape(labels, (-1,))
    if len(shape) != 2 or shape[1] != condition_dim:
        raise ValueError(
            f"Labels must be float conditions of shape (N, {condition_dim}). "
            f"Received: dtype={dtype}, shape={shape}. "
            "A single condition per image still needs its axis: `labels[:, None]`."
        )
    return keras.ops.cast(labels, "float32")
