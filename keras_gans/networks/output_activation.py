"""Detection of the output activation of a built network."""

import keras

# Layers that move or remove values without changing their range.
_TRANSPARENT = (
    keras.layers.Cropping1D,
    keras.layers.Cropping2D,
    keras.layers.Cropping3D,
    keras.layers.Flatten,
    keras.layers.Identity,
    keras.layers.Permute,
    keras.layers.Reshape,
    keras.layers.UpSampling1D,
    keras.layers.UpSampling2D,
    keras.layers.UpSampling3D,
)
# Layers and operations, by class name: `keras.ops.sigmoid(x)` creates a `Sigmoid`.
_ACTIVATIONS = {
    "LeakyReLU": "leaky_relu",
    "LeakyRelu": "leaky_relu",
    "ReLU": "relu",
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Tanh": "tanh",
}


def output_activation(network: keras.Model) -> str | None:
    """Returns the name of the activation that produces a network's output.

    Args:
        network: A built `keras.Model`. If its outputs are a dict, the output `"logits"` is used;
            otherwise the first one.

    Returns:
        A string, such as `"sigmoid"`, `"tanh"` or `"linear"`; None if it cannot be determined,
        for example after a custom layer or a `Rescaling`, or for a subclassed model.

    Example:

    >>> from keras_gans import networks
    >>> output_activation(networks.dcgan_generator((28, 28, 1)))
    'tanh'
    """
    operation, index = network, _place_of_logits(network)
    while isinstance(operation, (*_TRANSPARENT, keras.Model)) or _is_cast(operation):
        if isinstance(operation, keras.Model):
            network, tensors = operation, getattr(operation, "outputs", None) or []
        else:
            tensors, index = [operation.input], 0
        if index >= len(tensors):
            return None
        operation, index = _producer(network, tensors[index])
    if isinstance(operation, keras.layers.Add | keras.layers.Dot | keras.layers.BatchNormalization):
        return "linear"
    if isinstance(operation, keras.layers.Wrapper):  # such as SpectralNormalization
        operation = operation.layer
    return _name(getattr(operation, "activation", operation))


def _place_of_logits(network):
    """Returns the index of `"logits"` among the outputs of a dict, which are sorted by name."""
    known = getattr(network, "outputs", None) and not isinstance(network, keras.Sequential)
    outputs = network.output if known else None
    if not isinstance(outputs, dict) or "logits" not in outputs:
        return 0
    flat = keras.tree.flatten(outputs)
    return next(place for place, tensor in enumerate(flat) if tensor is outputs["logits"])


def _name(activation):
    """Returns the name of an activation, which is a function, layer or operation, or None."""
    known = _ACTIVATIONS.get(activation.__class__.__name__)
    return known or getattr(activation, "__name__", None)


def _is_cast(operation):
    """Checks for `Activation("linear", dtype="float32")`, the usual end in mixed precision."""
    return (
        isinstance(operation, keras.layers.Activation)
        and operation.activation is keras.activations.linear
    )


def _producer(network, tensor):
    """Returns the operation that produces a tensor (None if unknown), and the output's index."""
    operations = getattr(network, "operations", network.layers)
    for operation in operations:
        made = getattr(operation, "output", None)  # None for a layer that is used twice
        for place, output in enumerate(keras.tree.flatten(made)):
            if output is tensor:
                return operation, place
    # For a nested model, Keras lists its inner outputs, not the tensors that its call returns.
    if operations and isinstance(operations[-1], keras.Model):
        for place, output in enumerate(network.outputs):
            if output is tensor and len(operations[-1].outputs) == len(network.outputs):
                return operations[-1], place
    return None, 0
