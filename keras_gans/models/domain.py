"""The shapes and values of a model's images, latents and labels, and reading data as such."""

import warnings
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans import checks
from keras_gans.models.conditions import Conditions
from keras_gans.models.latents import Latents
from keras_gans.ops.images import (
    check_dtype,
    check_values,
    is_bounded,
    to_value_range,
)
from keras_gans.ops.labels import check_same_length
from keras_gans.protocols import Shape, Tensor, TensorShape, ValueRange

_FAR = 10  # the first generated images may leave the range by this multiple of its width
_IMAGES, _LABELS = ("image", "images", "x"), ("label", "labels", "y")  # keys of dict batches


class Domain:
    """The kinds of images, latents and labels that both networks of a model share.

    Args:
        image_shape: Tuple of integers, the shape of one image or other sample.
        value_range: Pair `(low, high)` of floats, the range of the images.
        latents: `Latents`, the inputs of the generator other than labels.
        conditions: `Conditions`, the kind of labels.
    """

    def __init__(
        self,
        image_shape: Shape,
        value_range: ValueRange,
        latents: Latents,
        conditions: Conditions,
    ):
        self.image_shape = image_shape
        self.value_range = value_range
        self.latents = latents
        self.conditions = conditions

    def unpack(self, data: Any) -> tuple[Tensor, Tensor]:
        """Splits a batch into images and labels, and checks their shapes and dtypes.

        Args:
            data: Images `(N, *image_shape)`, a tuple `(images, labels)`, or a dict with the keys
                `"image"` and `"label"`.

        Returns:
            The unchanged images and labels. Labels are None if the model needs none in the data.

        Raises:
            ValueError: If shapes, dtypes or the number of parts are not as the model expects.
        """
        images, labels, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        if isinstance(images, tuple | list):  # fit((images, labels)) arrives as one structure
            images, labels = images if len(images) == 2 and labels is None else (images, labels)
        if isinstance(images, dict) and labels is None:
            images, labels = _from_dict(images)
        if sample_weight is not None:
            raise weighted_samples()
        if isinstance(images, tuple | list | dict):
            raise ValueError(
                "Data must be images, or a pair (images, labels). "
                f"Received: a structure of {len(images)} parts. Map the dataset to images or pairs."
            )
        images = _of_rank(images, self.image_shape)
        self.check_images(tuple(images.shape), images.dtype)
        if not self.conditions.in_data:
            return images, None
        if labels is None:
            raise ValueError(
                "A conditional model needs images and labels. Received: images alone. Pass "
                "fit(images, labels), or a dataset of pairs (images, labels); datasets of "
                "keras_gans have the argument labels=True."
            )
        return images, _of_rank(labels, self.conditions.shape or ())

    def parts(self, inputs: Any) -> tuple[Any, Any]:
        """Splits the inputs of the model into latents and labels, one of which may be None."""
        if not self.conditions.exist:
            return inputs, None
        return (None, inputs) if self.latents.shape is None else tuple(inputs)

    @property
    def array_shapes(self) -> list[Shape]:
        """The shapes of one image, and of one condition if it is an image or another array."""
        shapes = self.image_shape, self.conditions.condition_shape
        return [shape for shape in shapes if shape is not None]

    def zeros(self, num_images: int) -> tuple[Any, Any]:
        """Returns latents and labels that are zero, as `parts` does."""
        noise = keras.ops.zeros((num_images, self.latents.size))
        return self.latents.from_noise(noise), self.conditions.zeros(num_images)

    def to_floats(self, images: Tensor) -> Tensor:
        """Converts images (integers, bool or floats) to floats in the model's range."""
        return to_value_range(images, self.value_range)

    def labeled(self, images: Tensor, labels: Any) -> tuple[Tensor, Any]:
        """Returns images as floats, and labels, which are clusters of the images if needed."""
        images = self.to_floats(images)
        clusters = self.conditions.clusters
        if clusters is None:
            return images, labels
        with tf.init_scope():  # while a graph is created, but outside of it
            clusters.check_adapted()
        return images, clusters(images)

    def check_images(self, shape: TensorShape, dtype: Any) -> None:
        """Checks the static shape and the dtype of a batch of images.

        Raises:
            ValueError: If the rank, the sides or the channels differ from the model's, or the
                dtype is not an integer, bool or float type.
        """
        check_dtype(keras.backend.standardize_dtype(dtype))
        if not _are_equal(shape[1:], self.image_shape):
            wanted = ", ".join(map(str, self.image_shape))
            raise ValueError(
                f"Images must have the shape (N, {wanted}). Received: shape={shape}"
                f"{_repair(tuple(shape), self.image_shape)}"
            )

    def check_seen(
        self,
        images: tuple[float, float, bool, str],
        labels: tuple[float, float, float] | None,
        warn: bool,
    ) -> None:
        """Checks the smallest and largest values of a batch or a whole dataset.

        Args:
            images: Tuple `(low, high, finite, dtype)` of the images.
            labels: Arguments of `Conditions.check_values`, or None if they were checked before.
            warn: Whether to warn about images in [0, 1] if the range starts below zero.

        Raises:
            ValueError: If values are not finite, are out of range, or are integers with a maximum
                of 1; or as in `Conditions.check_values`.
        """
        low, high, finite, dtype = images
        check_values(low, high, finite, dtype, self.value_range)
        bounded = is_bounded(self.value_range)
        if warn and bounded and "float" in dtype and self.value_range[0] < 0 <= low and high <= 1:
            warnings.warn(
                f"The images seen so far lie in [{low:g}, {high:g}]; the model's value range is "
                f"{self.value_range}. If they are in [0, 1], rescale them with `images * 2 - 1`, "
                "or use a generator that ends in a sigmoid.",
                stacklevel=5,
            )
        if labels is not None:
            self.conditions.check_values(*labels)

    def check_generated(self, images: Any) -> None:
        """Checks that an array of generated images is not far outside the value range.

        Raises:
            ValueError: If values are outside by more than ten times the width of the range.
        """
        low, high = self.value_range
        slack = _FAR * (high - low) if is_bounded(self.value_range) else np.inf
        if images.min() < low - slack or images.max() > high + slack:
            raise ValueError(
                f"The generator must make images in the value range {self.value_range}. Received: "
                f"generated values from {images.min():g} to {images.max():g}. End it in a tanh or "
                "a sigmoid without rescaling, or set `value_range` to its output range."
            )

    def check_arrays(self, images: Any, labels: Any, warn: bool = False) -> tuple[Any, Any]:
        """Checks whole arrays; returns the images, and the labels in the form networks receive.

        Raises:
            ValueError: As in `unpack` and `check_seen`.
        """
        images = checks.numeric_array("images", images)
        labels = checks.optional(checks.numeric_array, "labels", labels)
        check_same_length(images, labels)
        images, labels = self.unpack(images if labels is None else (images, labels))
        labels = None if labels is None else self.conditions.checked_array(labels)
        if len(images):
            low, high = float(images.min()), float(images.max())  # NaN if the array contains it
            finite = bool(np.isfinite([low, high]).all())
            self.check_seen((low, high, finite, images.dtype.name), None, warn)
        return images, labels

    def check_data(self, x: Any, y: Any, keywords: dict[str, Any]) -> None:
        """Checks the data of `fit` or `evaluate` as far as possible before the first batch.

        Arrays are checked completely, datasets only for their size, and generators not at all.

        Args:
            x: Anything that Keras accepts as data.
            y: Labels if `x` is an array, or None.
            keywords: Dict of the other arguments, which must not contain sample weights.

        Raises:
            ValueError: If the data are empty or do not match the model.
        """
        if any(keywords.get(name) is not None for name in ("sample_weight", "class_weight")):
            raise weighted_samples()
        if _is_empty(x):
            raise no_data()
        if isinstance(x, np.ndarray):
            self.check_arrays(x, y, warn=True)


