"""A callback that measures generated samples during training."""

from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.pipelines.files import is_chief
from keras_gans.protocols import ArrayLike, Dataset

_BATCH = 128
_INFINITE = -1  # the cardinality of a dataset without an end


class SampleEvaluator(keras.callbacks.Callback):
    """Callback that compares generated with real images every few epochs.

    It computes the metrics of `compile(metrics=...)` with `evaluate`, and adds them to the logs
    under their own names, for the history, `ModelCheckpoint(monitor=...)`, `EarlyStopping` and
    `CSVLogger`. Put it before these callbacks in the list. It measures after the first epoch, after
    every `every` epochs, and after the last epoch. In between, the logs repeat the last results, so
    that `patience` counts epochs. The real images are processed once, and the protocol of each
    metric is printed the first time.

    Args:
        x: Real images: a `tf.data.Dataset` or an array, as for `evaluate`. Use held-out images, or
            training images as for published FIDs. The same number of images is generated.
        y: Labels, if `x` is an array and the model is conditional.
        every: Integer, the number of epochs between two measurements.

    Raises:
        ValueError: When training begins, if no metrics were passed to `compile`.

    Example:

        gan.compile(metrics=[FrechetDistance(classifier)])
        gan.fit(dataset, epochs=50, callbacks=[
            SampleEvaluator(test_dataset, every=5),
            keras.callbacks.ModelCheckpoint(
                "best.keras", monitor="frechet_distance", mode="min", save_best_only=True),
        ])
    """

    def __init__(self, x: Dataset | ArrayLike, y: ArrayLike | None = None, every: int = 1):
        super().__init__()
        self.every = checks.whole_number("every", every, repair="1 measures after each epoch.")
        again = any(hasattr(x, name) for name in ("shape", "__len__", "take"))
        if not again or isinstance(x, str | bytes | dict | list | tuple):
            repair = "Pass an array, a tf.data.Dataset or a PyDataset: it is read several times."
            raise checks.wrong("x", "real images", x, repair)
        if hasattr(x, "cardinality") and int(x.cardinality()) == _INFINITE:
            repair = "Pass `dataset.take(100)`, for example."
            raise checks.wrong("x", "a finite dataset", x, repair)
        self.x = checks.numeric_array("x", x, True, 2) if isinstance(x, np.ndarray) else x
        self.y = y if y is None or _is_tensor(y) else checks.numeric_array("y", y, True, 1)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that the model has metrics."""
        self._numbers: dict[str, Any] | None = None
        if not self.model.sample_metrics():
            raise ValueError(
                "SampleEvaluator needs metrics. Received: a model without metrics. Call "
                "compile(metrics=[keras_gans.metrics.FrechetDistance(...)])."
            )

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Measures in every `every`-th epoch, and adds the results to the logs."""
        done = epoch + 1
        if self._numbers is None or done % self.every == 0 or done == self.params["epochs"]:
            first = self._numbers is None
            verbose = self.params["verbose"]
            arrays = {} if not hasattr(self.x, "shape") else {"y": self.y, "batch_size": _BATCH}
            quiet = keras.callbacks.CallbackList(verbose=verbose)  # shows a bar if it takes long
            numbers = self.model.evaluate(self.x, **arrays, callbacks=quiet, return_dict=True)
            names = [name for metric in self.model.sample_metrics() for name in metric.names]
            self._numbers = {name: numbers[name] for name in names}
            if set(names) & set(logs):
                raise ValueError(
                    "Logs must have different names. Received: a second SampleEvaluator for "
                    f"{', '.join(names)}. Measure on other images with `evaluate`."
                )
            if verbose and first and is_chief(self.model):
                for metric in self.model.sample_metrics():
                    print(f"{', '.join(metric.names)}: {metric.protocol}")
        logs.update(self._numbers)

    def __deepcopy__(self, memo: dict[int, Any]) -> "SampleEvaluator":
        """Returns a copy with the same data, for Keras Tuner: datasets cannot be copied."""
        return type(self)(self.x, self.y, self.every)


def _is_tensor(data):
    """Returns whether data have a shape and are not a NumPy array."""
    return hasattr(data, "shape") and not isinstance(data, np.ndarray | np.generic)
