"""Reading picture files as pixels of a given shape."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO, Any

import numpy as np

from keras_gans.pipelines.archives import File
from keras_gans.protocols import Array, Shape

ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".webp", ".bmp", ".dib", ".gif"),
    *(".tif", ".tiff"),
)
KINDS = "PNG, JPEG, WebP, BMP, GIF and TIFF"
_OF_TEXT = (  # files that are often next to pictures
    *(".txt", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".md", ".html", ".db"),
    *(".ini", ".log", ".py", ".ipynb"),
)
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "TIFF")  # Pillow's names
_MOST_PIXELS = 1 << 26  # 8192 x 8192: 200 MB in color, and more during conversion
_ORIENTATION = 0x0112  # a field of EXIF
_TURNS = {  # by orientation, the method with which Pillow turns a picture upright
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_SIDEWAYS = 5  # from this orientation on, width and height are exchanged
_PHOTOMETRIC = 262  # a field of TIFF, which is 0 if 0 means white
_SAMPLE = 64  # pictures whose depth and size are checked
_DARK = 64  # of 255, for pictures of 16 bits of which 14 are used
_DRAFT = 4  # a JPEG file is decoded at this multiple of the requested size, or larger


def read_picture(file: File, image_shape: Shape) -> Array:
    """Returns a picture, cropped around its center and resized, uint8 of `image_shape`.

    JPEG files are decoded at a half, a quarter or an eighth of their size, as long as this is at
    least four times the requested size. On average, values differ by less than 0.5 of 255 from
    those of the full picture. `tests/benchmarks/input.py` measures time and difference.

    Args:
        file: `File`.
        image_shape: Tuple `(height, width, 1)` for gray or `(height, width, 3)` for color.

    Raises:
        ValueError: If the file cannot be read completely, has more than 67 million pixels, or
            contains numbers outside the range of its format.
    """
    from PIL import Image

    height, width, channels = image_shape
    mode = "L" if channels == 1 else "RGB"
    with _opened(file) as image:
        orientation = _orientation(image)
        size = (width, height) if orientation < _SIDEWAYS else (height, width)
        draft = image.draft(mode, (_DRAFT * size[0], _DRAFT * size[1]))
        image = _without_transparency(_eight_bits(image)).convert(mode)
        # The last row and column of a draft may extend beyond the picture.
        whole = image.size if draft is None else draft[1][2:]
        image = image.resize(size, Image.Resampling.BICUBIC, _middle(whole, size))
        if orientation in _TURNS:
            image = image.transpose(Image.Transpose[_TURNS[orientation]])
        return np.asarray(image).reshape(image_shape)


def _middle(whole, size):
    """Returns the largest centered box `(left, top, right, bottom)` of given proportions."""
    scale = min(whole[0] / size[0], whole[1] / size[1])
    margins = [max(0.0, (side - scale * part) / 2) for side, part in zip(whole, size, strict=True)]
    return (*margins, whole[0] - margins[0], whole[1] - margins[1])


def size_of(file: File) -> tuple[int, int]:
    """Returns width and height of a picture in pixels, after rotation as recorded by its camera.

    Raises:
        ValueError: As in `read_picture`.
    """
    with _opened(file) as image:
        if image.format == "TIFF":
            image.load()  # rotates it
        width, height = image.size
        return (width, height) if _orientation(image) < _SIDEWAYS else (height, width)


def left_out(files: Sequence[File]) -> str:
    """Returns a description of the files that are neither readable pictures nor text files.

    Example:

    >>> left_out([File(name, "", None) for name in ("a.png", "b.psd", "c.psd", "notes.txt", "d")])
    '2 .psd, 1 without an ending'
    """
    endings = Counter(file.ending for file in files if file.ending not in (*ENDINGS, *_OF_TEXT))
    return ", ".join(
        f"{count} {end or 'without an ending'}" for end, count in endings.most_common()
    )


def some_of(files: Sequence[File]) -> list[File]:
    """Returns up to 64 evenly spaced files."""
    numbers = np.linspace(0, len(files) - 1, min(_SAMPLE, len(files))).astype(int)
    return [files[number] for number in numbers]


def darkness(files: Sequence[File]) -> str:
    """Returns a warning if pictures of 16 bits are nearly black, or an empty string.

    Scans with 10, 12 or 14 bits are often stored with 16.
    """
    brightest = {}
    for file in files:
        with _opened(file) as image:
            if _has_sixteen_bits(image):
                brightest[file.place] = int(np.asarray(_eight_bits(image).convert("L")).max())
    if not brightest or max(brightest.values()) >= _DARK:
        return ""
    place = max(brightest, key=lambda place: brightest[place])
    bits = 8 + brightest[place].bit_length()
    return (
        "Pictures of 16 bits are read as 0 (black) to 65535 (white). Received: values below "
        f"{2**bits} only, in {place} and other files that were checked, so that the images are "
        f"nearly black. Multiply the values by {2 ** (16 - bits)}, and save the pictures again."
    )


def _has_sixteen_bits(image):
    return image.format in ("PNG", "TIFF") and ";16" in str(image.tile)


@contextlib.contextmanager
def _opened(file: File) -> Iterator[Any]:
    """Returns a context with a picture, whose pixels are not read yet.

    Pillow raises many kinds of errors for damaged files; they become a single kind.
    """
    try:
        with file.open() as stream, _checked(stream) as image:
            yield image
    except Exception as error:
        raise ValueError(
            f"Every picture must be a readable {KINDS.replace('and', 'or')} file. "
            f"Received: {file.place} ({type(error).__name__}: {error}). "
            "Repair it, or move it out of the folder; `skip_unreadable=True` skips it."
        ) from error


def _checked(stream: IO[bytes]) -> Any:
    from PIL import Image

    image = Image.open(stream, formats=_FORMATS)
    width, height = image.size
    if width * height > _MOST_PIXELS:
        raise ValueError(f"{width} x {height} pixels are more than {_MOST_PIXELS:,}; resize it")
    if image.format == "PNG":
        image.verify()  # checks checksums, which Pillow ignores when it reads pixels
        stream.seek(0)
        image = Image.open(stream, formats=_FORMATS)
    return image


def _orientation(image):
    """Returns the orientation of the camera, 1 to 8; for TIFF files 1, as Pillow rotates them.

    The content of other EXIF fields is ignored.
    """
    noted = 1 if image.format == "TIFF" else image.getexif().get(_ORIENTATION)
    return noted if noted in _TURNS else 1


def _eight_bits(image):
    """Scales gray pictures of 16 bits or of floats from 0 to 1, which Pillow would clip."""
    from PIL import Image

    if image.mode != "F" and not image.mode.startswith("I"):
        return image
    white, kind = (1, "floats") if image.mode == "F" else (65535, "integers")
    pixels = np.asarray(image)
    low, high = pixels.min(), pixels.max()
    if not 0 <= low <= high <= white:  # nor NaN
        raise ValueError(f"{kind} from {low} to {high}, although 0 is black and {white} white")
    pixels = np.rint(pixels * 255) if image.mode == "F" else pixels.astype("uint32") >> 8
    if image.format == "TIFF" and image.tag_v2.get(_PHOTOMETRIC) == 0:
        pixels = 255 - pixels
    return Image.fromarray(pixels.astype("uint8"))


def _without_transparency(image):
    from PIL import Image

    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image)
