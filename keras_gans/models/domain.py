"""What samples, latents and labels of a model look like; reading data as such."""

import warnings
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans.ops.images import (
    check_array,
    check_values,
    to_value_range,
    wrong_image_dtype,
)
from keras_gans.ops.labels import check_class_values, check_classes, check_same_length
from keras_gans.protocols import Shape, Tensor, TensorShape, ValueRange


class Domain:
    """The facts that both networks of a model agree on, and the rules that follow from them.

    Args:
        image_shape: Tuple, shape of one image `(height, width, channels)`, or `(n,)`.
        value_range: Pair `(low, high)` of floats, values of the images.
        latent_dim: Integer, length of the latents.
        num_classes: Integer, if labels are classes in `[0, num_classes)`.
        condition_dim: Integer, if labels are vectors of floats.
    """

    def __init__(
        self,
        image_shape: Shape,
        value_range: ValueRange,
        latent_dim: int,
        num_classes: int | None = None,
        condition_dim: int | None = None,
    ):
        self.image_shape = image_shape
        self.value_range = value_range
        self.latent_dim = latent_dim
        self.num_classes = num_classes
        self.condition_dim = condition_dim

    @property
    def has_labels(self) -> bool:
        """Whether the networks see labels."""
        return self.num_classes is not None or self.condition_dim is not None

    def one_input(self) -> Any:
        """Zeros as a generator takes them, for one image: latents, or `[latents, labels]`."""
        latents = keras.ops.zeros((1, self.latent_dim))
        if self.num_classes is not None:
            return [latents, keras.ops.zeros((1,), "int32")]
        return [latents, keras.ops.zeros((1, self.condition_dim))] if self.has_labels else latents

    def unpack(self, data: Any) -> tuple[Tensor, Tensor]:
        """Splits a batch into images and labels, and checks their shapes and dtypes.

        Args:
            data: Images `(N, *image_shape)`, or a tuple `(images, labels)`.

        Returns:
            Images as they are, and labels: integers `(N,)`, float32 `(N, condition_dim)`, or
            None for a model without.

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
        self.check_images(tuple(images.shape), images.dtype)
        if not self.has_labels:
            return images, None
        if labels is None:
            raise ValueError(
                "A conditional model trains on images and labels. Received: images alone. Pass "
                "fit(images, labels), or a dataset of (images, labels) such as labels=True gives."
            )
        return images, self.standardize_labels(labels)

    def to_floats(self, images: Tensor) -> Tensor:
        """Images, uint8, bool or floats, as float32 in the model's range."""
        return to_value_range(images, self.value_range)

    def check_images(self, shape: TensorShape, dtype: Any) -> None:
        """Checks the static shape and the dtype of a batch of images.

        Raises:
            ValueError: If the rank, the sides or the channels are not the model's, or the
                dtype is neither uint8, bool nor float.
        """
        wanted = self.image_shape
        dtype = keras.backend.standardize_dtype(dtype)
        if dtype not in ("uint8", "bool") and "float" not in dtype:
            raise wrong_image_dtype(dtype)
        expected = f"Images must have the shape (N, {', '.join(map(str, wanted))}). "
        if len(shape) == len(wanted) and wanted[-1] == 1 and len(wanted) == 3:
            raise ValueError(
                f"{expected}Received: shape={shape}, without an axis for the channel. "
                "Add it with `images[..., None]`."
            )
        fits = len(shape) == len(wanted) + 1 and all(
            size in (None, side) for size, side in zip(shape[1:], wanted, strict=True)
        )
        if not fits:
            raise ValueError(
                f"{expected}Received: shape={shape}. Resize them, or create the model with "
                f"image_shape={shape[1:]}."
            )

    def standardize_labels(self, labels: Tensor) -> Tensor:
        """Checks the shape and dtype of labels, and returns classes as a vector.

        Raises:
            ValueError: If classes are not integers `(N,)` or `(N, 1)`, or conditions are not
                numbers `(N, condition_dim)`.
        """
        dtype, shape = keras.backend.standardize_dtype(labels.dtype), tuple(labels.shape)
        if self.num_classes is not None:
            check_classes(dtype, shape, self.num_classes)
            return keras.ops.reshape(labels, (-1,))
        if len(shape) != 2 or shape[1] != self.condition_dim:
            raise ValueError(
                f"Labels must be float conditions of shape (N, {self.condition_dim}). "
                f"Received: dtype={dtype}, shape={shape}. "
                "A single condition per image still needs its axis: `labels[:, None]`."
            )
        return keras.ops.cast(labels, "float32")

    def check_seen(
        self,
        images: tuple[float, float, bool, str],
        labels: tuple[float, float],
        warn: bool,
    ) -> None:
        """Checks the extremes of a batch or of a whole set.

        Args:
            images: Tuple `(low, high, finite, dtype)` of the images.
            labels: Pair `(first, last)`, the extremes of the labels.
            warn: Whether images in [0, 1] warn where the range begins below zero.

        Raises:
            ValueError: If values are not finite, out of range, or uint8 of 0 and 1 only; or if
                classes lie outside of `[0, num_classes)`.
        """
        low, high, finite, dtype = images
        check_values(low, high, finite, dtype, self.value_range)
        if warn and "float" in dtype and self.value_range[0] < 0 <= low and high <= 1:
            warnings.warn(
                f"The images seen so far lie in [{low:g}, {high:g}], the model's value range is "
                f"{self.value_range}. If they are in [0, 1], rescale them with `images * 2 - 1`, "
                "or use a generator that ends in a sigmoid.",
                stacklevel=5,
            )
        if self.num_classes is not None:
            check_class_values(labels[0], labels[1], self.num_classes)

    def check_arrays(self, images: Any, labels: Any, warn: bool = False) -> tuple[Any, Any]:
        """Checks whole arrays; returns images and labels as `unpack` does.

        Raises:
            ValueError: As `unpack` and `check_seen`.
        """
        images, labels = np.asarray(images), None if labels is None else np.asarray(labels)
        check_same_length(images, labels)
        images, labels = self.unpack(images if labels is None else (images, labels))
        check_array(images, self.value_range)
        if len(images):
            classes = (0, 0) if labels is None else (np.min(labels), np.max(labels))
            extremes = float(images.min()), float(images.max()), True, images.dtype.name
            self.check_seen(extremes, classes, warn)
        return images, labels

    def check_data(self, x: Any, y: Any, keywords: dict[str, Any]) -> None:
        """Checks what can be known of the data of `fit` or `evaluate` before the first batch.

        Arrays are looked through, datasets asked for their size; generators are left alone.

        Args:
            x: Whatever Keras takes as data.
            y: Labels where `x` is an array, or None.
            keywords: Dict of the further arguments, which must hold no weights.

        Raises:
            ValueError: If the data are empty or do not fit.
        """
        if any(keywords.get(name) is not None for name in ("sample_weight", "class_weight")):
            raise weighted_samples()
        if isinstance(x, tf.data.Dataset) and int(x.cardinality()) == 0:
            raise no_data()
        if isinstance(x, np.ndarray):
            if len(x) == 0:
                raise no_data()
            self.check_arrays(x, y, warn=True)


def weighted_samples() -> ValueError:
    """The error for weights, which no GAN loss has a place for."""
    return ValueError(
        "A GAN weighs no samples. Received: sample_weight or class_weight. "
        "Leave them out; draw the images that matter more often instead."
    )


def no_data() -> ValueError:
    """The error for data without a single batch."""
    return ValueError(
        "There must be images to train on. Received: data without a batch. Check the filter or "
        "the path that they come from; with drop_remainder, lower the batch size."
    )
