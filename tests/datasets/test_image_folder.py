import contextlib
import itertools
import os
import shutil
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.datasets import image_folder


@pytest.fixture
def folder(tmp_path):
    """Two classes, one with a sub-folder, and a file that is no picture."""
    (tmp_path / "b" / "more").mkdir(parents=True)
    (tmp_path / "a").mkdir()
    Image.new("RGB", (40, 20), (255, 0, 0)).save(tmp_path / "a" / "red.png")
    Image.new("L", (20, 40), 255).save(tmp_path / "b" / "white.JPG", format="JPEG")
    Image.new("L", (9, 9), 0).save(tmp_path / "b" / "more" / "black.jpeg")
    (tmp_path / "a" / "notes.txt").write_text("not a picture")
    return tmp_path


def all_of(dataset):
    return next(iter(dataset))


def test_color_and_labels(folder):
    dataset = image_folder(folder, 3, (16, 16, 3), labels=True, seed=0)
    images, labels = all_of(dataset)
    assert images.shape == (3, 16, 16, 3)
    assert dataset.class_names == ["a", "b"]
    red = np.asarray(images)[np.asarray(labels) == 0]
    np.testing.assert_allclose(red[0], np.broadcast_to([1.0, -1, -1], (16, 16, 3)))
    others = np.sort(np.asarray(images)[np.asarray(labels) == 1].mean((1, 2, 3)))
    np.testing.assert_allclose(others, [-1, 1], atol=1e-2)


@pytest.mark.parametrize("side", [8, 64])  # pixels; 64: beyond memory
def test_splits_share_no_picture_and_leave_none_out(side, tmp_path, little_memory):
    for shade in range(20):
        (tmp_path / str(shade % 2)).mkdir(exist_ok=True)
        Image.new("L", (8, 8), 10 * shade).save(tmp_path / str(shade % 2) / f"{shade:02}.png")
    shades = {}
    for split in ("train", "test"):
        folder = image_folder(
            tmp_path, 1, (side, side, 1), True, value_range=(0, 255), seed=0, split=split
        )
        images, labels = (np.concatenate(part) for part in zip(*folder, strict=True))
        shades[split] = np.rint(images[:, 0, 0, 0]).astype(int) // 10
        np.testing.assert_array_equal(shades[split] % 2, labels)
        assert folder.source.endswith(f"{split} split")
    assert sorted([*shades["train"], *shades["test"]]) == list(range(20))
    assert 1 <= len(shades["test"]) <= 5


def test_more_files_than_are_read_at_a_time_keep_their_labels(tmp_path, capsys, monkeypatch):
    clock = itertools.count(step=3)  # seconds, so that the progress bar appears
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shades = {f"{number:04}.png": [number % 251] for number in range(2100)}
    for name, (shade,) in shades.items():
        Image.new("L", (8, 8), shade).save(tmp_path / name)
    dataset = image_folder(tmp_path, 2100, (8, 8, 1), labels=shades, value_range=(0, 255))
    images, labels = all_of(dataset)
    np.testing.assert_allclose(np.asarray(images)[:, 0, 0, :], labels, atol=0.01)
    assert "2100/2100" in capsys.readouterr().out


