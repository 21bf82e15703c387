"""An animation, a GIF or a WebP, whose file is complete at all times."""

import io
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from keras_gans.pipelines.files import write_atomically
from keras_gans.protocols import PathLike

SUFFIXES = ".gif", ".webp"

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
        path: Path, whose suffix `.gif` or `.webp` is the format. A GIF has 64 colors per frame.
        most_frames: Integer, the largest number of frames.
        write: Function of a path and bytes that writes a file.
    """

    def __init__(
        self,
        path: PathLike,
        most_frames: int = 200,
        write: Callable[[PathLike, bytes], None] = write_atomically,
    ):
        self.path = path
        self._write = write
        self.most_frames = most_frames
        self._is_gif = Path(path).suffix == ".gif"
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
                self._append(path.read_bytes())
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
        self._write(self.path, self._encoded(self._frames + self._newest))
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
        """Returns a frame in the form in which it is stored: with 64 colors, or as a PNG."""
        picture = _opened(png)
        return picture.quantize(_COLORS) if self._is_gif else png

    def _encoded(self, frames):
        buffer = io.BytesIO()
        first, *others = frames if self._is_gif else map(_opened, frames)
        how = {} if self._is_gif else {"quality": _QUALITY, "method": _EFFORT}
        first.save(
            buffer,
            format="GIF" if self._is_gif else "WEBP",
            save_all=True,
            append_images=others,
            duration=[_MILLISECONDS] * (len(frames) - 1) + [_LAST_MILLISECONDS],
            loop=0,
            **how,
        )
        return buffer.getvalue()


def _opened(png):
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGB")
