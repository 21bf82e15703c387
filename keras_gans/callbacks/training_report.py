"""A callback that keeps a page about a training up to date."""

import functools
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

_CAPTION = "Generated, from the same latents in each epoch"
_BEHIND = "Generated, from the same latents in each epoch, in blue; real ones in grey"


class TrainingReport(keras.callbacks.Callback):
    """Writes a page to look at while a model trains: one HTML file that needs nothing else.

    The page has the grids of all epochs, to move through with a slider or to play, with real images
    of the same size next to them (real points and rows of tables behind the generated ones); the
    last and the best value of the first metric of `compile`, if `SampleEvaluator` measures
    it; curves of everything in the logs; for images a map of the latent space; what
    `HealthMonitor` said; how the model was compiled; and the time left. For samples that
    `drawing.plot_samples` cannot draw there is a warning, and the page has no pictures. It opens in
    any browser, without network, and reloads itself every half minute until training ends. If an
    error or Ctrl-C ends the training, the page says so; if the process is killed, the page says
    that an update is overdue. A run that begins at epoch 0 replaces the file. A run that continues
    at a later epoch (`Resume`, `initial_epoch`) continues the page. Beyond 3 MB of grids, those of
    epochs nearest to others are dropped. A Jupyter notebook shows the page below the cell;
    VS Code and Colab show it there when training has ended, and its path before.

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
        every: Integer, epochs between two grids and updates of the page; it is also written when
            training ends.
        title: String, heading of the page; None means the name of the model's class.

    Raises:
        ImportError: If plotly is missing.
        ValueError: If an argument is wrong, for example if the file's name does not end in
            `.html`; when training begins, if the labels that must be given are missing, or
            `real_images` have another shape.
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
        every: int = 1,
        title: str | None = None,
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
        self.every = checks.whole_number("every", every, repair="1 writes after each epoch.")
        repair = "None means the name of the model's class."
        self.title = checks.optional(checks.text, "title", title, repair)
        self._runs = False
        self._first_epoch: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that the page can be written."""
        self._draws = warn_if_undrawable(self.model, "TrainingReport")
        prepare_folder(self.file.parent)
        if is_chief(self.model):
            remove_unfinished(self.file.parent, self.file.name)
        self._page = NotebookPage(self.file)
        self._writer = PatientWriter("The report")
        self._start = time.monotonic()
        self._runs, self._first_epoch = True, None
        self._drawn: dict[str, Any] = {}  # what the page shows of the model's newest samples
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
            self._started = earlier.get("started", report_page.today())
            self._epoch = epoch
            self._draw(keeps=bool(self._frames))
            self._write("running")
            self._writer.is_patient = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds the epoch to the page, which is written where it is one of every so many."""
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
        """Draws the last epoch, and says on the page that training has ended."""
        if self._runs and self._first_epoch is not None:
            if self._drawn.get("drawn") != self._epoch:
                self._draw()
            self._write("finished")
        self._runs = False

    def on_train_interrupted(self, error: BaseException) -> None:
        """Says on the page that an error or Ctrl-C has ended the training; `fit` calls this."""
        if self._runs and self._first_epoch is not None:
            stopped = isinstance(error, KeyboardInterrupt)
            self._write("interrupted", "" if stopped else f" by an error ({type(error).__name__})")
        self._runs = False

    def _draw(self, keeps=False):
        """Draws samples of the model as it is, as a frame unless the page keeps its frames."""
        if not is_chief(self.model):
            return
        drawn: dict[str, Any] = {"drawn": self._epoch, "real": None, "rows": None, "maps": []}
        if self._draws:
            images, columns, captions = fixed_sample(self.model, None, self.labels, self.seed)
            show = functools.partial(
                report_pictures.picture_of, value_range=self.model.value_range, columns=columns
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
            "history": self._history,
            "metric": _metric(self.model, self._history),
            "messages": self._messages,
        }
        self._writer.write(self.file, report_page.render(facts, self.model).encode())
        self._page.show(ended=state != "running")

    def _progress(self, state, cause):
        """How far the training is."""
        spent = time.monotonic() - self._start
        epoch, epochs = self._epoch, self.params["epochs"]
        each = spent / (epoch - self._first_epoch) if epoch > self._first_epoch else None
        seconds, left = self._seconds + spent, each and each * (epochs - epoch)
        seen = self.model.images_seen
        return {
            "state": state,
            "status": report_page.status(state + cause, epoch, epochs, seen, seconds, left),
            "epoch": epoch,
            "epochs": epochs,
            "interval": each and each * self.every,
            "written": time.time(),
            "seconds": seconds,
        }


def _metric(gan, history):
    """The first of the model's metrics that is in the logs and has a best value, or None."""
    for metric in gan.sample_metrics():
        name, lower = metric.names[0], getattr(metric, "lower_is_better", None)
        if name in history and lower is not None:
            return {"name": name, "lower": lower}
    return None


def _checked_images(images):
    """An array of numbers; a dataset, whose batches are not known yet, and None as they are."""
    if images is None or (hasattr(images, "take") and not isinstance(images, np.ndarray)):
        return images
    return checks.numeric_array("real_images", images, finite=True, axes=2)
