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
    callbacks = listed(call.get("callbacks"))
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
    if orders is not None:
        call = with_first(call, _DataEpoch(orders))
    # Without `shuffle=False`, Keras warns that it cannot shuffle.
    return {"shuffle": False, **call, "x": without_autotuning(dataset)}


def with_first(call: dict[str, Any], callback: Any) -> dict[str, Any]:
    """Returns the arguments of `fit` with a callback before all others.

    In a Keras `CallbackList`, it replaces that of an earlier `fit`.
    """
    callbacks = call.get("callbacks")
    if not isinstance(callbacks, keras.callbacks.CallbackList):
        return {**call, "callbacks": [callback, *listed(callbacks)]}
    callback.set_params(callbacks.params)
    earlier = [one for one in callbacks.callbacks if isinstance(one, type(callback))]
    for old in earlier:
        callbacks.callbacks.remove(old)
    callbacks.callbacks.insert(0, callback)
    return call


def listed(callbacks: Any) -> list[Any]:
    """Returns the callbacks of `fit` as a list; that of a Keras `CallbackList` can be changed."""
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
