"""The inputs of a network, including which of them takes labels, and in which form."""

from typing import Any

import keras
from keras import ops

from keras_gans.models.conditions import Conditions
from keras_gans.models.latents import nested_as, shapes_in
from keras_gans.protocols import Tensor

_LABELS = "label", "labels", "class", "classes", "condition", "conditions", "y"
_FIRST = "latents", "latent", "noise", "z", "images", "image", "x", "samples"
_AT = object()  # marks the place of the labels


class Signature:
    """The order and form of the inputs of a network: latents or images, and labels.

    Args:
        places: The structure of the network's inputs, with the indices of the latents or images in
            flattened order, and `Signature.labels` in the place of the labels.
        num_classes: Integer, if the network takes one-hot rows of classes.
    """

    labels = _AT

    def __init__(self, places: Any, num_classes: int | None = None):
        self._places = places
        self._num_classes = num_classes

    @property
    def place_of_labels(self) -> int:
        """The place of the labels among the network's inputs, in flattened order."""
        return [place is _AT for place in keras.tree.flatten(self._places)].index(True)

    def __call__(self, first: Any, labels: Tensor | None) -> Any:
        """Returns the network's inputs.

        Args:
            first: Latents or images: a tensor, a structure of tensors, or None.
            labels: Classes `(N,)`, float conditions `(N, ...)`, or None.
        """
        if self._num_classes is not None and labels is not None and len(labels.shape) == 1:
            labels = ops.one_hot(labels, self._num_classes, dtype=keras.config.floatx())
        return self.arranged(first, labels)

    def arranged(self, first: Any, labels: Any) -> Any:
        """Returns the network's inputs, with the labels in the given form."""
        leaves = keras.tree.flatten(first)
        return keras.tree.map_structure(
            lambda place: labels if place is _AT else leaves[place], self._places
        )


def inputs_of(network: Any) -> list[Any]:
    """Returns the inputs of a functional or Sequential network; an empty list for a subclass."""
    return getattr(network, "inputs", None) or []


def structure_of(network: Any, name: str) -> Any:
    """Returns the structure of a network's `"input"` or `"output"`."""
    one = isinstance(network, keras.Sequential)
    return getattr(network, f"{name}s")[0] if one else getattr(network, name)


def usual(conditions: Conditions, shape: Any) -> Signature:
    """Returns `[latents, labels]`, the signature of networks whose inputs Keras does not know.

    Args:
        conditions: The model's `Conditions`.
        shape: The shape of the latents or images, a structure of shapes, or None.
    """
    if shape is None:
        return Signature(_AT)
    first = nested_as(shape, list(range(len(shapes_in(shape)))))
    return Signature([first, _AT] if conditions.exist else first)


def read_signature(player: str, network: Any, conditions: Conditions) -> tuple[Signature, Any]:
    """Finds the input of a functional or Sequential network that takes the labels.

    The input is recognized by its name (`labels`, `label`, `classes`, `conditions` and so on), or
    else by its shape and dtype.

    Args:
        player: `"generator"` or `"discriminator"`.
        network: Built functional or Sequential network.
        conditions: The model's `Conditions`.

    Returns:
        The `Signature`, and the inputs that are not labels: a tensor, a structure of tensors, or
        None.

    Raises:
        ValueError: If no input, or more than one, could take the labels.
    """
    structure = structure_of(network, "input")
    names = _named(structure)
    labels = _labels_among(player, names, conditions, network)
    first = [tensor for _, tensor in names if tensor is not labels]
    numbers = {id(tensor): number for number, tensor in enumerate(first)}
    places = keras.tree.map_structure(
        lambda tensor: _AT if tensor is labels else numbers[id(tensor)], structure
    )
    one_hot = labels is not None and conditions.num_classes not in (None, 1)
    one_hot = one_hot and tuple(labels.shape[1:]) == (conditions.num_classes,)
    signature = Signature(places, conditions.num_classes if one_hot else None)
    if len(first) < 2:
        return signature, first[0] if first else None
    return signature, _without(structure, labels)


