import gzip
import hashlib
import struct
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from keras_gans import datasets

RNG = np.random.default_rng(0)
ARRAYS = {
    "x_train": RNG.integers(0, 256, (40, 28, 28), "uint8"),
    "y_train": RNG.integers(0, 10, 40, "uint8"),
    "x_test": RNG.integers(0, 256, (20, 28, 28), "uint8"),
    "y_test": RNG.integers(0, 10, 20, "uint8"),
}
COLOUR = {
    **ARRAYS,
    "x_train": RNG.integers(0, 256, (40, 32, 32, 3), "uint8"),
    "x_test": RNG.integers(0, 256, (20, 32, 32, 3), "uint8"),
}
PUBLISHED = {  # md5 of the idx files
    "mnist": {
        "x_train": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "y_train": "d53e105ee54ea40749a09fcbcd1e9432",
        "x_test": "9fb629c4189551a2d022fa330f9573f3",
        "y_test": "ec29112dd5afa0611ce80d1b7f02629c",
    },
    "fashion_mnist": {
        "x_train": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "y_train": "25c81989df183df01b3e8a0aad5dffbe",
        "x_test": "bef4ecab320f06d8554ea6380940ec79",
        "y_test": "bb300cfdad3c16e7a12a480ee83cd310",
    },
}
IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}


def write_idx(folder, arrays):
    """Writes the four files of the idx format, and returns their contents."""
    folder.mkdir(parents=True)
    contents = {}
    for part, name in IDX_NAMES.items():
        array = arrays[part]
        header = struct.pack(f">i{array.ndim}i", 0x0800 + array.ndim, *array.shape)
        content = gzip.compress(header + array.tobytes(), mtime=0)
        (folder / name).write_bytes(content)
        contents[part] = content
    return contents


def same_images(dataset, images):
    got = np.concatenate([np.asarray(batch) for batch in dataset])
    got = np.round((got + 1) * 127.5).astype("uint8")
    return sorted(map(bytes, got)) == sorted(map(bytes, images))


@pytest.fixture
def no_download(monkeypatch):
    """Downloads fail as Keras' do on a machine without network."""

    def fail():
        raise Exception("URL fetch failure on https://storage.example: no route")

    for name in ("mnist", "fashion_mnist", "cifar10"):
        monkeypatch.setattr(getattr(keras.datasets, name), "load_data", fail)
    monkeypatch.delenv("KERAS_GANS_DATA", raising=False)


@pytest.mark.parametrize("loader", [datasets.mnist, datasets.fashion_mnist, datasets.cifar10])
def test_without_network_the_error_says_what_to_fetch_and_where_to_put_it(loader, no_download):
    with pytest.raises(OSError, match="KERAS_GANS_DATA") as error:
        loader(10)
    message = str(error.value)
    assert "no route" in message
    assert "fetch" in message


def test_the_download_is_keras_own(monkeypatch):
    monkeypatch.delenv("KERAS_GANS_DATA", raising=False)
    pairs = (ARRAYS["x_train"], ARRAYS["y_train"]), (ARRAYS["x_test"], ARRAYS["y_test"])
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: pairs)
    assert same_images(datasets.mnist(10, drop_remainder=False), ARRAYS["x_train"])
    assert same_images(datasets.mnist(10, split="test"), ARRAYS["x_test"])


def test_npz_in_a_sub_folder(tmp_path, no_download, capsys):
    (tmp_path / "mnist").mkdir()
    np.savez(tmp_path / "mnist" / "arrays.npz", **ARRAYS)
    dataset = datasets.mnist(20, data_dir=tmp_path)
    assert same_images(dataset, ARRAYS["x_train"])
    assert "mnist: 40 of 60,000 train images" in capsys.readouterr().out


def test_the_environment_variable(tmp_path, no_download, monkeypatch):
    np.savez(tmp_path / "cifar10.npz", **COLOUR)
    monkeypatch.setenv("KERAS_GANS_DATA", str(tmp_path))
    dataset = datasets.cifar10(20, split="test", labels=True)
    images, labels = next(iter(dataset))
    assert images.shape == (20, 32, 32, 3)
    assert sorted(labels.numpy()) == sorted(COLOUR["y_test"])


def test_npy_files(tmp_path, no_download):
    folder = tmp_path / "fashion-mnist"
    folder.mkdir()
    for part, array in ARRAYS.items():
        np.save(folder / f"{part}.npy", array)
    assert same_images(datasets.fashion_mnist(20, data_dir=tmp_path), ARRAYS["x_train"])
    with pytest.raises(OSError, match="mnist was not found"):
        datasets.mnist(20, data_dir=tmp_path)


def test_idx_files_are_told_apart_by_checksum(tmp_path, no_download, monkeypatch):
    inverted = {part: 255 - array for part, array in ARRAYS.items()}
    digests = {}  # as if these were the published files
    for name, arrays in (("mnist", ARRAYS), ("fashion_mnist", inverted)):
        for part, content in write_idx(tmp_path / name[0], arrays).items():
            digests[content] = PUBLISHED[name][part]
    digest = lambda content, **_: SimpleNamespace(hexdigest=lambda: digests[content])  # noqa: E731
    monkeypatch.setattr(hashlib, "md5", digest)
    assert same_images(datasets.mnist(20, data_dir=tmp_path), ARRAYS["x_train"])
    assert same_images(datasets.fashion_mnist(20, data_dir=tmp_path), inverted["x_train"])


def test_idx_files_of_an_unknown_checksum_are_not_taken(tmp_path, no_download):
    write_idx(tmp_path / "mnist", ARRAYS)
    with pytest.raises(OSError, match="not found"):
        datasets.mnist(20, data_dir=tmp_path)


def test_an_npz_of_another_shape_is_not_taken(tmp_path, no_download):
    np.savez(tmp_path / "mnist.npz", **COLOUR)
    with pytest.raises(OSError, match="not found"):
        datasets.mnist(20, data_dir=tmp_path)


def test_wrong_split_and_folder(tmp_path, no_download):
    with pytest.raises(ValueError, match="split='valid'"):
        datasets.mnist(10, split="valid", data_dir=tmp_path)
    with pytest.raises(ValueError, match="must be a folder"):
        datasets.mnist(10, data_dir=tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("mnist/mnist_arrays.npz", True),
        ("data/MNIST.npz", True),
        ("fashion-mnist/arrays.npz", False),
        ("data/kmnist.npz", False),
    ],
)
def test_a_file_is_told_by_its_name_and_folder(path, found, tmp_path, no_download):
    (tmp_path / path).parent.mkdir()
    np.savez(tmp_path / path, **ARRAYS)
    if found:
        assert same_images(datasets.mnist(20, data_dir=tmp_path), ARRAYS["x_train"])
    else:
        with pytest.raises(OSError, match="mnist was not found"):
            datasets.mnist(20, data_dir=tmp_path)


@pytest.mark.parametrize(
    ("loader", "count", "shape"),
    [
        (datasets.mnist, 60_000, (28, 28, 1)),
        (datasets.fashion_mnist, 60_000, (28, 28, 1)),
        (datasets.cifar10, 4_000, (32, 32, 3)),
    ],
)
def test_real_sets(loader, count, shape, real_data, no_download):
    dataset = loader(1000, labels=True, data_dir=real_data, drop_remainder=False)
    images, labels = next(iter(dataset))
    assert images.shape == (1000, *shape)
    assert len(dataset) == count // 1000
    assert np.bincount(labels, minlength=10).min() > 60
    assert np.asarray(images).min() == -1
    assert np.asarray(images).max() == 1
