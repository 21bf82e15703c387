"""`fit` that looks at its data."""

import inspect
import weakref

import keras
import numpy as np
import tensorflow as tf

from keras_gans.models.batches import check_data
from keras_gans.models.measured_model import MeasuredModel
from keras_gans.models.replicas import check_even_batches, check_strategy
from keras_gans.pipelines.autotuning import without_autotuning
from keras_gans.pipelines.shuffled_batches import attribute_of, shuffled_batches


class CheckedModel(MeasuredModel):
    """A model whose steps record what they see in `self._watch`, a `ValueWatch`."""

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As `keras.Model.fit`, on images, or on images and labels.

        `x` is an array, a `tf.data.Dataset`, a `PyDataset` or a generator of tuples, of
        uint8, bool, or floats in `value_range`. Arrays of labels go to `y`: integers `(N,)`
        or floats `(N, condition_dim)`. Data that do not fit the model are a ValueError,
        at the latest after the first execution. The order of arrays, and of
        `keras_gans.datasets`, is a function of the seed and the number of the epoch. On
        several replicas, arrays leave out the images after the last full batch, other ones
        in each epoch.
        """
        call = inspect.signature(keras.Model.fit).bind(self, x, y, batch_size, *args, **kwargs)
        call = {name: value for name, value in call.arguments.items() if name != "self"}
        check_strategy(self)
        check_data(self, "fit", x, y, call)
        self.begin_at_epoch(None)
        self._watch.reset(warn=not isinstance(x, np.ndarray))
        if isinstance(x, np.ndarray) and not call.get("validation_split"):
            arrays = [x] if y is None else [x, np.asarray(y)]
            shuffle = call.pop("shuffle", True)
            whole = self.distribute_strategy.num_replicas_in_sync > 1
            x = shuffled_batches(arrays, batch_size or 32, self.seed, whole, shuffle)
            call.update(y=None, batch_size=None)
        if isinstance(x, tf.data.Dataset):
            check_even_batches(x, self)
            call["callbacks"] = _first(_DataEpoch(attribute_of(x, "epoch")), call.get("callbacks"))
            call.setdefault("shuffle", False)  # or Keras warns that it cannot shuffle
            x = without_autotuning(x)
        try:
            with self._measurement.keeping_reals():
                history = super().fit(**{**call, "x": x})
        finally:
            self._tracks_health = False  # also after an error
        self._watch.check()
        return history

    def begin_at_epoch(self, epoch):
        """Lets the `fit` that is beginning start at an epoch, counted from zero.

        For callbacks, in `on_train_begin`. None leaves it to `initial_epoch`.
        """
        self._initial_epoch = epoch  # Keras' own attribute, made for BackupAndRestore

    @property
    def is_chief(self):
        """Whether this process writes the files: not so on all machines but the first."""
        return self.distribute_strategy.extended.should_checkpoint

    def make_train_function(self, force=False):
        """As Keras makes it, with a look at the values of the data now and then."""
        if self.train_function is None or force:
            super().make_train_function(force=True)
            alone = self._distribute_strategy is None and self.steps_per_execution == 1
            if alone and not self.run_eagerly:
                self.train_function = _fed_from_outside(self)
            self.train_function = self._watch.guard(self.train_function)


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


class _DataEpoch(keras.callbacks.Callback):
    """Tells the data the number of the epoch, which their order is a function of."""

    def __init__(self, epoch):
        super().__init__()
        self._epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if self._epoch is not None:
            self._epoch.assign(epoch)


def _first(callback, others):
    """A callback before the others, which may be None, one, a list or Keras' own list."""
    if isinstance(others, keras.callbacks.CallbackList):
        others.callbacks.insert(0, callback)
        return others
    return [callback, *keras.tree.flatten(others or [])]
