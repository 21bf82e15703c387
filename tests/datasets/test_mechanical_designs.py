import hashlib
from pathlib import Path

import numpy as np
import pytest
from mechanics.analysis import joined
from mechanics.make_designs import optimized
from mechanics.specifications import Specification
from PIL import Image

import keras_gans as kg
from keras_gans.datasets import mechanical_designs

FILE = Path(kg.__file__).parent / "datasets" / "mechanical_designs.npz"


@pytest.fixture(scope="module")
def everything():
    """All designs, (6000, 50, 50) booleans, and their conditions."""
    parts = []
    for split, number in (("train", 5000), ("test", 1000)):
        images, conditions = next(iter(mechanical_designs(number, split, labels=True, seed=0)))
        parts.append((images.numpy()[..., 0] > 0, conditions.numpy()))
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def test_images_are_material_or_void_in_the_range():
    images = next(iter(mechanical_designs(100, value_range=(0, 1))))
    assert images.shape == (100, 50, 50, 1)
    assert np.unique(images).tolist() == [0, 1]
    assert np.unique(next(iter(mechanical_designs(100)))).tolist() == [-1, 1]


@pytest.mark.stage2
def test_any_two_differ_in_two_percent_of_their_pixels(everything):
    flat = everything[0].reshape(6000, -1).astype("float32")
    differences = flat.sum(1)[:, None] + flat.sum(1)[None] - 2 * flat @ flat.T
    np.fill_diagonal(differences, np.inf)
    assert differences.min() >= 0.02 * 2500


@pytest.mark.stage2
def test_each_is_one_piece_that_joins_load_and_supports(everything):
    assert joined(*everything).all()


def test_the_volume_is_the_one_asked_for(everything):
    designs, conditions = everything
    np.testing.assert_allclose(designs.mean(axis=(1, 2)), conditions[:, 0], atol=1e-6)
    assert conditions[:, 0].min() == pytest.approx(0.2)
    assert conditions[:, 0].max() == pytest.approx(0.5)


def test_families_and_conditions_are_spread(everything):
    conditions = everything[1]
    clamped, corners = conditions[:, 8] == 0.5, conditions[:, 6] == 1
    patches = ~clamped & ~corners
    for family in (clamped, corners, patches):
        assert family.mean() > 0.2
        assert len(np.unique(conditions[family, 1:5], axis=0)) > 500
    assert conditions.dtype == "float32"


@pytest.mark.slow
def test_the_optimizer_makes_the_stored_design_of_its_conditions(everything):
    for design, condition in zip(everything[0][:3], everything[1][:3], strict=True):
        again = optimized(Specification.from_conditions(condition))  # None if not converged
        assert np.mean(again != design) < 0.01  # rounding may differ between machines


def test_any_size():
    small = next(iter(mechanical_designs(200, "test", seed=1, image_shape=(20, 32, 1))))
    whole = next(iter(mechanical_designs(200, "test", seed=1))).numpy()
    assert small.shape == (200, 20, 32, 1)
    means = [np.mean(images, axis=(1, 2, 3)) for images in (small, whole)]
    np.testing.assert_allclose(*means, atol=0.02)
    assert len(np.unique(small)) > 50  # edges are gray: antialiased
    reference = Image.fromarray(np.uint8(255 * (whole[0, ..., 0] > 0)))
    reference = np.asarray(reference.resize((32, 20), Image.Resampling.BILINEAR)) / 127.5 - 1
    np.testing.assert_allclose(small[0, ..., 0], reference, atol=0.03)


def test_bad_arguments():
    with pytest.raises(ValueError, match="split='valid'"):
        mechanical_designs(10, split="valid")
    with pytest.raises(ValueError, match=r"image_shape=\(50, 50, 3\)"):
        mechanical_designs(10, image_shape=(50, 50, 3))
    with pytest.raises(ValueError, match="at least one batch"):
        mechanical_designs(5001)


def test_the_file_is_small():
    assert FILE.stat().st_size < 1e6


def test_the_file_is_the_one_whose_designs_were_checked():
    """Run `pytest -m stage2` on another one, which checks them."""
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert digest == "a68a04ff0da31db26650b1d72567f554aa4017704df496b6bbb701e2c4234e29"
