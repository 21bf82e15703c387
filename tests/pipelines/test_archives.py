import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile

import numpy as np
import pytest

from keras_gans.pipelines import archives
from keras_gans.pipelines.archives import tree_of

CONTENT = {"b/2.png": b"two" * 400, "a/1.png": b"one", "a/notes.txt": b"text", "10.png": b""}
KINDS = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"]
ENDINGS = (".png",)
COMPRESSORS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def packed(kind, content, extra=()):
    """The bytes of an archive; `extra` are members of tar files, or names in zip files."""
    file = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content_of_file in content.items():
                archive.writestr(name, content_of_file)
        return file.getvalue()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content_of_file in content.items():
            member = tarfile.TarInfo(name.rstrip("/"))
            member.size = len(content_of_file)
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
            archive.addfile(member, io.BytesIO(content_of_file))
        for member in extra:
            archive.addfile(member)
    return COMPRESSORS.get(kind.removeprefix("tar."), bytes)(file.getvalue())


def tree(tmp_path, kind, content=CONTENT, extra=()):
    path = tmp_path / f"pictures.{kind}"
    path.write_bytes(content if isinstance(content, bytes) else packed(kind, content, extra))
    return tree_of(path, ENDINGS)


def contents(tree):
    found = {}
    for file in tree.files:
        if file.ending in ENDINGS:
            with file.open() as stream:
                found[file.name] = stream.read()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_is_read_as_its_folder(kind, tmp_path):
    folder = tmp_path / "folder"
    for name, content in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    expected, received = tree_of(folder, ENDINGS), tree(tmp_path, kind)
    assert [file.name for file in received.files] == [file.name for file in expected.files]
    assert [file.name for file in received.files] == sorted(CONTENT)
    assert received.folders == expected.folders == ["a", "b"]
    assert contents(received) == contents(expected)
    assert contents(received)["b/2.png"] == CONTENT["b/2.png"]
    assert received.files[-1].place == str(tmp_path / f"pictures.{kind}" / "b/2.png")


@pytest.mark.parametrize("kind", KINDS)
def test_names(kind, tmp_path):
    content = {"./x/a/1.png": b"1", "x/b/2.png": b"2", "x/c/": b"", "./": b"", ".x/3.png": b"3"}
    content |= {"__MACOSX/x/a/._1.png": b"4", "x/a/.hidden": b"", "README": b""}
    found = tree(tmp_path, kind, content)
    assert [file.name for file in found.files] == ["README", "x/a/1.png", "x/b/2.png"]
    assert (found.above, found.folders) == ("x/", ["a", "b", "c"])


@pytest.mark.parametrize(
    ("names", "above", "folders"),
    [
        (["x/a/1.png", "x/b/1.png"], "x/", ["a", "b"]),
        (["x/y/a/1.png", "x/y/b/c/1.png"], "x/y/", ["a", "b"]),
        (["a/1.png", "a/2.png"], "", ["a"]),
        (["x/a/1.png", "x/2.png"], "", ["x"]),
        (["a/1.png", "2.png"], "", ["a"]),
        (["xa/a/1.png", "xb/a/1.png"], "", ["xa", "xb"]),
    ],
)
def test_folders_that_hold_all_pictures_are_no_classes(names, above, folders, tmp_path):
    found = tree(tmp_path, "zip", dict.fromkeys(names, b"") | {"notes.txt": b""})
    assert (found.above, found.folders) == (above, folders)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["../1.png", "a/../../1.png", "/etc/1.png", "C:/1.png", "..\\1.png", "a/.."]
)
def test_names_that_lead_out_are_refused(kind, name, tmp_path):
    with pytest.raises(ValueError, match=rf"pictures\.{kind} .* leads out of the archive"):
        tree(tmp_path, kind, {"a/1.png": b"1", name: b"2"})


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("compressed", ["tar", "tar.gz"])
def test_links_and_pipes_are_not_opened(kind, compressed, tmp_path):
    member = tarfile.TarInfo("link.png")
    member.type, member.linkname = kind, "/etc/passwd"
    found = tree(tmp_path, compressed, {"1.png": b"1"}, [member])
    assert [file.name for file in found.files] == ["1.png", "link.png"]
    with pytest.raises(ValueError, match="a link, pipe, device"):
        found.files[1].open()


