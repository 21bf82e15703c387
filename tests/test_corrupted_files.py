"""Files of every kind that is read, corrupted at random: refused or right, and never a hang.

Where a format has no checksum, "right" is what the file says: an array of the shape and the dtype
that were asked for, which differs from the whole one at most where the file does. A few corruptions
run with the other tests, so that these cases are still right; the many are slow.
"""

import dataclasses
import faulthandler
import gzip
import hashlib
import importlib
import io
import itertools
import json
import shutil
import tarfile
import warnings
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans as kg
from keras_gans import datasets
from keras_gans.datasets.mnist import MNIST
from keras_gans.drawing.animation import Animation
from keras_gans.pipelines import numpy_files
from keras_gans.report import comparison, saved_page
from keras_gans.report.model_card import write_model_card

pytestmark = pytest.mark.filterwarnings("ignore")

LONGEST = 60  # seconds for one file
RNG = np.random.default_rng(0)
DRAWINGS = RNG.integers(0, 256, (40, 784), "uint8")
PIXELS = RNG.integers(0, 256, (16, 16, 3), "uint8")


MANY = pytest.param(200, marks=pytest.mark.slow)


KINDS = 6  # of corruptions


@pytest.fixture(params=[KINDS, MANY])
def times(request):
    """How many corruptions."""
    return request.param


@pytest.fixture(params=[pytest.param(KINDS, marks=pytest.mark.stage2), MANY])
def times_of_models(request):
    """How many corruptions of files that take longer to read."""
    return request.param


def corruptions(whole, times):
    """A file with bits turned over, bytes replaced, swapped, lost, doubled or filled with zeros."""
    random = np.random.default_rng(1)
    for number in range(times):
        place = int(random.integers(len(whole)))
        # Headers are short and matter most: half of the places are near an end.
        if number % 4 < 2:
            place %= min(len(whole), 256)
            place = len(whole) - 1 - place if number % 4 else place
        content = _corrupted(bytearray(whole), place, number % KINDS, random)
        if content != whole:
            yield bytes(content)


def _corrupted(content, place, kind, random):
    length = int(random.integers(1, 64))
    if kind == 0:
        content[place] ^= 1 << int(random.integers(8))
    elif kind == 1:
        content[place : place + length] = random.bytes(length)
    elif kind == 2:
        del content[place : place + length]
    elif kind == 3:
        content[place:place] = content[place : place + length]
    elif kind == 4:
        other = int(random.integers(len(content)))
        content[place], content[other] = content[other], content[place]
    else:
        content[place:] = bytes(len(content) - place) if length % 2 else b""
    return content


def test_the_corruptions_are_of_every_kind():
    whole = bytes(range(1, 256)) * 8
    turned, replaced, lost, doubled, swapped, _ = contents = list(corruptions(whole, KINDS))
    assert len(set(contents)) == KINDS
    assert sum(bin(one ^ other).count("1") for one, other in zip(turned, whole, strict=True)) == 1
    assert len(replaced) == len(swapped) == len(whole) > len(lost)
    assert len(doubled) > len(whole)
    assert sum(one != other for one, other in zip(swapped, whole, strict=True)) == 2
    cut = corruptions(whole, 40 * KINDS)
    ends = [content for number, content in enumerate(cut) if number % KINDS == 5]
    assert {content.endswith(b"\0") for content in ends if content} == {True, False}


def outcomes(times, path, whole, read, refusal, is_right):
    """How many corrupted files were refused, how many right; fails where one is neither."""
    path.write_bytes(whole)
    assert is_right(read(), whole)
    counts, named = {"refused": 0, "right": 0}, []
    for content in [b"", *corruptions(whole, times)]:
        path.write_bytes(content)
        faulthandler.dump_traceback_later(LONGEST, exit=True)  # a hang ends the process
        try:
            result = read()
        except refusal as error:
            named.append(path.name in str(error))
            counts["refused"] += 1
        else:
            assert is_right(result, content)
            counts["right"] += 1
        finally:
            faulthandler.cancel_dump_traceback_later()
    print(f"{path.name}: {counts}")
    assert all(named)
    assert sum(counts.values()) > 0.6 * times
    return counts


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def test_npy(times, tmp_path):
    path, header = tmp_path / "drawings.npy", len(npy(DRAWINGS)) - DRAWINGS.nbytes

    def is_right(array, content):  # no checksum: the numbers are those of the file
        expected = np.frombuffer(content[header:], "uint8")
        return array.dtype == np.uint8 and np.array_equal(array.ravel(), expected)

    def read():
        array = numpy_files.read_array(path)
        if array.dtype != np.uint8 or array.shape != DRAWINGS.shape:  # as `quick_draw` does
            raise ValueError(f"{path}")
        return array

    outcomes(times, path, npy(DRAWINGS), read, ValueError, is_right)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(times, save, tmp_path):
    path = tmp_path / "animals.npz"
    whole = npz(save, cat=DRAWINGS, dog=DRAWINGS[::-1])

    def read():
        if "cat" not in numpy_files.stored_arrays(path):
            raise ValueError(f"{path} has no cat")
        return numpy_files.read_array(path, "cat")

    outcomes(times, path, whole, read, ValueError, lambda array, _: np.array_equal(array, DRAWINGS))


