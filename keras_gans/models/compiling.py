"""Turning what `compile` was given into optimizers and a loss that fit the networks, and back."""

import difflib
import functools
import warnings
from typing import Any

import keras

from keras_gans.losses import AdversarialLoss, KerasLoss, NonSaturating
from keras_gans.models import combinations, state
from keras_gans.networks.output_activation import output_activation

_NAMES = {
    "d_optimizer": "discriminator_optimizer",
    "g_optimizer": "generator_optimizer",
    "loss_fn": "loss",
    "loss_function": "loss",
    "optimizer": "discriminator_optimizer and generator_optimizer",
    "n_critic": "discriminator_steps",
    "lambda_gp": "penalties",
}
_GAME = ("loss", "penalties", "augmentation")
_KERAS = ("run_eagerly", "steps_per_execution", "jit_compile")


def defaults() -> dict[str, Any]:
    """What `GAN.compile` uses where a recipe has nothing else."""
    return {
        "discriminator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
        "generator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
        "loss": NonSaturating(),
        "penalties": [],
        "augmentation": None,
        "discriminator_steps": 1,
        "ema_half_life": 10_000,
    }


def resolve(gan: Any, values: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """Everything that `compile` sets: what was given, else the recipe's default.

    Args:
        gan: The model.
        values: The arguments of `compile` up to `metrics`, in its order.
        keywords: Dict of Keras' own arguments.

    Returns:
        A dict like `compile_defaults()`, with built optimizers and the losses adapted.

    Raises:
        ValueError: If an argument cannot be used with the two networks.
        TypeError: If a keyword is unknown.
    """
    recipe = gan.compile_defaults()
    _check_keywords(keywords, recipe)
    given = dict(zip(defaults(), values, strict=True))
    settings = {
        name: default if given[name] is None else given[name] for name, default in recipe.items()
    }
    _check_numbers(settings["discriminator_steps"], settings["ema_half_life"])
    _check_callables(settings["penalties"], settings["augmentation"])
    settings["loss"] = get_loss(settings["loss"], gan.discriminator)
    if isinstance(settings["augmentation"], keras.layers.Layer):
        settings["augmentation"].build((None, *gan.image_shape))
    loss, penalties, augmentation = (settings[name] for name in _GAME)
    combinations.check(loss, penalties, augmentation, gan.discriminator)
    players = {"discriminator": gan.discriminator, "generator": gan.generator}
    optimizers = [settings[f"{player}_optimizer"] for player in players]
    if optimizers[0] is optimizers[1] and isinstance(optimizers[0], keras.optimizers.Optimizer):
        raise ValueError(
            "Each player needs an optimizer of its own. Received: the same object as "
            "`discriminator_optimizer` and `generator_optimizer`. Create two."
        )
    for player, network in players.items():
        name = f"{player}_optimizer"
        settings[name] = get_optimizer(player, settings[name], network)
    return settings


def _check_numbers(discriminator_steps, ema_half_life):
    if not isinstance(discriminator_steps, int) or discriminator_steps < 1:
        raise ValueError(
            "`discriminator_steps` must be a positive integer. "
            f"Received: discriminator_steps={discriminator_steps!r}. 1 alternates the players."
        )
    if not callable(ema_half_life) and ema_half_life < 0:
        raise ValueError(
            "`ema_half_life` must be a number of images, zero or more. "
            f"Received: ema_half_life={ema_half_life}. 0 switches averaging off."
        )


def _check_callables(penalties, augmentation):
    if not isinstance(penalties, list | tuple) or not all(map(_is_object, penalties)):
        raise ValueError(
            "`penalties` must be a list of callables (critic, real_images, fake_images). "
            f"Received: penalties={penalties!r}. Pass [keras_gans.losses.R1(gamma=1.0)], or []."
        )
    if augmentation is not None and not _is_object(augmentation):
        raise ValueError(
            "`augmentation` must be a callable from images to images. "
            f"Received: augmentation={augmentation!r}. Pass a function or a Keras layer."
        )


def _is_object(function):
    """Whether it can be called for its result: a class would make an object."""
    return callable(function) and not isinstance(function, type)


def _check_keywords(keywords, own):
    """Checks that the remaining keywords are Keras' own; names the closest where not."""
    for name in keywords:
        if name in _KERAS:
            continue
        close = difflib.get_close_matches(name, [*own, "metrics", *_KERAS], n=1)
        right = _NAMES.get(name) or (close[0] if close else ", ".join([*own, *_KERAS]))
        raise TypeError(
            f"`compile` takes no argument `{name}`. Received: {name}={keywords[name]!r}. "
            f"Use `{right}`."
        )


def get_optimizer(player: str, optimizer: Any, network: Any) -> Any:
    """An optimizer, built on the network's trainable variables.

    Args:
        player: `"generator"` or `"discriminator"`.
        optimizer: A `keras.optimizers.Optimizer`, its name or its config.
        network: The player's built network.

    Raises:
        ValueError: If the network is frozen, or the optimizer averages weights or
            belongs to another network.
    """
    if not network.trainable_variables:
        raise ValueError(
            f"The {player} must have weights to train. Received: {player}={network.name!r} with "
            f"trainable={network.trainable}, and no trainable weights. Set `{player}.trainable = "
            "True` before `compile`: the train step freezes nothing and needs nothing frozen."
        )
    optimizer = keras.optimizers.get(optimizer)
    inner = getattr(optimizer, "inner_optimizer", optimizer)  # of one that scales losses
    if getattr(inner, "use_ema", False):
        raise ValueError(
            f"`{player}_optimizer` must not average weights. Received: use_ema=True. Drop it: "
            "the model averages its generator itself, see `ema_half_life`."
        )
    if inner.built and not state.trains(inner, network.trainable_variables):
        raise ValueError(
            f"`{player}_optimizer` must be new, or have trained the same {player}. Received: "
            f"an optimizer named {inner.name!r} that was built for other variables. "
            f"Create a new one: {inner.__class__.__name__}(...)."
        )
    if inner is optimizer and _computes_in_float16(network):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    if not optimizer.built:
        optimizer.build(network.trainable_variables)
    return optimizer


def _computes_in_float16(network):
    layers = state.parts_of(network, keras.layers.Layer)
    return any(layer.compute_dtype == "float16" for layer in layers)


def get_loss(loss: Any, discriminator: Any) -> AdversarialLoss:
    """A loss for both players; one of `keras.losses` is adapted.

    Raises:
        ValueError: If the loss and the discriminator's last activation do not fit.
    """
    if not isinstance(loss, AdversarialLoss):
        loss = KerasLoss(loss)
    activation = output_activation(discriminator)
    from_logits = getattr(loss, "from_logits", True)
    if activation == "sigmoid" and from_logits:
        raise ValueError(
            "A loss on logits needs a discriminator without a sigmoid at its end. "
            f"Received: loss={_name(loss)} and a discriminator that ends in a sigmoid. "
            "End it with Dense(1), or pass loss=keras.losses.BinaryCrossentropy()."
        )
    if activation == "linear" and from_logits is False:
        raise ValueError(
            "A loss on probabilities needs a discriminator that ends in a sigmoid. "
            f"Received: loss={_name(loss)} with from_logits=False, and a discriminator with a "
            "linear output. Pass from_logits=True to the loss."
        )
    return loss


def _name(loss):
    return (loss.loss if isinstance(loss, KerasLoss) else loss).__class__.__name__


def check_compiled(gan: Any, method: str) -> None:
    """Checks that a model was compiled before one of its methods is called.

    Raises:
        ValueError: If not.
    """
    if not gan.compiled:
        raise ValueError(
            f"`{method}` needs to know how to train. Received: a {type(gan).__name__} "
            "that was not compiled. Call `gan.compile()` first; its defaults are the recipe."
        )


class Arguments:
    """What `compile` was called with, defaults filled in, for files and for people.

    Args:
        values: Dict from names to values.
    """

    def __init__(self, values: dict[str, Any]):
        self._values = values

    def serialized(self) -> dict[str, Any]:
        """The arguments as Keras' files hold them."""
        serialize = keras.saving.serialize_keras_object
        return {name: serialize(value) for name, value in self._values.items()}

    @functools.cached_property
    def described(self) -> dict[str, Any]:
        """The arguments as plain values: what cannot be serialised, by its name."""
        return {name: _described(value) for name, value in self._values.items()}


def _described(value):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a lambda: only files would care
            return keras.saving.serialize_keras_object(value)
    except (TypeError, ValueError, AttributeError):
        return getattr(value, "__qualname__", type(value).__qualname__)
