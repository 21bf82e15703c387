"""What happens around Keras' `fit`: preparing the data and checking their values."""

import weakref
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gans.models.adapting import adapted
from keras_gans.models.call_arguments import check_end, check_kind, message_in
from keras_gans.models.compiling import check_compiled
from keras_gans.models.data_epoch import in_order, with_epoch
from keras_gans.models.decay import with_decay
from keras_gans.models.domain import Domain, no_data
from keras_gans.models.epoch_table import with_table
from keras_gans.models.interruption import telling_callbacks
from keras_gans.models.mid_epoch import can_skip, fit_from
from keras_gans.models.replicas import check_even_batches, check_strategy, present_strategy
from keras_gans.models.state import held_variables
from keras_gans.models.validation_split import with_validation_data
from keras_gans.networks.output_activation import output_activation
from keras_gans.pipelines.iterables import readable
from keras_gans.pipelines.shuffled_batches import attribute_of, shuffled_batches
from keras_gans.protocols import Tensor

_LARGEST = float(np.finfo("float32").max)  # finite, because debugging tools stop at infinity
_FAKES = 4  # generated images to check
_DTYPES = ("float", "uint8", "bool", "int")
_ERRORS_OF_DATA = (
    tf.errors.InvalidArgumentError,
    tf.errors.UnknownError,
    tf.errors.FailedPreconditionError,
)


def _kind(dtype):
    return "int" if "int" in dtype else "float"


class Fitting:
    """The preparation of each call of `fit`, and the checks of its data.

    Args:
        domain: The model's `Domain`.
    """

    def __init__(self, domain: Domain):
        self._domain = domain
        self._strategy = present_strategy()  # the strategy under which the model is created
        self.watch = ValueWatch(domain)
        self._looked = False  # whether generated images were checked
        self.tracks_health = False  # whether a callback of the last `fit` needs health values

    def run(self, fit: Callable[..., Any], model: Any, call: dict[str, Any]) -> Any:
        """Trains with Keras' `fit`, then checks the last values of the data.

        Args:
            fit: Keras' method `fit`.
            model: The model to train.
            call: The dict that `begin` returned.
        """
        step = call.pop("initial_step")
        with telling_callbacks(call):
            history = fit_from(step, fit, model, call) if step else fit(**call)
        self.watch.check()
        return history

    def begin(self, model: Any, call: dict[str, Any]) -> dict[str, Any]:
        """Prepares the arguments of `keras.Model.fit`, according to the data and the callbacks.

        A callback can have three members that Keras does not know. With `tracks_health = True`,
        the logs include health values. If it has a method `initial_position(callbacks, can_skip)`
        that returns an epoch and a number of steps, training continues in that epoch after these
        steps; `can_skip` tells whether the number may be more than zero. `fit` calls such a
        callback after all others, because it may save their state. The method
        `on_train_interrupted(error)` is called if an error or Ctrl-C ends the training.

        Args:
            model: The model to train.
            call: Dict of the arguments of `fit`.

        Returns:
            The changed dict, with the key `initial_step`.
        """
        check_compiled(model, "fit")
        check_strategy(self._strategy, held_variables(model))
        check_kind(given := call.get("x"))
        self._take_class_names(given)
        for name in ("x", "validation_data"):
            if call.get(name) is not None:
                call[name] = readable(call[name], *self._domain.array_shapes)
        check_end(call["x"], call.get("steps_per_epoch"), "steps_per_epoch")
        check_end(call.get("validation_data"), call.get("validation_steps"), "validation_steps")
        self._domain.check_data(call["x"], call.get("y"), call)
        call["x"] = adapted(self._domain, call["x"])
        self._look_at_fakes(model)
        x, callbacks = call.get("x"), in_order(call)
        self.watch.reset(warn=not isinstance(x, np.ndarray))
        self.tracks_health = any(getattr(c, "tracks_health", False) for c in callbacks)
        if isinstance(x, np.ndarray):
            call = _as_dataset(model, with_validation_data(call))
        if isinstance(call.get("x"), tf.data.Dataset):
            call = with_epoch(model, call)
        call = with_decay(model, with_table(call))
        # BackupAndRestore sets this attribute of Keras, and nothing resets it. Without this line,
        # the next `fit` after a restored one would also start at that epoch.
        model._initial_epoch = None
        skips = can_skip(given, call, model)
        asking = [c for c in callbacks if hasattr(c, "initial_position")]
        asked = [callback.initial_position(callbacks, skips) for callback in asking]
        beginning = call.get("initial_epoch", 0), 0
        epoch, step = [beginning, *(position for position in asked if position)][-1]
        return {**call, "initial_epoch": epoch, "initial_step": step}

    def _take_class_names(self, data):
        """Takes over the names of the classes if the data have a name for each class."""
        conditions, names = self._domain.conditions, attribute_of(data, "class_names")
        if conditions.in_data and conditions.can_be_named(names):
            conditions.name_classes(names)

    def _look_at_fakes(self, model):
        """Checks once that generated values match the model's range, unless they always do."""
        bounded = output_activation(model.generator) in ("sigmoid", "tanh")
        if not bounded and not self._looked and model.images_seen == 0:
            latents = self._domain.latents.sampled(_FAKES, seed=0)
            labels = self._domain.conditions.zeros(_FAKES)
            labels = None if labels is None else np.asarray(labels)
            self._domain.check_generated(model.generate(latents=latents, labels=labels))
        self._looked = True

    def check(self, model: Any, call: dict[str, Any], method: str) -> None:
        """Checks the data of `evaluate` as far as possible; also runs during `fit`."""
        check_compiled(model, method)
        check_kind(call.get("x"))
        x = call["x"] = readable(call["x"], *self._domain.array_shapes)
        check_end(x, call.get("steps"), "steps")
        self._domain.check_data(x, call.get("y"), call)
        if isinstance(x, np.ndarray) and model.distribute_strategy.num_replicas_in_sync > 1:
            call["batch_size"] = min(call.get("batch_size") or 32, len(x))
        check_even_batches(x, model, call.get("batch_size"))
        self.watch.check()  # of a `fit` that may have called `evaluate`

    def guarded(self, model: Any) -> Callable[[Any], Any]:
        """Returns the model's train function with regular checks of the values of the data."""
        function = model.train_function
        if self._strategy is None and model.steps_per_execution == 1 and not model.run_eagerly:
            function = _fed_from_outside(model)
        return self.watch.guard(function)


