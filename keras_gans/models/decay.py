"""Telling the optimizers how much of the training is done."""

import math
from typing import Any

import keras

from keras_gans.models.data_epoch import listed, with_first
from keras_gans.optimizers import LinearDecayAdam

_PARTS = 100  # of an epoch, each with another learning rate


def with_decay(model: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Makes `fit` tell the progress of the training to each optimizer that is a `LinearDecayAdam`.

    Args:
        model: The model that is trained.
        call: Dict of the arguments of `fit`.

    Returns:
        The changed dict.
    """
    players = model.discriminator_optimizer, model.generator_optimizer
    inner = [getattr(one, "inner_optimizer", one) for one in players]  # of a LossScaleOptimizer
    decaying = [one for one in inner if isinstance(one, LinearDecayAdam)]
    epochs = min(call.get("epochs", 1), keras.config.max_epochs() or math.inf)
    callbacks = listed(call.get("callbacks"))
    if any(isinstance(one, keras.callbacks.LearningRateScheduler) for one in callbacks):
        epochs = math.inf  # the progress stays at zero
    return with_first(call, _Decay(decaying, epochs)) if decaying else call


class _Decay(keras.callbacks.Callback):
    """Callback that tells optimizers the progress of the training, from 0 to 1."""

    def __init__(self, optimizers, epochs):
        super().__init__()
        self._optimizers = optimizers
        self._epochs = epochs
        self._parts = 0  # done, in this epoch

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch, self._parts = epoch, 0
        self._tell(epoch / self._epochs)

    def on_train_batch_begin(self, batch, logs=None):
        steps = (self.params or {}).get("steps")
        parts = _PARTS * batch // steps if steps else 0
        if parts != self._parts:
            self._parts = parts
            self._tell((self._epoch + parts / _PARTS) / self._epochs)

    def on_train_end(self, logs=None):
        self._tell(0.0)

    def on_train_interrupted(self, error):
        self._tell(0.0)

    def _tell(self, progress):
        for optimizer in self._optimizers:
            optimizer.progress.assign(progress)
