"""The InceptionV3 network of Keras."""

import functools
import os
from pathlib import Path

import keras
import numpy as np

from keras_gans import checks
from keras_gans.metrics.extractors import FileExtractor, apply_to_batches
from keras_gans.ops.images import to_uint8
from keras_gans.pipelines.paths import expanded, is_file
from keras_gans.protocols import Array, PathLike
from keras_gans.saving import serializable

_FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
_SIDE = 299  # pixels
_BATCH = 16  # 2 GB for the outputs of all layers


@serializable()
class Inception(FileExtractor):
    """The 2,048 pooled features of `keras.applications.InceptionV3`, for photographs.

    Images are rounded to 8 bits, as in files, and resized to 299x299 (bicubic, antialiased). Gray
    images are repeated to three channels.

    This is not the network of published FIDs, which is a graph of 2015 with different weights, so
    only compare its numbers with each other. The difference between the two has not been measured,
    because neither set of weights was available. `FrozenInception` reads the graph of 2015 from a
    file.

    Args:
        weights: Path of a weights file (`~` stands for the home folder), or `"imagenet"` for the
            weights of Keras, which are downloaded once. A metric that was saved with a model reads
            them when it is first used, not when the model is loaded.

    Raises:
        FileNotFoundError: If the weights are missing and cannot be downloaded; the message names
            the file and the folder in which to put it.

    Reference:
        - [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567).
        - [Parmar et al., 2022](https://arxiv.org/abs/2104.11222), on resizing.
    """

    value_range = (-1.0, 1.0)
    protocol = "keras.applications.InceptionV3, 8 bits, 299x299 antialiased bicubic"

    def __init__(self, weights: PathLike = "imagenet"):
        repair = 'Pass the path of a file, or "imagenet".'
        self.weights = str(checks.path("weights", weights, repair))
        _network(self.weights)  # raises errors early; `from_config` reads the file later

    def features(self, images: Array) -> Array:
        """Returns floats `(N, 2048)` for floats `(N, H, W, C)` in [-1, 1], with C = 1 or 3.

        Raises:
            ValueError: If the images do not have one or three channels.
        """
        images = three_channels(to_uint8(images, self.value_range))
        network = _network(self.weights)
        return apply_to_batches(network, images, "Inception features", _BATCH)[0]


def three_channels(images: Array) -> Array:
    """Returns images `(N, H, W, 3)`, repeating the channel of gray ones.

    Raises:
        ValueError: If the array does not contain images with one or three channels.
    """
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(
            "The network needs gray or color images, (N, H, W, 1) or (N, H, W, 3). "
            f"Received: shape={images.shape}. Use RawPixels or a DomainClassifier instead."
        )
    return np.repeat(images, 3 // images.shape[-1], axis=-1)


@functools.lru_cache(maxsize=1)  # all metrics share one network
def _network(weights):
    place = expanded(os.environ.get("KERAS_HOME", "~/.keras")) / "models"
    if weights != "imagenet" and not is_file(Path(weights)):
        raise FileNotFoundError(
            f"`weights` must be the path of a file. Received: weights={weights!r}, which does not "
            f"exist. Pass the file {_FILE} of keras.applications."
        )
    policy = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("float32")  # the function has no argument for it
        inception = keras.applications.InceptionV3(
            include_top=False, weights=weights, input_shape=(_SIDE, _SIDE, 3), pooling="avg"
        )
    except Exception as error:
        if weights != "imagenet" or "fetch" not in str(error):
            raise
        raise FileNotFoundError(
            "The weights of InceptionV3 must be available. Received: weights='imagenet', which "
            f"could not be downloaded ({error}). Put {_FILE} into {place}, or pass its path as "
            "`weights`."
        ) from error
    finally:
        keras.config.set_dtype_policy(policy)
    images = keras.Input((None, None, 3))
    x = keras.ops.image.resize(images, (_SIDE, _SIDE), interpolation="bicubic", antialias=True)
    x = keras.ops.clip(x, 0.0, 255.0) / 127.5 - 1.0
    return keras.Model(images, inception(x))
