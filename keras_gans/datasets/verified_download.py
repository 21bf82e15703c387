"""Downloads that are verified against the hash that the server sends."""

import base64
import functools
import hashlib
import os
import re
import urllib.parse
import urllib.request
from pathlib import Path

import keras

from keras_gans.pipelines.progress import is_live

_BLOCK = 1 << 20  # bytes
_TIMEOUT = 60  # seconds without a response
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def verified_download(url: str, path: Path) -> None:
    """Downloads a file from Google Cloud Storage, and verifies it.

    Args:
        url: String.
        path: Path of the file, whose folders are created. The file is written there only when it is
            complete, together with a file that contains its hash, for `is_unchanged`.

    Raises:
        OSError: If the server cannot be reached or sends no hash, if the hash of the file differs,
            or if the URL, or one to which the server redirects, is not encrypted (`https`).
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    digest = hashlib.md5(usedforsecurity=False)
    _check_encrypted(url)
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer, temporary.open("wb") as file:  # noqa: S310
            _check_encrypted(answer.url)  # another URL after a redirection
            stated = _stated_md5(answer.headers.get_all("x-goog-hash") or [])
            size = int(answer.headers.get("Content-Length") or 0)
            blocks = size // _BLOCK + 1
            bar = keras.utils.Progbar(blocks, unit_name="MiB", verbose=int(is_live()))
            print(f"Downloading {url}")
            while block := answer.read(_BLOCK):
                file.write(block)
                digest.update(block)
                bar.add(1)
        received = base64.b64encode(digest.digest()).decode()
        if received != stated:
            raise OSError(
                f"The file must have the md5 that its server sends, {stated!r}. "
                f"Received: {received!r} from {url}. Try again."
            )
        _hash_file(path).write_text(received)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def is_unchanged(path: Path) -> bool:
    """Returns whether a downloaded file still has its hash; True if no hash was stored."""
    kept = _hash_file(path)
    if not kept.exists():
        return True
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, functools.partial(hashlib.md5, usedforsecurity=False))
    return base64.b64encode(digest.digest()).decode() == kept.read_text()


def _hash_file(path):
    return path.with_name(f"{path.name}.md5")


def _check_encrypted(url):
    """Checks that a connection is encrypted, so that nobody can change the file and its hash."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        raise OSError(
            f"Files are downloaded over https only. Received: {url}. "
            "Download the file yourself from a source that you trust."
        )


def _stated_md5(headers):
    found = re.search(r"md5=([\w+/=]+)", ",".join(headers))
    return found.group(1) if found else None
