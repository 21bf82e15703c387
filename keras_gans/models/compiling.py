"""Turning the arguments of `compile` into optimizers and losses, and back into configs."""

import functools
import warnings
from typing import Any

import keras

from keras_gans import checks
from keras_gans.checks.numbers import is_real
from keras_gans.losses import (
    AdversarialLoss,
    KerasLoss,
    Minimax,
    MutualInformation,
    NonSaturating,
)
from keras_gans.models import combinations, replicas, trials
from keras_gans.models import keywords as known_keywords
from keras_gans.models.configs import readable
from keras_gans.models.optimizers import get_optimizer
from keras_gans.networks.output_activation import output_activation

_MOST_STEPS = 10_000  # discriminator updates per generator update
_GAME = ("loss", "penalties", "augmentation")
_KERAS = ("run_eagerly", "steps_per_execution", "jit_compile")


def defaults() -> dict[str, Any]:
    """Returns the default values of `GAN.compile`, which recipes can override."""
    return {
        "discriminator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
        "generator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
        "loss": NonSaturating(),
        "penalties": [],
        "auxiliary_losses": [],
        "augmentation": None,
        "discriminator_steps": 1,
        "simultaneous": False,
        "ema_half_life": float("inf"),
    }


def resolve(
    gan: Any, values: tuple[Any, ...], keywords: dict[str, Any], judge: Any
) -> dict[str, Any]:
    """Returns all settings of `compile`: the given values, or the recipe's defaults.

    Args:
        gan: The model.
        values: The arguments of `compile` before `metrics`, in order.
        keywords: Dict of Keras' own arguments.
        judge: The model's discriminator, used to try out users' own penalties.

    Returns:
        A dict like `compile_defaults()`, with built optimizers and adapted losses.

    Raises:
        ValueError: If an argument cannot be used with the two networks.
        TypeError: If a keyword is unknown.
    """
    recipe = gan.compile_defaults()
    check_keywords(keywords)
    given = dict(zip(defaults(), values, strict=True))
    settings = {**recipe, **{name: one for name, one in given.items() if one is not None}}
    settings |= _checked_numbers(**settings)
    _check_callables(settings["penalties"], settings["augmentation"])
    _check_auxiliary_losses(settings["auxiliary_losses"], gan.prior)
    settings["loss"] = get_loss(settings["loss"], gan.discriminator)
    if isinstance(settings["augmentation"], keras.layers.Layer):
        settings["augmentation"].build((None, *gan.image_shape))
    loss, penalties, augmentation = (settings[name] for name in _GAME)
    combinations.check(loss, penalties, augmentation, gan.discriminator)
    _try(penalties, augmentation, gan, judge)
    players = {"discriminator": gan.discriminator, "generator": gan.generator}
    optimizers = [settings[f"{player}_optimizer"] for player in players]
    if optimizers[0] is optimizers[1] and isinstance(optimizers[0], keras.optimizers.Optimizer):
        raise ValueError(
            "Each player needs its own optimizer. Received: the same object as "
            "`discriminator_optimizer` and `generator_optimizer`. Create two optimizers."
        )
    for player, network in players.items():
        name = f"{player}_optimizer"
        settings[name] = get_optimizer(player, settings[name], network)
    optimizers = [settings[f"{player}_optimizer"] for player in players]
    replicas.check_settings(gan, optimizers, keywords.get("steps_per_execution", 1))
    return settings


def _checked_numbers(discriminator_steps, simultaneous, ema_half_life, **others):
    repair = "With 1, the players alternate."
    steps = checks.whole_number("discriminator_steps", discriminator_steps, 1, _MOST_STEPS, repair)
    return {
        "discriminator_steps": steps,
        "simultaneous": checks.flag("simultaneous", simultaneous),
        "ema_half_life": checked_half_life(ema_half_life),
    }


def check_keywords(keywords: dict[str, Any]) -> None:
    """Checks Keras' own arguments of `compile`.

    Raises:
        ValueError: If an argument has a value with which Keras would fail later.
        TypeError: If a keyword is unknown.
    """
    known_keywords.of_compile(keywords, _KERAS)
    checks.optional(checks.flag, "run_eagerly", keywords.get("run_eagerly"))
    if "steps_per_execution" in keywords:
        checks.whole_number("steps_per_execution", keywords["steps_per_execution"])
    compiled = keywords.get("jit_compile")
    if not isinstance(compiled, str) or compiled != "auto":
        checks.optional(checks.flag, "jit_compile", compiled)


def checked_half_life(half_life: Any) -> Any:
    """Returns the half-life of the average, after checking it.

    Raises:
        ValueError: If it is not a number of images, infinity, or a schedule.
    """
    if callable(half_life) and not isinstance(half_life, type):
        return half_life
    if is_real(half_life) and half_life == float("inf"):
        return float("inf")
    return checks.finite_number(
        "ema_half_life", half_life, 0, repair="Pass a number of images; 0 turns averaging off."
    )


