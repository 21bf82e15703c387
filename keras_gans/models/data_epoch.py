"""The callbacks of a `fit` in their order, and the epoch on which the order of the data depends."""

from typing import Any

import keras

from keras_gans.models.replicas import check_even_batches
from keras_gans.pipelines.autotuning import without_autotuning
from keras_gans.pipelines.shuffled_batches import Orders, attribute_of


def in_order(call: dict[str, Any]) -> list[Any]:
    """Puts callbacks that save what others hold behind these, and returns the list.

    Args:
        call: Dict of the arguments of `fit`. Its callbacks may be None, one, a list or Keras'
            `CallbackList`.
    """
    callbacks = _listed(call.get("callbacks"))
    callbacks.sort(key=lambda callback: hasattr(callback, "initial_position"))
    if not isinstance(call.get("callbacks"), keras.callbacks.CallbackList):
        call["callbacks"] = callbacks
    return callbacks


def with_epoch(model: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Passes the number of each epoch to the dataset, whose order may be a function of it.

    Args:
        model: The model that is trained.
        call: Dict of the arguments of `fit`, whose data are a dataset.

    Returns:
        The changed dict.
    """
    dataset = call["x"]
    check_even_batches(dataset, model)
    orders = attribute_of(dataset, "orders")
    callbacks = call.get("callbacks")
    if orders is not None and isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.callbacks.insert(0, _DataEpoch(orders))
    elif orders is not None:
        callbacks = [_DataEpoch(orders), *_listed(callbacks)]
    # Without `shuffle=False`, Keras warns that it cannot shuffle.
    return {"shuffle": False, **call, "x": without_autotuning(dataset), "callbacks": callbacks}


def _listed(callbacks):
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return callbacks.callbacks
    return keras.tree.flatten(callbacks or [])


class _DataEpoch(keras.callbacks.Callback):
    """Passes the number of the epoch to the data."""

    def __init__(self, orders: Orders):
        super().__init__()
        self._orders = orders
        self._begins = True

    def on_epoch_begin(self, epoch, logs=None):
        if self._begins:
            self._orders.begin(epoch)
        self._begins = False
        self._orders.set(epoch)
