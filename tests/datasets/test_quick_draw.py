import base64
import email.message
import hashlib
import io
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from keras_gans import datasets
from keras_gans.datasets.verified_download import verified_download

PUBLISHED = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap"
RNG = np.random.default_rng(0)
SHEEP, CATS = (RNG.integers(0, 256, (40, 784), "uint8") for _ in range(2))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    np.save(tmp_path / "deep" / "full_numpy_bitmap_sheep.npy", SHEEP)
    np.savez(tmp_path / "animals.npz", cat=CATS, dog=CATS)
    return tmp_path


def pixels(dataset):
    """All images of a dataset, as uint8 rows."""
    batches = [np.asarray(batch) for batch in dataset]
    return np.round((np.concatenate(batches) + 1) * 127.5).astype("uint8").reshape(-1, 784)


def test_every_tenth_drawing_is_for_testing(folder):
    training = datasets.quick_draw(6, data_dir=folder, seed=0)
    testing = datasets.quick_draw(2, split="test", data_dir=folder, seed=0)
    assert sorted(map(bytes, pixels(testing))) == sorted(map(bytes, SHEEP[9::10]))
    both = np.concatenate([pixels(training), pixels(testing)])
    assert sorted(map(bytes, both)) == sorted(map(bytes, SHEEP))
    assert training.source == "Quick, Draw! sheep, train split"


def test_categories_are_classes_in_their_order(folder):
    dataset = datasets.quick_draw(72, ["cat", "sheep"], labels=True, data_dir=folder)
    ((images, labels),) = dataset
    rows = np.round((np.asarray(images) + 1) * 127.5).astype("uint8").reshape(-1, 784)
    cats = {bytes(row) for row in CATS}
    assert [bytes(row) not in cats for row in rows] == list(map(bool, labels))
    assert dataset.class_names == ["cat", "sheep"]