def no_download():
    raise Exception("URL fetch failure")


def all_of(dataset):
    return np.round((np.concatenate([np.asarray(batch) for batch in dataset]) + 1) * 127.5)


def test_a_known_set(times, tmp_path, monkeypatch):
    monkeypatch.setattr(keras.datasets.mnist, "load_data", no_download)
    images, labels = DRAWINGS.reshape(-1, 28, 28), np.arange(40) % 10
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:5], "y_test": labels[:5]}
    read = lambda: all_of(datasets.mnist(40, data_dir=tmp_path, seed=0))  # noqa: E731
    expected = None

    def is_right(result, _):
        nonlocal expected
        expected = result if expected is None else expected
        return np.array_equal(result, expected)

    whole = npz(np.savez_compressed, **arrays)
    # OSError: none of the set's arrays is found, and the download fails.
    outcomes(times, tmp_path / "mnist.npz", whole, read, (ValueError, OSError), is_right)


def test_idx(times, tmp_path, monkeypatch):
    """The files are known by their hashes: a changed one is not taken."""
    monkeypatch.setattr(keras.datasets.mnist, "load_data", no_download)
    parts = {"x_train": (40, 16), "y_train": (2, 8), "x_test": (20, 16), "y_test": (1, 8)}
    checksums = {}
    for part, (size, header) in parts.items():
        content = gzip.compress(bytes(header) + DRAWINGS[:size].tobytes(), mtime=0)
        (tmp_path / f"{part}-ubyte.gz").write_bytes(content)
        checksums[hashlib.md5(content).hexdigest()] = part
    path = tmp_path / "x_train-ubyte.gz"
    whole = path.read_bytes()
    sizes = {"train": 40, "test": 40}
    digits = dataclasses.replace(MNIST, sizes=sizes, checksums=checksums, fetch=path.name)
    read = lambda: digits.load("train", tmp_path)[0]  # noqa: E731

    expected = DRAWINGS.reshape(-1, 28, 28, 1)
    counts = outcomes(
        times, path, whole, read, OSError, lambda images, _: np.array_equal(images, expected)
    )
    assert counts["right"] == 0


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "bmp", "gif", "tif"])
def test_pictures(times, ending, tmp_path):
    path = tmp_path / f"picture.{ending}"
    file = io.BytesIO()
    settings = {"lossless": True} if ending == "webp" else {}
    kind = {"jpg": "jpeg", "tif": "tiff"}.get(ending, ending)
    Image.fromarray(PIXELS).save(file, kind, **settings)

    def read():
        return all_of(datasets.image_folder(tmp_path, 1, (16, 16, 3)))[0]

    def is_right(image, content):
        if ending == "png":  # it alone has checksums
            return np.array_equal(image, PIXELS)
        return image.shape == (16, 16, 3)

    outcomes(times, path, file.getvalue(), read, ValueError, is_right)


PICTURES = {
    f"{name}/{number}.png": RNG.integers(0, 256, (8, 8, 1), "uint8")
    for number, name in enumerate(("cat", "dog", "cat", "dog"))
}


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels.squeeze()).save(file, "png")
    return file.getvalue()


