"""Feature extractors that need no training: pixels, or a layer of any Keras model."""

from typing import Any, Self

import keras
import numpy as np

from keras_gans import checks
from keras_gans.pipelines.progress import with_progress
from keras_gans.protocols import Array, ValueRange
from keras_gans.saving import serializable

_BATCH = 128  # images that a small network processes together


def apply_to_batches(
    network: keras.Model, images: Array, title: str, batch_size: int = _BATCH
) -> list[Array]:
    """Applies a network to all images, batch by batch, and returns its outputs as NumPy arrays.

    Args:
        network: Built `keras.Model`.
        images: NumPy floats `(N, H, W, C)`.
        title: String, the title of the progress bar.
        batch_size: Integer. The outputs of all layers are in memory at the same time.
    """
    starts = range(0, len(images), batch_size)
    parts = []
    for start in with_progress(starts, title):  # `predict` would repeat it on each replica
        outputs = network(images[start : start + batch_size], training=False)
        outputs = map(keras.ops.convert_to_numpy, keras.tree.flatten(outputs))
        parts.append([output.astype("float32") for output in outputs])  # from bfloat16, too
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


class FileExtractor:
    """The part of an extractor whose only argument is the path of a file.

    Its constructor reads the file, so that errors are raised early. An extractor that was saved
    with a model reads the file when it is first used, not when the model is loaded.
    """

    _argument = "weights"  # name of the argument and of its attribute

    def get_config(self) -> dict[str, Any]:
        """Returns the argument of the constructor as a dict."""
        return {self._argument: getattr(self, self._argument)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the extractor from the dict that `get_config` returned; reads no file yet."""
        extractor = cls.__new__(cls)
        setattr(extractor, cls._argument, str(config[cls._argument]))
        return extractor


@serializable()
class RawPixels:
    """The flattened images, as features of 2-D points and tiny images.

    Distances between pixels do not reflect what people see: an image and the same image shifted by
    one pixel are far apart.

    Example:

    >>> RawPixels().features(np.zeros((5, 8, 8, 1))).shape
    (5, 64)
    """

    value_range = (-1.0, 1.0)
    protocol = "raw pixels in [-1, 1]"

    def features(self, images: Array) -> Array:
        """Returns floats `(N, H * W * C)` for float images `(N, H, W, C)`."""
        images = np.asarray(images)
        return images.reshape(len(images), -1)

    def get_config(self) -> dict[str, Any]:
        """Returns an empty dict."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the extractor from the dict that `get_config` returned."""
        return cls(**config)


class LayerFeatures:
    """The output of a layer of any Keras model, averaged over height and width.

    Args:
        model: Built `keras.Model` for images of the shape that will be evaluated.
        layer_name: String, the name of the layer, or None for the model's output.
        value_range: Pair `(low, high)`, the range of values that the model expects.

    Raises:
        ValueError: If the model has no layer with this name, or is not built.

    Example:

    >>> model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, name="a")])
    >>> LayerFeatures(model, "a").features(np.zeros((5, 8, 8, 1))).shape
    (5, 4)
    """

    def __init__(
        self, model: keras.Model, layer_name: str | None = None, value_range: ValueRange = (-1, 1)
    ):
        if not isinstance(model, keras.Model) or not getattr(model, "inputs", None):
            raise ValueError(
                "`model` must be a built keras.Model, functional or Sequential. "
                f"Received: model={model!r}. Start a Sequential model with a keras.Input."
            )
        names = [layer.name for layer in model.layers]
        known = layer_name is None or (isinstance(layer_name, str) and layer_name in names)
        if not known:
            repair = "None means the output of the model."
            raise checks.wrong("layer_name", f"one of {names}", layer_name, repair)
        self.model = model
        self.layer_name = layer_name
        self.value_range = checks.value_range("value_range", value_range)
        output = model.outputs[0] if layer_name is None else model.get_layer(layer_name).output
        inputs = model.inputs[0] if len(model.inputs) == 1 else model.inputs
        self._network = keras.Model(inputs, output)

    @property
    def protocol(self) -> str:
        """Description: the layer and the name of the model."""
        return f"layer {self.layer_name or 'output'} of {self.model.name}"

    def features(self, images: Array) -> Array:
        """Returns floats `(N, d)` for float images `(N, H, W, C)` in `value_range`."""
        (maps,) = apply_to_batches(self._network, np.asarray(images), "Features")
        return maps.mean(axis=tuple(range(1, maps.ndim - 1)))
