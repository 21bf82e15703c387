"""An MP4 of pictures, encoded by the ffmpeg of imageio-ffmpeg."""

import contextlib
import itertools
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from keras_gans import checks

_QUALITY = 20  # constant rate factor of H.264: 0 is lossless, 51 the worst
_PIPE = subprocess.PIPE
_PRESET = "veryfast"  # which takes a fraction of the default's time, for slightly larger files


def check_ffmpeg() -> None:
    """Checks that imageio-ffmpeg is installed.

    Raises:
        ImportError: If it is not.
    """
    checks.package(
        "imageio_ffmpeg",
        "An animation with the suffix `.mp4` needs the ffmpeg of imageio-ffmpeg.",
        "Run `pip install imageio-ffmpeg`, or install keras_gans with the extra `video`.",
    )


def encode_mp4(pictures: Iterable[Any], milliseconds: int) -> bytes:
    """Returns the bytes of an MP4 file: H.264 with yuv420p, which browsers can play.

    Both sides of such a video are even: white pixels are added to odd sides.

    Args:
        pictures: At least one RGB image of Pillow. The first one sets the size.
        milliseconds: Integer, the duration of each picture.

    Raises:
        OSError: If ffmpeg fails, for instance because the disk is full.
    """
    import imageio_ffmpeg
    from PIL import Image

    pictures = iter(pictures)
    first = next(pictures)
    size = [side + side % 2 for side in first.size]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "animation.mp4"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), *_arguments(size, milliseconds), str(file)]
        process: Any  # its pipes are not None
        with subprocess.Popen(command, stdin=_PIPE, stderr=_PIPE) as process:  # noqa: S603
            for picture in itertools.chain([first], pictures):
                canvas = Image.new("RGB", size, "white")
                canvas.paste(picture)
                with contextlib.suppress(OSError):  # if ffmpeg has ended, its message says why
                    process.stdin.write(canvas.tobytes())
            message = process.communicate()[1].decode(errors="replace").strip()
        if process.returncode:
            raise OSError(f"ffmpeg failed ({message or process.returncode})")
        return file.read_bytes()


def _arguments(size, milliseconds):
    """Returns the arguments of ffmpeg for pixels from its standard input."""
    pixels = f"-f rawvideo -pix_fmt rgb24 -s {size[0]}x{size[1]} -r 1000/{milliseconds} -i -"
    video = f"-c:v libx264 -preset {_PRESET} -crf {_QUALITY} -pix_fmt yuv420p -movflags +faststart"
    return f"-loglevel error {pixels} {video}".split()
