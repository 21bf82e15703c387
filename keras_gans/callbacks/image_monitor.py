"""A callback that draws what the generator makes, epoch after epoch."""

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

# Folder and name: the monitor that writes these files.
_IN_USE: weakref.WeakValueDictionary[Path, "ImageMonitor"] = weakref.WeakValueDictionary()


_MOST_IMAGES = 10_000


class ImageMonitor(keras.callbacks.Callback):
    """Draws one grid of generated images per epoch, from latents that stay the same.

    Saves `image_at_epoch_0001.png` and so on, with `image_at_epoch_0000.png` before
    training, keeps the animation `image.gif` of the run up to date, and shows the newest
    grid in a notebook, in place of the one before. A model with classes gets a row per
    class, with the same latents down each column. `drawing.plot_samples` draws: images, series
    and volumes in a grid, 2-D points as a scatter plot, tables as histograms. For samples of
    other ranks there is a warning, and training continues without pictures.

    A run that begins at epoch 0 moves the files of an earlier run in the same folder to
    `earlier_run_1` in it, or the next free number. A run that continues at a later epoch
    (`Resume`, `initial_epoch`) takes up the pictures that it has drawn, without those that are
    damaged.

    The animation holds up to 200 frames; longer runs are thinned out evenly. It is replaced in one
    piece, so an interrupted run leaves a whole one. It is written after each frame as long as this
    takes less than a twentieth of the time, otherwise less often, and always at the end.

    Args:
        folder: Path, created where it is missing; `~` is the home folder.
        every: Integer, epochs between two grids.
        num_images: Integer up to 10,000; by default 16 images or series, 8 volumes, 1,000 points or
            rows of a table; for each of up to 16 classes, 8 images, 4 series or 2 volumes.
        labels: What a conditional model is asked for, one label per image: integers `(N,)`;
            floats `(N, condition_dim)` or images `(N, *condition_shape)`, where they must be
            given.
        seed: Integer, seed of the latents.
        captions: Strings, one per image or one per row; by default the model's `class_names`, or
            else the numbers of the classes.
        name: String that file names begin with. Monitors of one run that share a folder need
            different names. With the suffix `.webp` (`"image.webp"`), the animation is a WebP in
            full color, in place of a GIF with 64 colors per frame.
        real_images: Array `(M, ...)` of real points or rows of a table, of which at most 1,000
            are drawn behind the generated ones.
        loggers: List of tools that get each grid, too: what `wandb.init`, `trackio.init` or
            `mlflow.start_run` returned, a `keras.callbacks.TensorBoard`, or a function of
            `name`, uint8 pixels `(H, W, 3)` and the epoch.

    Raises:
        ValueError: If an argument is wrong; when training begins, if another monitor of the
            run writes the same files, labels that must be given are missing, or `real_images`
            are not of the model's shape or neither points nor rows.
        OSError: When training begins, if the files cannot be written; later, that is a warning,
            and they are tried again with the next ones.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[ImageMonitor(), ImageMonitor(
            "one_digit", every=10, num_images=10, labels=[7] * 10)])
        gan.fit(dataset, epochs=50, callbacks=[ImageMonitor(loggers=[wandb.init()])])
    """

    resumes_from_files = True  # `Resume` carries none of its values

    def __init__(
        self,
        folder: PathLike = "samples",
        every: int = 1,
        num_images: int | None = None,
        labels: ArrayLike | None = None,
        seed: int | None = 0,
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
        self.seed = checks.random_seed("seed", seed)
        self.captions = _checked_captions(captions)
        self.name, self._suffix = _name_and_suffix(name)
        self.real_images = checks.optional(
            checks.numeric_array, "real_images", real_images, True, 2
        )
        self.loggers = check_loggers("loggers", loggers)
        self._animation: Any = None
        self._draws = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that the samples can be drawn and the files written."""
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
                "Monitors of one run must write different files. Received: two with "
                f"folder={str(self.folder)!r} and name={self.name!r}. Change one's `name`."
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
            if epoch == 0 or self._animation is None:  # else the same monitor goes on
                again = epoch or self.params.get("initial_step")  # a run that continues
                if not again:
                    move_aside(self._files())
                path, write = self.folder / f"{self.name}{self._suffix}", self._writer.write
                self._animation = Animation(path, write=write)
                if not self._animation.take_up(self._drawn_before(epoch) if again else []):
                    self._draw(epoch)
            self._writer.is_patient = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Draws a frame where the epoch is one of every so many."""
        if self._draws and (epoch + 1) % self.every == 0:
            self._draw(epoch + 1)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Writes the animation with all frames."""
        if self._draws and self._animation is not None:
            self._animation.finish()

    def on_train_interrupted(self, error: BaseException) -> None:
        """Writes the animation with all frames, if an error or Ctrl-C ends the training."""
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
        """The pictures and animations of this name that are there."""
        pictures = self.folder.glob(f"{glob.escape(self.name)}_at_epoch_*.png")
        animations = [self.folder / f"{self.name}{suffix}" for suffix in SUFFIXES]
        return [*pictures, *(path for path in animations if path.exists())]

    def _drawn_before(self, epoch):
        """Pictures that the run has drawn before it was stopped and started again."""
        drawn = [self._path(number) for number in range(epoch + 1)]
        return [path for path in drawn if path.exists()]

    def _figure(self, title):
        gan = self.model
        images, columns, classes = fixed_sample(gan, self.num_images, self.labels, self.seed)
        captions = classes if self.captions is None else self.captions
        return plot_samples(images, self._real, gan.value_range, columns, captions, title)


def _name_and_suffix(name):
    given = Path(checks.plain_name("name", name, "The folder is set by `folder`."))
    if given.suffix in SUFFIXES:
        return given.stem, given.suffix
    return given.name, SUFFIXES[0]


def _checked_captions(captions):
    strings = isinstance(captions, list | tuple) and all(isinstance(c, str) for c in captions)
    if captions is not None and not (strings and captions):
        repair = "None means the numbers of the classes."
        raise checks.wrong("captions", "a list of strings", captions, repair)
    return captions
