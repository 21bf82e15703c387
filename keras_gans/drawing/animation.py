"""An animation that is whole at any time, a GIF or a WebP."""

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
_EFFORT = 0  # of 6 to compress a WebP, the fastest
_SHARE = 0.05  # of the time that may be spent on writing the file


class Animation:
    """Collects frames and keeps an animation of them up to date.

    The file is written in one piece, which takes longer the more frames there are. After it is
    written, nineteen times as long must pass before it is written again; `finish` writes what is
    left. Beyond `most_frames` every second one is dropped, and from then on
    only every second one is kept; the newest is always shown. Memory and the time to write stay
    bounded.

    Args:
        path: Path, whose suffix `.gif` or `.webp` is the format. A GIF has 64 colors per frame.
        most_frames: Integer.
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
        self._newest: list[Any] = []  # a frame that only this file shows
        self._stride = 1
        self._count = 0
        self._next = -float("inf")  # when it may be written again
        self._pending = False

    def take_up(self, paths: Iterable[Path]) -> int:
        """Appends the frames of an earlier run.

        Args:
            paths: Paths of PNG files. Those that are damaged are left out, with a warning.

        Returns:
            Integer, the number of frames that were appended.
        """
        count = 0
        for path in paths:
            try:
                self._append(path.read_bytes())
            except Exception as error:  # of a damaged file, Pillow raises errors of many kinds
                warnings.warn(
                    f"The animation leaves out {str(path)!r}, which is no whole picture ({error}).",
                    stacklevel=2,
                )
            else:
                count += 1
        return count

    def add(self, png: bytes) -> None:
        """Appends a frame, the bytes of a PNG file, and writes the file if that is not too soon."""
        self._append(png)
        self._pending = True
        if time.monotonic() >= self._next:
            self.finish()

    def finish(self) -> None:
        """Writes the file, if there are frames that it does not have."""
        if not self._pending:
            return
        start = time.monotonic()
        self._write(self.path, self._encoded(self._frames + self._newest))
        self._pending = False
        end = time.monotonic()
        self._next = end + (end - start) * (1 / _SHARE - 1)

    def _append(self, png):
        """Keeps the frame, or only as the newest."""
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
        """A whole frame in the form in which it is kept: 64 colors, or the PNG."""
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