@pytest.mark.parametrize("kind", KINDS)
def test_half_an_archive_is_refused(kind, tmp_path):
    whole = packed(kind, {f"{n}.png": np.random.default_rng(n).bytes(1500) for n in range(4)})
    for length in (len(whole) // 2, 512 * (len(whole) // 1024), len(whole) - 9):
        if kind == "tar" and length == len(whole) - 9:
            continue  # of the zeros at its end
        with pytest.raises(ValueError, match=rf"Received: .*pictures\.{kind}"):
            contents(tree(tmp_path, kind, whole[:length]))


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
def test_a_damaged_header_is_not_taken_for_the_end(kind, tmp_path):
    whole = bytearray(packed("tar", {"1.png": b"1", "2.png": b"2"}))
    whole[1024 + 3] ^= 1
    whole = COMPRESSORS["gz"](bytes(whole)) if kind == "tar.gz" else bytes(whole)
    with pytest.raises(ValueError, match=r"damaged at byte 1,024"):
        tree(tmp_path, kind, whole)


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.xz"])
def test_checksums_are_verified(kind, tmp_path):
    random = np.random.default_rng(0)
    picture = random.bytes(3000)
    whole = packed(kind, {"1.png": picture})
    for place in random.integers(100, 2900, 20):
        changed = bytearray(whole)
        changed[place] ^= 16
        try:
            received = contents(tree(tmp_path, kind, bytes(changed)))
        except Exception:  # of many kinds
            received = None
        assert received in (None, {"1.png": picture})


def header(name, size, kind=b"0"):
    """A block of a tar file; a size beyond 8 GB, or below 0, is in another form."""
    member = tarfile.TarInfo(name)
    block = bytearray(member.tobuf(tarfile.USTAR_FORMAT))
    block[124:136] = (
        b"\x80" + size.to_bytes(11) if size >= 0 else struct.pack(">Iq", 2**32 - 1, size)
    )
    block[156:157] = kind
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def test_a_size_below_zero_does_not_hang(tmp_path):
    content = header("1.png", 0) + header("2.png", -1024) + bytes(2048)
    with pytest.raises(ValueError, match=r"pictures\.tar "):
        tree(tmp_path, "tar", content)


@pytest.mark.parametrize("kind", [b"0", b"x", b"L", b"g"])
@pytest.mark.parametrize("compressed", ["tar", "tar.gz"])
def test_more_than_the_memory_is_not_read(kind, compressed, tmp_path):
    """A file, or a name, of 2 GB."""
    content = header("1.png", 1 << 31, kind) + bytes(1 << 20)
    content = COMPRESSORS["gz"](content) if compressed == "tar.gz" else content
    with pytest.raises(
        ValueError, match=rf"pictures\.{compressed} .*(268,435,456|end of data|incomplete)"
    ):
        tree(tmp_path, compressed, content)


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz"])
def test_a_small_file_of_many_bytes_is_refused(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "room_for_data", lambda: 1 << 20)
    content = {f"{number}.png": bytes(100_000) for number in range(20)}
    with pytest.raises(
        ValueError, match=r"more than 1,048,576 bytes, .*; unpack it, or make a zip"
    ):
        tree(tmp_path, kind, content)
    assert len(contents(tree(tmp_path, kind, dict(list(content.items())[:5])))) == 5


def test_a_large_file_is_named_when_it_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_FILE", 1 << 20)
    for kind in KINDS:
        bad, good = tree(tmp_path, kind, {"1.png": bytes((1 << 20) + 1), "2.png": b"2"}).files
        with pytest.raises(ValueError, match="1,048,577 bytes are more than 1,048,576"):
            bad.open()
        with good.open() as stream:
            assert stream.read() == b"2"


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    with pytest.raises(ValueError, match="more than 3 files"):
        tree(tmp_path, "tar.gz")


def test_neither_a_folder_nor_an_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"not one")
    assert tree_of(tmp_path / "a.zip", ENDINGS) is None
    assert tree_of(tmp_path / "missing", ENDINGS) is None


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_later_file_takes_the_place_of_one_of_the_same_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("1.png", b"1")
        archive.writestr("1.png", b"2")
    assert contents(tree_of(tmp_path / "a.zip", ENDINGS)) == {"1.png": b"2"}
