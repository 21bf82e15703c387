"""A callback that keeps a page about a training up to date."""

import time
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.callbacks.health_monitor import HealthMonitor
from keras_gans.drawing.notebook import NotebookPage
from keras_gans.pipelines.files import PatientWriter, is_chief, prepare_folder, remove_unfinished
from keras_gans.protocols import ArrayLike, Dataset, PathLike
from keras_gans.report import page as report_page
from keras_gans.report import pictures as report_pictures
from keras_gans.report.fixed_sample import fixed_sample, warn_if_undrawable
from keras_gans.report.latent_map import latent_map


class TrainingReport(keras.callbacks.Callback):
    """Writes a page to look at while a model trains: one HTML file that needs nothing else.

    The page has a slider that moves through the grids of all epochs, real images next to them
    (real points and rows of tables behind the generated ones), curves of everything in the logs,
    for images a map of the latent space to walk on, what `HealthMonitor` said, how the model was
    compiled, and the time left. For samples that `drawing.plot_samples` cannot draw there is a
    warning, and the page has no pictures. It opens in any browser,
    without network; while training goes on it loads itself again every half minute. The file is
    replaced in one piece after each epoch. A run that goes on at a later epoch (`Resume`,
    `initial_epoch`) takes up what the file has. Beyond 3 MB of grids, those of epochs nearest
    to others are dropped.
    A Jupyter notebook shows the page below the cell.

    Put it after the callbacks that write logs. The curves need the extra `report`
    (`pip install "keras_gans[report]"`).

    Args:
        file: Path of the page (`~` is the home folder); its folder is created where it is missing.
        real_images: Real images to show next to the generated ones: an array `(N, *image_shape)`
            of uint8, bool or floats in the model's range; or a `tf.data.Dataset`, of which a
            batch is taken before training (one that you shuffle yourself, with a seed, then comes
            in another order; those of `keras_gans.datasets` do not).
        health: The `HealthMonitor` of the run, whose messages are shown.
        labels: What a conditional model is asked for, one label per image: integers `(N,)`;
            floats `(N, condition_dim)` or images `(N, *condition_shape)`, where they must be
            given.
        seed: Integer, seed of the latents.

    Raises:
        ImportError: If plotly is missing.
        ValueError: If the file's name does not end in `.html`; when training begins, if the
            labels that must be given are missing, or `real_images` have another shape.
        OSError: When training begins, if the file cannot be written; later, that is a warning, and
            it is tried again after the next epoch.

    Example:

        health = HealthMonitor()
        gan.fit(dataset, epochs=50, callbacks=[
            health, TrainingReport("report.html", real_images=dataset, health=health)])
    """

    resumes_from_files = True  # `Resume` carries none of its values

    def __init__(
        self,
        file: PathLike = "report.html",
        real_images: Dataset | ArrayLike | None = None,
        health: HealthMonitor | None = None,
        labels: ArrayLike | None = None,
        seed: int = 0,
    ):
        super().__init__()
        report_page.check_plotly()
        self.file = checks.path("file", file)
        if self.file.suffix not in (".html", ".htm"):
            raise ValueError(
                "The page's name must end in `.html`, or browsers show its source. "
                f'Received: file={str(file)!r}. Pass file="{self.file.stem or "report"}.html".'
            )
        self.real_images = _checked_images(real_images)
        repair = "Create it before, and pass it to both `callbacks` and the report."
        self.health = checks.optional(
            checks.instance, "health", health, HealthMonitor, "a HealthMonitor", repair
        )
        self.labels = checks.optional(checks.numeric_array, "labels", labels, True, 0)
        self.seed = checks.whole_number("seed", seed, 0, checks.LARGEST_SEED)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that the page can be written."""
        self._draws = warn_if_undrawable(self.model, "TrainingReport")
        prepare_folder(self.file.parent)
        if is_chief(self.model):
            remove_unfinished(self.file.parent, self.file.name)
        self._page = NotebookPage(self.file)
        self._writer = PatientWriter("The report")
        self._start = time.monotonic()
        self._first_epoch: Any = None
        # Before the data are told their epoch: to look at them must not change their order.
        self._real = report_pictures.real_sample(self.real_images, self.model)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the page before training."""
        if self._first_epoch is None:
            self._first_epoch = epoch
            self._heard = len(self.health.messages) if self.health else 0  # `Resume` sets some
            again = epoch or self.params.get("initial_step")  # a run that goes on
            earlier = report_page.read(self.file, epoch) if again else {}
            self._frames = earlier.get("frames", [])
            self._history = earlier.get("history", {})
            self._messages = earlier.get("messages", [])
            self._seconds = earlier.get("seconds", 0.0)
            self._epoch = epoch
            if not self._frames:
                self._add_frame(epoch)
            self._write(epoch)
            self._writer.is_patient = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds the epoch to the page."""
        for name in [*self._history, *(name for name in logs if name not in self._history)]:
            values = self._history.setdefault(name, [])
            values += [None] * (epoch - len(values))
            values.append(report_page.number(logs.get(name)))
        if self.health:
            new = self.health.messages[self._heard :]
            self._heard += len(new)
            self._messages += [{"epoch": epoch + 1, "text": message} for message in new]
        self._epoch = epoch + 1
        self._add_frame(epoch + 1)
        self._write(epoch + 1)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Says on the page that training has ended."""
        if self._first_epoch is not None:
            self._write(self._epoch, finished=True)

    def _add_frame(self, epoch):
        if not self._draws:
            return
        images, columns, captions = fixed_sample(self.model, None, self.labels, self.seed)
        behind = self._real if images.ndim == 2 else None
        picture = report_pictures.picture_of(
            images, self.model.value_range, columns, captions, behind
        )
        frames = [*self._frames, {"epoch": epoch, "image": picture}]
        self._frames = report_pictures.thinned(frames)

    def _real_picture(self):
        """Real samples next to the generated ones, unless they are drawn behind them."""
        if self._real is None or not self._draws or self._real.ndim == 2:
            return None
        return report_pictures.picture_of(self._real, self.model.value_range)

    def _write(self, epoch, finished=False):
        if not is_chief(self.model):
            return
        facts = {
            "title": type(self.model).__name__,
            "status": self._status(epoch, finished),
            "finished": finished,
            "seconds": self._seconds + time.monotonic() - self._start,
            "frames": self._frames,
            "real": self._real_picture(),
            "pixels": len(self.model.image_shape) == 3,
            "history": self._history,
            "messages": self._messages,
            "maps": latent_map(self.model, self.labels, self.seed),
        }
        page = report_page.render(facts, self.model)
        self._writer.write(self.file, page.encode())
        self._page.show()

    def _status(self, epoch, finished):
        epochs = self.params["epochs"]
        spent = self._seconds + time.monotonic() - self._start
        parts = [
            f"Epoch {epoch} of {epochs}",
            f"{self.model.images_seen:,} images seen",
            f"{report_page.duration(spent)} so far",
        ]
        done = epoch - self._first_epoch
        if finished:
            parts[-1] = f"finished after {report_page.duration(spent)}"
        elif done:
            left = (time.monotonic() - self._start) / done * (epochs - epoch)
            parts.append(f"about {report_page.duration(left)} left")
        return ", ".join(parts) + f"; written at {time.strftime('%H:%M')}."


def _checked_images(images):
    """An array of numbers; a dataset, whose batches are not known yet, and None as they are."""
    if images is None or (hasattr(images, "take") and not isinstance(images, np.ndarray)):
        return images
    return checks.numeric_array("real_images", images, finite=True, axes=2)
