"""An animation, a GIF, a WebP or an MP4, whose file is complete at all times."""

import functools
import io
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from keras_gans.drawing.video import encode_mp4
from keras_gans.pipelines.files import Content, write_atomically
from keras_gans.protocols import PathLike

SUFFIXES = ".gif", ".webp", ".mp4"

_MILLISECONDS = 150
_LAST_MILLISECONDS = 2000
_COLORS = 64  # of a GIF
_QUALITY = 85  # of a WebP
_EFFORT = 0  # 0 to 6, effort to compress a WebP; 0 is the fastest
_SHARE = 0.05  # largest share of the time that writing the file may take


class Animation:
    """A collection of frames, whose animation in a file is kept up to date.

    The file is always written as a whole, which takes longer the more frames there are. After each
    time, it is not written again until nineteen times as long has passed. `finish` writes the
    remaining frames. Once there are more than `most_frames`, every second frame is dropped, and
    from then on only every second new frame is kept. The newest frame is always shown. As a result,
    memory and writing time stay bounded.

    Args:
        path: Path, whose suffix `.gif`, `.webp` or `.mp4` is the format. A GIF has 64 colors per
            frame.
        most_frames: Integer, the largest number of frames.
        write: Function that writes a file. Its arguments are a path and a function that returns
            bytes.
    """

    def __init__(
        self,
        path: PathLike,
        most_frames: int = 200,
        write: Callable[[PathLike, Content], None] = write_atomically,
    ):
        self.path = path
        self._write = write
        self.most_frames = most_frames
        self._format = Path(path).suffix
        self._frames: list[Any] = []
        self._newest: list[Any] = []  # a frame that only the next file shows
        self._stride = 1
        self._count = 0
        self._next = -float("inf")  # earliest time to write the file again
        self._pending = False

    def take_up(self, paths: Iterable[Path]) -> int:
        """Appends the frames of an earlier run.

        Args:
            paths: Paths of PNG files. Damaged files are skipped with a warning.

        Returns:
            Integer, the number of appended frames.
        """
        count = 0
        for path in paths:
            try:
                self._append(_verified(path.read_bytes()))
            except Exception as error:  # Pillow raises many kinds of errors for damaged files
                warnings.warn(
                    f"The animation skips {str(path)!r}, which is not a valid picture ({error}).",
                    stacklevel=2,
                )
            else:
                count += 1
        return count

    def add(self, png: bytes) -> None:
        """Appends a frame, given as the bytes of a PNG file, and writes the file if it is time."""
        self._append(png)
        self._pending = True
        if time.monotonic() >= self._next:
            self.finish()

    def finish(self) -> None:
        """Writes the file if frames were added since it was last written."""
        if not self._pending:
            return
        start = time.monotonic()
        self._write(self.path, functools.partial(self._encoded, self._frames + self._newest))
        self._pending = False
        end = time.monotonic()
        self._next = end + (end - start) * (1 / _SHARE - 1)

    def _append(self, png):
        """Keeps a frame for good, or only until the next one."""
        frame = self._compact(png)
        self._newest = [frame]
        if self._count % self._stride == 0:
            self._frames.append(frame)
            self._newest = []
        self._count += 1
        if len(self._frames) > self.most_frames:
            self._frames = self._frames[::2]
            self._stride *= 2

    def _compact(self, png):
        """Returns the PNG that is stored, with 64 colors for a GIF."""
        picture = _opened(png).convert("RGB")
        if self._format != ".gif":
            return png
        buffer = io.BytesIO()
        picture.quantize(_COLORS).save(buffer, "png")
        return buffer.getvalue()

    def _encoded(self, frames):
        sizes = [_size_of(frame) for frame in frames]
        size = max(width for width, _ in sizes), max(height for _, height in sizes)
        if self._format == ".mp4":
            frames = frames + frames[-1:] * (_LAST_MILLISECONDS // _MILLISECONDS)
        pictures = (_of_size(frame, size) for frame in frames)
        if self._format == ".mp4":
            return encode_mp4(pictures, _MILLISECONDS)
        if self._format == ".webp":
            return _animated(pictures, "WEBP", quality=_QUALITY, method=_EFFORT)
        return _animated(pictures, "GIF")


def _verified(png):
    """Returns the bytes of a PNG file after checking checksums, which `_opened` ignores."""
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        picture.verify()
    return png


def _size_of(frame):
    """Returns the width and the height of a frame, a PNG."""
    from PIL import Image

    with Image.open(io.BytesIO(frame)) as picture:
        return picture.size


def _of_size(frame, size):
    """Returns the picture of a frame, on white if others are larger: all need the same size."""
    from PIL import Image

    picture = _opened(frame)
    if picture.size == size:
        return picture
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture.convert("RGB"))
    return canvas.quantize(_COLORS) if picture.mode == "P" else canvas


def _opened(png):
    """Returns the picture in a PNG, with 64 colors if it was stored for a GIF, else in RGB."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        return picture.copy() if picture.mode == "P" else picture.convert("RGB")


def _animated(pictures, kind, **how):
    """Returns an animation that Pillow can write."""
    buffer = io.BytesIO()
    first, *others = pictures
    duration = [_MILLISECONDS] * len(others) + [_LAST_MILLISECONDS]
    how |= {"save_all": True, "append_images": others, "duration": duration, "loop": 0}
    first.save(buffer, format=kind, **how)
    return buffer.getvalue()
