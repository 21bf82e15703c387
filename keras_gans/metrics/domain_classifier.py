"""A classifier for the user's own images, such as digits, sketches or designs."""

import warnings
import zlib
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.metrics.extractors import apply_to_batches
from keras_gans.ops.images import check_array, to_value_range
from keras_gans.ops.labels import check_same_length, checked_classes
from keras_gans.protocols import Array, ArrayLike, ShapeLike, Tensor, ValueRange
from keras_gans.saving import serializable

_NUM_FEATURES = 128
_LARGEST = 10_000  # pixels
_SMALLEST = 10  # pixels; of fewer, nothing is left after two convolutions


@serializable()
class DomainClassifier(keras.Model):
    """A small classifier that is trained on labeled images and then evaluates generated ones.

    It has two convolutions, a dense layer with 128 features, and a dense layer with one unit per
    class. Use it for digits, sketches and designs, which were not in the training data of
    Inception. Distances between its features are only comparable if they were measured with the
    same classifier: save it, and evaluate all models with it.

    Args:
        image_shape: Tuple `(height, width, channels)`, with sides of at least 10 pixels.
        num_classes: Integer.
        value_range: Pair `(low, high)`, the range of values of float images.

    Call arguments:
        images: Floats `(N, *image_shape)` in `value_range`.

    Output shape:
        Probabilities `(N, num_classes)`.

    Example:

    >>> images = np.random.randint(0, 256, (64, 28, 28, 1), "uint8")
    >>> classifier = DomainClassifier((28, 28, 1), num_classes=10)
    >>> history = classifier.fit(images, np.arange(64) % 10, epochs=1, verbose=0)
    >>> classifier.features(images).shape, classifier.probabilities(images).shape
    ((64, 128), (64, 10))
    >>> classifier.save("judge.keras")
    >>> same = keras.saving.load_model("judge.keras")
    """

    def __init__(
        self,
        image_shape: ShapeLike,
        num_classes: int,
        value_range: ValueRange = (-1, 1),
        **kwargs: Any,
    ):
        # Distances must not depend on the global policy.
        exact: dict[str, Any] = {"dtype": "float32"}
        super().__init__(**{**kwargs, **exact})
        self.image_shape = _checked_shape(image_shape)
        self.num_classes = checks.size("num_classes", num_classes)
        self.value_range = checks.value_range("value_range", value_range)
        images = keras.Input(self.image_shape)
        x, last = images, {"data_format": "channels_last", **exact}
        for filters in (32, 64):
            x = keras.layers.Conv2D(filters, 3, activation="relu", **last)(x)
            x = keras.layers.MaxPooling2D(**last)(x)
        x = keras.layers.Flatten(**last)(x)
        features = keras.layers.Dense(_NUM_FEATURES, "relu", name="features", **exact)(x)
        x = keras.layers.Dropout(0.5, **exact)(features)
        probabilities = keras.layers.Dense(self.num_classes, "softmax", **exact)(x)
        self.network = keras.Model(images, [features, probabilities])
        self.built = True
        self.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    def call(self, images: Tensor, training: bool | None = None) -> Tensor:
        """Returns probabilities `(N, num_classes)` for uint8, bool or float images."""
        return self.network(to_value_range(images, self.value_range), training=training)[1]

    def fit(
        self,
        x: Any,
        y: ArrayLike | None = None,
        batch_size: int = 128,
        epochs: int = 3,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Trains on images and integer labels `(N,)`, or on a dataset of pairs.

        The arguments are those of `keras.Model.fit`. Here and in all other methods, images can be
        uint8, bool or floats in `value_range`.

        Raises:
            ValueError: If images given as an array do not have the shape and value range of the
                classifier, or if labels are not integers in [0, num_classes).
        """
        if hasattr(x, "shape"):
            x, y = self._check_images(x), self._check_labels(y)
            check_array(x, self.value_range)
            kwargs["batch_size"] = batch_size
        return super().fit(x, y, epochs=epochs, **kwargs)

    def accuracy(self, images: ArrayLike, labels: ArrayLike) -> float:
        """Returns the fraction of images whose most probable class is their label, in [0, 1]."""
        images, labels = self._check_images(images), self._check_labels(labels)
        check_same_length(images, labels)
        return float(np.mean(self.probabilities(images).argmax(1) == labels))

    def features(self, images: ArrayLike) -> Array:
        """Returns the outputs of the layer before the classes, NumPy floats `(N, 128)`."""
        return self._look(images)[0]

    def probabilities(self, images: ArrayLike) -> Array:
        """Returns the probabilities of all classes, NumPy floats `(N, num_classes)`.

        Each row sums to one.
        """
        return self._look(images)[1]

    @property
    def protocol(self) -> str:
        """Description: image shape, number of classes, and a checksum of the weights."""
        shape = "x".join(map(str, self.image_shape))
        check = zlib.crc32(b"".join(weight.tobytes() for weight in self.get_weights()))
        return f"a DomainClassifier ({check:08x}), {shape}, {self.num_classes} classes"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "name": self.name,
            "image_shape": self.image_shape,
            "num_classes": self.num_classes,
            "value_range": self.value_range,
        }

    def _look(self, images):
        if not int(self.optimizer.iterations):
            warnings.warn(
                "The classifier has not been trained. Received: a DomainClassifier with its "
                "initial weights. Call `fit` on labeled images first.",
                stacklevel=3,
            )
        images = np.asarray(to_value_range(self._check_images(images), self.value_range))
        return apply_to_batches(self.network, images, "Classifying")

    def _check_images(self, images):
        images = checks.numeric_array("images", images)
        if images.shape[1:] != self.image_shape or len(images) == 0:
            raise ValueError(
                f"Images must have the shape (N, {', '.join(map(str, self.image_shape))}). "
                f"Received: shape={images.shape}. Use images[..., None] to add the channel axis of "
                "gray images."
            )
        return images

    def _check_labels(self, labels):
        return checked_classes(checks.numeric_array("labels", labels), self.num_classes)


def _checked_shape(image_shape):
    repair = "Use RawPixels for smaller images, and for samples that are not images."
    shape = checks.whole_numbers("image_shape", image_shape, 1, 3, repair)
    if min(shape[:2]) < _SMALLEST or max(shape) > _LARGEST:
        expected = f"(height, width, channels) with sides of at least {_SMALLEST} pixels"
        raise checks.wrong("image_shape", expected, image_shape, repair)
    return shape