def _try(penalties, augmentation, gan, judge):
    for penalty in penalties:
        trials.check_penalty(penalty, gan, judge)
    if augmentation is not None:
        trials.check_augmentation(augmentation, gan)


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


def _check_auxiliary_losses(terms, prior):
    methods = "discriminator_loss", "generator_loss"
    fits = isinstance(terms, list | tuple) and all(
        not isinstance(term, type) and any(callable(getattr(term, m, None)) for m in methods)
        for term in terms
    )
    if not fits or any(isinstance(term, AdversarialLoss) for term in terms):
        raise ValueError(
            "`auxiliary_losses` must be a list of objects with `discriminator_loss(turn)` or "
            f"`generator_loss(turn)`. Received: auxiliary_losses={terms!r}. Pass, for example, "
            "[keras_gans.losses.FeatureMatching()]; an adversarial loss is passed as `loss`."
        )

    for term in terms:
        if isinstance(term, MutualInformation) and readable(term.prior) != readable(prior):
            raise ValueError(
                "MutualInformation must have the same prior as the model. Received: "
                f"{readable(term.prior)}, in a model with {readable(prior)}. Pass the same Codes "
                "to the model and to the loss."
            )


def _is_object(function):
    """Returns whether this is a callable, but not a class."""
    return callable(function) and not isinstance(function, type)


def get_loss(loss: Any, discriminator: Any) -> AdversarialLoss:
    """Returns a loss for both players, after adapting a loss of `keras.losses`.

    Raises:
        ValueError: If the loss does not match the discriminator's last activation.
    """
    if not isinstance(loss, AdversarialLoss):
        loss = KerasLoss(loss)
    check_output(loss, output_activation(discriminator))
    return loss


def check_output(loss: AdversarialLoss, activation: str | None) -> None:
    """Checks that a loss matches the discriminator's outputs.

    Args:
        loss: The loss.
        activation: Name of the discriminator's last activation; None if it is not known.

    Raises:
        ValueError: If the loss expects logits and would receive probabilities, or the reverse, or
            if all outputs would be 1.
    """
    name, from_logits = _name(loss), loss.from_logits
    end = f"and a discriminator that ends in {activation}. "
    if activation == "softmax":
        raise ValueError(
            "A discriminator must not end in a softmax, which is always 1 for a single number. "
            f"Received: loss={name} {end}End it with Dense(1)."
        )
    if activation == "sigmoid" and from_logits:
        raise ValueError(
            "A loss on logits needs a discriminator that does not end in a sigmoid. "
            f"Received: loss={name} {end}"
            "End it with Dense(1), or pass loss=keras.losses.BinaryCrossentropy(). A loss of "
            "your own that reads probabilities needs the attribute `from_logits = False`."
        )
    if activation not in (None, "sigmoid", "hard_sigmoid") and from_logits is False:
        raise ValueError(
            "A loss on probabilities needs a discriminator that ends in a sigmoid. "
            f"Received: loss={name} with from_logits=False, {end}"
            "Pass from_logits=True to the loss, and end the discriminator with Dense(1)."
        )
    cross_entropy = isinstance(loss, NonSaturating | Minimax | KerasLoss) and from_logits
    if activation not in (None, "linear") and cross_entropy:
        warnings.warn(
            f"A cross-entropy expects logits, which can have any value. Received: loss={name} "
            f"{end}This limits its confidence. End it with Dense(1).",
            stacklevel=4,
        )


def _name(loss):
    return (loss.loss if isinstance(loss, KerasLoss) else loss).__class__.__name__


def check_compiled(gan: Any, method: str) -> None:
    """Checks that a model is compiled, which `method` requires.

    Raises:
        ValueError: If it is not compiled.
    """
    if not gan.compiled:
        raise ValueError(
            f"`{method}` needs a compiled model. Received: a {type(gan).__name__} "
            "that is not compiled. Call `gan.compile()` first; it needs no arguments."
        )


class Arguments:
    """The arguments of `compile`, including defaults, for files and for display.

    Args:
        values: Dict from names to values.
    """

    def __init__(self, values: dict[str, Any]):
        self._values = values

    def serialized(self) -> dict[str, Any]:
        """Returns the arguments in the form that Keras stores in files."""
        serialize = keras.saving.serialize_keras_object
        return {name: serialize(value) for name, value in self._values.items()}

    @functools.cached_property
    def described(self) -> dict[str, Any]:
        """The arguments as plain values, or by name if they cannot be serialized."""
        return {name: readable(value) for name, value in self._values.items()}
