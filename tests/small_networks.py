"""Networks of a few numbers, for tests that make no claim about networks."""

import functools

from keras_gans import networks

SMALL = {
    "generator": functools.partial(networks.mlp_generator, width=4, depth=1),
    "discriminator": functools.partial(networks.mlp_discriminator, width=4, depth=1),
}
