"""A GIF that is whole after every frame."""

import io
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from keras_gans.pipelines.files import write_atomically
from keras_gans.protocols import PathLike

_MILLISECONDS = 150
_LAST_MILLISECONDS = 2000
_COLORS = 64


class Animation:
    """Collects frames and keeps a GIF of them up to date.

    Beyond `most_frames` every second one is dropped, and from then on only every second one is
    kept; the newest is always shown. Memory and the time to write stay bounded.

    Args:
        path: Path of the GIF.
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
        self._frames: list[Any] = []
        self._stride = 1
        self._count = 0

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
        """Appends a frame, the bytes of a PNG file, and rewrites the GIF."""
        self._write(self.path, self._gif(self._frames + self._append(png)))

    def _append(self, png):
        """Keeps the frame, or returns it in a list where it is only the newest."""
        from PIL import Image

        with Image.open(io.BytesIO(png)) as image:
            frame = image.convert("RGB").quantize(_COLORS)
        newest = [frame]
        if self._count % self._stride == 0:
            self._frames.append(frame)
            newest = []
        self._count += 1
        if len(self._frames) > self.most_frames:
            self._frames = self._frames[::2]
            self._stride *= 2
        return newest

    def _gif(self, frames):
        buffer = io.BytesIO()
        durations = [_MILLISECONDS] * (len(frames) - 1) + [_LAST_MILLISECONDS]
        frames[0].save(
            buffer,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
        )
        return buffer.getvalue()
