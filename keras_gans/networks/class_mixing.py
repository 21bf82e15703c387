"""A generator that is asked for mixtures of classes."""

import math

import keras
import numpy as np


def class_mixing_generator(generator: keras.Model, num_classes: int) -> keras.Model:
    """Turns a generator of classes into one of mixtures of classes.

    Whatever the generator makes of a label first, an embedding or a one-hot vector, is
    computed for each class and averaged with the weights of the mixture.

    Args:
        generator: Built `keras.Model` from `[latents, labels]`, labels integers `(N,)`.
        num_classes: Integer.

    Returns:
        A built `keras.Model` from latents `(N, latent_dim)` and weights `(N, num_classes)`
        whose rows sum to one; it shares the generator's weights as they are now.

    Raises:
        ValueError: If nothing in the generator looks at the labels directly.

    Example:

    >>> from keras_gans.networks import dcgan_generator
    >>> generator = dcgan_generator((28, 28, 1), latent_dim=4, num_classes=10)
    >>> mixing = class_mixing_generator(generator, num_classes=10)
    >>> tuple(mixing([np.zeros((2, 4)), np.full((2, 10), 0.1)]).shape)
    (2, 28, 28, 1)
    """
    latents, labels = getattr(generator, "inputs", None) or (None, None)
    readers = [] if labels is None else _float_readers(generator, labels)
    if not readers:
        raise ValueError(
            "A generator must look at its labels, and not only inside of a nested model. "
            f"Received: generator={generator.name!r}, in which nothing does."
        )
    weights = keras.Input((num_classes,), name="class_weights")
    classes = np.arange(num_classes, dtype="int32")
    mixed = []
    before = keras.Model(labels, [reader.output for reader in readers])
    for table in keras.tree.flatten(before(classes)):
        table = keras.ops.cast(table, "float32")
        if num_classes > 2 and math.prod(table.shape[1:]) == 1:
            raise ValueError(
                "Classes that are one number each cannot be mixed: half-way between 0 and 2 lies "
                f"1. Received: generator={generator.name!r}, which makes such numbers of labels. "
                "Begin it with an Embedding, or one-hot vectors."
            )
        flat = keras.ops.matmul(weights, keras.ops.reshape(table, (num_classes, -1)))
        mixed.append(keras.ops.reshape(flat, (-1, *table.shape[1:])))
    rest = keras.Model([latents, *(reader.output for reader in readers)], generator.output)
    return keras.Model([latents, weights], rest([latents, *mixed]))


def _float_readers(generator, labels):
    """Operations that turn the labels, or integers made of them, into floats."""
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
