"""Continuing a training in the middle of an epoch."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf


def can_skip(given: Any, call: dict[str, Any], model: Any) -> bool:
    """Returns whether `fit` could skip the first batches of an epoch.

    Args:
        given: The data that the user passed to `fit`.
        call: Dict of the arguments of `fit`, in which `x` is in the form that Keras reads.
        model: The model to train.

    Returns:
        True for arrays, and for `tf.data.Dataset`s with a known number of batches, all of which
        an epoch uses; False for generators and loaders, whose order may differ in each pass.
    """
    x = call["x"]
    in_order = isinstance(given, tf.data.Dataset) or hasattr(given, "shape")
    if not isinstance(x, tf.data.Dataset) or not in_order or int(x.cardinality()) <= 0:
        return False
    cut = call.get("steps_per_epoch") or keras.config.max_steps_per_epoch()
    own = isinstance(call.get("callbacks"), keras.callbacks.CallbackList)
    return not cut and not own and model.distribute_strategy.num_replicas_in_sync == 1


def fit_from(step: int, fit: Callable[..., Any], model: Any, call: dict[str, Any]) -> Any:
    """Calls Keras' `fit` for the rest of an epoch, then for the epochs after it.

    For callbacks, this is a single training: batches are numbered from the start of the epoch, and
    `params` has the key `initial_step`.

    Args:
        step: Integer, the number of completed steps of the first epoch.
        fit: Keras' method `fit`.
        model: The model to train.
        call: Dict of the arguments of `fit`, for which `can_skip` returns True.
    """
    x, first, epochs = call["x"], call["initial_epoch"], call.get("epochs", 1)
    epochs = min(epochs, keras.config.max_epochs() or epochs)
    if first >= epochs:  # nothing is left to train
        return fit(**call)
    callbacks = _OneTraining(
        call["callbacks"],
        add_history=True,
        add_progbar=call.get("verbose", "auto") != 0,
        model=model,
        verbose=call.get("verbose", "auto"),
        epochs=epochs,
        steps=int(x.cardinality()),
        initial_step=step,
    )
    call = {**call, "callbacks": callbacks}
    history = fit(**{**call, "x": x.skip(step), "epochs": first + 1})
    if callbacks.ended:
        return history
    return fit(**{**call, "initial_epoch": first + 1})


class _OneTraining(keras.callbacks.CallbackList):
    """The callbacks for two calls of `fit`: one for the rest of an epoch, one for later epochs."""

    ended = False
    _begun = False

    def on_train_begin(self, logs=None):
        if not self._begun:
            super().on_train_begin(logs)
            self._begun, self._before = True, self.params["initial_step"]

    def on_train_batch_begin(self, batch, logs=None):
        super().on_train_batch_begin(self._before + batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(self._before + batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self._before = 0
        self.ended = self.model.stop_training or epoch + 1 == self.params["epochs"]

    def on_train_end(self, logs=None):
        if self.ended:
            super().on_train_end(logs)
