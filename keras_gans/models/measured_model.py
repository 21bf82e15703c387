"""`evaluate` with metrics of samples."""

import contextlib
import inspect

import keras
import numpy as np
import tensorflow as tf

from keras_gans.models.batches import check_data
from keras_gans.models.measurement import Measurement
from keras_gans.models.metric_checks import check_metrics
from keras_gans.models.replicas import check_even_batches, gathered
from keras_gans.ops.images import rescale
from keras_gans.pipelines.progress import SlowProgress
from keras_gans.pipelines.shuffled_batches import attribute_of

_SEED = 0
HEALTH = ("real_accuracy", "fake_accuracy")  # names of what `track_health` adds
HEALTH += ("discriminator_gradient_norm", "generator_gradient_norm")
_RANGE = (-1.0, 1.0)  # what metrics look at


class MeasuredModel(keras.Model):
    """A model whose `compare(data)` returns logs, and `(real_images, fake_images, labels)`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._evaluation_noise = keras.random.SeedGenerator(_SEED)
        self._tracks_health = False
        self.measure_with([])

    def measure_with(self, metrics):
        """Sets the metrics of `evaluate`, and touches nothing else.

        `compile(metrics=...)` does so, too. Metrics are not saved with a model: save the
        classifier that they use, and call this after `load_model`.

        Args:
            metrics: List of objects of `keras_gans.metrics`.

        Raises:
            ValueError: If two have the same name, or one does not fit the model.
        """
        check_metrics(self, metrics)
        self._measurement = Measurement(list(metrics))
        self.test_function = None

    def sample_metric_names(self):
        """Keys of `evaluate`'s results that are metrics of samples, a list of strings."""
        return [name for metric in self._measurement.metrics for name in metric.names]

    def sample_metric_protocols(self):
        """How the metrics of samples were measured, a list of strings."""
        return [f"{', '.join(m.names)}: {m.protocol}" for m in self._measurement.metrics]

    def track_health(self, on=True):
        """Lets training keep accuracies of the discriminator and norms of both gradients.

        For callbacks, in `on_train_begin`.

        Args:
            on: Whether it does, from the next step on.
        """
        self._tracks_health = on
        self.make_train_function(force=True)
        self.read_health()

    @property
    def health_trackers(self):
        """What `read_health` reads; empty without `track_health`."""
        return [self._trackers[name] for name in HEALTH] if self._tracks_health else []

    def read_health(self):
        """Means since the last call, a dict of floats; empty without `track_health`."""
        numbers = {tracker.name: float(tracker.result()) for tracker in self.health_trackers}
        for tracker in self.health_trackers:
            tracker.reset_state()
        return numbers

    def evaluate(self, x=None, y=None, *args, **kwargs):
        """As `keras.Model.evaluate`: losses, scores and the compiled metrics on held-out data.

        As many fakes are drawn, from a fixed seed, by the averaged generator, asked for the
        labels of the data; both networks work in inference mode. The k-th fake is the same
        whatever the batch size, and datasets of `keras_gans.datasets` come in the same order
        each time. In `fit`, metrics look at the real images of `validation_data` once. With
        `verbose`, each metric says how it was measured.
        """
        call = inspect.signature(keras.Model.evaluate).bind(self, x, y, *args, **kwargs).arguments
        call = {name: value for name, value in call.items() if name not in ("self", "kwargs")}
        call.update(kwargs)
        check_data(self, "evaluate", x, y, call)
        if isinstance(x, tf.data.Dataset):
            check_even_batches(x, self)
        self._watch.check()  # of the training that this evaluation may be part of
        self._evaluation_noise.state.assign([_SEED, 0])
        data = x, y, call.get("steps")
        self._measurement.begin(data, *_describe(call))
        return_dict = call.pop("return_dict", False)
        with _in_first_order(x):
            super().evaluate(**call, return_dict=True)
        self._watch.check()
        # The trackers' results are of all replicas; a step's logs are of the first.
        trackers = (tracker for tracker in self.metrics if tracker.name != "penalty")
        logs = {tracker.name: float(tracker.result()) for tracker in trackers}
        if self._measurement.metrics:
            logs.update(self._measurement.end(data))
            if call.get("verbose", "auto") and "callbacks" not in call:
                print(*self._measurement.metrics, sep="\n")
        return logs if return_dict else list(logs.values())

    def make_test_function(self, force=False):
        """As Keras makes it; with metrics of samples, it shows them each batch."""
        if not self._measurement.metrics:
            super().make_test_function(force)
        elif self.test_function is None or force:
            self.test_function = self._measuring_function()

    def _measuring_function(self):
        strategy = self.distribute_strategy

        def compare(data):
            logs, batch = strategy.run(self.compare, args=(data,))
            return logs, [None if part is None else gathered(part, strategy) for part in batch]

        if not self.run_eagerly:
            compare = tf.function(compare, reduce_retracing=True, jit_compile=self.jit_compile)

        def measure(iterator):
            logs = None
            for _ in range(self.steps_per_execution):
                try:
                    data = next(iterator)
                except (StopIteration, tf.errors.OutOfRangeError):
                    if logs is None:
                        raise
                    break
                logs, batch = compare(data)
                self._show(*batch)
            return strategy.experimental_local_results(logs)[0]

        return measure

    def _show(self, real_images, fake_images, labels):
        images = (
            rescale(part.numpy(), self.value_range, _RANGE) for part in (real_images, fake_images)
        )
        self._measurement.update(*images, None if labels is None else labels.numpy())


def _describe(call):
    """Where the real images of a call of `evaluate` come from, and a progress bar or None."""
    x, shown = call.get("x"), call.get("callbacks")
    source, total = None, call.get("steps")
    if isinstance(x, tf.data.Dataset):
        source = attribute_of(x, "source")
        total = total or int(x.cardinality())
    elif isinstance(x, np.ndarray):
        total = total or -(-len(x) // (call.get("batch_size") or 32))
    # Keras shows no bar in `fit`, which passes its own callbacks on.
    shows = isinstance(shown, keras.callbacks.CallbackList) and shown.params.get("verbose") in (
        "auto",
        1,
    )
    known = total is not None and total > 0
    return source, SlowProgress("Measuring", total if known else None, "batch") if shows else None


@contextlib.contextmanager
def _in_first_order(dataset):
    """Lets a dataset of `keras_gans.datasets` come in the order of epoch 0, then go on."""
    epoch = attribute_of(dataset, "epoch") if isinstance(dataset, tf.data.Dataset) else None
    if epoch is None:
        yield
        return
    before = epoch.numpy()
    epoch.assign(0)
    try:
        yield
    finally:
        epoch.assign(before)