def archive(kind):
    file = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            for name, pixels in PICTURES.items():
                archive.writestr(name, png(pixels))
        return file.getvalue()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, pixels in PICTURES.items():
            member = tarfile.TarInfo(name)
            member.size = len(png(pixels))
            archive.addfile(member, io.BytesIO(png(pixels)))
    return gzip.compress(file.getvalue(), mtime=0) if kind == "tar.gz" else file.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_archives(times, kind, tmp_path):
    path = tmp_path / f"pictures.{kind}"
    expected = {(name.split("/")[0], pixels.tobytes()) for name, pixels in PICTURES.items()}

    def read():
        dataset = datasets.image_folder(path, 1, (8, 8, 1), labels=True, value_range=(0, 255))
        return {
            (dataset.class_names[int(label[0])], np.rint(image[0]).astype("uint8").tobytes())
            for image, label in dataset
        }

    def is_right(found, content):
        if kind != "tar":
            return found == expected
        # Names have a weak checksum, and zeros are the end: pictures are never wrong, or lost
        # unless nothing follows.
        whole = archive(kind)
        is_cut = len(content.rstrip(b"\0")) < len(whole.rstrip(b"\0"))
        known = {pixels for _, pixels in found} <= {pixels for _, pixels in expected}
        return known and (len(found) == len(expected) or is_cut)

    outcomes(times, path, archive(kind), read, ValueError, is_right)


def test_tables_of_labels(times, tmp_path):
    """A text without a checksum: each picture has the label that is in its line."""
    for name, pixels in PICTURES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(png(pixels))
    whole = "".join(f"{name},kind {number % 3}\n" for number, name in enumerate(PICTURES))
    path = tmp_path / "labels.csv"

    def read():
        dataset = datasets.image_folder(tmp_path, 1, (8, 8, 1), path, (0, 255))
        return {
            np.rint(image[0]).astype("uint8").tobytes(): dataset.class_names[int(label[0])]
            for image, label in dataset
        }

    def is_right(found, content):
        lines = [line.split(",") for line in content.decode().split("\n") if line.strip()]
        said = {line[0].strip(): line[1].strip() for line in lines}
        return found == {pixels.tobytes(): said[name] for name, pixels in PICTURES.items()}

    outcomes(times, path, whole.encode(), read, ValueError, is_right)


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_pictures_of_an_animation_that_continues(times, suffix, tmp_path):
    """They pack well, like those of `ImageMonitor`: then damage is hard to see in the pixels."""
    path = tmp_path / "image_at_epoch_0000.png"
    whole, continued = png(np.kron(PIXELS[:8, :8], np.ones((32, 32, 1), "uint8"))), []

    def read():
        animation = Animation(tmp_path / f"image.{suffix}")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            if not animation.take_up([path]):
                raise ValueError(str(caught[0].message))
        animation.add(whole)
        animation.finish()
        return animation.path.read_bytes()

    def is_right(content, _):
        continued.append(content)
        return content == continued[0]

    outcomes(times, path, whole, read, ValueError, is_right)


def points_gan():
    keras.utils.set_random_seed(0)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), 3, width=8),
        discriminator=kg.networks.mlp_discriminator((2,), width=8),
        seed=0,
    )
    gan.compile(run_eagerly=True)
    return gan


def test_models(times_of_models, tmp_path):
    gan, path = points_gan(), tmp_path / "points.keras"
    gan.fit(RNG.uniform(-1, 1, (8, 2)).astype("float32"), batch_size=8, verbose=0)
    gan.save(path)
    expected = gan.generate(5, seed=0)

    def read():
        try:
            return keras.saving.load_model(path, safe_mode=True).generate(5, seed=0)
        except Exception as error:  # Keras', of many kinds, which do not name the file
            raise ValueError(f"{path.name}: {error}") from error

    is_right = lambda images, _: np.array_equal(images, expected)  # noqa: E731
    outcomes(times_of_models, path, path.read_bytes(), read, ValueError, is_right)


def test_model_cards(times_of_models, tmp_path):
    path, folder, cards = tmp_path / "points.keras", tmp_path / "card", []
    gan = points_gan()
    gan.save(path)

    def read():
        shutil.rmtree(folder, ignore_errors=True)
        card = write_model_card(path, folder).read_text()
        assert (folder / "samples.png").exists()
        return card

    def is_right(card, _):
        cards.append(card)
        return card == cards[0]

    outcomes(min(times_of_models, 50), path, path.read_bytes(), read, ValueError, is_right)


def test_checkpoints(times_of_models, tmp_path):
    images, gan = RNG.uniform(-1, 1, (8, 2)).astype("float32"), points_gan()

    def read():
        """What the model generates with the state of the file; else it would train on."""
        (tmp_path / "training_before.npz").unlink(missing_ok=True)
        resume = kg.callbacks.Resume(tmp_path)
        gan.fit(images, batch_size=8, epochs=2, verbose=0, callbacks=[resume])
        return gan.generate(5, seed=0)

    expected = read()
    path = tmp_path / "training.npz"
    is_right = lambda images, _: np.array_equal(images, expected)  # noqa: E731
    outcomes(times_of_models, path, path.read_bytes(), read, ValueError, is_right)


