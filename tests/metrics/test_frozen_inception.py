"""The network of 2015 from PyTorch's weights: the same features as from the frozen graph."""

import hashlib
import json
import sys

import keras
import numpy as np
import pytest
from small_inception import SmallInception

from keras_gans.metrics import FrechetDistance, FrozenInception
from keras_gans.metrics.inception_2015 import Inception2015


@pytest.fixture(scope="module")
def small():
    return SmallInception()


def blocky(size):
    """Color images whose features differ: five random patterns of 4x5 squares."""
    squares = np.random.default_rng(0).integers(0, 256, (5, 4, 5, 3))
    pixels = np.repeat(np.repeat(squares, size, axis=1), size, axis=2)
    return pixels / 127.5 - 1


def write(path, content, **settings):
    """Writes a file of PyTorch; arrays become tensors."""
    torch = pytest.importorskip("torch", reason="only PyTorch writes its files")
    if isinstance(content, dict):
        content = {name: torch.from_numpy(array) for name, array in content.items()}
    torch.save(content, path, **settings)
    return path


def assert_same(features, expected):
    assert features.shape == expected.shape
    assert expected.std(axis=0).max() > 0.01  # the features depend on the image
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)


def test_the_weights_give_the_features_of_the_graph(small, tmp_path):
    (tmp_path / "graph.pb").write_bytes(small.graph)
    images = blocky(64)[:, :, :299]
    images = np.concatenate([images, images], axis=1)[:, :299]
    expected = FrozenInception(tmp_path / "graph.pb").features(images)
    pixels = np.round((images + 1) * 127.5).astype("float32")
    features = Inception2015(small.weights)((pixels - 128) / 128)
    assert_same(keras.ops.convert_to_numpy(features), expected)


@pytest.mark.parametrize("newer", [True, False])
def test_a_file_of_pytorch_gives_the_features_of_the_graph(newer, small, tmp_path):
    path = tmp_path / "pt_inception.pth"
    write(path, small.weights, _use_new_zipfile_serialization=newer)
    (tmp_path / "graph.pb").write_bytes(small.graph)
    images = blocky(8)
    graph, extractor = FrozenInception(tmp_path / "graph.pb"), FrozenInception(path)
    assert_same(extractor.features(images), graph.features(images))
    grey = np.repeat(images[..., :1], 3, axis=-1)
    np.testing.assert_array_equal(extractor.features(images[..., :1]), extractor.features(grey))
    assert "(graph.pb)" in graph.protocol
    assert "(pt_inception.pth)" in extractor.protocol
    metric = FrechetDistance(extractor)
    assert "(pt_inception.pth), pool_3" in str(metric)
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    loaded = keras.saving.deserialize_keras_object(config).extractor
    np.testing.assert_array_equal(loaded.features(images), extractor.features(images))


def other_networks(weights):
    """Weights with the same names that are not those of this network, and what is said of them."""
    last, kernel = "Mixed_7c.branch_pool.bn.bias", "Mixed_6e.branch7x7_2.conv.weight"
    incomplete = {name: array for name, array in weights.items() if name != last}
    return {
        "torchvision": (weights | {"fc.weight": np.zeros((1000, 30))}, "Received: 1,000 classes"),
        "incomplete": (incomplete, last),
        "one_channel": (weights | {kernel: weights[kernel][:, :1]}, "input channels. Received: 1"),
    }


@pytest.mark.parametrize("name", ["torchvision", "incomplete", "one_channel"])
def test_weights_of_another_network_are_refused(name, small):
    weights, message = other_networks(small.weights)[name]
    with pytest.raises((KeyError, ValueError), match=message):
        Inception2015(weights)(np.zeros((1, 299, 299, 3), "float32"))


@pytest.mark.parametrize("name", ["torchvision", "incomplete", "one_channel", "list"])
def test_files_of_pytorch_with_something_else_are_refused(name, small, tmp_path):
    content, message = (other_networks(small.weights) | {"list": ([1.0], "AttributeError")})[name]
    path = write(tmp_path / f"{name}.pth", content)
    with pytest.raises(ValueError, match=rf"{name}\.pth.*{message}.*pt_inception-2015") as caught:
        FrozenInception(path)
    assert "must be a PyTorch file with the weights of the Inception" in str(caught.value)


def test_a_file_of_pytorch_cannot_run_code(tmp_path):
    class Trap:
        def __reduce__(self):
            return print, ("the trap has run",)

    path = write(tmp_path / "trap.pth", Trap())
    with pytest.raises(ValueError, match=r"trap\.pth' \(ValueError: more than tensors") as caught:
        FrozenInception(path)
    assert "weights_only" not in str(caught.value)  # PyTorch's advice to run the code


def test_the_digits_in_the_name_are_those_of_the_content(small, tmp_path):
    path = write(tmp_path / "weights.pth", small.weights)
    digits = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    path = path.rename(tmp_path / f"weights-{digits}.pth")
    assert digits in FrozenInception(path).protocol
    other = path.rename(tmp_path / "weights-01234567.pth")
    with pytest.raises(ValueError, match=r"its SHA-256 does not begin with 01234567"):
        FrozenInception(other)


def test_a_file_of_pytorch_needs_pytorch(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    (tmp_path / "weights.pth").write_bytes(b"PK\x03\x04")
    with pytest.raises(ImportError, match=r"pip install torch.*classify_image_graph_def\.pb"):
        FrozenInception(tmp_path / "weights.pth")
