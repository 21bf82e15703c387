"""The files of a folder, or of a zip or tar archive that is not unpacked."""

import bz2
import contextlib
import functools
import gzip
import io
import itertools
import lzma
import os
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from keras_gans.pipelines.memory import room_for_data
from keras_gans.pipelines.paths import files_below, is_file, is_folder, is_hidden
from keras_gans.pipelines.zip_records import check_list, name_of

LARGEST_FILE = 1 << 28  # bytes of one file in an archive
MOST_FILES = 2_000_000  # in a tar archive; even a small one can contain billions
_BLOCK = tarfile.BLOCKSIZE
_LONGEST_END = 1 << 20  # bytes of zeros after the last file of a tar archive; usually up to 10,240
_SHORT = "the size of the archive: it is incomplete"
_LARGE = "half of the memory; unpack it, or make a zip file"
_DECOMPRESSORS: dict[bytes, Callable[..., Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}


@dataclass(frozen=True, slots=True)
class File:
    """A file in a folder or an archive.

    Args:
        name: String, the path in the folder or archive, with `/`.
        place: String, the whole path, for messages.
        open: Function that opens the file for reading bytes, and returns it.
    """

    name: str
    place: str
    open: Callable[[], IO[bytes]]

    @property
    def ending(self) -> str:
        """The ending of the name in lowercase, such as `".png"`."""
        return PurePosixPath(self.name).suffix.lower()


class Tree(NamedTuple):
    """The content of a folder or an archive, except for hidden files and folders.

    Attributes:
        files: List of `File`, sorted by name.
        folders: List of the names of the outermost folders, including empty ones.
        above: String, the folders of an archive that contain all wanted files, such as `"faces/"`.
            The names in `folders` are those of folders inside it.
    """

    files: list[File]
    folders: list[str]
    above: str


def tree_of(path: Path, endings: Sequence[str]) -> Tree | None:
    """Returns the files of a folder or an archive.

    Args:
        path: Path of a folder, or of a `.zip`, `.tar`, `.tar.gz`, `.tar.bz2` or `.tar.xz` file. The
            type of an archive is determined by its content.
        endings: Sequence of strings, the endings of the names of wanted files. Other files may be
            listed without being readable.

    Returns:
        A `Tree`, or None if the path is neither a folder nor an archive.

    Raises:
        ValueError: If an archive is damaged, contains a name that leads out of it, or is too large.
    """
    if is_folder(path):
        found = files_below(path)
        names = [file.relative_to(path).as_posix() for file in found]
        places = map(str, found)  # as `Path`, a million would take another 0.3 GB
        files = [
            File(name, place, functools.partial(_open, place))
            for name, place in zip(names, places, strict=True)
        ]
        inside = (inner for inner in path.iterdir() if inner.is_dir() or not inner.exists())
        folders = sorted(inner.name for inner in inside)  # including broken links
        return Tree(files, [name for name in folders if not is_hidden(name)], "")
    members = _members(path, endings) if is_file(path) else None
    return None if members is None else _tree(path, members, endings)


def _open(place):
    path = Path(place)
    if not is_file(path) and os.path.lexists(path):
        raise ValueError("a pipe, a device, or a broken link")
    return path.open("rb")


def _tree(path, members, endings):
    visible = {
        name: open_member
        for name, open_member in members.items()
        if name.strip("/") and not any(is_hidden(part) for part in name.split("/"))
    }
    files = [
        File(name, f"{path}/{name}", visible[name])
        for name in sorted(visible, key=lambda name: name.split("/"))
        if not name.endswith("/")
    ]
    wanted = [file.name for file in files if file.ending in endings]
    above = _common_folders(wanted)
    inside = [name.removeprefix(above) for name in visible if name.startswith(above)]
    return Tree(files, sorted({name.split("/")[0] for name in inside if "/" in name}), above)


def _common_folders(names):
    """Returns the folders common to all names, without those that directly contain a file."""
    above = [name.split("/")[:-2] for name in names] or [[]]
    pairs = zip(min(above), max(above), strict=False)  # what these two have in common, all have
    return "".join(
        f"{one}/" for one, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)
    )


