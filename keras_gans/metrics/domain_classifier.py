"""A classifier of the user's own images: the judge of digits, sketches and designs."""

import keras
import numpy as np

from keras_gans.ops.images import to_value_range

_BLOCK = 512  # images that are judged together


class DomainClassifier:
    """A small network trained on labelled images, which then judges generated ones.

    Two convolutions, a dense layer of 128 features, and a dense layer of classes.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        num_classes: Integer.
        value_range: Pair `(low, high)`, values of float images.

    Example:

    >>> images = np.random.randint(0, 256, (64, 28, 28, 1), "uint8")
    >>> classifier = DomainClassifier((28, 28, 1), num_classes=10)
    >>> classifier.fit(images, np.arange(64) % 10, epochs=1)
    >>> classifier.features(images).shape, classifier.probabilities(images).shape
    ((64, 128), (64, 10))
    """

    def __init__(self, image_shape, num_classes, value_range=(-1, 1)):
        self.value_range = value_range
        images = keras.Input(image_shape)
        x = images
        for filters in (32, 64):
            x = keras.layers.Conv2D(filters, 3, activation="relu")(x)
            x = keras.layers.MaxPooling2D()(x)
        x = keras.layers.Flatten()(x)
        features = keras.layers.Dense(128, activation="relu", name="features")(x)
        x = keras.layers.Dropout(0.5)(features)
        probabilities = keras.layers.Dense(num_classes, activation="softmax")(x)
        self.model = keras.Model(images, probabilities)
        self._both = keras.Model(images, [features, probabilities])
        self.model.compile("adam", loss="sparse_categorical_crossentropy")

    def fit(self, images, labels, epochs=3, batch_size=128):
        """Trains on images, uint8, bool or floats in `value_range`, and integer labels."""
        images = np.asarray(to_value_range(images, self.value_range))
        self.model.fit(images, np.asarray(labels), batch_size, epochs, verbose=0)

    def accuracy(self, images, labels):
        """Share of images whose most probable class is their label, in [0, 1]."""
        return float(np.mean(self.probabilities(images).argmax(1) == np.asarray(labels)))

    def features(self, images):
        """The layer before the classes: NumPy floats `(N, 128)`."""
        return self._predict(images)[0]

    def probabilities(self, images):
        """How probable each class is: NumPy floats `(N, num_classes)`, rows sum to one."""
        return self._predict(images)[1]

    def _predict(self, images):
        images = np.asarray(to_value_range(images, self.value_range))
        blocks = [
            self._both(images[start : start + _BLOCK], training=False)
            for start in range(0, len(images), _BLOCK)
        ]
        return [np.concatenate(part) for part in zip(*blocks, strict=True)]
