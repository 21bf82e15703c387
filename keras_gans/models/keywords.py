"""Checks for unknown keywords, whose errors suggest the right name and method."""

import difflib
from collections.abc import Iterable
from typing import Any

from keras_gans import checks

_CONSTRUCTOR = (
    "image_shape",
    "latent_dim",
    "generator",
    "discriminator",
    "num_classes",
    "condition_dim",
    "condition_shape",
    "prior",
    "value_range",
    "seed",
)
_COMPILE = (
    "discriminator_optimizer",
    "generator_optimizer",
    "loss",
    "penalties",
    "auxiliary_losses",
    "augmentation",
    "discriminator_steps",
    "simultaneous",
    "ema_half_life",
    "metrics",
    "run_eagerly",
    "steps_per_execution",
    "jit_compile",
)
_FIT = (
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
    "shuffle",
    "class_weight",
    "sample_weight",
    "initial_epoch",
    "steps_per_epoch",
    "validation_steps",
    "validation_batch_size",
    "validation_freq",
)
_KERAS = ("name", "dtype", "trainable")  # arguments of every Keras model
_ELSEWHERE = {  # names in papers, tutorials and other libraries
    "critic": "discriminator",
    "noise_dim": "latent_dim",
    "z_dim": "latent_dim",
    "nz": "latent_dim",
    "latent_size": "latent_dim",
    "noise": "prior",
    "img_shape": "image_shape",
    "input_shape": "image_shape",
    "n_classes": "num_classes",
    "d_optimizer": "discriminator_optimizer",
    "g_optimizer": "generator_optimizer",
    "c_optimizer": "discriminator_optimizer",
    "critic_optimizer": "discriminator_optimizer",
    "optimizer": "discriminator_optimizer and generator_optimizer",
    "loss_fn": "loss",
    "loss_function": "loss",
    "d_loss_fn": "loss",
    "g_loss_fn": "loss",
    "gp_weight": "penalties",
    "lambda_gp": "penalties",
    "gradient_penalty_weight": "penalties",
    "n_critic": "discriminator_steps",
    "critic_steps": "discriminator_steps",
    "d_steps": "discriminator_steps",
    "discriminator_extra_steps": "discriminator_steps",
    "ema": "ema_half_life",
    "ema_decay": "ema_half_life",
}


def of_constructor(keywords: dict[str, Any], further: tuple[Any, ...] = ()) -> dict[str, Any]:
    """Returns the remaining keywords of a constructor, which must be those of `keras.Model`.

    Args:
        keywords: Dict of the keywords.
        further: Positional arguments after `latent_dim`.

    Raises:
        TypeError: If a keyword is unknown, or there are further positional arguments.
    """
    if further:
        raise TypeError(
            "The shape of an image must be a single tuple, and arguments after `latent_dim` must "
            f"be passed by keyword. Received: {checks.received('a further argument', further[0])}. "
            "Write, for example, image_shape=(28, 28, 1), latent_dim=64."
        )
    return _checked("The constructor", keywords, _KERAS, (*_CONSTRUCTOR, *_KERAS))


def of_compile(keywords: dict[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """Returns the remaining keywords of `compile`, which must be those of Keras.

    Args:
        keywords: Dict of the keywords.
        known: Names of all keywords that Keras knows.

    Raises:
        TypeError: If one is unknown.
    """
    return _checked("`compile`", keywords, known, _COMPILE)


def of_fit(keywords: dict[str, Any]) -> dict[str, Any]:
    """Returns the keywords of `fit`.

    Raises:
        TypeError: If one is unknown.
    """
    return _checked("`fit`", keywords, _FIT, _FIT)


def _checked(where, keywords, allowed, names):
    for name, value in keywords.items():
        if name not in allowed:
            raise TypeError(
                f"{where} takes no argument `{name}`. Received: {checks.received(name, value)}. "
                f"{_suggestion(name, names)}"
            )
    return keywords


def _suggestion(name, names):
    """Returns a sentence with the right name, and with its method if that is another one."""
    places = {"the constructor": _CONSTRUCTOR, "`compile`": _COMPILE, "`fit`": _FIT}
    right = _ELSEWHERE.get(name, name)
    for place, known in places.items():
        if right.split(" ")[0] in known:
            return f"Use `{right}`." if right in names else f"Pass `{right}` to {place}."
    close = difflib.get_close_matches(name, names, n=1)
    return f"Use `{close[0]}`." if close else f"It takes `{'`, `'.join(names)}`."