def _members(path, endings):
    """Returns a dict from names to functions that open files, or None; folders end in `/`."""
    with path.open("rb") as file:
        start = file.read(_BLOCK)
    with _naming(path):
        if start.startswith(b"PK"):
            return dict(_zipped(path, endings))
        if start[257:262] == b"ustar":
            with path.open("rb") as stream:
                return dict(_taped(path, _Forward(stream, path.stat().st_size, _SHORT), None))
        for signature, decompressed in _DECOMPRESSORS.items():
            if start.startswith(signature):
                with decompressed(path) as stream:
                    return dict(_taped(path, _Forward(stream, room_for_data(), _LARGE), endings))
    return None


def _zipped(path, endings):
    archive = zipfile.ZipFile(path)  # stays open as long as one of its files may be read
    check_list(path, archive, endings)
    for member in archive.infolist():
        name = _checked_name(name_of(member))
        yield name, functools.partial(_unzipped, archive, member)
        if stat.S_ISLNK(member.external_attr >> 16):
            yield f"{name}/", None  # it may lead to a folder


def _unzipped(archive, member):
    _check_size(member.file_size)
    return io.BytesIO(archive.read(member))


def _taped(path, stream, endings):
    """Yields names and functions that open the files of a tar archive.

    The content of wanted files is kept in memory if the archive is compressed.

    Args:
        path: Path of the archive.
        stream: `_Forward`, the decompressed archive.
        endings: Sequence of strings, the endings of wanted files in a compressed archive; None for
            an uncompressed archive.
    """
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for number, member in enumerate(archive):
            archive.members = []  # type: ignore[attr-defined]  # or the list would fill the memory
            if number >= MOST_FILES:
                raise ValueError(f"more than {MOST_FILES:,} files")
            name = _checked_name(member.name) + "/" * member.isdir()
            content = None
            if endings and name.lower().endswith(tuple(endings)) and _is_kept(member):
                stream.seek(member.offset_data)
                content = stream.read(member.size)
            yield name, functools.partial(_untaped, path, member, content)
            if member.issym():
                yield f"{name}/", None  # it may lead to a folder
        _check_end(archive, stream)


def _check_end(archive, stream):
    """Checks that nothing but zeros follows: `tarfile` stops at a damaged or empty header."""
    stream.seek(archive.offset)
    length = 0
    while content := stream.read(1 << 20):  # to the end, where the checksums are
        length += len(content)
        if content.strip(b"\0"):
            raise ValueError(f"it is incomplete or damaged at byte {archive.offset:,}")
    if not _BLOCK <= length <= _LONGEST_END:
        raise ValueError(f"{length:,} zeros follow byte {archive.offset:,}: it is incomplete")


def _untaped(path, member, content):
    _check_size(member.size)
    if not _is_kept(member):
        raise ValueError("a link, pipe, device or sparse file in an archive")
    if content is None:
        with path.open("rb") as file:
            file.seek(member.offset_data)
            content = file.read(member.size)
    return io.BytesIO(content)


def _is_kept(member):
    return member.isreg() and not member.issparse() and member.size <= LARGEST_FILE


def _check_size(size):
    if size > LARGEST_FILE:
        raise ValueError(f"{size:,} bytes are more than {LARGEST_FILE:,}")


def _checked_name(name):
    """Returns the name of a member with `/`, which is also at the end of folder names."""
    name = name.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
        raise ValueError(f"the name {name!r} leads out of the archive")
    folder = "/" * name.endswith("/")
    return "/".join(part for part in name.split("/") if part not in ("", ".")) + folder


class _Forward:
    """A file that can be read only forward, and only up to a limit.

    The headers of a damaged or malicious archive cannot point back or request a large block.
    """

    def __init__(self, file: IO[bytes], limit: float, why: str):
        self._file = file
        self._limit = limit
        self._why = why

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, position: int) -> None:
        here = self._file.tell()
        if position < here - _BLOCK:
            raise ValueError(f"a header at byte {here:,} points back")
        self._check(position)
        self._file.seek(position)

    def read(self, size: int) -> bytes:
        _check_size(size)
        content = self._file.read(size)
        self._check(self._file.tell())
        return content

    def _check(self, position):
        if position > self._limit:
            raise ValueError(f"it needs more than {self._limit:,} bytes, {self._why}")


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turns the errors about a damaged archive, which may be of any kind, into one kind."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            "An archive must be a whole zip or tar file. "
            f"Received: {path} ({type(error).__name__}: {error}). "
            "Download or pack it again."
        ) from error
