"""What wraps Keras' `fit`: a look at the values of the data, and the epoch that they follow."""

import inspect
import weakref
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gans.models.compiling import check_compiled
from keras_gans.models.domain import Domain, no_data
from keras_gans.models.replicas import check_even_batches, check_strategy, present_strategy
from keras_gans.pipelines.autotuning import without_autotuning
from keras_gans.pipelines.shuffled_batches import attribute_of, shuffled_batches
from keras_gans.protocols import Tensor

_DTYPES = ("float", "uint8", "bool")


def arguments_of(
    method: Callable[..., Any], model: Any, *args: Any, **kwargs: Any
) -> dict[str, Any]:
    """What a method of `keras.Model` is called with, as a dict from names to values."""
    bound = inspect.signature(method).bind(model, *args, **kwargs)
    call = {name: value for name, value in bound.arguments.items() if name != "self"}
    call.update(call.pop("kwargs", {}))
    return call


class Fitting:
    """Prepares the data of one `fit` after the other, and watches their values.

    Args:
        domain: The model's `Domain`.
    """

    def __init__(self, domain: Domain):
        self._domain = domain
        self._strategy = present_strategy()  # under which the model is created
        self.watch = ValueWatch(domain)
        self.tracks_health = False  # whether a callback of the last `fit` asked for it

    def begin(self, model: Any, call: dict[str, Any]) -> dict[str, Any]:
        """Prepares what `keras.Model.fit` is called with, and asks the callbacks.

        A callback whose attribute `tracks_health` is true gets the logs of health. One with a
        method `initial_epoch()` that returns an integer says where training continues.

        Args:
            model: The model that is trained.
            call: Dict of the arguments of `fit`.

        Returns:
            The dict, changed.
        """
        check_strategy(self._strategy)
        check_compiled(model, "fit")
        self._domain.check_data(call.get("x"), call.get("y"), call)
        x, callbacks = call.get("x"), _listed(call.get("callbacks"))
        self.watch.reset(warn=not isinstance(x, np.ndarray))
        self.tracks_health = any(getattr(c, "tracks_health", False) for c in callbacks)
        if isinstance(x, np.ndarray) and not call.get("validation_split"):
            call = _as_dataset(model, call)
        if isinstance(call.get("x"), tf.data.Dataset):
            call = _with_epoch(model, call)
        # Keras' own attribute, which BackupAndRestore sets and nobody resets: without this line
        # the `fit` after a restored one would begin at that epoch, too.
        model._initial_epoch = None
        asked = (c.initial_epoch() for c in callbacks if hasattr(c, "initial_epoch"))
        epochs = [epoch for epoch in asked if epoch is not None]
        return {**call, "initial_epoch": epochs[-1]} if epochs else call

    def check(self, model: Any, call: dict[str, Any], method: str) -> None:
        """Checks what can be known of the data of `evaluate`, maybe in the middle of `fit`."""
        check_compiled(model, method)
        x = call.get("x")
        self._domain.check_data(x, call.get("y"), call)
        if isinstance(x, tf.data.Dataset):
            check_even_batches(x, model)
        self.watch.check()  # of the training that it may be part of

    def guarded(self, model: Any) -> Callable[[Any], Any]:
        """The model's train function, with a look at the values of the data now and then."""
        function = model.train_function
        if self._strategy is None and model.steps_per_execution == 1 and not model.run_eagerly:
            function = _fed_from_outside(model)
        return self.watch.guard(function)


def _listed(callbacks):
    """Callbacks, which may be None, one, a list or Keras' own list, as a list."""
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return callbacks.callbacks
    return keras.tree.flatten(callbacks or [])


def _as_dataset(model, call):
    """Arrays as batches in an order that is a function of the model's seed and the epoch."""
    call = dict(call)
    arrays = [call["x"]] if call.get("y") is None else [call["x"], np.asarray(call["y"])]
    whole = model.distribute_strategy.num_replicas_in_sync > 1
    batch_size, shuffle = call.pop("batch_size", None) or 32, call.pop("shuffle", True)
    x = shuffled_batches(arrays, batch_size, model.seed, whole, shuffle)
    return {**call, "x": x, "y": None}


