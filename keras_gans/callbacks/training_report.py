"""A callback that keeps a web page about the training up to date."""

import functools
import time
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.callbacks.health_monitor import HealthMonitor
from keras_gans.drawing.notebook import NotebookPage
from keras_gans.drawing.tiles import bounded_range
from keras_gans.pipelines.files import PatientWriter, is_chief, prepare_folder, remove_unfinished
from keras_gans.protocols import ArrayLike, Dataset, PathLike
from keras_gans.report import page as report_page
from keras_gans.report import pictures as report_pictures
from keras_gans.report import saved_page
from keras_gans.report.fixed_sample import check_labels, fixed_sample, warn_if_undrawable
from keras_gans.report.latent_map import latent_map

_CAPTION = "Generated, from the same latents in each epoch"
_BEHIND = "Generated, from the same latents in each epoch, in blue; real in gray"


class TrainingReport(keras.callbacks.Callback):
    """Callback that writes a report of the training, a self-contained HTML page.

    The page shows the time left and, for browsing with a slider, the grids of all epochs, with real
    images of the same size next to them (real points and rows of tables are drawn behind the
    generated ones). It also shows the last and the best value of the first metric of `compile` that
    has a better direction, if it is measured during training; curves of all logs; a map of the
    latent space for images; the messages of `HealthMonitor`; and the settings of the model. Grids
    show the first 16 classes, and maps the first 10. For samples that
    `drawing.plot_samples` cannot draw, there is a warning, and the page has no pictures.

    The page opens in any browser, does not need internet access, and reloads every half minute
    until training ends. It says so if an error or Ctrl-C has ended the training, and reports an
    overdue update if the process was killed. In a Jupyter notebook, the page is shown below the
    cell. In VS Code and Colab, it is shown there when training ends, and its path before. A run
    that starts at epoch 0 replaces the file, and a run that continues at a later epoch (`Resume`,
    `initial_epoch`) continues the page, or moves a damaged one to a subfolder. If the grids
    exceed 3 MB, those of epochs close to others are dropped.

    Put this callback after those that add logs. It requires plotly: `pip install plotly`, or the
    extra `report` of this package.

    Args:
        file: Path of the page (`~` is the home folder). Its folder is created if needed.
        real_images: Real images to show next to the generated ones: an array `(N, *image_shape)` of
            uint8, bool or floats in the model's range, of which up to 1,000 points or rows are
            selected at random, or the first samples of other kinds; or a `tf.data.Dataset`, whose
            first batches are read before training. This changes the order of a dataset that you
            shuffle yourself with a seed, but not the order of `keras_gans.datasets`.
        health: The `HealthMonitor` of the run, whose messages are shown.
        labels: Labels for a conditional model, one per image: integers `(N,)`; or floats
            `(N, condition_dim)` or images `(N, *condition_shape)`, which are required.
        seed: Integer, the seed of the latents.
        every: Integer, the number of epochs between two grids. The last epoch always has one. The
            numbers on the page are updated after each epoch.
        title: String, the heading of the page. Defaults to the name of the model's class.

    Raises:
        ImportError: If plotly is missing.
        ValueError: If an argument is wrong, for example if the file name does not end in `.html`;
            when training begins, if the file exists and is not a report, required labels are
            missing, or `real_images` have another shape.
        OSError: When training begins, if the file cannot be written. Later, this is a warning, and
            writing is tried again after the next epoch.

    Example:

        health = HealthMonitor()
        gan.fit(dataset, epochs=50, callbacks=[
            health, TrainingReport("report.html", real_images=dataset, health=health)])
    """

    resumes_from_files = True  # `Resume` does not save its attributes

    def __init__(
        self,
        file: PathLike = "report.html",
        real_images: Dataset | ArrayLike | None = None,
        health: HealthMonitor | None = None,
        labels: ArrayLike | None = None,
        seed: int = 0,
        every: int = 1,
        title: str | None = None,
    ):
        super().__init__()
        report_page.check_plotly()
        self.file = report_page.checked_file("file", file)
        self.real_images = _checked_images(real_images)
        repair = "Create one first, and pass it to both `callbacks` and the report."
        self.health = checks.optional(
            checks.instance, "health", health, HealthMonitor, "a HealthMonitor", repair
        )
        self.labels = checks.optional(checks.numeric_array, "labels", labels, True, 0)
        self.seed = checks.whole_number("seed", seed, 0, checks.LARGEST_SEED)
        self.every = checks.whole_number("every", every, repair="1 writes after each epoch.")
        repair = "None means the name of the model's class."
        self.title = checks.optional(checks.text, "title", title, repair)
        self._runs = False
        self._first_epoch: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks the labels and the real images, and that the page can be written."""
        self._draws = warn_if_undrawable(self.model, "TrainingReport")
        if self._draws:
            check_labels(self.model, self.labels)
        prepare_folder(self.file.parent)
        saved_page.check_replaceable(self.file)
        if is_chief(self.model):
            remove_unfinished(self.file.parent, self.file.name)
        self._page = NotebookPage(self.file)
        self._writer = PatientWriter("The report")
        self._start = time.monotonic()
        self._runs, self._first_epoch = True, None
        self._drawn: dict[str, Any] = {}  # what the page shows of the model's newest samples
        # Before the data receive their epoch, so that reading a batch does not change their order.
        self._real = report_pictures.real_sample(self.real_images, self.model)
        self._range = self.model.value_range
        if self._real is not None and self._real.ndim > 3:  # one scale for real and generated
            self._range = bounded_range(self._real, self._range)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the page before training."""
        if self._first_epoch is None:
            self._first_epoch = epoch
            self._heard = len(self.health.messages) if self.health else 0  # `Resume` sets some
            again = epoch or self.params.get("initial_step")  # a run that continues
            continues = again and is_chief(self.model)
            earlier = saved_page.read(self.file, epoch) if continues else {}
            self._frames = earlier.get("frames", [])
            self._history = earlier.get("history", {})
            self._messages = earlier.get("messages", [])
            self._seconds = earlier.get("seconds", 0.0)
            self._started = earlier.get("started", report_page.today())
            self._interval = earlier.get("interval")
            self._epoch = epoch
            self._draw(keeps=bool(self._frames))
            self._write("running")
            self._writer.is_patient = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds the epoch to the page, with a grid after every `every`-th epoch."""
        for name in [*self._history, *(name for name in logs if name not in self._history)]:
            values = self._history.setdefault(name, [])
            values += [None] * (epoch - len(values))
            values.append(report_page.number(logs.get(name)))
        if self.health:
            new = self.health.messages[self._heard :]
            self._heard += len(new)
            self._messages += [{"epoch": epoch + 1, "text": message} for message in new]
        self._epoch = epoch + 1
        if self._epoch % self.every == 0:
            self._draw()
        self._write("running")

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Draws the last epoch, and shows on the page that training has ended."""
        if self._runs and self._drawn:
            if self._drawn["drawn"] != self._epoch:
                self._draw()
            self._write("finished")
        self._runs = False

    def on_train_interrupted(self, error: BaseException) -> None:
        """Shows on the page that an error or Ctrl-C has ended the training; called by `fit`."""
        if self._runs and self._drawn:
            stopped = isinstance(error, KeyboardInterrupt)
            self._write("interrupted", "" if stopped else f" by an error ({type(error).__name__})")
        self._runs = False

    def _draw(self, keeps=False):
        """Draws samples of the current model, as a new frame unless the page keeps its frames."""
        if not is_chief(self.model):
            return
        drawn: dict[str, Any] = {"drawn": self._epoch, "real": None, "rows": None, "maps": []}
        if self._draws:
            images, columns, captions = fixed_sample(self.model, None, self.labels, self.seed)
            show = functools.partial(
                report_pictures.picture_of, value_range=self._range, columns=columns
            )
            if not keeps:
                behind = self._real if images.ndim == 2 else None
                picture = show(images, captions=captions, real_samples=behind)
                frames = [*self._frames, {"epoch": self._epoch, "image": picture}]
                self._frames = report_pictures.thinned(frames)
            if self._real is not None and images.ndim > 2:  # else behind the generated ones
                drawn["real"] = show(self._real[: len(images)])
            drawn["rows"] = captions if images.ndim == 4 else None
            drawn["maps"] = latent_map(self.model, self.labels, self.seed)
        self._drawn = drawn

    def _write(self, state, cause=""):
        if not is_chief(self.model):
            return
        kind = type(self.model).__name__
        drawn_behind = self._real is not None and self._real.ndim == 2
        facts = {
            **self._drawn,
            **self._progress(state, cause),
            "title": self.title or kind,
            "about": f"{kind + ', s' if self.title else 'S'}tarted on {self._started}",
            "started": self._started,
            "frames": self._frames,
            "caption": _BEHIND if drawn_behind else _CAPTION,
            "pixels": len(self.model.image_shape) == 3,
            "classes": self.model.num_classes,
            "history": self._history,
            "metrics": _metrics(self.model, self._history),
            "messages": self._messages,
        }
        self._writer.write(self.file, report_page.render(facts, self.model).encode())
        self._page.show(ended=state != "running")

    def _progress(self, state, cause):
        """Returns a dict of facts about the progress of the training."""
        spent = time.monotonic() - self._start
        epoch, epochs = self._epoch, self.params["epochs"]
        if epoch > self._first_epoch:
            self._interval = spent / (epoch - self._first_epoch)
        each = self._interval
        seconds, left = self._seconds + spent, each and each * (epochs - epoch)
        seen = self.model.images_seen
        return {
            "state": state,
            "status": report_page.status(state + cause, epoch, epochs, seen, seconds, left),
            "epoch": epoch,
            "epochs": epochs,
            "interval": each,
            "written": time.time(),
            "seconds": seconds,
        }


def _metrics(gan, history):
    """Returns the model's metrics in the logs: names, whether lower is better, and protocols."""
    found = []
    for metric in gan.sample_metrics():
        lower, protocol = metric.lower_is_better, metric.protocol if metric.num_fake else None
        each = lower if isinstance(lower, tuple) else [lower] * len(metric.names)
        for part, is_lower in zip(metric.names, each, strict=True):
            names = [name for name in (part, f"val_{part}") if name in history]
            found += [{"name": name, "lower": is_lower, "protocol": protocol} for name in names]
    return found


def _checked_images(images):
    """Returns an array after checking it; returns a dataset or None unchanged."""
    if images is None or (hasattr(images, "take") and not isinstance(images, np.ndarray)):
        return images
    return checks.numeric_array("real_images", images, finite=True, axes=2)
