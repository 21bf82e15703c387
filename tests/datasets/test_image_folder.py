import os

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


def test_colour_and_labels(folder):
    dataset = image_folder(folder, 3, (16, 16, 3), labels=True, seed=0)
    images, labels = all_of(dataset)
    assert images.shape == (3, 16, 16, 3)
    assert dataset.class_names == ["a", "b"]
    red = np.asarray(images)[np.asarray(labels) == 0]
    np.testing.assert_allclose(red[0], np.broadcast_to([1.0, -1, -1], (16, 16, 3)))
    others = np.sort(np.asarray(images)[np.asarray(labels) == 1].mean((1, 2, 3)))
    np.testing.assert_allclose(others, [-1, 1], atol=1e-2)


def test_splits_share_no_picture_and_leave_none_out(tmp_path):
    for shade in range(20):
        (tmp_path / str(shade % 2)).mkdir(exist_ok=True)
        Image.new("L", (8, 8), 10 * shade).save(tmp_path / str(shade % 2) / f"{shade:02}.png")
    shades = {}
    for split, count in {"train": 18, "test": 2}.items():
        folder = image_folder(
            tmp_path, count, (8, 8, 1), True, value_range=(0, 255), seed=0, split=split
        )
        images, labels = all_of(folder)
        shades[split] = np.rint(np.asarray(images)[:, 0, 0, 0]).astype(int) // 10
        np.testing.assert_array_equal(shades[split] % 2, labels)
        assert folder.source.endswith(f"{split} split")
    assert sorted([*shades["train"], *shades["test"]]) == list(range(20))
    assert sorted(shades["test"] % 2) == [0, 1]  # of each class


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


def test_too_few_pictures_for_a_test_split(folder):
    with pytest.raises(ValueError, match="Received: 3 images"):
        image_folder(folder, 1, (8, 8, 1), split="test")


def test_an_unknown_split_is_an_error(folder):
    with pytest.raises(ValueError, match="split='valid'"):
        image_folder(folder, 1, (8, 8, 1), split="valid")


def test_grey(folder):
    assert all_of(image_folder(folder, 3, (8, 12, 1))).shape == (3, 8, 12, 1)


def test_pictures_are_cut_to_proportion_around_the_centre(tmp_path):
    wide = np.zeros((20, 60), "uint8")
    wide[:, 20:40] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    image = all_of(image_folder(tmp_path, 1, (10, 10, 1), value_range=(0, 1)))
    assert float(np.mean(image)) > 0.95  # squeezed, it would be a third


def test_resizing_is_antialiased(tmp_path):
    stripes = np.tile(np.array([[0, 255]], "uint8"), (80, 40))
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    image = all_of(image_folder(tmp_path, 1, (8, 8, 1), value_range=(0, 1)))
    assert abs(np.asarray(image) - 0.5).max() < 0.1  # grey; without, it would be 0 or 1


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
    with pytest.raises(ValueError, match="3 images and batch_size=4"):
        image_folder(folder, 4)
    with pytest.raises(ValueError, match=r"image_shape=\(8, 8\)"):
        image_folder(folder, 1, (8, 8))
    Image.new("L", (9, 9)).save(folder / "loose.png")
    with pytest.raises(ValueError, match=r"loose\.png, which lies in none"):
        image_folder(folder, 1, labels=True)


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
