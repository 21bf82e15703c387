"""A classifier of the user's own images: the judge of digits, sketches and designs."""

import keras
import numpy as np

from keras_gans.metrics.extractors import apply_to_batches
from keras_gans.ops.images import to_value_range
from keras_gans.saving import serializable

_NUM_FEATURES = 128


@serializable()
class DomainClassifier(keras.Model):
    """A small network trained on labelled images, which then judges generated ones.

    Two convolutions, a dense layer of 128 features, and a dense layer of classes. It is what
    makes sense on digits, sketches and designs, on which Inception was never trained. A
    distance in its features belongs to this one classifier: save it, and judge all models with
    the same one.

    Args:
        image_shape: Tuple `(height, width, channels)`, sides from 10 pixels up.
        num_classes: Integer.
        value_range: Pair `(low, high)`, values of float images.

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

    def __init__(self, image_shape, num_classes, value_range=(-1, 1), **kwargs):
        super().__init__(**kwargs)
        self.image_shape = tuple(image_shape)
        self.num_classes = num_classes
        self.value_range = tuple(value_range)
        images = keras.Input(self.image_shape)
        x = images
        for filters in (32, 64):
            x = keras.layers.Conv2D(filters, 3, activation="relu")(x)
            x = keras.layers.MaxPooling2D()(x)
        x = keras.layers.Flatten()(x)
        features = keras.layers.Dense(_NUM_FEATURES, activation="relu", name="features")(x)
        x = keras.layers.Dropout(0.5)(features)
        probabilities = keras.layers.Dense(num_classes, activation="softmax")(x)
        self.network = keras.Model(images, [features, probabilities])
        self.built = True
        self.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    def call(self, images, training=None):
        """Probabilities `(N, num_classes)`."""
        return self.network(images, training=training)[1]

    def fit(self, x, y=None, batch_size=128, epochs=3, **kwargs):
        """As `keras.Model.fit`, on images and integer labels `(N,)`.

        Arrays may be uint8, bool or floats in `value_range`.

        Raises:
            ValueError: If labels are not integers in [0, num_classes).
        """
        if y is not None:
            x, y = np.asarray(to_value_range(x, self.value_range)), np.asarray(y)
            if (
                y.ndim != 1
                or y.dtype.kind not in "iu"
                or not 0 <= y.min() <= y.max() < self.num_classes
            ):
                raise ValueError(
                    f"Labels must be integers (N,) in [0, {self.num_classes}). Received: "
                    f"dtype={y.dtype}, shape={y.shape}, from {y.min()} to {y.max()}. "
                    "Count classes from zero."
                )
        return super().fit(
            x, y, batch_size=None if y is None else batch_size, epochs=epochs, **kwargs
        )

    def accuracy(self, images, labels):
        """Share of images whose most probable class is their label, in [0, 1]."""
        return float(np.mean(self.probabilities(images).argmax(1) == np.asarray(labels)))

    def features(self, images):
        """The layer before the classes: NumPy floats `(N, 128)`."""
        return self._look(images)[0]

    def probabilities(self, images):
        """How probable each class is: NumPy floats `(N, num_classes)`, rows sum to one."""
        return self._look(images)[1]

    @property
    def protocol(self):
        """What it is: shape of the images, classes, features."""
        shape = "x".join(map(str, self.image_shape))
        return (
            f"{_NUM_FEATURES} features of a DomainClassifier, {shape}, {self.num_classes} classes"
        )

    def get_config(self):
        """Returns the arguments of the constructor."""
        return {
            "name": self.name,
            "image_shape": self.image_shape,
            "num_classes": self.num_classes,
            "value_range": self.value_range,
        }

    def _look(self, images):
        images = np.asarray(to_value_range(images, self.value_range))
        return apply_to_batches(self.network, images, "Classifying")
