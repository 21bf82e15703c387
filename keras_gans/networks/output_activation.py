"""Reading the last activation off a built network."""

import keras

# Layers that move or drop values without changing their range.
_TRANSPARENT = (
    keras.layers.Cropping2D,
    keras.layers.Flatten,
    keras.layers.Identity,
    keras.layers.Permute,
    keras.layers.Reshape,
    keras.layers.UpSampling2D,
)


def output_activation(network: keras.Model) -> str | None:
    """Name of the activation that a network's output went through.

    Args:
        network: A built `keras.Model` with one output.

    Returns:
        A string, such as `"sigmoid"`, `"tanh"` or `"linear"`; None where it cannot be
        told, for example behind a custom layer.

    Example:

    >>> from keras_gans import networks
    >>> output_activation(networks.dcgan_generator((28, 28, 1)))
    'tanh'
    """
    operation = network
    while isinstance(operation, (*_TRANSPARENT, keras.Model)) or _is_cast(operation):
        if isinstance(operation, keras.Model):
            network, tensors = operation, getattr(operation, "outputs", None)
        else:
            tensors = [operation.input]
        operation = _producer(network, tensors[0]) if tensors else None
    if isinstance(operation, keras.layers.Add | keras.layers.Dot | keras.layers.BatchNormalization):
        return "linear"
    if isinstance(operation, keras.layers.Wrapper):  # such as SpectralNormalization
        operation = operation.layer
    if hasattr(operation, "activation"):
        return getattr(operation.activation, "__name__", None)
    # Operations such as keras.ops.sigmoid(x); custom layers stay unknown.
    name = operation.__class__.__name__.lower()
    return name if name in ("sigmoid", "tanh") else None


def _is_cast(operation):
    """Whether it is `Activation("linear", dtype="float32")`, the usual end in mixed precision."""
    return (
        isinstance(operation, keras.layers.Activation)
        and operation.activation is keras.activations.linear
    )


def _producer(network, tensor):
    """The operation of a network that makes a tensor; None where Keras does not say."""
    for operation in getattr(network, "operations", network.layers):
        made = getattr(operation, "output", None)  # none of a layer that is used twice
        if any(output is tensor for output in keras.tree.flatten(made)):
            return operation
    return None
