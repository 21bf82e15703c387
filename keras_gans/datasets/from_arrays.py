"""Images that are already in memory."""

import keras
import tensorflow as tf

from keras_gans import checks
from keras_gans.ops.images import check_array, check_dtype, to_value_range
from keras_gans.ops.labels import check_same_length
from keras_gans.pipelines.shuffled_batches import shuffled_batches
from keras_gans.protocols import ArrayLike, Shape, ShapeLike, ValueRange

_PREFETCH = 2  # batches prepared in advance
_LARGEST_SIDE = 10_000  # pixels


def from_arrays(
    images: ArrayLike,
    batch_size: int,
    labels: ArrayLike | None = None,
    value_range: ValueRange = (-1, 1),
    seed: int | None = None,
    drop_remainder: bool = True,
) -> tf.data.Dataset:
    """Returns a shuffled, batched and prefetched dataset of arrays.

    The order of an epoch depends only on `seed` and the number of the epoch, which is in the
    variable `dataset.epoch`. `fit` sets this variable, and it increases by one when an iteration
    begins.

    Args:
        images: Array `(N, H, W, C)`, or of another shape `(N, ...)` for vectors, series or volumes:
            uint8 (0 to 255), bool, or floats in `value_range`. Only one unchanged copy is kept in
            memory.
        batch_size: Integer.
        labels: Array `(N,)` of integer classes, `(N, condition_dim)` of floats, or `(N, ...)` of
            condition images, or None.
        value_range: Pair `(low, high)`, to which the images are rescaled.
        seed: Integer. None draws a seed, which depends on `keras.utils.set_random_seed`; the orders
            then continue from one `fit` to the next.
        drop_remainder: Whether to drop the images after the last full batch, which are different
            ones in each epoch.

    Returns:
        A `tf.data.Dataset` of float32 images `(batch_size, ...)`, or of pairs of images and
        labels.

    Raises:
        ValueError: If the arrays have different lengths, the values of the images are not
            supported, or there is less than one batch (with `drop_remainder`) or no image.

    Example:

    >>> dataset = from_arrays(np.zeros((100, 28, 28, 1), "uint8"), batch_size=32, seed=0)
    >>> len(dataset), next(iter(dataset)).shape
    (3, TensorShape([32, 28, 28, 1]))
    """
    check_order(batch_size, value_range, seed, drop_remainder)
    value_range = checks.value_range("value_range", value_range)
    images = checks.numeric_array("images", images)
    labels = checks.optional(checks.numeric_array, "labels", labels, True, 1)
    _check(images, labels, value_range)
    check_size(len(images), batch_size, drop_remainder)
    arrays = [images] if labels is None else [images, _standardize(labels)]
    return rescaled(shuffled_batches(arrays, batch_size, seed, drop_remainder), value_range)


def rescaled(batches: tf.data.Dataset, value_range: ValueRange) -> tf.data.Dataset:
    """Returns batches of `shuffled_batches` with rescaled images, prefetched."""

    def rescale(images, *labels):
        images = to_value_range(images, value_range)
        return (images, *labels) if labels else images

    dataset = batches.map(rescale).prefetch(_PREFETCH)
    dataset.epoch = batches.epoch
    return dataset


def _standardize(labels):
    kinds = {"i": "int32", "u": "int32", "b": "bool"}
    return labels.astype(kinds.get(labels.dtype.kind, keras.config.floatx()))


def _check(images, labels, value_range):
    if images.ndim < 2:
        raise ValueError(
            "Images must have the shape (N, H, W, C), or another shape of at least two axes. "
            f"Received: shape={images.shape}. Convert numbers to vectors with images[..., None]."
        )
    check_same_length(images, labels)
    check_dtype(images.dtype.name)
    check_array(images, value_range)


def check_order(
    batch_size: int, value_range: ValueRange, seed: int | None, drop_remainder: bool, **flags: bool
) -> None:
    """Checks the arguments that all loaders share, before anything is loaded.

    Raises:
        ValueError: If an argument is wrong.
    """
    checks.whole_number("batch_size", batch_size)
    checks.value_range("value_range", value_range)
    checks.random_seed("seed", seed)
    for name, value in {"drop_remainder": drop_remainder, **flags}.items():
        checks.flag(name, value)


def check_image_shape(image_shape: ShapeLike, channels: tuple[int, ...]) -> Shape:
    """Returns the shape of resized images, a tuple `(height, width, channels)`.

    Args:
        image_shape: Tuple.
        channels: The numbers of channels that images can have.

    Raises:
        ValueError: If `image_shape` is something else.
    """
    kinds = {1: "(height, width, 1) for gray", 3: "(height, width, 3) for color"}
    expected = " or ".join(kinds[number] for number in channels)
    repair = f"Pass, for example, (64, 64, {channels[0]})."
    try:
        shape = checks.whole_numbers("image_shape", image_shape, 1, 3)
    except ValueError as error:
        raise checks.wrong("image_shape", expected, image_shape, repair) from error
    if shape[2] not in channels or max(shape) > _LARGEST_SIDE:
        raise checks.wrong("image_shape", expected, image_shape, repair)
    return shape


def check_size(num_images: int, batch_size: int, drop_remainder: bool) -> None:
    """Checks that there is at least one batch.

    Raises:
        ValueError: If there are too few images for a batch.
    """
    if num_images < (batch_size if drop_remainder else 1):
        raise ValueError(
            "There must be at least one batch of images. "
            f"Received: {num_images} images and batch_size={batch_size}. Lower `batch_size`."
        )