def test_hidden_files_are_left_out(folder):
    for path in ("a/._red.png", "__MACOSX/a/red.png", ".trash/old.jpg"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("no picture")
    dataset = image_folder(folder, 3, (8, 8, 1), labels=True)
    assert dataset.class_names == ["a", "b"]


def test_a_last_smaller_batch_may_be_the_only_one(folder):
    images = all_of(image_folder(folder, 64, (8, 8, 1), drop_remainder=False))
    assert images.shape == (3, 8, 8, 1)
    with pytest.raises(ValueError, match="3 images and batch_size=64"):
        image_folder(folder, 64, (8, 8, 1))


def test_too_few_pictures_for_a_test_split(tmp_path):
    for name in "023":
        Image.new("L", (8, 8)).save(tmp_path / f"{name}.png")
    with pytest.raises(ValueError, match="split='test', to which none of 3 pictures belongs"):
        image_folder(tmp_path, 1, (8, 8, 1), split="test")


def test_an_unknown_split_is_an_error(folder):
    with pytest.raises(ValueError, match="split='valid'"):
        image_folder(folder, 1, (8, 8, 1), split="valid")


@pytest.mark.filterwarnings("ignore:Pictures should have the proportions")
def test_gray(folder):
    assert all_of(image_folder(folder, 3, (8, 12, 1))).shape == (3, 8, 12, 1)


def test_pictures_are_cut_to_proportion_around_the_center(tmp_path):
    wide = np.zeros((20, 60), "uint8")
    wide[:, 20:40] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    lost = "60 pixels wide and 20 high.*20 pixels wide and 20 high: 33% of the area"
    lost += r"\. image_shape=\(10, 30, 1\) keeps everything"
    with pytest.warns(UserWarning, match=lost) as warned:
        image = all_of(image_folder(tmp_path, 1, (10, 10, 1), value_range=(0, 1)))
    assert warned[0].filename == __file__
    assert float(np.mean(image)) > 0.95  # squeezed, it would be a third


@pytest.mark.parametrize(("size", "lost"), [((100, 92), 0.08), ((100, 85), 0.15)])
def test_a_tenth_of_the_area_may_be_lost_without_a_word(size, lost, tmp_path):
    for turned in (False, True):
        Image.new("L", size[::-1] if turned else size).save(tmp_path / "a.png")
        expected = r"image_shape=\(12, 10, 1\)" if turned else r"image_shape=\(10, 12, 1\)"
        told = pytest.warns(UserWarning, match=f": {1 - lost:.0%} of.*{expected} keeps")
        with contextlib.nullcontext() if lost < 0.1 else told:
            image_folder(tmp_path, 1, (10, 10, 1))


def test_resizing_is_antialiased(tmp_path):
    stripes = np.tile(np.array([[0, 255]], "uint8"), (80, 40))
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    image = all_of(image_folder(tmp_path, 1, (8, 8, 1), value_range=(0, 1)))
    assert abs(np.asarray(image) - 0.5).max() < 0.1  # gray; without, it would be 0 or 1


def test_transparent_pictures_lie_on_white(tmp_path):
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert float(np.min(all_of(image_folder(tmp_path, 1, (16, 16, 3))))) == 1.0


def test_sixteen_bits_are_scaled(tmp_path):
    Image.fromarray(np.full((16, 16), 32768, "uint16")).save(tmp_path / "deep.png")
    image = all_of(image_folder(tmp_path, 1, (16, 16, 1), value_range=(0, 1)))
    np.testing.assert_allclose(np.asarray(image), 0.5, atol=0.01)


def test_turned_as_the_camera_noted(tmp_path):
    halves = np.zeros((32, 32), "uint8")
    halves[:16] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    Image.fromarray(halves).save(tmp_path / "turned.jpg", exif=exif)
    image = np.asarray(all_of(image_folder(tmp_path, 1, (32, 32, 1), value_range=(0, 1))))[0]
    assert image[:, 20:].mean() > 0.9
    assert image[:, :12].mean() < 0.1


@pytest.mark.parametrize("broken", [b"", b"no picture at all", "truncated"])
def test_an_unreadable_picture_is_named(folder, broken):
    content = broken
    if broken == "truncated":
        noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), "uint8")
        Image.fromarray(noise).save(folder / "whole.png")
        content = (folder / "whole.png").read_bytes()[:2000]
    (folder / "a" / "broken.png").write_bytes(content)
    with pytest.raises(ValueError, match=r"broken\.png"):
        image_folder(folder, 1)


def test_bad_folders(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="none was found"):
        image_folder(tmp_path / "empty", 1)
    with pytest.raises(ValueError, match="none was found"):
        image_folder(tmp_path / "nowhere", 1)
    with pytest.raises(ValueError, match=r"red\.png', which is neither a folder nor a zip or tar"):
        image_folder(folder / "a" / "red.png", 1)
    with pytest.raises(ValueError, match="3 images and batch_size=4"):
        image_folder(folder, 4)
    with pytest.raises(ValueError, match=r"image_shape=\(8, 8\)"):
        image_folder(folder, 1, (8, 8))
    Image.new("L", (9, 9)).save(folder / "loose.png")
    with pytest.raises(ValueError, match=r"loose\.png, which is in none"):
        image_folder(folder, 1, labels=True)