def _named(structure):
    """Returns pairs of the name and the tensor of each input, in flattened order."""
    if isinstance(structure, dict):
        return [(str(key), structure[key]) for key in sorted(structure)]
    return [(tensor.name, tensor) for tensor in keras.tree.flatten(structure)]


def _without(structure, labels):
    """Returns the structure of inputs without the one that takes labels."""
    if isinstance(structure, dict):
        return {key: tensor for key, tensor in structure.items() if tensor is not labels}
    return [tensor for tensor in keras.tree.flatten(structure) if tensor is not labels]


def _labels_among(player, names, conditions, network):
    """Returns the input that takes labels, or None if the network or the model has no labels."""
    first = "latents" if player == "generator" else "images"
    if not conditions.exist:
        _check_without_labels(player, names, first)
        return None
    named = [pair for pair in names if pair[0] in _LABELS] or names
    found = [(name, tensor) for name, tensor in named if _fits(tensor, conditions)]
    alone = len(names) == 1 and (player == "discriminator" or conditions.condition_shape is None)
    if alone and isinstance(structure_of(network, "output"), dict):
        return None  # an auxiliary loss compares an output with the labels
    if alone:
        raise ValueError(
            f"The {player} of a conditional model must have the inputs [{first}, labels]. "
            f"Received: {len(names)} inputs with {_described(conditions)}. "
            "Add an input for the labels, or use DCGAN."
        )
    if not found:
        shapes = ", ".join(str(tuple(tensor.shape[1:])) for _, tensor in names)
        raise ValueError(
            f"The labels of the {player} must have the shape {_expected(conditions)} per image. "
            f"Received: inputs of shape {shapes} with {_described(conditions)}. "
            "Classes are single integers or one-hot rows; float conditions are vectors."
        )
    return _one_of(player, found, first)


def _one_of(player, found, first):
    """Returns the only input that can be the labels, by name, then by dtype."""
    rules = (
        lambda name, tensor: name in _LABELS,
        lambda name, tensor: name not in _FIRST,
        lambda name, tensor: "int" in keras.backend.standardize_dtype(tensor.dtype),
    )
    for rule in rules:
        if len(found) > 1:
            found = [pair for pair in found if rule(*pair)] or found
    if len(found) > 1:
        raise ValueError(
            f"It must be clear which input of the {player} takes the labels. Received: the "
            f"inputs {', '.join(name for name, _ in found)}, which have the same shape. Name "
            f'them: keras.Input(..., name="{first}") and keras.Input(..., name="labels"), in '
            "this order."
        )
    return found[0][1]


def _check_without_labels(player, names, first):
    """Checks that a network of an unconditional model has no input for labels."""
    labels = [
        name
        for name, tensor in names
        if name in _LABELS or "int" in keras.backend.standardize_dtype(tensor.dtype)
    ]
    if len(names) > 1 and (labels or player == "discriminator"):
        raise ValueError(
            f"The {player} of an unconditional model must have no input for labels. Received: "
            f"{len(names)} inputs, {', '.join(name for name, _ in names)}. For a network that "
            f"takes [{first}, labels], use ConditionalGAN(num_classes=...), "
            "ConditionalGAN(condition_dim=...) or Pix2Pix(condition_shape=...)."
        )


def _fits(tensor, conditions):
    shape = tuple(tensor.shape[1:])
    if conditions.num_classes is not None:
        return shape in ((), (1,), (conditions.num_classes,))
    return shape == tuple(conditions.shape)


def _expected(conditions):
    return "()" if conditions.num_classes is not None else str(tuple(conditions.shape))


def _described(conditions):
    names = "num_classes", "condition_dim", "condition_shape"
    given = {name: getattr(conditions, name) for name in names}
    return ", ".join(f"{name}={size}" for name, size in given.items() if size is not None)
