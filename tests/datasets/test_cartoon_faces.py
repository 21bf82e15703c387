import functools
import hashlib
from pathlib import Path

import numpy as np
import pytest

import keras_gans as kg
from keras_gans.datasets import cartoon_faces

FILE = Path(kg.__file__).parent / "datasets" / "cartoon_faces.npz"
SIZES = {"train": 4500, "test": 500}
whole = pytest.mark.stage2  # looks at all faces


@pytest.fixture(scope="module")
def splits():
    """A function from a split to all of its faces, (N, 64, 64, 3) bytes, and their labels."""

    @functools.cache
    def load(split):
        images, labels = next(iter(cartoon_faces(SIZES[split], split, True, (0, 255), seed=0)))
        return images.numpy().astype("uint8"), labels.numpy()

    return load


def test_shapes_dtypes_and_range():
    images, labels = next(iter(cartoon_faces(200, "test", labels=True)))
    assert images.shape == (200, 64, 64, 3)
    assert labels.shape == (200,)
    assert (images.dtype, labels.dtype) == ("float32", "int32")
    assert np.min(images) == -1  # black lines
    assert np.max(images) == 1  # white faces
    assert next(iter(cartoon_faces(200, "test", value_range=(0, 1)))).numpy().min() == 0


@pytest.mark.parametrize("split", ["test", pytest.param("train", marks=whole)])
def test_each_style_has_a_quarter(split, splits):
    labels = splits(split)[1]
    assert np.bincount(labels).tolist() == [SIZES[split] // 4] * 4
    assert len(cartoon_faces(1, split)) == SIZES[split]


@whole
def test_no_face_is_there_twice_in_either_split(splits):
    faces = {face.tobytes() for split in SIZES for face in splits(split)[0]}
    assert len(faces) == 5000


@whole
def test_any_two_of_a_style_differ_in_two_percent_of_their_pixels(splits):
    images, labels = (np.concatenate(parts) for parts in zip(*map(splits, SIZES), strict=True))
    codes = images.astype("int32") @ np.array([1 << 16, 1 << 8, 1], "int32")
    for style in range(4):
        faces = codes[labels == style].reshape(1250, -1)
        for number in range(0, 1250, 50):  # every 50th with all others
            differences = np.mean(faces != faces[number], axis=1)
            assert np.sort(differences)[1] >= 0.02


@pytest.mark.parametrize("split", ["test", pytest.param("train", marks=whole)])
def test_labels_are_styles(split, splits):
    images, labels = splits(split)
    squares = images.reshape(-1, 16, 4, 16, 4, 3)
    pixelated = np.all(squares == squares[:, :, :1, :, :1], axis=(1, 2, 3, 4, 5))
    np.testing.assert_array_equal(pixelated, labels == 3)
    middles = images[:, 24:40, 24:40].astype("int32")  # within the head
    colorful = np.mean(np.ptp(middles, axis=-1) > 16, axis=(1, 2))
    assert colorful[labels == 1].max() < colorful[labels == 0].mean() / 2  # black and white
    black = np.mean(images.max(axis=-1) < 20, axis=(1, 2))  # thick lines, and hair
    assert black[labels == 2].mean() > 2 * black[labels == 0].mean()


def test_faces_are_whole_across_the_tiles_of_the_file(splits):
    images, labels = splits("test")
    images = images[labels < 3].astype("int32")
    for axis in (1, 2):
        steps = np.abs(np.diff(images, axis=axis)).mean(axis=(0, 3 - axis, 3))
        assert steps[7::8].mean() < 1.5 * steps[3::8].mean()


@whole
def test_backgrounds_are_five_soft_colors(splits):
    images, labels = splits("train")
    corners = images[labels < 3, 0, 0]  # nothing is drawn there in these styles
    colors, counts = np.unique(corners, axis=0, return_counts=True)
    assert len(colors) == 5
    assert counts.min() > 0.15 * len(corners)
    assert colors.min() > 170


def test_the_order_is_a_function_of_the_seed():
    first, again, other = (next(iter(cartoon_faces(50, "test", seed=seed))) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_epoch_is_another_order_of_the_same_faces():
    dataset = cartoon_faces(500, "test", seed=1)
    first, second = (next(iter(dataset)).numpy() for _ in range(2))
    assert not np.array_equal(first, second)
    assert sorted(map(bytes, first)) == sorted(map(bytes, second))


def test_bad_arguments():
    with pytest.raises(ValueError, match="split='valid'"):
        cartoon_faces(10, split="valid")
    with pytest.raises(ValueError, match="at least one batch"):
        cartoon_faces(501, split="test")


def test_the_file_is_small():
    assert FILE.stat().st_size < 2e6


def test_the_file_is_the_one_whose_faces_were_checked():
    """Run `pytest -m stage2` on another one, which checks them."""
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert digest == "c54e2c97d306eccb63ee862d44579a97d3f9edeb6370773784339ccf1a111630"