def test_accents_of_classes_may_have_both_forms(tmp_path):
    """Or the classes of a folder from macOS would have other numbers, and other names."""
    for name in ("e\u0301", "f", "\u00ea"):
        (tmp_path / name).mkdir()
        Image.new("L", (8, 8), 255 * (name == "f")).save(tmp_path / name / "1.png")
    dataset = image_folder(tmp_path, 3, (8, 8, 1), labels=True)
    assert dataset.class_names == ["f", "\u00e9", "\u00ea"]
    images, labels = all_of(dataset)
    assert (np.asarray(images).mean((1, 2, 3)) > 0).tolist() == (np.asarray(labels) == 0).tolist()
    (tmp_path / "\u00e9").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "\u00e9" / "1.png")
    with pytest.raises(ValueError, match=r"two folders named '.', .*Join them"):
        image_folder(tmp_path, 3, (8, 8, 1), labels=True)


def test_real_faces(real_data, tmp_path):
    import zipfile

    with zipfile.ZipFile(real_data / "faces" / "lfw_gray_64x64.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith("jpg")]
        archive.extractall(tmp_path, names[:40] + names[-40:])
    dataset = image_folder(tmp_path / "lfw_gray_64x64", 80, (64, 64, 1), labels=True)
    images, labels = all_of(dataset)
    assert dataset.class_names == ["no_smile", "smile"]
    assert images.shape == (80, 64, 64, 1)
    assert 0 < np.mean(labels) < 1


@pytest.fixture
def little_memory(monkeypatch):
    """The system says that it has 4 kB of memory."""
    told = os.sysconf
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1}
    monkeypatch.setattr(os, "sysconf", lambda name: sizes.get(name) or told(name))


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("drop_remainder", [False, True])
def test_pictures_beyond_memory_come_in_the_same_batches(folder, request, labels, drop_remainder):
    def two_epochs():
        dataset = image_folder(
            folder, 2, (32, 32, 3), labels, seed=3, drop_remainder=drop_remainder
        )
        batches = [batch for _ in range(2) for batch in dataset]
        return dataset, [np.asarray(part) for part in tf.nest.flatten(batches)]

    kept, expected = two_epochs()
    request.getfixturevalue("little_memory")
    dataset, received = two_epochs()
    assert dataset.element_spec == kept.element_spec
    assert len(dataset) == len(kept)
    for one, other in zip(received, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def epochs_while_pictures_change(tmp_path, side):
    """The shades of two epochs, between which all pictures turn from white to black."""
    shades = []
    for shade in (255, 0):
        for number in range(4):
            Image.new("L", (8, 8), shade).save(tmp_path / f"{number}.png")
        if not shades:
            dataset = image_folder(tmp_path, 4, (side, side, 1))
        shades.append(float(np.mean(all_of(dataset))))
    return shades


def test_pictures_beyond_memory_are_read_in_each_epoch(tmp_path, little_memory):
    assert epochs_while_pictures_change(tmp_path, 22) == [1, 1]  # 4 * 484 bytes, below half
    assert epochs_while_pictures_change(tmp_path, 23) == [1, -1]  # 4 * 529, above


def test_too_few_pictures_beyond_memory(folder, little_memory):
    with pytest.raises(ValueError, match="at least one batch"):
        image_folder(folder, 4, (64, 64, 3))


def test_there_is_room_in_memory(tmp_path):
    assert epochs_while_pictures_change(tmp_path, 1024) == [1, 1]  # 4 MB


def test_there_is_room_where_the_system_does_not_say(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sysconf")  # as on Windows
    assert epochs_while_pictures_change(tmp_path, 23) == [1, 1]


@pytest.mark.parametrize("ending", ["jfif", "JPE", "apng", "webp", "bmp", "gif"])
def test_no_class_vanishes_because_of_the_endings_of_its_files(ending, folder):
    """Without its files, the classes behind it would have other numbers."""
    Image.new("L", (9, 9), 0).save(folder / "a" / f"red.{ending}")
    (folder / "a" / "red.png").unlink()
    dataset = image_folder(folder, 3, (8, 8, 1), labels=True)
    assert dataset.class_names == ["a", "b"]
    assert sorted(np.asarray(all_of(dataset)[1])) == [0, 1, 1]


@pytest.mark.filterwarnings("ignore:Only PNG")
@pytest.mark.parametrize("name", [None, "scan.psd", "notes.txt"])
def test_a_class_without_pictures_is_an_error(name, folder):
    (folder / "aa").mkdir()
    if name:
        (folder / "aa" / name).write_bytes(b"II*")
    with pytest.raises(ValueError, match=r"Received: .*aa, where none was found"):
        image_folder(folder, 1, (8, 8, 1), labels=True)


def test_other_files_than_texts_are_left_out_with_a_word(folder):
    for name in ("scan.PSD", "2.psd", "IMG_0001"):
        (folder / "a" / name).write_bytes(b"8BPS")
    (folder / "a" / ".hidden.psd").write_bytes(b"")
    said = r"of which 2 \.psd, 1 without an ending are skipped"
    with pytest.warns(UserWarning, match=said) as warned:
        image_folder(folder, 3, (8, 8, 1))
    assert len(warned) == 1
    assert warned[0].filename == __file__
    (folder / "scans").mkdir()
    (folder / "a" / "scan.PSD").rename(folder / "scans" / "scan.PSD")
    with pytest.raises(ValueError, match=r"none was found but 1 \.psd\. Convert them"):
        image_folder(folder / "scans", 1)


def test_unreadable_pictures_can_be_left_out_by_name(folder, little_memory):
    (folder / "a" / "broken.png").write_bytes(b"")
    for side in (8, 64):  # pixels; 64: beyond memory
        shape = (side, side, 1)
        with pytest.warns(UserWarning, match=r"1 of 4 that.* skipped: \S+broken\.png\.") as warned:
            dataset = image_folder(folder, 3, shape, labels=True, seed=0, skip_unreadable=True)
        assert len(warned) == 1
        assert warned[0].filename == __file__
        images, labels = all_of(dataset)
        red, others = np.asarray(labels) == 0, np.asarray(labels) == 1
        assert len(dataset) == red.sum() == 1
        np.testing.assert_allclose(np.asarray(images)[red], 2 * 76 / 255 - 1)
        assert others.sum() == 2


@pytest.mark.parametrize(
    ("number", "said"), [(5, r"4\.png\. Repair"), (6, r"4\.png, and others\. R")]
)
def test_of_many_unreadable_pictures_five_are_named(number, said, folder):
    for name in range(number):
        (folder / "a" / f"{name}.png").write_bytes(b"")
    with pytest.warns(UserWarning, match=rf"{number} of {number + 3} that are not.*{said}"):
        image_folder(folder, 3, (8, 8, 1), skip_unreadable=True)


def test_only_unreadable_pictures(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"")
    with (
        pytest.warns(UserWarning, match="skipped"),
        pytest.raises(ValueError, match="0 images and batch_size=1"),
    ):
        image_folder(tmp_path, 1, skip_unreadable=True)


def test_a_file_that_is_something_else_than_its_ending_says_is_named(folder):
    Image.new("L", (9, 9)).save(folder / "a" / "page.png", format="PDF")
    with pytest.raises(ValueError, match=r"page\.png \(UnidentifiedImageError"):
        image_folder(folder, 1)


@pytest.mark.filterwarnings("ignore:Only PNG")  # about the link that leads nowhere
def test_links_to_folders_are_followed_but_not_in_circles(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "deep").mkdir()
    Image.new("L", (9, 9), 0).save(elsewhere / "deep" / "black.png")
    (elsewhere / "deep" / "up").symlink_to(elsewhere)
    (folder / "aa").symlink_to(elsewhere)
    (folder / "b" / "all").symlink_to(folder)
    (folder / "b" / "one.png").symlink_to(folder / "a" / "red.png")
    dataset = image_folder(folder, 5, (8, 8, 1), labels=True)
    assert dataset.class_names == ["a", "aa", "b"]
    assert sorted(np.asarray(all_of(dataset)[1])) == [0, 1, 2, 2, 2]
    (folder / "ab").symlink_to(folder / "nowhere")
    with pytest.raises(ValueError, match=r"Received: .*ab, where none was found"):
        image_folder(folder, 5, (8, 8, 1), labels=True)


@pytest.mark.parametrize("target", ["/dev/zero", "nowhere"])
def test_a_link_to_what_is_no_file_is_named(target, folder):
    (folder / "a" / "link.png").symlink_to(target)
    with pytest.raises(ValueError, match=r"link\.png \(ValueError: a pipe, a device"):
        image_folder(folder, 1)


@pytest.mark.stage2  # a process, which could be killed if it waited
def test_a_pipe_is_named_and_not_waited_for(folder):
    os.mkfifo(folder / "a" / "pipe.png")
    code = f"from keras_gans.datasets import image_folder; image_folder({str(folder)!r}, 1)"
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, timeout=120, capture_output=True, check=False)
    assert b"pipe.png (ValueError: a pipe, a device" in ended.stderr


def black_png(width, height):
    """A picture of one bit a pixel, which packs well."""
    rows = zlib.compress(bytes(1 + width // 8) * height, 9)

    def chunk(kind, content):
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_small_file_of_a_huge_picture_is_named(folder):
    (folder / "a" / "bomb.png").write_bytes(black_png(9000, 9000))  # Pillow allows it
    with pytest.raises(
        ValueError, match=r"bomb\.png .*9000 x 9000 pixels are more than 67,108,864"
    ):
        image_folder(folder, 1)


def test_fields_of_exif_do_not_matter_but_for_the_orientation(tmp_path):
    halves = np.zeros((32, 32), "uint8")
    halves[:16] = 255
    entries = [(0x0112, 3, 1, 6), (0x011A, 2, 1, 65), (0x829A, 2, 1, 66)]  # texts for numbers
    fields = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + fields + bytes(4)
    Image.fromarray(halves).save(tmp_path / "turned.jpg", exif=exif)
    image = np.asarray(all_of(image_folder(tmp_path, 1, (32, 32, 1), value_range=(0, 1))))[0]
    assert image[:, 20:].mean() > 0.9


def write_deep(path, pixels):
    """A PNG file of 16 bits, gray `(H, W)` or in color `(H, W, 3)`, which Pillow cannot write."""
    kind = 0 if pixels.ndim == 2 else 2
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    whole = black_png(8, 8)
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 16, kind, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    content = whole[:8]
    for name, part in parts:
        content += struct.pack(">I", len(part)) + name + part
        content += struct.pack(">I", zlib.crc32(name + part))
    path.write_bytes(content)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize(("bits", "factor"), [(10, 64), (12, 16), (14, 4)])
def test_scans_that_use_fewer_than_sixteen_bits_are_told_of(bits, factor, color, tmp_path):
    shape = (8, 8, 3) if color else (8, 8)
    pixels = np.random.default_rng(0).integers(0, 2**bits, shape)
    for number in range(3):
        write_deep(tmp_path / f"{number}.png", pixels)
    with pytest.warns(UserWarning, match=f"below {2**bits} only.*by {factor}, and save") as warned:
        image_folder(tmp_path, 3, (8, 8, 1))
    assert warned[0].filename == __file__
    write_deep(tmp_path / "2.png", pixels * factor)
    image_folder(tmp_path, 3, (8, 8, 1))


@pytest.mark.parametrize("end", ["vanish", "tear"])
def test_a_file_that_breaks_during_an_epoch_is_named_in_few_lines(end, tmp_path, little_memory):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40), "uint8")
    for number in range(4):
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    dataset = image_folder(tmp_path, 2, (40, 40, 1))
    assert len(list(dataset)) == 2
    lost = tmp_path / "3.png"
    lost.unlink() if end == "vanish" else lost.write_bytes(lost.read_bytes()[:900])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"3\.png .*Repair it") as raised:
        list(dataset)
    assert str(raised.value).count("\n") < 5
    assert "Traceback" not in str(raised.value)


