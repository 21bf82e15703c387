"""The networks of three courses as lists of layers, from which Keras and PyTorch build the same.

For 28x28 grey images. All discriminators end in a logit here, also where a course has a sigmoid.
No import of either library: `torch_peer.py` runs where Keras is not.
"""

LATENT_DIM = {"tensorflow": 100, "fidle": 100, "tp": 100}

# name: layers; "dense" and "fold" make 7x7 with so many channels
GENERATORS = {
    "tensorflow": [
        *[("dense", 256, False), ("norm",), ("leaky", 0.3), ("fold", 256)],
        ("transposed", 128, 5, 1, False),
        *[("norm",), ("leaky", 0.3)],
        ("transposed", 64, 5, 2, False),
        *[("norm",), ("leaky", 0.3)],
        ("transposed", 1, 5, 2, False),
        ("tanh",),
    ],
    "fidle": [
        *[("dense", 64, True), ("fold", 64)],
        ("double",),
        *[("convolution", 128, 4, 1), ("relu",)],
        ("double",),
        *[("convolution", 256, 4, 1), ("relu",)],
        ("convolution", 1, 5, 1),
        ("sigmoid",),
    ],
    "tp": [
        *[("dense", 256, True), ("leaky", 0.2), ("fold", 256)],
        *[("transposed", 128, 4, 2, True), ("leaky", 0.2)],
        *[("transposed", 128, 4, 2, True), ("leaky", 0.2)],
        ("convolution", 1, 7, 1),
        ("sigmoid",),
    ],
}
DISCRIMINATORS = {
    "tensorflow": [
        *[("convolution", 64, 5, 2), ("leaky", 0.3), ("dropout", 0.3)],
        *[("convolution", 128, 5, 2), ("leaky", 0.3), ("dropout", 0.3)],
        ("logit",),
    ],
    "fidle": [
        *[("convolution", 64, 4, 2), ("leaky", 0.2)],
        *[("convolution", 128, 4, 2), ("leaky", 0.2)],
        *[("convolution", 128, 4, 2), ("leaky", 0.2)],
        ("dropout", 0.2),
        ("logit",),
    ],
    "tp": [
        *[("convolution", 64, 3, 2), ("leaky", 0.2), ("dropout", 0.4)],
        *[("convolution", 64, 3, 2), ("leaky", 0.2), ("dropout", 0.4)],
        ("logit",),
    ],
}


def keras_networks(name):
    """Generator and discriminator, built `keras.Sequential` models.

    Under a mixed policy, all but products stays in float32.
    """
    import keras
    from keras import layers

    whole = keras.config.dtype_policy().variable_dtype
    make = {
        "dense": lambda c, bias: [layers.Dense(7 * 7 * c, use_bias=bias)],
        "fold": lambda c: [layers.Reshape((7, 7, c), dtype=whole)],
        "convolution": lambda c, k, s: [layers.Conv2D(c, k, s, padding="same")],
        "transposed": lambda c, k, s, bias: [
            layers.Conv2DTranspose(c, k, s, padding="same", use_bias=bias)
        ],
        "double": lambda: [layers.UpSampling2D(dtype=whole)],
        "norm": lambda: [layers.BatchNormalization(dtype=whole)],
        "leaky": lambda slope: [layers.LeakyReLU(slope, dtype=whole)],
        "relu": lambda: [layers.ReLU(dtype=whole)],
        "tanh": lambda: [layers.Activation("tanh", dtype=whole)],
        "sigmoid": lambda: [layers.Activation("sigmoid", dtype=whole)],
        "dropout": lambda rate: [layers.Dropout(rate, dtype=whole)],
        "logit": lambda: [layers.Flatten(dtype=whole), layers.Dense(1)],
    }

    def build(shape, rows):
        made = [layer for kind, *arguments in rows for layer in make[kind](*arguments)]
        return keras.Sequential([keras.Input(shape), *made])

    generator = build((LATENT_DIM[name],), GENERATORS[name])
    return generator, build((28, 28, 1), DISCRIMINATORS[name])


def operations(network):
    """Floating-point operations of a forward pass of one image, in products only."""
    total = 0
    for layer in network.layers:
        weights = [weight for weight in layer.weights if weight.path.endswith("kernel")]
        backwards = "transpose" in layer.name
        shape = (layer.input if backwards else layer.output).shape
        positions = shape[1] * shape[2] if len(shape) == 4 else 1
        total += sum(2 * weight.shape.num_elements() * positions for weight in weights)
    return total