def _as_dataset(model, call):
    """Turns arrays into batches whose order depends only on the model's seed and the epoch."""
    call = dict(call)
    arrays = [call["x"]] if call.get("y") is None else [call["x"], np.asarray(call["y"])]
    whole = model.distribute_strategy.num_replicas_in_sync > 1
    batch_size, shuffle = call.pop("batch_size", None) or 32, call.pop("shuffle", True)
    x = shuffled_batches(arrays, batch_size, model.seed, whole, shuffle)
    return {**call, "x": x, "y": None}


def _fed_from_outside(model):
    """Returns a train function for one step that fetches the batch outside of the graph.

    Keras passes the iterator into the graph, and looks up the graph for each batch. Both take time
    that matters for small networks (`tests/benchmarks/overhead.py`).
    """
    step = tf.function(
        model.train_step, reduce_retracing=True, jit_compile=model.jit_compile, autograph=False
    )
    source, graph = lambda: None, step

    def feed(iterator):
        nonlocal source, graph
        if source() is not iterator:  # a new epoch
            source, graph = weakref.ref(iterator), step
            if hasattr(iterator, "element_spec"):  # has an unknown size if the last batch differs
                graph = step.get_concrete_function(iterator.element_spec)
        return graph(next(iterator))

    return feed


class ValueWatch:
    """A record of the smallest and largest values of the data, and a check that raises or warns.

    `read` runs inside the step, and `check` outside, after an execution. The data are not read in
    advance, because this would use up generators and change the order of shuffled data.

    Args:
        domain: `Domain`, which defines the allowed values.
    """

    def __init__(self, domain: Domain):
        self._domain = domain
        self._warn = False
        self._executions = 0
        self._seen = keras.Variable(
            self._nothing(),
            dtype="float32",
            trainable=False,
            name="value_watch",
            aggregation="only_first_replica",
        )

    def _nothing(self):
        return np.array([_LARGEST, -_LARGEST, 0, _LARGEST, -_LARGEST, 0, 0], "float32")

    def reset(self, warn: bool) -> None:
        """Resets the recorded values and the count of executions.

        Args:
            warn: Whether the next check warns about images in [0, 1] if the range starts
                below zero.
        """
        self._warn = warn
        self._executions = 0
        self._seen.assign(self._nothing())

    def guard(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Wraps a train function so that values are checked after executions 1, 2, 4, 8...

        The first check finds a wrong scale before it does harm. The later checks find single bad
        images, at almost no cost.
        """

        def guarded(iterator):
            try:
                logs = function(iterator)
            except (StopIteration, tf.errors.OutOfRangeError):
                if self._executions == 0:
                    raise no_data() from None
                raise
            except _ERRORS_OF_DATA as error:
                raise message_in(error) or error from None
            self._executions += 1
            if self._executions & (self._executions - 1) == 0:
                self.check()
            return logs

        return guarded

    def read(self, data: Any) -> tuple[Tensor, Tensor]:
        """Returns images `(N, ...)` as floats and labels of a batch, and records their values."""
        images, labels = self._domain.unpack(data)
        classes = None if labels is None else self._domain.conditions.standardized(labels)
        self._record(images, labels, classes)
        return self._domain.labeled(images, classes)

    def _record(self, images, labels, classes):
        dtype = keras.backend.standardize_dtype(images.dtype)
        low, high, not_finite, first, last, third, _ = ops.unstack(self._seen.value, num=7)
        pixels = ops.cast(images, "float32")
        finite = ops.all(ops.isfinite(pixels))
        if self._domain.conditions.shape is not None:
            finite = ops.logical_and(finite, ops.all(ops.isfinite(classes)))
        extremes = None if labels is None else self._domain.conditions.extremes(labels, classes)
        if extremes is not None:
            smallest, largest, other = (ops.cast(number, "float32") for number in extremes)
            first, last = ops.minimum(first, smallest), ops.maximum(last, largest)
            third = ops.maximum(third, other)
        self._seen.assign(
            ops.stack(
                [
                    ops.minimum(low, ops.min(pixels)),
                    ops.maximum(high, ops.max(pixels)),
                    ops.maximum(not_finite, 1.0 - ops.cast(finite, "float32")),
                    first,
                    last,
                    third,
                    # Recorded in the graph, because a step may be traced for several dtypes.
                    _DTYPES.index(dtype if dtype in _DTYPES else _kind(dtype)),
                ]
            )
        )

    def check(self) -> None:
        """Checks the values recorded since the last check.

        Raises:
            ValueError: As in `Domain.check_seen`.
        """
        low, high, not_finite, *labels, dtype = self._seen.numpy().tolist()
        self._seen.assign(self._nothing())
        if low == _LARGEST and not not_finite:
            return
        seen = low, high, not not_finite, _DTYPES[int(dtype)]
        self._domain.check_seen(seen, tuple(labels), self._warn)
        self._warn = False
