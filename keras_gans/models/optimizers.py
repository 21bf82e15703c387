"""Optimizers from names and configs, built for the networks of one player."""

from typing import Any

import keras

from keras_gans import checks
from keras_gans.models import state


def get_optimizer(player: str, optimizer: Any, *networks: Any) -> Any:
    """Returns an optimizer, built for the trainable variables of one or more networks.

    Args:
        player: `"generator"` or `"discriminator"`.
        optimizer: A `keras.optimizers.Optimizer`, or its name or config.
        *networks: The player's built networks.

    Raises:
        ValueError: If the network is frozen, or if the optimizer averages weights or was built for
            another network.
    """
    variables = [variable for network in networks for variable in network.trainable_variables]
    if not variables:
        network = networks[0]
        raise ValueError(
            f"The {player} must have weights to train. Received: {player}={network.name!r} with "
            f"trainable={network.trainable}, and no trainable weights. Set `{player}.trainable = "
            "True` before `compile`: the train step does not need frozen networks."
        )
    optimizer = _known_optimizer(player, optimizer)
    inner = getattr(optimizer, "inner_optimizer", optimizer)  # of a LossScaleOptimizer
    if getattr(inner, "use_ema", False):
        raise ValueError(
            f"`{player}_optimizer` must not average weights. Received: use_ema=True. Remove it: "
            "the model itself averages the generator; see `ema_half_life`."
        )
    if inner.built and not state.trains(inner, variables):
        raise ValueError(
            f"`{player}_optimizer` must be new, or built for the same {player}. Received: "
            f"an optimizer named {inner.name!r} that was built for other variables. "
            f"Create a new one: {inner.__class__.__name__}(...)."
        )
    if inner is optimizer and _computes_in_float16(networks):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    if not optimizer.built:
        optimizer.build(variables)
    return optimizer


def shared_optimizer(kind: str, optimizer: Any, players: Any) -> Any:
    """Returns one optimizer for several players, which are then trained with it.

    Args:
        kind: `"generator"` or `"discriminator"`.
        optimizer: As in `get_optimizer`; None for Adam(5e-4, 0.5).
        players: List of `Player`s.
    """
    optimizer = keras.optimizers.Adam(5e-4, beta_1=0.5) if optimizer is None else optimizer
    optimizer = get_optimizer(kind, optimizer, *(player.network for player in players))
    for player in players:
        player.learn_with(optimizer)
    return optimizer


def rate_of(optimizer: Any) -> float:
    """Returns the current learning rate of a Keras optimizer, also under a strategy."""
    # The rate may be a variable with a copy on each replica; the sum is always a tensor.
    return float(keras.ops.add(optimizer.learning_rate, 0.0))


def _known_optimizer(player, optimizer):
    """Returns the optimizer of a name or config, after checking its learning rate."""
    name, repair = f"{player}_optimizer", "Pass, for example, keras.optimizers.Adam(2e-4)."
    try:
        known = keras.optimizers.get(optimizer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise checks.wrong(name, "an optimizer of Keras", optimizer, repair) from error
    checks.instance(name, known, keras.optimizers.Optimizer, "an optimizer of Keras", repair)
    rate = rate_of(known)
    checks.finite_number(f"{name}.learning_rate", rate, 0, repair=repair)
    return known


def _computes_in_float16(networks):
    layers = state.parts_of(networks, keras.layers.Layer)
    return any(layer.compute_dtype == "float16" for layer in layers)