class Server:
    """A server of one file on this machine."""

    def __init__(self, content, headers):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/sheep.npy" else 404)
                self.send_header("Content-Length", str(len(content)))
                for value in headers:
                    self.send_header("x-goog-hash", value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.url

    def __exit__(self, *problem):
        self.server.shutdown()
        self.server.server_close()


def serve_from(here, monkeypatch):
    """Lets a server on this machine stand for the published one."""
    there = urllib.request.urlopen
    open_here = lambda url, **settings: there(url.replace(PUBLISHED, here), **settings)  # noqa: E731
    monkeypatch.setattr(urllib.request, "urlopen", open_here)


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def stated(content):
    return f"md5={base64.b64encode(hashlib.md5(content).digest()).decode()}"


def test_a_category_is_downloaded_once(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_GANS_DATA", raising=False)
    content = npy(SHEEP)
    with Server(content, ["crc32c=AAAAAA==", stated(content)]) as url:
        serve_from(url, monkeypatch)
        first = pixels(datasets.quick_draw(36, seed=0))
    second = pixels(datasets.quick_draw(36, seed=0))  # no server any more
    np.testing.assert_array_equal(first, second)
    kept = sorted(path.name for path in (tmp_path / "datasets" / "quick_draw").iterdir())
    assert kept == ["sheep.npy", "sheep.npy.md5"]


@pytest.mark.parametrize("headers", [[], ["md5=AAAA"], ["crc32c=AAAAAA=="]])
def test_a_file_without_its_hash_is_not_kept(headers, tmp_path):
    with Server(npy(SHEEP), headers) as url, pytest.raises(OSError, match="md5 that its server"):
        verified_download(f"{url}/sheep.npy", tmp_path / "sheep.npy")
    assert list(tmp_path.iterdir()) == []


def test_a_category_that_cannot_be_had(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with Server(b"", []) as url:
        serve_from(url, monkeypatch)
        with pytest.raises(
            OSError, match=r"download .*/flying%20saucer\.npy; put it into a folder"
        ):
            datasets.quick_draw(4, "flying saucer", data_dir=tmp_path)
    assert not list(tmp_path.rglob("*.part"))


def test_bad_arguments_and_files(folder):
    with pytest.raises(ValueError, match="split='valid'"):
        datasets.quick_draw(4, split="valid", data_dir=folder)
    with pytest.raises(ValueError, match=r"categories=\[\]"):
        datasets.quick_draw(4, [], data_dir=folder)
    with pytest.raises(ValueError, match="must be a folder"):
        datasets.quick_draw(4, data_dir=folder / "none")
    np.save(folder / "sheep.npy", SHEEP.reshape(-1, 28, 28))
    (folder / "deep" / "full_numpy_bitmap_sheep.npy").unlink()
    with pytest.raises(ValueError, match=r"uint8 of shape \(N, 784\)"):
        datasets.quick_draw(4, data_dir=folder)


@pytest.mark.parametrize(
    "name",
    ["../../x", "a/b", "a\\b", "..", ".sheep", "", "\0", "x" * 300, 5, "~/x", "a\nb", "?a=b"],
)
def test_a_category_is_no_path(name, folder):
    with pytest.raises(ValueError, match="not a path"):
        datasets.quick_draw(4, ["sheep", name], data_dir=folder)


def test_a_damaged_file_of_another_set_is_named_and_left_out(folder):
    (folder / "aaa.npz").write_bytes(b"PK no archive")
    with pytest.warns(UserWarning, match=r"skipped\..*aaa\.npz .*Delete it"):
        dataset = datasets.quick_draw(36, "cat", data_dir=folder)
    assert set(map(bytes, pixels(dataset))) <= set(map(bytes, CATS))


@pytest.mark.parametrize("content", [b"", b"garbage", npy(SHEEP)[:-1], npy(np.array([None]))])
def test_a_damaged_file_of_the_category_is_named(content, folder):
    (folder / "deep" / "full_numpy_bitmap_sheep.npy").write_bytes(content)
    with pytest.raises(
        ValueError, match=r"Received: .*bitmap_sheep\.npy .*Delete it, and download"
    ):
        datasets.quick_draw(4, data_dir=folder)


def test_a_damaged_download_is_replaced(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_GANS_DATA", raising=False)
    kept = tmp_path / "datasets" / "quick_draw" / "sheep.npy"
    kept.parent.mkdir(parents=True)
    content = npy(SHEEP)
    flipped = bytearray(content)
    flipped[3000] ^= 4  # once the hash of the first download is kept
    for damaged in (b"", content[:5000], bytes(flipped)):
        kept.write_bytes(damaged)
        with Server(content, [stated(content)]) as url:
            serve_from(url, monkeypatch)
            dataset = datasets.quick_draw(36, seed=0)
        assert set(map(bytes, pixels(dataset))) <= set(map(bytes, SHEEP))
        assert kept.read_bytes() == content
        assert "sheep.npy (" in capsys.readouterr().out


@pytest.mark.parametrize(
    "url", ["http://example.org/a.npy", "ftp://example.org/a", "file:///etc/a"]
)
def test_nothing_is_downloaded_without_encryption(url, tmp_path, monkeypatch):
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: pytest.fail("was asked"))
    with pytest.raises(OSError, match="over https only"):
        verified_download(url, tmp_path / "a.npy")
    assert list(tmp_path.iterdir()) == []


def test_a_redirection_to_an_address_without_encryption_is_not_trusted(tmp_path, monkeypatch):
    content = npy(SHEEP)
    answer = io.BytesIO(content)
    answer.url, answer.headers = "http://example.org/sheep.npy", email.message.Message()
    answer.headers["x-goog-hash"] = stated(content)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: answer)
    with pytest.raises(OSError, match=r"over https only\. Received: http://example"):
        verified_download("https://example.org/sheep.npy", tmp_path / "sheep.npy")
    assert list(tmp_path.iterdir()) == []


def test_the_real_sheep(real_data):
    dataset = datasets.quick_draw(100, data_dir=real_data)
    assert len(dataset) == 9
    images = next(iter(dataset))
    assert images.shape == (100, 28, 28, 1)
    assert -0.95 < float(np.mean(images)) < -0.3  # strokes on black