def test_reports(times, tmp_path):
    """A page is a text without a checksum: what is taken up has the types that are shown."""
    path = tmp_path / "report.html"
    frames = [{"epoch": epoch, "image": "data:image/png;base64,AAAA"} for epoch in range(3)]
    facts = {
        "frames": frames,
        "messages": [{"epoch": 2, "text": "near-equal pairs"}],
        "history": {"generator_loss": [0.1, None, 0.3]},
        "seconds": 5.0,
        "started": "1 May 2026, 12:00",
    }
    script = '<script type="application/json" id="facts">%s</script>'

    def read():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = saved_page.read(path, 5)
        if not found:
            raise ValueError(str(caught[0].message))
        return found

    def is_right(found, _):
        images = [frame["image"] for frame in found["frames"]]
        return (
            all(image.startswith("data:image/") for image in images)
            and set(facts) <= set(found)
            and json.dumps(found["history"])
        )

    outcomes(times, path, (script % json.dumps(facts)).encode(), read, ValueError, is_right)


def test_reports_that_are_compared(times, tmp_path):
    """What a comparison takes from a page has the types that it shows."""
    path = tmp_path / "report.html"
    facts = {
        "frames": [{"epoch": 0, "image": "data:image/png;base64,AAAA"}],
        "messages": [],
        "history": {"frechet_distance": [0.1, None]},
        "metrics": [{"name": "frechet_distance", "lower": True}],
        "seconds": 5.0,
        "started": "1 May 2026, 12:00",
        "title": "a",
        "state": "finished",
        "epoch": 2,
        "epochs": 2,
        "pixels": True,
        "rows": ["0", "1"],
        "real": None,
    }
    scripts = '<script type="application/json" id="{}">{}</script>'
    parts = {"facts": facts, "configuration": {"compile": {"penalties": []}}}
    whole = "".join(scripts.format(name, json.dumps(part)) for name, part in parts.items())

    def is_right(found, _):
        run = comparison.facts_of([found, found], [path, path.with_name("other.html")])["runs"][0]
        return run["rows"] is None or all(isinstance(row, str) for row in run["rows"])

    outcomes(times, path, whole.encode(), lambda: saved_page.read_all(path), ValueError, is_right)


def test_weights_of_pytorch(times_of_models, tmp_path, monkeypatch):
    """The name of a published file contains digits of its SHA-256: nothing else is right."""
    torch = pytest.importorskip("torch", reason="only PyTorch reads its files")
    monkeypatch.syspath_prepend(Path(__file__).parent / "metrics")
    weights = importlib.import_module("small_inception").SmallInception().weights
    content = io.BytesIO()
    torch.save({name: torch.from_numpy(array) for name, array in weights.items()}, content)
    whole = content.getvalue()
    path = tmp_path / f"weights-{hashlib.sha256(whole).hexdigest()[:8]}.pth"
    sample = RNG.uniform(-1, 1, (2, 8, 8, 3)).astype("float32")
    numbers = itertools.count()

    def read():
        copy = tmp_path / f"{next(numbers)}_{path.name}"  # a file is read once
        copy.write_bytes(path.read_bytes())
        return kg.metrics.FrozenInception(copy).features(sample)

    outcomes(
        times_of_models, path, whole, read, ValueError, lambda features, content: content == whole
    )


def test_frozen_graphs(times_of_models, tmp_path):
    """A graph has no checksum: what is read is a graph, and its features are finite or not."""
    path = tmp_path / "graph.pb"
    graph = tf.Graph()
    with graph.as_default():
        images = tf.compat.v1.placeholder(tf.float32, (1, None, None, 3), name="ExpandDims")
        resized = tf.compat.v1.image.resize_bilinear(images, (4, 4), name="ResizeBilinear")
        tf.reduce_mean(resized, (1, 2), keepdims=True, name="pool_3")
    whole = graph.as_graph_def().SerializeToString()
    sample = RNG.uniform(-1, 1, (2, 8, 8, 3)).astype("float32")
    numbers = itertools.count()

    def read():
        copy = tmp_path / f"{next(numbers)}_{path.name}"  # a file is read once
        copy.write_bytes(path.read_bytes())
        try:
            return kg.metrics.FrozenInception(copy).features(sample)
        except tf.errors.OpError as error:  # of a node, when it runs
            raise ValueError(f"{path.name}: {error}") from error

    outcomes(times_of_models, path, whole, read, ValueError, lambda features, _: len(features) == 2)
