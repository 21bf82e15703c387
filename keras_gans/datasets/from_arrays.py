"""Images that are in memory already."""

import random

import numpy as np
import tensorflow as tf

from keras_gans.ops.images import to_value_range, wrong_image_dtype


def from_arrays(
    images, batch_size, labels=None, value_range=(-1, 1), seed=None, drop_remainder=True
):
    """Makes a shuffled, batched and prefetched dataset of arrays.

    The order of an epoch is a function of `seed` and of the number of the epoch, kept in
    the variable `dataset.epoch`, which grows by one whenever an iteration begins.

    Args:
        images: Array `(N, H, W, C)`, or `(N, n)` for vectors: uint8 (0 to 255), bool, or
            floats in `value_range`. It stays in memory once, as it is.
        batch_size: Integer.
        labels: Array `(N,)` of integer classes or `(N, condition_dim)` of floats, or None.
        value_range: Pair `(low, high)` that the images are mapped to.
        seed: Integer; None draws one, which `keras.utils.set_random_seed` determines.
        drop_remainder: Whether to leave out, in each epoch, the images after the last full
            batch; other ones each time.

    Returns:
        A `tf.data.Dataset` of float32 images `(batch_size, ...)`, or of pairs of images and
        labels.

    Raises:
        ValueError: If the arrays do not fit each other, the values are not what `images`
            says, or there are fewer images than one batch.

    Example:

    >>> dataset = from_arrays(np.zeros((100, 28, 28, 1), "uint8"), batch_size=32, seed=0)
    >>> len(dataset), next(iter(dataset)).shape
    (3, TensorShape([32, 28, 28, 1]))
    """
    images = np.asarray(images)
    _check(images, labels, batch_size, value_range)
    arrays = [images] if labels is None else [images, _standardize(np.asarray(labels))]
    arrays = [tf.convert_to_tensor(array) for array in arrays]

    def to_batch(indices):
        batch = [tf.gather(array, indices) for array in arrays]
        batch[0] = to_value_range(batch[0], value_range)
        return batch[0] if labels is None else tuple(batch)

    indices = _shuffled_indices(len(images), batch_size, seed, drop_remainder)
    dataset = indices.map(to_batch, num_parallel_calls=2, deterministic=True)
    dataset = dataset.prefetch(tf.data.AUTOTUNE)
    dataset.epoch = indices.epoch
    return dataset


def _shuffled_indices(num_images, batch_size, seed, drop_remainder):
    """Batches of indices, in an order of their own for each epoch."""
    seed = random.randint(1, 10**9) if seed is None else seed
    epoch = tf.Variable(0, dtype=tf.int64, trainable=False, name="epoch")

    def one_epoch(_):
        key = tf.stack([tf.constant(seed, tf.int64), epoch.assign_add(1) - 1])
        indices = tf.data.Dataset.range(num_images).batch(batch_size, drop_remainder)
        last = tf.constant(num_images - 1, tf.int64)
        return indices.map(lambda index: tf.random.experimental.index_shuffle(index, key, last))

    num_batches = num_images // batch_size if drop_remainder else -(-num_images // batch_size)
    dataset = tf.data.Dataset.from_tensors(0).flat_map(one_epoch)
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(num_batches))
    dataset.epoch = epoch
    return dataset


def _standardize(labels):
    return labels.astype("int32" if labels.dtype.kind in "iu" else "float32")


def _check(images, labels, batch_size, value_range):
    if images.ndim not in (2, 4):
        raise ValueError(
            "Images must have the shape (N, H, W, C), or (N, n) for vectors. "
            f"Received: shape={images.shape}. Grey images get a channel with images[..., None]."
        )
    if labels is not None and len(labels) != len(images):
        raise ValueError(
            "There must be one label per image. "
            f"Received: {len(images)} images and {len(labels)} labels. Cut the longer one."
        )
    if batch_size < 1 or len(images) < batch_size:
        raise ValueError(
            "There must be at least one batch of images. "
            f"Received: {len(images)} images and batch_size={batch_size}. Lower `batch_size`."
        )
    if images.dtype == np.uint8 and images.max() == 1:
        raise ValueError(
            "uint8 images are read as 0 to 255. Received: uint8 images whose maximum is 1. "
            'Pass them as bool (`images.astype("bool")`) or multiply them by 255.'
        )
    if images.dtype.kind == "f":
        low, high = images.min(), images.max()
        if not (low >= value_range[0] - 1e-3 and high <= value_range[1] + 1e-3):
            raise ValueError(
                f"Float images must be finite and lie in value_range={value_range}. "
                f"Received: values from {low:g} to {high:g}. Rescale them, or say their range."
            )
    elif images.dtype not in (np.uint8, np.bool_):
        raise wrong_image_dtype(images.dtype)
