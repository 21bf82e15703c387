"""The Inception network of 2015, with which published FIDs were computed, read from a file."""

import functools
import hashlib
import io
import pickle
import re
from pathlib import Path

import numpy as np

from keras_gans import checks
from keras_gans.metrics.extractors import FileExtractor
from keras_gans.metrics.inception import three_channels
from keras_gans.metrics.inception_2015 import Inception2015
from keras_gans.ops.images import to_uint8
from keras_gans.pipelines.paths import is_file
from keras_gans.pipelines.progress import with_progress
from keras_gans.protocols import Array, PathLike
from keras_gans.saving import serializable

_BATCH = 64
_SIDE = 299  # pixels
_PYTORCH = (b"PK\x03\x04", b"\x80\x02")  # how its files begin, since 2020 and before
_FILES = (
    "classify_image_graph_def.pb of inception-2015-12-05.tgz, or "
    "pt_inception-2015-12-05-6726825d.pth of pytorch-fid"
)
_WITHOUT_PYTORCH = (
    "Run `pip install torch`, or provide classify_image_graph_def.pb, for which TensorFlow is "
    "enough."
)
_READING = ("ReadFile", "MatchingFiles", "ImmutableConst")  # others with effects are stateful


@serializable()
class FrozenInception(FileExtractor):
    """The 2,048 features `pool_3` of the network of 2015, which is used for published FIDs.

    You must provide its weights. Three files contain the same network:

    - `classify_image_graph_def.pb`, a frozen TensorFlow graph, from `inception-2015-12-05.tgz`;
    - `pt_inception-2015-12-05-6726825d.pth` of pytorch-fid;
    - `weights-inception-2015-12-05-6726825d.pth` of torch-fidelity.

    The last two need PyTorch, which only reads the weights, and the first digits of the SHA-256 in
    their names are checked. The file's content shows which kind it is, and `protocol` contains its
    name.

    Images are resized to 299x299 as in the graph, bilinearly, without antialiasing and without
    half-pixel centers, and pixels are mapped to `(pixel - 128) / 128`. torch-fidelity does the
    same. pytorch-fid itself uses half-pixel centers and divides by 127.5, so its FIDs differ.

    The class has not been tested with the published files, which were not available. The tests use
    small graphs with the same node names, and random weights with the same names.

    A graph is a program. Graphs that read or write files, or have state, are rejected. From PyTorch
    files, only tensors are read. A metric that was saved with a model reads the file when it is
    first used, not when the model is loaded.

    Args:
        path: Path of the file; `~` stands for the home folder.

    Raises:
        FileNotFoundError: If the file does not exist.
        ImportError: If the file is one of PyTorch, which is not installed.
        ValueError: If the file is neither a frozen graph with the nodes `ExpandDims` and `pool_3`
            nor a PyTorch file with the weights of this network, or if it is damaged.

    Reference:
        - [Heusel et al., 2017](https://arxiv.org/abs/1706.08500), section 4.
    """

    _argument = "path"
    value_range = (-1.0, 1.0)

    def __init__(self, path: PathLike):
        self.path = str(checks.path("path", path))
        _network(self.path)  # raises errors early; `from_config` reads the file later

    def features(self, images: Array) -> Array:
        """Returns floats `(N, 2048)` for floats `(N, H, W, C)` in [-1, 1], with C = 1 or 3."""
        images = three_channels(to_uint8(images, self.value_range)).astype("float32")
        network = _network(self.path)
        starts = range(0, len(images), _BATCH)
        blocks = [
            np.asarray(network(images[start : start + _BATCH]))
            for start in with_progress(starts, "Inception features")
        ]
        return np.concatenate(blocks).reshape(len(images), -1)

    @property
    def protocol(self) -> str:
        """Description: the name of the file, the layer, and how images are resized."""
        name = Path(self.path).name
        return f"Inception of 2015 ({name}), pool_3, 8 bits, {_SIDE}x{_SIDE} bilinear"


@functools.lru_cache(maxsize=1)  # all metrics share one network
def _network(path):
    """Returns a function from pixels `(N, H, W, 3)`, float32 from 0 to 255, to features."""
    if not is_file(Path(path)):
        raise FileNotFoundError(
            "`path` must be the path of a file. "
            f"Received: path={path!r}, which does not exist. Provide {_FILES}."
        )
    content = Path(path).read_bytes()
    of_pytorch = content.startswith(_PYTORCH)
    if of_pytorch:
        checks.package("torch", "PyTorch must be installed to read its files.", _WITHOUT_PYTORCH)
    try:
        _check_digits(path, content)
        return _from_pytorch(content) if of_pytorch else _from_graph(content)
    except Exception as error:
        kind = "a PyTorch file with the weights" if of_pytorch else "a frozen graph with the nodes"
        what = "of the Inception network of 2015" if of_pytorch else "ExpandDims and pool_3"
        raise ValueError(
            f"The file must be {kind} {what}. "
            f"Received: path={path!r} ({type(error).__name__}: {error}). Provide {_FILES}."
        ) from error


def _check_digits(path, content):
    """Checks the first digits of the SHA-256, which PyTorch has in the names of its files."""
    digits = re.search(r"-([0-9a-f]{8})\.pth$", path)
    if digits and not hashlib.sha256(content).hexdigest().startswith(digits[1]):
        raise ValueError(f"a damaged file: its SHA-256 does not begin with {digits[1]}")


def _from_pytorch(content):
    import tensorflow as tf
    import torch

    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:  # its message advises to load the file unsafely
        raise ValueError("more than tensors, or a damaged file") from None
    inception = Inception2015({name: tensor.numpy() for name, tensor in state.items()})

    @tf.function(input_signature=[_pixels()], autograph=False)
    def pool_3(images):
        resized = tf.raw_ops.ResizeBilinear(
            images=images, size=(_SIDE, _SIDE), align_corners=False, half_pixel_centers=False
        )
        return inception((resized - 128.0) / 128.0)

    pool_3.get_concrete_function()  # raises errors early
    return pool_3


def _from_graph(content):
    import tensorflow as tf

    definition = tf.compat.v1.GraphDef()
    definition.ParseFromString(content)

    def pool_3(images):
        (features,) = tf.graph_util.import_graph_def(
            definition, input_map={"ExpandDims:0": images}, return_elements=["pool_3:0"]
        )
        return features

    _check_harmless(definition)
    return tf.compat.v1.wrap_function(pool_3, [_pixels()])


def _pixels():
    import tensorflow as tf

    return tf.TensorSpec((None, None, None, 3), tf.float32)


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
