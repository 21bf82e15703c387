"""A callback that keeps a page about a training up to date."""

import time
from pathlib import Path

import keras
import numpy as np

from keras_gans.callbacks import report_page
from keras_gans.callbacks.files import prepare_folder, write_atomically
from keras_gans.callbacks.fixed_sample import fixed_sample
from keras_gans.callbacks.latent_map import latent_map
from keras_gans.callbacks.notebook import NotebookPage
from keras_gans.callbacks.report_pictures import picture_of, thinned


class TrainingReport(keras.callbacks.Callback):
    """Writes a page to look at while a model trains: one HTML file that needs nothing else.

    The page has a slider that moves through the grids of all epochs, real images beside them,
    curves of everything in the logs, a map of the latent space to walk on, what
    `HealthMonitor` said, how the model was compiled, and the time left. It opens in any browser,
    without network; while training goes on it loads itself again every half minute. The file is
    replaced in one piece after each epoch. A run that goes on at a later epoch (`Resume`,
    `initial_epoch`) takes up what the file has. Beyond 3 MB of grids, every second one is dropped.
    A Jupyter notebook shows the page below the cell.

    Put it after the callbacks that write logs. The curves need the extra `report`
    (`pip install "keras_gans[report]"`).

    Args:
        file: Path of the page; its folder is created where it is missing.
        real_images: Real images to show beside the generated ones: an array `(N, H, W, C)` or
            `(N, 2)`, or a `tf.data.Dataset`, of which the first batch is taken.
        health: The `HealthMonitor` of the run, whose messages are shown.
        labels: What a conditional model is asked for, one label per image: integers `(N,)`, or
            floats `(N, condition_dim)`, where they must be given.
        seed: Integer, seed of the latents.

    Raises:
        ImportError: If plotly is missing.
        ValueError: When training begins, if the model cannot be drawn.
        OSError: When training begins, if the file cannot be written.

    Example:

        health = HealthMonitor()
        gan.fit(dataset, epochs=50, callbacks=[
            health, TrainingReport("report.html", real_images=dataset, health=health)])
    """

    def __init__(self, file="report.html", real_images=None, health=None, labels=None, seed=0):
        super().__init__()
        report_page.check_plotly()
        self.file = Path(file)
        self.real_images = real_images
        self.health = health
        self.labels = None if labels is None else np.asarray(labels)
        self.seed = seed

    def on_train_begin(self, logs=None):
        """Checks that the page can be written."""
        prepare_folder(self.file.parent)
        self._page = NotebookPage(self.file)
        self._start, self._first_epoch = time.time(), None

    def on_epoch_begin(self, epoch, logs=None):
        """Writes the page before training."""
        if self._first_epoch is None:
            self._first_epoch = epoch
            earlier = report_page.read(self.file, epoch) if epoch else {}
            self._frames = earlier.get("frames", [])
            self._history = earlier.get("history", {})
            self._messages = earlier.get("messages", [])
            self._seconds = earlier.get("seconds", 0.0)
            self._real = self._real_picture()
            if not self._frames:
                self._add_frame(epoch)
            self._write(epoch)

    def on_epoch_end(self, epoch, logs=None):
        """Adds the epoch to the page."""
        for name in [*self._history, *(name for name in logs if name not in self._history)]:
            values = self._history.setdefault(name, [])
            values += [None] * (epoch - len(values))
            values.append(report_page.number(logs.get(name)))
        self._add_frame(epoch + 1)
        self._write(epoch + 1)

    def on_train_end(self, logs=None):
        """Says on the page that training has ended."""
        if self._first_epoch is not None:
            self._write(self._frames[-1]["epoch"], finished=True)

    def _add_frame(self, epoch):
        images, columns, _ = fixed_sample(self.model, None, self.labels, self.seed)
        picture = picture_of(images, self.model.value_range, columns)
        self._frames = thinned([*self._frames, {"epoch": epoch, "image": picture}])

    def _real_picture(self):
        if self.real_images is None:
            return None
        images = self.real_images
        if not hasattr(images, "shape"):
            images = keras.tree.flatten(next(iter(images)))[0]
        images = np.asarray(images)
        few = images[: 16 if images.ndim == 4 else 1000]
        return picture_of(few, self.model.value_range)

    def _write(self, epoch, finished=False):
        if not self.model.is_chief:
            return
        messages = self._messages + (self.health.messages if self.health else [])
        facts = {
            "title": type(self.model).__name__,
            "status": self._status(epoch, finished),
            "finished": finished,
            "seconds": self._seconds + time.time() - self._start,
            "frames": self._frames,
            "real": self._real,
            "history": self._history,
            "messages": messages,
            "maps": latent_map(self.model, self.labels, self.seed),
        }
        page = report_page.render(facts, self.model)
        write_atomically(self.file, page.encode())
        self._page.show()

    def _status(self, epoch, finished):
        epochs = self.params["epochs"]
        spent = self._seconds + time.time() - self._start
        parts = [
            f"Epoch {epoch} of {epochs}",
            f"{self.model.images_seen:,} images seen",
            f"{report_page.duration(spent)} so far",
        ]
        done = epoch - self._first_epoch
        if finished:
            parts[-1] = f"finished after {report_page.duration(spent)}"
        elif done:
            left = (time.time() - self._start) / done * (epochs - epoch)
            parts.append(f"about {report_page.duration(left)} left")
        return ", ".join(parts) + "."
