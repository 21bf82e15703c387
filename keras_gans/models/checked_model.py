"""`fit` and `evaluate` that look at their data."""

import keras
import numpy as np
import tensorflow as tf

from keras_gans.datasets.autotuning import without_autotuning
from keras_gans.datasets.shuffled_batches import shuffled_batches
from keras_gans.models.batches import check_data


class CheckedModel(keras.Model):
    """A model whose steps record what they see in `self._watch`, a `ValueWatch`."""

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As `keras.Model.fit`, on images, or on images and labels.

        `x` is an array, a `tf.data.Dataset`, a `PyDataset` or a generator of tuples, of
        uint8, bool, or floats in `value_range`. Arrays of labels go to `y`: integers `(N,)`
        or floats `(N, condition_dim)`. Data that do not fit the model are a ValueError,
        at the latest after the first execution. The order of arrays is a function of the
        model's seed and the epoch.
        """
        check_data(self, "fit", x, y, kwargs)
        self._watch.reset(warn=not isinstance(x, np.ndarray))
        if isinstance(x, np.ndarray) and not kwargs.get("validation_split"):
            arrays = [x] if y is None else [x, np.asarray(y)]
            shuffle = kwargs.pop("shuffle", True)
            x, y = shuffled_batches(arrays, batch_size or 32, self.seed, shuffle=shuffle), None
            batch_size = None
        if isinstance(x, tf.data.Dataset):
            x = without_autotuning(x)
            kwargs.setdefault("shuffle", False)  # or Keras warns that it cannot shuffle
        history = super().fit(x, y, batch_size, *args, **kwargs)
        self._watch.check()
        return history

    def make_train_function(self, force=False):
        """As Keras makes it, with a look at the values of the data now and then."""
        if self.train_function is None or force:
            super().make_train_function(force=True)
            self.train_function = self._watch.guard(self.train_function)

    def evaluate(self, x=None, y=None, *args, **kwargs):
        """As `keras.Model.evaluate`, with the checks of `fit`."""
        check_data(self, "evaluate", x, y, kwargs)
        self._watch.check()  # of the training that this evaluation may be part of
        logs = super().evaluate(x, y, *args, **kwargs)
        self._watch.check()
        return logs
