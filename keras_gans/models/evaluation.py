"""Sample metrics in `evaluate`, on as many fake as real images, from the same noise each time."""

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans.metrics import SampleMetric
from keras_gans.models.domain import Domain
from keras_gans.models.metric_checks import check_metrics
from keras_gans.models.replicas import gathered
from keras_gans.ops.images import SYMMETRIC, is_bounded, rescale
from keras_gans.pipelines.progress import SlowProgress
from keras_gans.pipelines.shuffled_batches import attribute_of
from keras_gans.protocols import Tensor

_SEED = 0


class Evaluation:
    """The sample metrics of a model, and the noise for the fake images that they measure.

    Args:
        domain: The model's `Domain`.
    """

    def __init__(self, domain: Domain):
        self.metrics: list[SampleMetric] = []
        self._domain = domain
        self._fakes = keras.Variable(  # the number generated so far
            0, dtype="int64", trainable=False, name="fakes", aggregation="only_first_replica"
        )
        self._versions: list[int] = []
        self._reals_of: tuple[Any, ...] | None = None  # data that the metrics have processed
        self._keeps = False
        self._reals_known = False
        self._measuring = False
        self._progress: SlowProgress | None = None
        self._diverged = False

    def measure_with(self, metrics: list[SampleMetric], names: Iterable[str]) -> None:
        """Sets the sample metrics.

        Args:
            metrics: List of objects of `keras_gans.metrics`.
            names: Names of the model's own logs, which metrics must not have.

        Raises:
            ValueError: If two metrics have the same name, or a metric does not match the model.
        """
        check_metrics(self._domain, metrics, names)
        self.metrics = list(metrics)
        self._reals_of = None

    def latents(self, real_images: Tensor) -> Any:
        """Returns latents for as many fake images, which are the same in every pass."""
        return self._domain.latents.numbered(real_images, _SEED, self._fakes)

    @contextlib.contextmanager
    def keeping_reals(self) -> Iterator[None]:
        """Returns a context in which metrics process the real images of the same data only once."""
        self._keeps, self._reals_of = True, None
        try:
            yield
        finally:
            self._keeps, self._reals_of = False, None

    @contextlib.contextmanager
    def of(self, call: dict[str, Any]) -> Iterator[dict[str, float]]:
        """Returns a context for one call of `evaluate`, with a dict that is filled at its end."""
        x, y, steps = (call.get(name) for name in ("x", "y", "steps"))
        logs: dict[str, float] = {}
        self._fakes.assign(0)
        source, progress = _describe(call)
        self._begin((x, y, steps), source, progress)
        try:
            with _in_first_order(x):
                yield logs
        finally:
            self._measuring = False
        logs.update(self._end((x, y, steps)))
        if call.get("verbose", "auto") and "callbacks" not in call:  # not in `fit`
            for metric in self.metrics:
                print(metric)

    def test_function(self, model: Any, compare: Callable[..., Any]) -> Callable[[Any], Any]:
        """Returns a test function for Keras that passes each batch to the metrics.

        Args:
            model: The model.
            compare: Function of one replica's batch that returns logs, and a tuple
                `(real_images, fake_images, labels)`.
        """
        strategy = model.distribute_strategy

        def on_all_replicas(data):
            logs, batch = strategy.run(compare, args=(data,))
            return logs, [None if part is None else gathered(part, strategy) for part in batch]

        if not model.run_eagerly:
            on_all_replicas = tf.function(
                on_all_replicas, reduce_retracing=True, jit_compile=model.jit_compile
            )

        def measure(iterator):
            logs = None
            for _ in range(model.steps_per_execution):
                try:
                    data = next(iterator)
                except (StopIteration, tf.errors.OutOfRangeError):
                    if logs is None:
                        raise
                    break
                logs, batch = on_all_replicas(data)
                self._update(*batch)
            return strategy.experimental_local_results(logs)[0]

        return measure

    def _begin(self, data, source, progress):
        before = self._reals_of
        self._reals_known = (
            self._keeps
            and before is not None
            and all(one is other for one, other in zip(before, data, strict=True))
            and self._versions == [metric.real_version for metric in self.metrics]
        )
        self._measuring, self._progress, self._diverged = True, progress, False
        self._reals_of = None  # until the pass is complete
        for metric in self.metrics:
            metric.begin(source)
            if not self._reals_known:
                metric.forget_real()

    def _update(self, real_images, fake_images, labels):
        """Passes a batch in [-1, 1] to all metrics; equal extractors process it only once."""
        if not self.metrics or not self._measuring:  # in `test_on_batch`, one batch is too few
            return
        real_images, fake_images = (
            rescale(images.numpy(), self._domain.value_range, SYMMETRIC)
            for images in (real_images, fake_images)
        )
        if self._keeps and not np.all(np.isfinite(fake_images)):
            self._diverged = True  # `fit` continues, so that callbacks can act
            return
        shared: dict[Any, Any] = {}
        value_range = (
            SYMMETRIC if is_bounded(self._domain.value_range) else self._domain.value_range
        )
        labels = None if labels is None else labels.numpy()
        for metric in self.metrics:
            reals = None if self._reals_known else real_images
            metric.update_state(reals, fake_images, labels, shared, value_range)
        if self._progress is not None:
            self._progress.step()

    def _end(self, data):
        """Returns the results, a dict of floats, which are NaN if the generator has diverged."""
        if self._diverged:
            warnings.warn(
                "Generated images must be finite. Received: NaN or infinity while training. "
                "The metrics are NaN; see NaNGuard and HealthMonitor.",
                stacklevel=4,
            )
            return {name: float("nan") for metric in self.metrics for name in metric.names}
        self._reals_of = data
        self._versions = [metric.real_version for metric in self.metrics]
        results: dict[str, float] = {}
        for metric in self.metrics:
            result = metric.result()
            results.update(result if isinstance(result, dict) else {metric.name: result})
        return results


def _describe(call):
    """Returns the source of the real images of a call, and a progress bar or None."""
    x, shown = call.get("x"), call.get("callbacks")
    source, total = None, call.get("steps")
    if isinstance(x, tf.data.Dataset):
        source = attribute_of(x, "source")
        total = total or int(x.cardinality())
    elif isinstance(x, np.ndarray):
        total = total or -(-len(x) // (call.get("batch_size") or 32))
    # In `fit`, which passes its callbacks to `evaluate`, Keras shows no progress bar.
    shows = isinstance(shown, keras.callbacks.CallbackList) and shown.params.get("verbose") in (
        "auto",
        1,
    )
    known = total is not None and total > 0
    return source, SlowProgress("Measuring", total if known else None, "batch") if shows else None


@contextlib.contextmanager
def _in_first_order(dataset):
    """Sets a dataset of `keras_gans.datasets` to the order of epoch 0, then restores its epoch."""
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
