"""The order of callbacks, and passing the epoch to the data, whose order depends on it."""

from typing import Any

import keras

from keras_gans.models.replicas import check_even_batches
from keras_gans.pipelines.autotuning import without_autotuning
from keras_gans.pipelines.shuffled_batches import Orders, attribute_of


def in_order(call: dict[str, Any]) -> list[Any]:
    """Moves callbacks that save the state of other callbacks to the end; returns the list.

    Args:
        call: Dict of the arguments of `fit`. `callbacks` may be None, a callback, a list, or a
            `CallbackList` of Keras.
    """
    callbacks = _listed(call.get("callbacks"))
    callbacks.sort(key=lambda callback: hasattr(callback, "initial_position"))
    if not isinstance(call.get("callbacks"), keras.callbacks.CallbackList):
        call["callbacks"] = callbacks
    return callbacks


def with_epoch(model: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Makes `fit` pass the number of each epoch to the dataset, whose order may depend on it.

    Args:
        model: The model that is trained.
        call: Dict of the arguments of `fit`, of which `x` is a dataset.

    Returns:
        The changed dict.
    """
    dataset = call["x"]
    check_even_batches(dataset, model)
    orders = attribute_of(dataset, "orders")
    callbacks = call.get("callbacks")
    if orders is not None and isinstance(callbacks, keras.callbacks.CallbackList):
        listed = callbacks.callbacks  # which an earlier `fit` may have changed
        for old in [callback for callback in listed if isinstance(callback, _DataEpoch)]:
            listed.remove(old)
        listed.insert(0, _DataEpoch(orders))
    elif orders is not None:
        callbacks = [_DataEpoch(orders), *_listed(callbacks)]
    # Without `shuffle=False`, Keras warns that it cannot shuffle.
    return {"shuffle": False, **call, "x": without_autotuning(dataset), "callbacks": callbacks}


def _listed(callbacks):
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return callbacks.callbacks
    return keras.tree.flatten(callbacks or [])


class _DataEpoch(keras.callbacks.Callback):
    """Callback that passes the number of the epoch to the data."""

    def __init__(self, orders: Orders):
        super().__init__()
        self._orders = orders
        self._begins = True

    def on_epoch_begin(self, epoch, logs=None):
        if self._begins:
            self._orders.begin(epoch)
        self._begins = False
        self._orders.set(epoch)
