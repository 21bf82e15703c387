"""Everything that training changes, as arrays: for checkpoints that continue to the bit."""

import numpy as np

_SEED_STATE = "seed_generator_state"  # Keras' name of a random state, in every layer


def random_states(model):
    """The states of all sources of noise in a model and its networks, in a fixed order."""
    return [variable for variable in model.variables if variable.name == _SEED_STATE]


def state_variables(model):
    """Weights, counters, random states, and what the optimizers keep, in a fixed order."""
    optimizers = model.optimizer.variables if model.compiled else []
    return [*model.weights, *random_states(model), *optimizers]


def read_state(model):
    """The values of `state_variables`, a list of NumPy arrays."""
    return [_copy(variable) for variable in state_variables(model)]


def write_state(model, state):
    """Sets what `read_state` returned.

    Raises:
        ValueError: If the state is that of another model; nothing was changed then.
    """
    variables = state_variables(model)
    if len(state) != len(variables):
        raise ValueError(
            f"A state must have an array for each of the model's {len(variables)} variables. "
            f"Received: {len(state)} arrays. It belongs to another architecture or other "
            "optimizers; create and compile the model as it was then."
        )
    for variable, array in zip(variables, state, strict=True):
        if tuple(array.shape) != tuple(variable.shape):
            raise ValueError(
                f"The state of `{variable.path}` must have the shape {tuple(variable.shape)}. "
                f"Received: shape={tuple(array.shape)}. It belongs to another architecture; "
                "create the model as it was then."
            )
    for variable, array in zip(variables, state, strict=True):
        if array.dtype.kind == "V":  # how files of NumPy keep bfloat16
            array = array.view(variable.numpy().dtype)
        variable.assign(array)


def save_random_states(model, store):
    """Adds the random states to what a layer saves of its own."""
    for number, state in enumerate(random_states(model)):
        store[f"random_state_{number}"] = _copy(state)


def load_random_states(model, store):
    """Takes the random states out of what was saved, and returns the rest.

    Raises:
        ValueError: If there are not as many as the model has.
    """
    names = [name for name in store.keys() if name.startswith("random_state_")]  # noqa: SIM118
    states = random_states(model)
    if len(names) != len(states):
        raise ValueError(
            f"There must be {len(states)} random states, of noise and dropout. "
            f"Received: {len(names)} in the file. It belongs to another architecture; create "
            "the model as it was then."
        )
    for number, state in enumerate(states):
        state.assign(store[f"random_state_{number}"])
    return {name: store[name] for name in store.keys() if name not in names}  # noqa: SIM118


def _copy(variable):
    return np.array(variable.numpy())
