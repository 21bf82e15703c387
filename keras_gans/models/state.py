"""Finding, reading, writing and saving everything that training changes.

Keras saves the weights of the networks and the optimizers. This module adds random states, and the
variables in the losses, penalties and augmentations of `compile`.
"""

from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.protocols import Array

_SEED_STATE = "seed_generator_state"  # Keras' name for random states, in every layer
_CONTAINERS = list | tuple | set | dict
_FOREIGN = ("keras", "tensorflow", "numpy", "builtins", "functools")


def parts_of(thing: Any, kind: Any) -> list[Any]:
    """Returns all objects of a kind inside an object, found through attributes, in a fixed order.

    Args:
        thing: Any object, such as a Keras layer, a plain object, or a list of them.
        kind: Class, or union of classes.
    """
    found: list[Any] = []
    seen: set[int] = set()

    def look(thing):
        if id(thing) in seen:
            return
        seen.add(id(thing))
        if isinstance(thing, kind):
            found.append(thing)
        if isinstance(thing, _CONTAINERS):
            for part in thing.values() if isinstance(thing, dict) else thing:
                look(part)
        elif isinstance(thing, keras.layers.Layer) or _is_of_users(thing):
            for part in vars(thing).values():
                look(part)

    look(thing)
    return found


def _is_of_users(thing):
    """Returns whether an object has attributes and its class is not from a known package."""
    module = type(thing).__module__.partition(".")[0]
    return hasattr(thing, "__dict__") and not isinstance(thing, type) and module not in _FOREIGN


def parts(model: Any) -> list[Any]:
    """Returns the objects of the constructor and of `compile` that may have variables."""
    compiled = ["loss", "penalties", "auxiliary_losses", "augmentation"] if model.compiled else []
    names = [*compiled, "prior"]
    return [getattr(model, name) for name in names if hasattr(model, name)]


def held_variables(model: Any) -> list[Any]:
    """Returns the weights and random states inside losses, penalties and augmentations.

    Each is listed once. Variables of the model's networks, to which a loss may refer, are excluded.
    """
    variables = parts_of(parts(model), keras.Variable)
    variables += [noise.state for noise in parts_of(parts(model), keras.random.SeedGenerator)]
    known = {id(variable) for variable in model.variables}
    unique = {id(variable): variable for variable in variables}
    return [variable for key, variable in unique.items() if key not in known]


def random_states(model: Any) -> list[Any]:
    """Returns the states of all seed generators in a model and its networks, in a fixed order."""
    return [variable for variable in model.variables if variable.name == _SEED_STATE]


def trains(optimizer: Any, variables: list[Any]) -> bool:
    """Returns whether an optimizer was built for exactly these variables."""
    # Only this private attribute tells which variables an optimizer updates.
    moved = {id(variable) for variable in optimizer._trainable_variables}
    return moved == {id(variable) for variable in variables}


# the whole state, in memory ---------------------------------------------------------------


def state_variables(model: Any) -> list[Any]:
    """Returns all weights, random states and variables of parts and optimizers, in fixed order."""
    optimizers = model.optimizer.variables if model.compiled else []
    return [*model.weights, *random_states(model), *held_variables(model), *optimizers]


def read_state(model: Any) -> list[Array]:
    """Returns everything that training changes, as a list of NumPy arrays."""
    return [_copy(variable) for variable in state_variables(model)]


def write_state(model: Any, state: list[Array]) -> None:
    """Restores a state, a list of NumPy arrays, from the same model or an equal one.

    Raises:
        ValueError: If the state belongs to another model; nothing is changed in this case.
    """
    variables = state_variables(model)
    if not isinstance(state, list | tuple):
        raise checks.wrong("arrays", "a list of arrays", state, "Pass what `get_state` returned.")
    if len(state) != len(variables):
        raise ValueError(
            f"A state must have an array for each of the model's {len(variables)} variables. "
            f"Received: {len(state)} arrays. It belongs to another architecture, other "
            "optimizers or another version; create and compile the model in the same way."
        )
    for variable, array in zip(variables, state, strict=True):
        _check_finite(variable, array)
        if tuple(array.shape) != tuple(variable.shape):
            raise ValueError(
                f"The state of `{variable.path}` must have the shape {tuple(variable.shape)}. "
                f"Received: shape={tuple(array.shape)}. It belongs to another architecture; "
                "create the model in the same way."
            )
    for variable, array in zip(variables, state, strict=True):
        if array.dtype.kind == "V":  # how NumPy files store bfloat16
            array = array.view(variable.numpy().dtype)
        variable.assign(array)


def _check_finite(variable, array):
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "iufbV":
        raise checks.wrong("arrays", "a list of NumPy arrays", array, "Use `get_state`.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(
            f"A state must be finite. Received: NaN or infinity for `{variable.path}`. "
            "Restore an earlier state; see NaNGuard."
        )


# the part of the state that Keras does not save, in files -------------------------------------


def save_rest(model: Any, store: Any) -> None:
    """Adds random states and variables of parts to a store of saved variables."""
    for number, state in enumerate(random_states(model)):
        store[f"random_state_{number}"] = _copy(state)
    for number, variable in enumerate(held_variables(model)):
        store[f"part_{number}"] = _copy(variable)


def load_rest(model: Any, store: Any) -> dict[str, Any]:
    """Loads what `save_rest` has added to a store, and returns the other values.

    Raises:
        ValueError: If the store and the model have different numbers of values.
    """
    values = {name: store[name] for name in store.keys()}  # noqa: SIM118
    states, held = random_states(model), held_variables(model)
    found, kept = _numbered(values, "random_state_"), _numbered(values, "part_")
    if len(found) > len(states):
        found = _from_version_0_1(model, found)
        states += [noise.state for noise in parts_of(parts(model), keras.random.SeedGenerator)]
        held, kept = [], []  # Keras itself loads the variables of an augmentation
    elif not kept or not held:  # this or the saved model was not compiled
        held, kept = [], []
    for kind, variables, arrays in (("random", states, found), ("other", held, kept)):
        if len(variables) != len(arrays):
            raise ValueError(
                f"There must be {len(variables)} {kind} states (of noise, dropout, losses, "
                f"penalties and augmentation). Received: {len(arrays)} in the file. It belongs to "
                "another architecture; create and compile the model in the same way."
            )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
    return values


def _numbered(values, prefix):
    """Removes keys with a prefix and a number from a dict, and returns their values in order."""
    names = [name for name in values if name.startswith(prefix)]
    return [values.pop(name) for name in sorted(names, key=lambda name: int(name[len(prefix) :]))]


def _from_version_0_1(model, found):
    """Returns the random states in a file of version 0.1 that still exist.

    The list in such a file begins with the noise of `evaluate`, and has the states of a second
    generator after those of the networks.
    """
    generator, discriminator = map(random_states, (model.generator, model.discriminator))
    behind = 2 + len(generator) + len(discriminator)
    return [*found[1:behind], *found[behind + len(generator) :]]


def _copy(variable):
    return np.array(variable.numpy())