def test_the_home_folder(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    assert all_of(image_folder(f"~/{folder.name}", 3, (8, 8, 1))).shape == (3, 8, 8, 1)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_name_that_no_folder_can_have(name):
    with pytest.raises(ValueError, match=r"none was found|the path of a file or folder"):
        image_folder(name, 1)


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_an_archive_gives_the_batches_of_its_folder(kind, folder, tmp_path_factory, request):
    archive = shutil.make_archive(tmp_path_factory.mktemp("a") / "pictures", kind, folder)

    def batches(source):
        dataset = image_folder(source, 2, (32, 32, 3), labels=True, seed=3)
        assert dataset.class_names == ["a", "b"]
        return [np.asarray(part) for part in tf.nest.flatten(list(dataset))], dataset.source

    (expected, _), (received, source) = batches(folder), batches(archive)
    assert source == f"archive {Path(archive).name}"
    request.getfixturevalue("little_memory")
    if kind == "zip":
        received += batches(archive)[0]
    else:
        with pytest.raises(
            ValueError, match=r"more than 2,048 bytes, .*; unpack it, or make a zip"
        ):
            batches(archive)
    for number, one in enumerate(received):
        np.testing.assert_array_equal(one, expected[number % 2])


def test_a_picture_in_an_archive_is_named(folder, tmp_path_factory):
    (folder / "b" / "broken.png").write_bytes(b"no picture")
    archive = shutil.make_archive(tmp_path_factory.mktemp("a") / "pictures", "zip", folder)
    with pytest.raises(ValueError, match=r"Received: \S+pictures\.zip/b/broken\.png \(Unid"):
        image_folder(archive, 1)
