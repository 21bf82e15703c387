import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile

import numpy as np
import pytest

from keras_gans.pipelines import archives
from keras_gans.pipelines.archives import tree_of

CONTENT = {"b/2.png": b"two" * 400, "a/1.png": b"one", "a/notes.txt": b"text", "10.png": b""}
CONTENT |= {"a-b/3.png": b"three"}  # sorted before "a/1.png" as a text, but not as a path
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
    assert sorted(file.name for file in received.files) == sorted(CONTENT)
    assert received.folders == expected.folders == ["a", "a-b", "b"]
    assert contents(received) == contents(expected)
    assert contents(received)["b/2.png"] == CONTENT["b/2.png"]
    assert received.files[-1].place == str(tmp_path / f"pictures.{kind}" / "b/2.png")


@pytest.mark.parametrize("kind", KINDS)
def test_names(kind, tmp_path):
    content = {"./x/a/1.png": b"1", "x/b/2.png": b"2", "x/c/": b"", "./": b"", ".x/3.png": b"3"}
    content |= {"__MACOSX/x/a/._1.png": b"4", "x/a/.hidden": b"", "README": b"", "y/5.txt": b""}
    found = tree(tmp_path, kind, content)
    assert [file.name for file in found.files] == ["README", "x/a/1.png", "x/b/2.png", "y/5.txt"]
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


def linked(name, target):
    """A member of a zip archive that is a link, as `zip -y` writes it, and one of a tar archive."""
    in_zip, in_tar = zipfile.ZipInfo(name), tarfile.TarInfo(name)
    in_zip.create_system, in_zip.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    in_tar.type, in_tar.linkname = tarfile.SYMTYPE, target
    return in_zip, in_tar


@pytest.mark.parametrize("kind", KINDS)
def test_links_to_folders_are_folders_without_files(kind, tmp_path):
    """Classes cannot vanish; in a folder, the files behind a link are found."""
    in_zip, in_tar = linked("b", "a")
    found = tree(tmp_path, kind, {"a/1.png": b"1"}, [in_tar])
    if kind == "zip":
        with zipfile.ZipFile(tmp_path / "pictures.zip", "a") as archive:
            archive.writestr(in_zip, "a")
        found = tree_of(tmp_path / "pictures.zip", ENDINGS)
    assert found.folders == ["a", "b"]
    assert [file.name for file in found.files] == ["a/1.png", "b"]


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
def test_sparse_files_are_not_read(kind, tmp_path):
    """Their content has holes, which only their map of blocks shows."""
    member = tarfile.TarInfo("GNUSparseFile.0/1.png")
    member.size, blocks = 1024, b"1\n0\n512\n".ljust(512, b"\0")
    sparse = {"major": "1", "minor": "0", "name": "1.png", "realsize": "1024"}
    member.pax_headers = {f"GNU.sparse.{name}": value for name, value in sparse.items()}
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(member, io.BytesIO(blocks + b"1" * 512))
    content = COMPRESSORS.get(kind.removeprefix("tar."), bytes)(file.getvalue())
    (found,) = tree(tmp_path, kind, content).files
    assert found.name == "1.png"
    with pytest.raises(ValueError, match="sparse"):
        found.open()


def test_names_in_utf_8_without_a_note_are_read_as_such(tmp_path):
    """As macOS and Linux write them; others are in the encoding of MS-DOS."""
    names = ["ch\u00eane/1.png", "\u732b/2.png", "e\u0301/3.png"]
    whole = packed("zip", dict.fromkeys([*names, "1.txt"], b""))
    found = tree(tmp_path, "zip", whole)
    assert sorted(file.name for file in found.files) == sorted([*names, "1.txt"])
    changed = whole
    for place in range(len(whole) - 8):
        flags = {b"PK\3\4": 6, b"PK\1\2": 8}.get(whole[place : place + 4])
        if flags:
            changed = changed[: place + flags] + bytes(2) + changed[place + flags + 2 :]
    assert changed != whole
    again = tree(tmp_path, "zip", changed)
    assert [file.name for file in again.files] == [file.name for file in found.files]
    assert again.folders == found.folders
    old = tree(tmp_path, "zip", changed.replace("ch\u00eane".encode(), b"ch\x88nes"))
    assert "ch\u00eanes/1.png" in [file.name for file in old.files]


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_a_changed_bit_in_the_list_of_a_zip_archive_loses_nothing(step, tmp_path):
    """`zipfile` skips the files behind a damaged entry, and does not check most names."""
    content = {"a/1.png": b"1", "a/2.png": b"2", "b/3.png": b"3", "b/note": b"4"}
    whole = packed("zip", content)
    start, counts = whole.index(b"PK\1\2"), {True: 0, False: 0}
    pictures = {name: text for name, text in content.items() if name.endswith("png")}
    for place in range(8 * start, 8 * len(whole), step):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        try:
            received = contents(tree(tmp_path, "zip", bytes(changed)) or 1 / 0)
        except Exception:  # of many kinds; when a list is read, they become one
            counts[False] += 1
        else:
            assert received == pictures, place
            counts[True] += 1
    assert min(counts.values()) > 100 / step


@pytest.mark.parametrize("comment", [b"", b"of the archive"])
@pytest.mark.parametrize(
    "count",
    [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (65_534, 65_535, 65_536, 70_000))],
)
def test_any_number_of_files_in_a_zip_archive(count, comment, tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.png", b"")
        archive.comment = comment
    assert len(tree_of(tmp_path / "many.zip", ENDINGS).files) == count


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
@pytest.mark.parametrize("damage", ["an empty block", "a second archive", "many zeros"])
def test_an_archive_that_ends_early_is_refused(kind, damage, tmp_path):
    whole = packed("tar", {"1.png": b"1", "2.png": b"2"})
    changed = {
        "an empty block": whole[:1024] + bytes(512) + whole[1536:],
        "a second archive": whole + whole,
        "many zeros": whole + bytes(1 << 20),
    }[damage]
    assert len(tree(tmp_path, "tar", whole + bytes(10_240)).files) == 2
    content = COMPRESSORS.get(kind.removeprefix("tar."), bytes)(changed)
    place = "1,024" if damage == "an empty block" else "2,048"
    with pytest.raises(ValueError, match=rf"pictures\.{kind} .*byte {place}"):
        tree(tmp_path, kind, content)


def test_files_of_a_tar_archive_stay_there(tmp_path):
    """They may need more than the memory."""
    (found,) = tree(tmp_path, "tar", {"1.png": b"before"}).files
    path = tmp_path / "pictures.tar"
    path.write_bytes(path.read_bytes().replace(b"before", b"behind"))
    with found.open() as stream:
        assert stream.read() == b"behind"


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
