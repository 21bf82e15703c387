"""Each kind of picture file reads as the picture that it shows."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from keras_gans.datasets.pictures import read_picture, size_of
from keras_gans.pipelines.archives import File

RED, BLUE = (200, 40, 60), (30, 60, 220)
HALVES = np.zeros((16, 16, 3), "uint8")
HALVES[:8], HALVES[8:] = RED, BLUE  # above and below
GRAY = np.repeat(np.array([[50], [200]], "uint8"), 8, 0).repeat(16, 1)
PHOTOGRAPHS = Path(pytest.importorskip("sklearn.datasets").__file__).parent / "images"


def file_at(path):
    return File(path.name, str(path), lambda: path.open("rb"))


def read(path, channels=3, side=16):
    return read_picture(file_at(path), (side, side, channels)).astype(int)


def in_gray(pixels):
    return np.asarray(Image.fromarray(pixels).convert("L"))[..., None].astype(int)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        *(("a.png", {}), ("a.bmp", {}), ("a.webp", {"lossless": True}), ("a.tif", {})),
        *(("a.tiff", {"compression": kind}) for kind in ("tiff_lzw", "tiff_adobe_deflate")),
        *(("a.gif", {}), ("a.dib", {})),
    ],
)
def test_color(name, settings, tmp_path):
    Image.fromarray(HALVES).save(tmp_path / name, **settings)
    np.testing.assert_array_equal(read(tmp_path / name), HALVES)
    np.testing.assert_allclose(read(tmp_path / name, 1), in_gray(HALVES), atol=1)


@pytest.mark.parametrize("name", ["a.webp", "a.tif"])
def test_lossy(name, tmp_path):
    settings = {"compression": "jpeg"} if name == "a.tif" else {}
    Image.fromarray(HALVES).save(tmp_path / name, quality=95, **settings)
    np.testing.assert_allclose(read(tmp_path / name)[2:6, 2:14], HALVES[2:6, 2:14], atol=12)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.tif"])
def test_of_several_frames_the_first(name, tmp_path):
    others = [Image.fromarray(HALVES[::-1].copy()), Image.new("RGB", (16, 16))]
    settings = {"lossless": True} if name == "a.webp" else {}
    Image.fromarray(HALVES).save(tmp_path / name, save_all=True, append_images=others, **settings)
    np.testing.assert_array_equal(read(tmp_path / name), HALVES)


@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.tif", "a.bmp"])
def test_palettes(name, tmp_path):
    image = Image.fromarray(np.repeat([[0], [1]], 8, 0).repeat(16, 1).astype("uint8"), "P")
    image.putpalette([*RED, *BLUE])
    image.save(tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name), HALVES)


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_transparent_entries_of_palettes_are_white(name, tmp_path):
    image = Image.fromarray(np.repeat([[0], [1]], 8, 0).repeat(16, 1).astype("uint8"), "P")
    image.putpalette([*RED, *BLUE])
    image.save(tmp_path / name, transparency=0)
    expected = HALVES.copy()
    expected[:8] = 255
    np.testing.assert_array_equal(read(tmp_path / name), expected)


@pytest.mark.parametrize("name", ["a.tif", "a.jpg"])
def test_cmyk(name, tmp_path):
    inks = np.zeros((16, 16, 4), "uint8")
    inks[..., :3] = 255 - HALVES  # without black ink
    Image.fromarray(inks, "CMYK").save(tmp_path / name)
    atol = 0 if name == "a.tif" else 12
    np.testing.assert_allclose(read(tmp_path / name)[2:6], HALVES[2:6], atol=atol)
    np.testing.assert_allclose(read(tmp_path / name, 1)[2:6], in_gray(HALVES)[2:6], atol=atol + 1)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
@pytest.mark.parametrize("channels", [1, 3])
def test_gray_with_alpha_lies_on_white(name, channels, tmp_path):
    alpha = np.full((16, 16), 255, "uint8")
    alpha[:, :8] = 0
    Image.merge("LA", [Image.fromarray(GRAY), Image.fromarray(alpha)]).save(tmp_path / name)
    expected = GRAY.copy()
    expected[:, :8] = 255
    np.testing.assert_array_equal(
        read(tmp_path / name, channels), np.repeat(expected[..., None], channels, -1)
    )


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_one_bit(name, tmp_path):
    Image.fromarray(GRAY > 100).save(tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name, 1)[..., 0], 255 * (GRAY > 100))


@pytest.mark.parametrize("dtype", ["uint16", ">u2", "int32", "float32"])
def test_deep_gray(dtype, tmp_path):
    scale = 1 / 255 if dtype == "float32" else 257
    pixels = (GRAY.astype("float64") * scale).astype(dtype)
    name = "a.png" if dtype == ">u2" else "a.tif"
    Image.fromarray(pixels.astype(pixels.dtype.newbyteorder("="))).save(tmp_path / name)
    np.testing.assert_array_equal(read(tmp_path / name, 1)[..., 0], GRAY)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("bits", "kind"), [(16, 1), (32, 3)])
@pytest.mark.parametrize("white_is_zero", [False, True])
def test_deep_gray_of_other_software(order, bits, kind, white_is_zero, tmp_path):
    if (order, bits, white_is_zero) == (">", 16, True):
        pytest.skip("Pillow does not read these")
    values = (255 - GRAY if white_is_zero else GRAY) * (257.0 if kind == 1 else 1 / 255)
    write_tiff(tmp_path / "a.tif", values[..., None], order, bits, kind, 0 if white_is_zero else 1)
    np.testing.assert_allclose(read(tmp_path / "a.tif", 1)[..., 0], GRAY, atol=1e-3)


def test_deep_color(tmp_path):
    write_tiff(tmp_path / "a.tif", HALVES.astype("uint16") * 257, "<", 16, 1, 2)
    np.testing.assert_array_equal(read(tmp_path / "a.tif"), HALVES)


def write_tiff(path, pixels, order, bits, kind, photometric):
    """An uncompressed TIFF file of unsigned integers (kind 1) or floats (kind 3)."""
    height, width, channels = pixels.shape
    content = pixels.astype(f"{order}{'u' if kind == 1 else 'f'}{bits // 8}").tobytes()
    start = 8 + 2 + 10 * 12 + 4
    fields = [
        *((256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, bits), (259, 3, 1, 1)),
        *((262, 3, 1, photometric), (273, 4, 1, start + 12), (277, 3, 1, channels)),
        *((278, 4, 1, height), (279, 4, 1, len(content)), (339, 3, channels, kind)),
    ]
    ifd, shorts = b"", b""
    for tag, size, count, value in fields:
        if count == 3:
            value, shorts = start + len(shorts), shorts + struct.pack(f"{order}3H", *[value] * 3)
            size_of_value = "I"
        else:
            size_of_value = "I" if size == 4 else "Hxx"
        ifd += struct.pack(f"{order}HHI{size_of_value}", tag, size, count, value)
    header = struct.pack(f"{order}2sHIH", b"II" if order == "<" else b"MM", 42, 8, len(fields))
    path.write_bytes(header + ifd + bytes(4) + shorts.ljust(12, b"\0") + content)


@pytest.mark.parametrize("values", [(0, 255), (-1, 1), (0, np.nan), (np.inf, 0)])
def test_floats_that_are_no_shades_are_an_error(values, tmp_path):
    Image.fromarray(np.array([values], "float32")).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match=r"a\.tif .*floats from .* 0 is black and 1 white"):
        read(tmp_path / "a.tif")


@pytest.mark.parametrize("values", [(0, 70_000), (-1, 5)])
def test_integers_of_more_than_sixteen_bits_are_an_error(values, tmp_path):
    Image.fromarray(np.array([values], "int32")).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match=r"a\.tif .*integers from .* and 65535 white"):
        read(tmp_path / "a.tif")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.tif"])
def test_turned_once_and_decoded_large_enough(name, orientation, tmp_path):
    """Which corner is bright, of a picture that a camera noted to be turned."""
    pixels = np.zeros((96, 64), "uint8")
    pixels[:48, :32] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(tmp_path / name, exif=exif)
    corner = [None, "00", "01", "11", "10", "00", "01", "11", "10"][orientation]
    side = (64, 96) if orientation < 5 else (96, 64)
    assert size_of(file_at(tmp_path / name)) == side
    image = read_picture(file_at(tmp_path / name), (side[1] // 4, side[0] // 4, 1))[..., 0]
    halves = np.array_split(image, 2)
    means = [[part.mean() for part in np.array_split(half, 2, axis=1)] for half in halves]
    assert np.argmax(means) == int(corner, 2)
    assert np.max(means) > 200


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg"])
@pytest.mark.parametrize(
    ("shape", "enlarged", "most"),
    [((53, 53, 3), 1, 10), ((26, 40, 1), 1, 10), ((128, 128, 3), 4, 2)],
)
def test_photographs_look_as_if_they_were_decoded_whole(name, shape, enlarged, most, tmp_path):
    """The photographs are small and sharp; enlarged, they are like those of cameras."""
    photograph = Image.open(PHOTOGRAPHS / name)
    photograph = photograph.resize([enlarged * side for side in photograph.size])
    photograph.save(tmp_path / "a.jpg", quality=95)
    expected = Image.open(tmp_path / "a.jpg").convert("L" if shape[2] == 1 else "RGB")
    expected = ImageOps.fit(expected, (shape[1], shape[0]), Image.Resampling.BICUBIC)
    expected = np.asarray(expected).reshape(shape).astype(int)
    received = read_picture(file_at(tmp_path / "a.jpg"), shape)
    assert abs(received - expected).mean() < 0.5
    assert abs(received - expected).max() <= most


@pytest.mark.parametrize("size", [(60, 20), (23, 57), (31, 31), (5, 9)])
@pytest.mark.parametrize("shape", [(10, 10, 3), (16, 9, 3), (31, 31, 3)])
def test_cut_and_resized_as_pillow_does(size, shape, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), "uint8")
    Image.fromarray(pixels).save(tmp_path / "a.png")
    expected = ImageOps.fit(Image.fromarray(pixels), shape[1::-1], Image.Resampling.BICUBIC)
    received = read_picture(file_at(tmp_path / "a.png"), shape).astype(int)
    np.testing.assert_allclose(received, np.asarray(expected), atol=1)