def _is_empty(x):
    """Returns whether data are known to have no batch."""
    if isinstance(x, keras.utils.PyDataset):
        return x.num_batches == 0
    if isinstance(x, tf.data.Dataset):
        return int(x.cardinality()) == 0
    return isinstance(x, np.ndarray) and x.size == 0


def _from_dict(batch):
    """Returns images and labels of a batch of TensorFlow Datasets; labels may be None."""
    parts = [next((key for key in keys if key in batch), None) for keys in (_IMAGES, _LABELS)]
    if parts[0] is None:
        raise ValueError(
            'A batch that is a dict must have the keys "image" and, for a conditional model, '
            f'"label". Received: {", ".join(map(str, batch))}. '
            "Map the dataset to pairs: dataset.map(lambda batch: (batch[...], batch[...]))."
        )
    return [None if key is None else batch[key] for key in parts]


def _of_rank(tensor, shape):
    """Sets the shape of a tensor of unknown rank, as `tf.numpy_function` returns."""
    unknown = isinstance(tensor, tf.Tensor) and tensor.shape.rank is None
    return tf.ensure_shape(tensor, (None, *shape)) if unknown else tensor


def _are_equal(shape, wanted):
    """Returns whether a static shape, in which sizes may be None, can equal the wanted one."""
    return len(shape) == len(wanted) and all(
        size in (None, side) for size, side in zip(shape, wanted, strict=True)
    )


def _repair(shape, wanted):
    """Returns the end of the error about a wrong shape: what differs, and how to fix it."""
    if _are_equal(shape, wanted):
        return (
            ", a single image without a batch axis. Batch the dataset with "
            "`dataset.batch(64)`, or pass `images[None]`."
        )
    if len(wanted) > 1 and _are_equal(shape[1:], wanted[:-1]) and wanted[-1] == 1:
        return (
            ", without a channel axis. Add it with `images[..., None]`, or "
            "`dataset.map(lambda images: images[..., None])`."
        )
    if len(wanted) > 1 and _are_equal(shape[1:], (wanted[-1], *wanted[:-1])):
        axes = 0, *range(2, len(shape)), 1
        return (
            ", with the channels first. Move them to the end with `np.moveaxis(images, 1, -1)`, or "
            f"`dataset.map(lambda images: tf.transpose(images, {axes}))`."
        )
    return f". Resize the images, or create the model with image_shape={shape[1:]}."


def weighted_samples() -> ValueError:
    """Returns the error about sample weights, which are not supported."""
    return ValueError(
        "Sample weights are not supported. Received: sample_weight or class_weight. "
        "Omit them, and repeat important images in the data instead."
    )


def no_data() -> ValueError:
    """Returns the error about data without a batch."""
    return ValueError(
        "There must be images to train on. Received: data without a batch. Check the filter or "
        "the path of the data; with drop_remainder, lower the batch size."
    )