def _with_epoch(model, call):
    """A dataset that is told the number of each epoch, which its order may be a function of."""
    dataset = call["x"]
    check_even_batches(dataset, model)
    epoch = attribute_of(dataset, "epoch")
    callbacks = call.get("callbacks")
    if epoch is not None and isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.callbacks.insert(0, _DataEpoch(epoch))
    elif epoch is not None:
        callbacks = [_DataEpoch(epoch), *_listed(callbacks)]
    # Without `shuffle`, Keras warns that it cannot shuffle.
    return {"shuffle": False, **call, "x": without_autotuning(dataset), "callbacks": callbacks}


class _DataEpoch(keras.callbacks.Callback):
    """Tells the data the number of the epoch."""

    def __init__(self, epoch):
        super().__init__()
        self._epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch.assign(epoch)


def _fed_from_outside(model):
    """A train function of one step that takes the batch before the graph begins.

    Keras hands the iterator to the graph, and looks the graph up for each batch; both take time
    that a small network feels (`tests/benchmarks/overhead.py`).
    """
    step = tf.function(
        model.train_step, reduce_retracing=True, jit_compile=model.jit_compile, autograph=False
    )
    source, graph = lambda: None, step

    def feed(iterator):
        nonlocal source, graph
        if source() is not iterator:  # a new epoch
            source, graph = weakref.ref(iterator), step
            if hasattr(iterator, "element_spec"):  # batches of any size, where the last is smaller
                graph = step.get_concrete_function(iterator.element_spec)
        return graph(next(iterator))

    return feed


class ValueWatch:
    """Keeps the extremes of what a step saw, and raises or warns about them.

    `read` runs inside the step; `check` runs outside, after an execution. Reading the
    data beforehand instead would use up generators and shift the shuffling.

    Args:
        domain: `Domain`, which says what values are allowed.
    """

    def __init__(self, domain: Domain):
        self._domain = domain
        self._warn = False
        self._executions = 0
        self._seen = keras.Variable(
            self._nothing(), trainable=False, name="value_watch", aggregation="only_first_replica"
        )

    def _nothing(self):
        return np.array([np.inf, -np.inf, 0.0, np.inf, -np.inf, 0.0], "float32")

    def reset(self, warn: bool) -> None:
        """Forgets what was seen, and begins to count executions anew.

        Args:
            warn: Whether the next check warns about images in [0, 1] where the range begins
                below zero.
        """
        self._warn = warn
        self._executions = 0
        self._seen.assign(self._nothing())

    def guard(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Wraps a train function so that values are checked after executions 1, 2, 4, 8...

        The first look comes before a wrong scale can do harm; the later ones find a bad
        image deep in the data, and cost next to nothing.
        """

        def guarded(iterator):
            try:
                logs = function(iterator)
            except (StopIteration, tf.errors.OutOfRangeError):
                if self._executions == 0:
                    raise no_data() from None
                raise
            self._executions += 1
            if self._executions & (self._executions - 1) == 0:
                self.check()
            return logs

        return guarded

    def read(self, data: Any) -> tuple[Tensor, Tensor]:
        """Images `(N, ...)` as floats and labels of a batch, whose values it keeps in view."""
        images, labels = self._domain.unpack(data)
        self._record(images, labels)
        return self._domain.to_floats(images), labels

    def _record(self, images, labels):
        dtype = keras.backend.standardize_dtype(images.dtype)
        low, high, not_finite, first, last, _ = keras.ops.unstack(self._seen.value, num=6)
        pixels = keras.ops.cast(images, "float32")
        finite = keras.ops.all(keras.ops.isfinite(pixels))
        if labels is not None:
            classes = keras.ops.cast(labels, "float32")
            first = keras.ops.minimum(first, keras.ops.min(classes))
            last = keras.ops.maximum(last, keras.ops.max(classes))
        self._seen.assign(
            keras.ops.stack(
                [
                    keras.ops.minimum(low, keras.ops.min(pixels)),
                    keras.ops.maximum(high, keras.ops.max(pixels)),
                    keras.ops.maximum(not_finite, 1.0 - keras.ops.cast(finite, "float32")),
                    first,
                    last,
                    # Part of the graph: a step may be traced for several dtypes.
                    _DTYPES.index(dtype if dtype in _DTYPES else "float"),
                ]
            )
        )

    def check(self) -> None:
        """Checks what was recorded since the last check.

        Raises:
            ValueError: As `Domain.check_seen`.
        """
        low, high, not_finite, first, last, dtype = self._seen.numpy().tolist()
        self._seen.assign(self._nothing())
        if low == np.inf and not not_finite:
            return
        seen = low, high, not not_finite, _DTYPES[int(dtype)]
        self._domain.check_seen(seen, (first, last), self._warn)
        self._warn = False
