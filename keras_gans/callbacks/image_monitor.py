"""A callback that draws generated images after each epoch."""

import glob
import io
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.drawing import plot_samples
from keras_gans.drawing.animation import SUFFIXES, Animation
from keras_gans.drawing.notebook import NotebookPicture
from keras_gans.drawing.video import check_ffmpeg
from keras_gans.pipelines.files import (
    PatientWriter,
    is_chief,
    move_aside,
    prepare_folder,
    remove_unfinished,
)
from keras_gans.pipelines.picture_loggers import check_loggers, picture_logger
from keras_gans.protocols import ArrayLike, PathLike
from keras_gans.report.fixed_sample import fixed_sample, real_sample, warn_if_undrawable

# The monitor that writes files of this folder and name.
_IN_USE: weakref.WeakValueDictionary[Path, "ImageMonitor"] = weakref.WeakValueDictionary()


_MOST_IMAGES = 10_000


class ImageMonitor(keras.callbacks.Callback):
    """Callback that draws a grid of generated images per epoch, always from the same latents.

    It saves `image_at_epoch_0000.png` before training, `image_at_epoch_0001.png` after the first
    epoch, and so on. It also keeps an animation `image.gif` up to date, and shows the newest grid
    in a notebook. A model with classes gets a row per class, with the same latents in each column.
    The grids are drawn by `drawing.plot_samples`: images, series and volumes in a grid, 2-D points
    as a scatter plot, and tables as histograms. For samples of other ranks, there is a warning, and
    training continues without pictures.

    A run that starts at epoch 0 moves the files of an earlier run in the same folder to a subfolder
    `earlier_run_1`, or the next free number, unless that run ended before it drew an epoch. A run
    that continues at a later epoch (`Resume`, `initial_epoch`) continues the animation with the
    pictures drawn before, except damaged ones.

    The animation has up to 200 frames; in longer runs, frames are dropped evenly. The file is
    replaced as a whole, so that it is intact even if the run is interrupted. It is written after
    each frame as long as this takes less than a twentieth of the time, otherwise less often, and
    always at the end.

    Args:
        folder: Path, created if it does not exist; `~` is the home folder.
        every: Integer, the number of epochs between two grids.
        num_images: Integer up to 10,000. Defaults to 16 images or series, 8 volumes, or 1,000
            points or rows of a table; for each of up to 16 classes, to 8 images, 4 series or 2
            volumes.
        labels: Labels for a conditional model, one per image: integers `(N,)`; or floats
            `(N, condition_dim)` or images `(N, *condition_shape)`, which are required.
        seed: Integer, the seed of the latents.
        captions: Strings, one per image or one per row. Defaults to the model's `class_names`, or
            to the numbers of the classes.
        name: String with which file names begin. Monitors of one run that share a folder need
            different names. The suffix selects the format of the animation: without one, it is a
            GIF with 64 colors per frame; `"image.webp"` is a WebP in full color, and `"image.mp4"`
            a video (H.264), which needs imageio-ffmpeg, or the extra `video` of this package.
        real_images: Array `(M, ...)` of real points or rows of a table, of which up to 1,000 are
            drawn behind the generated ones.
        loggers: List of tools that also receive each grid: the result of `wandb.init`,
            `trackio.init` or `mlflow.start_run`, a `keras.callbacks.TensorBoard`, or a function of
            `name`, uint8 pixels `(H, W, 3)` and the epoch.

    Raises:
        ImportError: If the animation is an MP4, and imageio-ffmpeg is missing.
        ValueError: If an argument is wrong; when training begins, if another monitor of the run
            writes the same files, required labels are missing, or `real_images` do not match the
            model or are neither points nor rows.
        OSError: When training begins, if the files cannot be written. Later, this is a warning, and
            writing is tried again with the next files.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[ImageMonitor(), ImageMonitor(
            "one_digit", every=10, num_images=10, labels=[7] * 10)])
        gan.fit(dataset, epochs=50, callbacks=[ImageMonitor(loggers=[wandb.init()])])
    """

    resumes_from_files = True  # `Resume` does not save its attributes

    def __init__(
        self,
        folder: PathLike = "samples",
        every: int = 1,
        num_images: int | None = None,
        labels: ArrayLike | None = None,
        seed: int = 0,
        captions: Sequence[str] | None = None,
        name: str = "image",
        real_images: ArrayLike | None = None,
        loggers: Sequence[Any] = (),
    ):
        super().__init__()
        self.folder = checks.path("folder", folder)
        self.every = checks.whole_number("every", every, repair="1 draws after each epoch.")
        repair = "Omit it for a number that suits the samples."
        self.num_images = checks.optional(
            checks.whole_number, "num_images", num_images, 1, _MOST_IMAGES, repair
        )
        self.labels = checks.optional(checks.numeric_array, "labels", labels, True, 0)
        self.seed = checks.whole_number("seed", seed, 0, checks.LARGEST_SEED)
        self.captions = _checked_captions(captions)
        self.name, self._suffix = _name_and_suffix(name)
        self.real_images = checks.optional(
            checks.numeric_array, "real_images", real_images, True, 2
        )
        self.loggers = check_loggers("loggers", loggers)
        self._animation: Any = None
        self._draws = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that samples can be drawn and files can be written."""
        self._draws = warn_if_undrawable(self.model, "ImageMonitor")
        if not self._draws:
            return
        given = self.real_images
        self._real = None if given is None else real_sample(given, self.model)
        prepare_folder(self.folder)
        path = self.folder.resolve() / self.name
        other = _IN_USE.get(path)
        if other is not None and other is not self and other.params is self.params:
            raise ValueError(
                "Monitors of one run must write different files. Received: two monitors with "
                f"folder={str(self.folder)!r} and name={self.name!r}. Change the `name` of one."
            )
        _IN_USE[path] = self
        self._picture = NotebookPicture()
        self._writer = PatientWriter("A picture of ImageMonitor")
        self._loggers = [picture_logger(logger) for logger in self.loggers]
        self._begins = True

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Draws the frame before training."""
        if self._draws and self._begins and is_chief(self.model):
            self._begins = False
            remove_unfinished(self.folder, self.name)
            if epoch == 0 or self._animation is None:  # else the same monitor continues
                again = epoch or self.params.get("initial_step")  # a run that continues
                if not again:
                    move_aside(self._files())
                path, write = self.folder / f"{self.name}{self._suffix}", self._writer.write
                self._animation = Animation(path, write=write)
                if not self._animation.take_up(self._drawn_before(epoch) if again else []):
                    self._draw(epoch)
            self._writer.is_patient = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Draws a frame after every `every`-th epoch."""
        if self._draws and (epoch + 1) % self.every == 0:
            self._draw(epoch + 1)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Writes the animation with all frames."""
        if self._draws and self._animation is not None:
            self._animation.finish()
            self._writer.finish()

    def on_train_interrupted(self, error: BaseException) -> None:
        """Writes the animation with all frames if an error or Ctrl-C ends the training."""
        self.on_train_end()

    def _draw(self, epoch):
        if not is_chief(self.model):
            return
        from PIL import Image

        buffer = io.BytesIO()
        self._figure(f"Epoch {epoch}").savefig(buffer, format="png")
        png = buffer.getvalue()
        self._writer.write(self._path(epoch), png)
        self._animation.add(png)
        self._picture.show(png)
        if self._loggers:
            pixels = np.asarray(Image.open(buffer).convert("RGB"))
            for log in self._loggers:
                log(self.name, pixels, epoch)

    def _path(self, epoch):
        return self.folder / f"{self.name}_at_epoch_{epoch:04d}.png"

    def _files(self):
        """Returns the paths of an earlier run's pictures and animations, if it drew an epoch."""
        pictures = list(self.folder.glob(f"{glob.escape(self.name)}_at_epoch_*.png"))
        if set(pictures) <= {self._path(0)}:  # of a run that was stopped before, and drew no epoch
            return []
        animations = [self.folder / f"{self.name}{suffix}" for suffix in SUFFIXES]
        return [*pictures, *(path for path in animations if path.exists())]

    def _drawn_before(self, epoch):
        """Returns the paths of pictures that the run has drawn before it was interrupted."""
        drawn = [self._path(number) for number in range(epoch + 1)]
        return [path for path in drawn if path.exists()]

    def _figure(self, title):
        gan = self.model
        images, columns, classes = fixed_sample(gan, self.num_images, self.labels, self.seed)
        captions = classes if self.captions is None else self.captions
        return plot_samples(images, self._real, gan.value_range, columns, captions, title)


def _name_and_suffix(name):
    given = Path(checks.plain_name("name", name, "The folder is set by `folder`."))
    if given.suffix == ".mp4":
        check_ffmpeg()
    if given.suffix in SUFFIXES:
        return given.stem, given.suffix
    return given.name, SUFFIXES[0]


def _checked_captions(captions):
    strings = isinstance(captions, list | tuple) and all(isinstance(c, str) for c in captions)
    if captions is not None and not (strings and captions):
        repair = "None means the names or numbers of the classes."
        raise checks.wrong("captions", "a list of strings", captions, repair)
    return captions
