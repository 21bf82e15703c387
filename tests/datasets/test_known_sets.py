import gzip
import hashlib
import io
import os
import pathlib
import re
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
COLOR = {
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
    """Downloads fail as Keras' do on a machine without internet access."""

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


@pytest.mark.parametrize("split", ["train", "test"])
def test_downloaded_labels_are_a_vector(split, monkeypatch):
    """Keras' CIFAR-10 has labels of shape (N, 1)."""
    monkeypatch.delenv("KERAS_GANS_DATA", raising=False)
    train, test = ((COLOR[f"x_{part}"], COLOR[f"y_{part}"][:, None]) for part in ("train", "test"))
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: (train, test))
    images, labels = next(iter(datasets.cifar10(20, split=split, labels=True)))
    assert images.shape == (20, 32, 32, 3)
    assert labels.shape == (20,)


def test_npz_in_a_sub_folder(tmp_path, no_download, capsys):
    (tmp_path / "mnist").mkdir()
    np.savez(tmp_path / "mnist" / "arrays.npz", **ARRAYS)
    dataset = datasets.mnist(20, data_dir=tmp_path)
    assert same_images(dataset, ARRAYS["x_train"])
    assert "mnist: 40 of 60,000 train images" in capsys.readouterr().out


def test_the_environment_variable(tmp_path, no_download, monkeypatch):
    np.savez(tmp_path / "cifar10.npz", **COLOR)
    monkeypatch.setenv("KERAS_GANS_DATA", str(tmp_path))
    dataset = datasets.cifar10(20, split="test", labels=True)
    images, labels = next(iter(dataset))
    assert images.shape == (20, 32, 32, 3)
    assert sorted(labels.numpy()) == sorted(COLOR["y_test"])


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
    np.savez(tmp_path / "mnist.npz", **COLOR)
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


def npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **{**ARRAYS, **arrays})
    return file.getvalue()


def flipped(content):
    """With one bit of the first array's content turned over."""
    place = content.index(b"x_train.npy") + 2000
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


SPOILT = {
    "garbage": (b"no arrays at all", "BadZipFile"),
    "empty": (b"", "BadZipFile"),
    "flipped": (flipped(npz()), r"BadZipFile|error"),
    "truncated": (npz()[:-500], "BadZipFile"),
    "pickles": (npz(y_train=np.array([None] * 40)), "Python objects, which are never loaded"),
    "texts": (npz(y_train=np.array(["cat"] * 40)), r"y_train .* integers.*return_inverse=True"),
    "floats": (npz(x_train=np.zeros((40, 28, 28))), r"x_train .* uint8 .*dtype=float64"),
    "no images": (npz(x_train=np.zeros((0, 28, 28), "uint8")), r"shape=\(0, 28, 28\)"),
    "one label": (npz(y_train=np.array(5)), "40 images and 1 labels"),
    "few labels": (npz(y_train=np.arange(10)), "40 images and 10 labels"),
    "other labels": (npz(y_train=np.arange(40)), "labels from 0 to 39"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_file_is_named_with_what_to_do(kind, tmp_path, no_download):
    content, message = SPOILT[kind]
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(ValueError, match=message) as error:
        datasets.mnist(10, data_dir=tmp_path)
    assert re.search(
        r"Received: \S+/mnist\.npz .*(Delete it|delete it to download)", str(error.value)
    )
    assert "pickle" not in str(error.value)


def test_spoilt_npy_files_are_named(tmp_path, no_download):
    folder = tmp_path / "mnist"
    folder.mkdir()
    for part, array in ARRAYS.items():
        np.save(folder / f"{part}.npy", array)
    whole = (folder / "y_train.npy").read_bytes()
    for content in (b"", b"garbage", whole[:-1], whole + b"\0", whole.replace(b"40,", b"10,")):
        (folder / "y_train.npy").write_bytes(content)
        with pytest.raises(ValueError, match=r"Received: .*y_train\.npy .*Delete it"):
            datasets.mnist(10, data_dir=tmp_path)


def test_sizes_are_looked_at_before_anything_is_read(tmp_path, no_download, monkeypatch):
    """A small file can hold as many zeros as it likes."""
    wide = {**ARRAYS, "x_train": np.zeros((3000, 28, 28), "uint8")}
    np.savez_compressed(tmp_path / "mnist.npz", **wide)
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1000}
    told = os.sysconf
    monkeypatch.setattr(os, "sysconf", lambda name: sizes.get(name) or told(name))
    read = np.lib.format.read_array
    monkeypatch.setattr(np.lib.format, "read_array", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(ValueError, match=r"mnist\.npz .*2,352,000 bytes are more than half"):
        datasets.mnist(10, data_dir=tmp_path)
    (tmp_path / "mnist.npz").unlink()
    np.savez(tmp_path / "mnist.npz", **{**COLOR, "y_train": np.zeros((99, 99))})
    with pytest.raises(OSError, match="not found"):
        datasets.mnist(10, data_dir=tmp_path)  # of another shape
    parts = []
    monkeypatch.setattr(
        np.lib.format,
        "read_array",
        lambda file, **settings: parts.append(1) or read(file, **settings),
    )
    np.savez(tmp_path / "mnist.npz", **ARRAYS)
    datasets.mnist(10, split="test", data_dir=tmp_path)
    assert len(parts) == 2  # images and labels of the one split


def test_paths_of_data_as_people_set_them(tmp_path, no_download, monkeypatch):
    (tmp_path / "sets").mkdir()
    np.savez(tmp_path / "sets" / "mnist.npz", **ARRAYS)
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in ("~/sets", "~"):
        monkeypatch.setenv("KERAS_GANS_DATA", folder)
        assert same_images(datasets.mnist(20), ARRAYS["x_train"])
    for folder in ("x" * 5000, "~nobody/sets", "~/sets/mnist.npz"):
        monkeypatch.setenv("KERAS_GANS_DATA", folder)
        with pytest.raises(ValueError, match=r"\(or KERAS_GANS_DATA\) must be a folder"):
            datasets.mnist(20)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "sets").symlink_to(tmp_path / "sets")
    assert same_images(datasets.mnist(20, data_dir=tmp_path / "linked"), ARRAYS["x_train"])


@pytest.mark.skipif(not pathlib.Path("/proc/self").exists(), reason="not Linux")
def test_folders_of_the_system_hold_no_data(no_download, monkeypatch):
    monkeypatch.setenv("KERAS_GANS_DATA", "/proc")
    with pytest.raises(OSError, match=r"'/proc'.*KERAS_GANS_DATA or `data_dir` to that folder"):
        datasets.mnist(20)


def test_a_damaged_download_of_keras_is_spoken_of(tmp_path, monkeypatch):
    """Keras checks no hash of Fashion-MNIST, and never fetches a damaged file again."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_GANS_DATA", raising=False)

    def fail():
        raise EOFError("Compressed file ended before the end-of-stream marker was reached")

    damaged = tmp_path / "datasets" / "fashion-mnist" / "train-images-idx3-ubyte.gz"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"\x1f\x8b")
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"")
    monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", fail)
    said = rf"EOFError: .*Or delete {damaged}: it may be damaged"
    with pytest.raises(OSError, match=said):
        datasets.fashion_mnist(10)
