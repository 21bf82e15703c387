"""The Inception graph of 2015, with which published FIDs were computed, read from a file."""

import functools
from pathlib import Path
from typing import Any, Self

import numpy as np

from keras_gans import checks
from keras_gans.metrics.inception import three_channels
from keras_gans.ops.images import to_uint8
from keras_gans.pipelines.paths import is_file
from keras_gans.pipelines.progress import with_progress
from keras_gans.protocols import Array, PathLike
from keras_gans.saving import serializable

_BATCH = 64
_READING = ("ReadFile", "MatchingFiles", "ImmutableConst")  # others with effects are stateful


@serializable()
class FrozenInception:
    """The 2,048 features `pool_3` of the frozen TensorFlow graph used for published FIDs.

    The graph itself resizes images to 299x299, bilinearly and without antialiasing, as for the
    published figures. You must provide its file, `classify_image_graph_def.pb`, which is part of
    `inception-2015-12-05.tgz`. The class has not been tested with this file, which was not
    available: the tests use small graphs with the same node names.

    A graph is a program. Graphs that read or write files, or have state, are rejected. A metric
    that was saved with a model reads the file when it is first used, not when the model is loaded.

    Args:
        path: Path of the file; `~` stands for the home folder.

    Raises:
        FileNotFoundError: If the file does not exist.
        ValueError: If the file is not a frozen graph with the nodes `ExpandDims` and `pool_3`.

    Reference:
        - [Heusel et al., 2017](https://arxiv.org/abs/1706.08500), section 4.
    """

    value_range = (-1.0, 1.0)
    protocol = "Inception graph of 2015, pool_3, 8 bits, 299x299 bilinear"

    def __init__(self, path: PathLike):
        self.path = str(checks.path("path", path))
        _graph(self.path)  # raises errors early; `from_config` reads the file later

    def features(self, images: Array) -> Array:
        """Returns floats `(N, 2048)` for floats `(N, H, W, C)` in [-1, 1], with C = 1 or 3."""
        images = three_channels(to_uint8(images, self.value_range)).astype("float32")
        graph = _graph(self.path)
        starts = range(0, len(images), _BATCH)
        blocks = [
            np.asarray(graph(images[start : start + _BATCH]))
            for start in with_progress(starts, "Inception features")
        ]
        return np.concatenate(blocks).reshape(len(images), -1)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"path": self.path}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the extractor from the dict that `get_config` returned; reads no file yet."""
        extractor = cls.__new__(cls)
        extractor.path = str(config["path"])
        return extractor


@functools.lru_cache(maxsize=1)  # all metrics share one graph
def _graph(path):
    import tensorflow as tf

    if not is_file(Path(path)):
        raise FileNotFoundError(
            "`path` must be the path of a file. "
            f"Received: path={path!r}, which does not exist. Extract classify_image_graph_def.pb "
            "from inception-2015-12-05.tgz."
        )
    definition = tf.compat.v1.GraphDef()
    try:
        definition.ParseFromString(Path(path).read_bytes())

        def pool_3(images):
            (features,) = tf.graph_util.import_graph_def(
                definition, input_map={"ExpandDims:0": images}, return_elements=["pool_3:0"]
            )
            return features

        _check_harmless(definition)
        return tf.compat.v1.wrap_function(
            pool_3, [tf.TensorSpec((None, None, None, 3), tf.float32)]
        )
    except Exception as error:
        raise ValueError(
            "The file must be a frozen graph with the nodes ExpandDims and pool_3. "
            f"Received: path={path!r} ({type(error).__name__}: {error}). Extract "
            "classify_image_graph_def.pb from inception-2015-12-05.tgz."
        ) from error


def _check_harmless(definition):
    """Checks that a graph has no functions, and no nodes that read, write or are stateful."""
    import tensorflow as tf

    graph = tf.Graph()
    with graph.as_default():
        tf.graph_util.import_graph_def(definition)
    kinds = {operation.type for operation in graph.get_operations() if _acts(operation)}
    if kinds or definition.library.function:
        raise ValueError(f"nodes that do more than compute: {sorted(kinds) or 'functions'}")


def _acts(operation):
    return operation.op_def.is_stateful or operation.type in _READING
