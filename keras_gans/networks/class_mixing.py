"""Generators that take mixtures of classes."""

import math

import keras
import numpy as np

from keras_gans import checks

_LABEL_NAMES = {"labels", "label", "classes", "class", "y"}


def class_mixing_generator(
    generator: keras.Model, num_classes: int, place: int | None = None
) -> keras.Model:
    """Converts a generator of classes into a generator of mixtures of classes.

    The first representation of a label in the generator, an embedding or a one-hot vector, is
    computed for each class and averaged with the weights of the mixture. If the generator takes
    one-hot vectors as floats, it receives the weights directly.

    The labels are the input named `"labels"`, `"label"`, `"classes"`, `"class"` or `"y"`. If there
    is none, they are the only input of one integer per image, or otherwise the last input.

    Args:
        generator: Built `keras.Model` from latents (one or several inputs) and labels: integers
            `(N,)` or `(N, 1)`, or one-hot vectors `(N, num_classes)`.
        num_classes: Integer.
        place: Integer, the index of the labels among the generator's inputs, if it is known.

    Returns:
        A built `keras.Model` with the same inputs as the generator, except that the labels are
        replaced by weights `(N, num_classes)`, whose rows sum to one: `[latents, weights]` instead
        of `[latents, labels]`. It shares the current weights of the generator.

    Raises:
        ValueError: If no layer of the generator uses the labels directly.

    Example:

    >>> from keras_gans.networks import dcgan_generator
    >>> generator = dcgan_generator((28, 28, 1), latent_dim=4, num_classes=10)
    >>> mixing = class_mixing_generator(generator, num_classes=10)
    >>> tuple(mixing([np.zeros((2, 4)), np.full((2, 10), 0.1)]).shape)
    (2, 28, 28, 1)
    """
    num_classes = checks.size("num_classes", num_classes)
    inputs = list(getattr(generator, "inputs", None) or [])
    if not inputs:
        repair = "Start a Sequential model with a keras.Input."
        raise checks.wrong("generator", "a built keras.Model", generator, repair)
    checks.optional(checks.whole_number, "place", place, 0, len(inputs) - 1)
    labels = _label_input(inputs) if place is None else inputs[place]
    # Keras requires inputs in a dict to have the names of their keys.
    weights = keras.Input((num_classes,), name="labels" if labels is None else labels.name)
    given = [weights if one is labels else one for one in inputs]
    if labels is not None and _is_one_hot(labels, num_classes):
        given = _in_the_order_of(generator, given)
        return keras.Model(given, generator(given))
    readers = [] if labels is None else _float_readers(generator, labels)
    if not readers:
        raise ValueError(
            "At least one layer of the generator must use the labels directly, outside of nested "
            f"models. Received: generator={generator.name!r}, in which no layer does. Move the "
            "layer for the labels out of the nested model."
        )
    read = [reader.output for reader in readers]
    tables = keras.tree.flatten(keras.Model(labels, read)(_each_class(labels, num_classes)))
    mixed = [_mix(table, weights, generator) for table in tables]
    others = [one for one in inputs if one is not labels]
    rest = keras.Model([*others, *read], generator.output)
    return keras.Model(_in_the_order_of(generator, given), rest([*others, *mixed]))


def _label_input(inputs):
    """Returns the input for labels, or None for a generator that has only latents."""
    named = [one for one in inputs if one.name.split(":")[0].lower() in _LABEL_NAMES]
    if named:
        return named[0]
    if len(inputs) < 2:
        return None
    integers = [one for one in inputs if "int" in one.dtype and _is_number(one)]
    return integers[0] if len(integers) == 1 else inputs[-1]


def _is_number(labels):
    return tuple(labels.shape[1:]) in ((), (1,))


def _is_one_hot(labels, num_classes):
    """Checks whether labels are floats, one for each class, which can be replaced by weights."""
    return "float" in labels.dtype and tuple(labels.shape[1:]) == (num_classes,)


def _in_the_order_of(generator, inputs):
    """Returns the inputs as the list, tuple or dict that the generator takes."""
    structure = getattr(generator, "input", inputs)
    if keras.tree.is_nested(structure):
        return keras.tree.pack_sequence_as(structure, inputs)
    return inputs[0]


def _each_class(labels, num_classes):
    """Returns all classes in the format that the generator takes."""
    classes = np.arange(num_classes)
    if not _is_number(labels):
        classes = np.eye(num_classes)
    return classes.reshape(num_classes, *labels.shape[1:]).astype(labels.dtype)


def _mix(table, weights, generator):
    """Returns weighted sums of the rows of a table, which has one row for each class."""
    num_classes = weights.shape[-1]
    table = keras.ops.cast(table, keras.config.floatx())
    if num_classes > 2 and math.prod(table.shape[1:]) == 1:
        raise ValueError(
            "Classes must be represented by vectors to be mixed; as numbers, the mean of classes 0 "
            f"and 2 is class 1. Received: generator={generator.name!r}, which represents classes "
            "by numbers. Use an Embedding or one-hot vectors as its first layer for labels."
        )
    flat = keras.ops.matmul(weights, keras.ops.reshape(table, (num_classes, -1)))
    return keras.ops.reshape(flat, (-1, *table.shape[1:]))


def _float_readers(generator, labels):
    """Returns the operations that turn labels, or integers computed from them, into floats."""
    whole, readers = [labels], []
    for operation in generator.operations:
        if isinstance(operation, keras.layers.InputLayer):
            continue
        if not any(one is other for one in keras.tree.flatten(operation.input) for other in whole):
            continue
        if "float" in keras.backend.standardize_dtype(operation.output.dtype):
            readers.append(operation)
        else:
            whole.append(operation.output)
    return readers
