"""The networks of three courses as lists of layers, for Keras and for PyTorch.

Those of the courses are for 28x28 gray images. "dcgan-28", "dcgan-64" and so on are DCGANs for
color images of these sizes; "narrow-28" and so on have half as many channels. All discriminators
end in a logit, even if the course uses a sigmoid. This file imports neither library, because
`torch_peer.py` runs where Keras is not installed.
"""

LATENT_DIM = 100
WIDTHS = {"dcgan": 64, "narrow": 32}  # channels of the layer next to the image
IMAGE_SHAPES = {f"{name}-{side}": (side, side, 3) for name in WIDTHS for side in (28, 64, 128, 256)}
IMAGE_SHAPES |= dict.fromkeys(("tensorflow", "fidle", "tp"), (28, 28, 1))


def stem(name):
    """Returns the side of the maps that "dense" and "fold" create: 7 or 8 pixels."""
    return 7 if IMAGE_SHAPES[name][0] == 28 else 8


# name: layers
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


for _name, (_side, _, _channels) in IMAGE_SHAPES.items():
    _width = WIDTHS.get(_name.split("-")[0])
    if _width:
        _widths = [_width * 2**k for k in range((_side // stem(_name)).bit_length() - 1)]
        GENERATORS[_name] = [
            *[("dense", _widths[-1], False), ("norm",), ("leaky", 0.2), ("fold", _widths[-1])],
            *[
                row
                for width in _widths[-2::-1]
                for row in (("transposed", width, 4, 2, False), ("norm",), ("leaky", 0.2))
            ],
            *[("transposed", _channels, 4, 2, True), ("tanh",)],
        ]
        DISCRIMINATORS[_name] = [
            *[row for w in _widths for row in (("convolution", w, 4, 2), ("leaky", 0.2))],
            ("logit",),
        ]


def keras_networks(name):
    """Returns the generator and the discriminator, built `keras.Sequential` models.

    Under a mixed policy, only convolutions and dense layers use the lower precision.
    """
    import keras
    from keras import layers

    side = stem(name)
    whole = keras.config.dtype_policy().variable_dtype
    make = {
        "dense": lambda c, bias: [layers.Dense(side * side * c, use_bias=bias)],
        "fold": lambda c: [layers.Reshape((side, side, c), dtype=whole)],
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

    generator = build((LATENT_DIM,), GENERATORS[name])
    return generator, build(IMAGE_SHAPES[name], DISCRIMINATORS[name])


def operations(network):
    """Returns the floating-point operations of one image's forward pass, in products only."""
    total = 0
    for layer in network.layers:
        weights = [weight for weight in layer.weights if weight.path.endswith("kernel")]
        backwards = "transpose" in layer.name
        shape = (layer.input if backwards else layer.output).shape
        positions = shape[1] * shape[2] if len(shape) == 4 else 1
        total += sum(2 * weight.shape.num_elements() * positions for weight in weights)
    return total
