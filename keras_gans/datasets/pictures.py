"""Files of pictures, as pixels of a given shape."""

import contextlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.pipelines.paths import is_file
from keras_gans.protocols import Array, Shape

ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".webp", ".bmp", ".dib", ".gif"),
)
_OTHER_ENDINGS = (
    *(".tif", ".tiff", ".avif", ".heic", ".heif", ".jp2", ".j2k", ".jxl", ".tga", ".psd", ".pdf"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".svg", ".eps", ".ico", ".icns", ".exr", ".hdr", ".dcm"),
    *(".raw", ".dng", ".cr2", ".nef", ".arw"),
)
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF")  # as Pillow calls them
_MOST_PIXELS = 1 << 26  # 8192 x 8192: 200 MB in colour, and more while it is converted
_ORIENTATION = 0x0112  # the field of EXIF
_SAMPLE = 64  # pictures whose depth is looked at
_DARK = 64  # of 255: sixteen bits of which fourteen are used


def read_picture(path: Path, image_shape: Shape) -> Array:
    """A picture, cut around its centre and resized, uint8 of `image_shape`.

    Args:
        path: Path of a file.
        image_shape: Tuple `(height, width, 1)` for grey or `(height, width, 3)` for colour.

    Raises:
        ValueError: If the file cannot be read whole, or has more than 67 million pixels.
    """
    from PIL import Image, ImageOps

    height, width, channels = image_shape
    with _naming(path), _opened(path) as image:
        image = _turned(image)
        image = _without_transparency(_eight_bits(image))
        image = image.convert("L" if channels == 1 else "RGB")
        image = ImageOps.fit(image, (width, height), Image.Resampling.BICUBIC)
        return np.asarray(image).reshape(image_shape)


def left_out(paths: Sequence[Path]) -> str:
    """How many files look like pictures of formats that are not read, in words.

    Example:

    >>> left_out([Path("a.png"), Path("b.tiff"), Path("c.tiff"), Path("notes.txt")])
    '2 .tiff'
    """
    endings = Counter(path.suffix.lower() for path in paths)
    return ", ".join(f"{endings[end]} {end}" for end in _OTHER_ENDINGS if endings[end])


def darkness(paths: Sequence[Path]) -> str:
    """What makes pictures of sixteen bits nearly black, in words, and how to mend it; or `""`.

    Scans of ten, twelve or fourteen bits are often stored as sixteen. Some of the files are
    looked at, spread evenly.
    """
    numbers = np.linspace(0, len(paths) - 1, min(_SAMPLE, len(paths))).astype(int)
    some = [paths[number] for number in numbers]
    brightest = {path: _brightest(path) for path in some if _has_sixteen_bits(path)}
    if not brightest or max(brightest.values()) >= _DARK:
        return ""
    path = max(brightest, key=lambda path: brightest[path])
    bits = 8 + brightest[path].bit_length()
    return (
        "Pictures of 16 bits are read as 0 (black) to 65535 (white). Received: values below "
        f"{2**bits} only, in {path} and other files that were looked at, so that the images are "
        f"nearly black. Multiply the values by {2 ** (16 - bits)}, and save the pictures again."
    )


def _brightest(path):
    """The largest pixel of a picture as 0 to 255."""
    with _naming(path), _opened(path) as image:
        return int(np.asarray(_eight_bits(image).convert("L")).max())


def _has_sixteen_bits(path):
    with _naming(path), path.open("rb") as file:
        start = file.read(25)  # signature, and the first chunk up to its depth
    return start.startswith(b"\x89PNG") and start[24:] == b"\x10"


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turns what Pillow raises of a damaged file, which may be anything, into one kind of error."""
    try:
        if not is_file(path) and os.path.lexists(path):
            raise ValueError("a pipe, a device, or a link that leads nowhere")
        yield
    except Exception as error:
        raise ValueError(
            "Every picture must be a readable PNG, JPEG, WebP, BMP or GIF file. "
            f"Received: {path} ({type(error).__name__}: {error}). "
            "Repair it, or move it out of the folder."
        ) from error


def _opened(path: Path) -> Any:
    """The picture, whose size is known and whose pixels are not read yet."""
    from PIL import Image

    with Image.open(path, formats=_FORMATS) as image:
        width, height = image.size
        if width * height > _MOST_PIXELS:
            raise ValueError(f"{width} x {height} pixels are more than {_MOST_PIXELS:,}; resize it")
        if image.format == "PNG":
            image.verify()  # checksums that Pillow passes over when it reads pixels
    return Image.open(path, formats=_FORMATS)


def _turned(image):
    """The picture as its camera noted; other fields of EXIF, whatever they hold, do not matter."""
    from PIL.Image import Transpose

    ways = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    way = ways.get(image.getexif().get(_ORIENTATION))
    return image if way is None else image.transpose(way)


def _eight_bits(image):
    """Scales 16-bit grey pictures down, which Pillow would clip to white."""
    from PIL import Image

    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image).astype("uint32") >> 8).astype("uint8"))


def _without_transparency(image):
    from PIL import Image

    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image)
