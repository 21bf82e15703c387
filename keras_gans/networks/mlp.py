"""Fully connected networks, for vectors and for a first GAN."""

import math
from collections.abc import Mapping

import keras

from keras_gans import checks
from keras_gans.networks import shapes
from keras_gans.networks.conditioning import (
    inputs_with_labels,
    join_labels,
    label_input,
    logits_with_heads,
    project_to_logit,
)
from keras_gans.networks.precision import full_precision
from keras_gans.protocols import ShapeLike

_MOST_LAYERS = 1000


def mlp_generator(
    image_shape: ShapeLike,
    latent_dim: int = 100,
    width: int = 128,
    depth: int = 2,
    activation: str | None = None,
    num_classes: int | None = None,
    condition_dim: int | None = None,
) -> keras.Model:
    """Builds a fully connected generator, for images or for vectors such as 2-D points.

    Args:
        image_shape: Tuple of sizes: `(28, 28, 1)` for images, `(2,)` for points.
        latent_dim: Integer, length of the latents.
        width: Integer, units of each hidden layer.
        depth: Integer, number of hidden layers, each followed by LeakyReLU (slope 0.2).
        activation: Activation of the output. None means `"tanh"` for images, with values in
            (-1, 1), and `"linear"` for vectors.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.

    Returns:
        A functional `keras.Model` from latents `(N, latent_dim)`, or `[latents, labels]`,
        to floats `(N, *image_shape)`.

    Raises:
        ValueError: If an argument has a value for which no network can be built.

    Example:

    >>> mlp_generator((2,), latent_dim=2).output_shape
    (None, 2)

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), section 5.
    """
    image_shape = shapes.check_image_shape(image_shape, vectors=True)
    width, depth = shapes.check_width(width), checks.whole_number("depth", depth, 0, _MOST_LAYERS)
    if activation is None:
        activation = "linear" if len(image_shape) == 1 else "tanh"
    shapes.check_output(activation)
    latents = shapes.latent_input(latent_dim)
    labels = label_input(num_classes, condition_dim)
    x = join_labels(latents, labels, num_classes, latents.shape[1])
    for _ in range(depth):
        x = keras.layers.Dense(width)(x)
        x = keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(x)
    x = keras.layers.Dense(math.prod(image_shape), activation=activation)(x)
    images = keras.layers.Reshape(image_shape)(x)
    return keras.Model(inputs_with_labels(latents, labels), images, name="generator")


def mlp_discriminator(
    image_shape: ShapeLike,
    width: int = 128,
    depth: int = 2,
    dropout: float = 0.0,
    num_classes: int | None = None,
    condition_dim: int | None = None,
    projection: bool = True,
    heads: Mapping[str, int] | None = None,
) -> keras.Model:
    """Builds a fully connected discriminator, for images or for vectors.

    Args:
        image_shape: Tuple of sizes: `(28, 28, 1)` for images, `(2,)` for points.
        width: Integer, units of each hidden layer.
        depth: Integer, number of hidden layers, each followed by LeakyReLU (slope 0.2) and
            dropout.
        dropout: Float in [0, 1), share of units dropped after each hidden layer.
        num_classes: Integer, for labels that are classes in `[0, num_classes)`.
        condition_dim: Integer, for labels that are vectors of floats.
        projection: How labels are used. True adds the product of their embedding and the
            last features to the logit; False appends an embedding of them to the input.
        heads: Dict from names to numbers of units; see `dcgan_discriminator`.

    Returns:
        A functional `keras.Model` from floats `(N, *image_shape)`, or `[images, labels]`,
        to logits `(N, 1)`; with `heads`, to a dict of `"logits"` and `(N, units)` for each head.

    Raises:
        ValueError: If an argument has a value for which no network can be built, or if a head is
            named `"logits"`.

    Example:

    >>> mlp_discriminator((2,), num_classes=8).output_shape
    (None, 1)

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), section 5.
    """
    image_shape = shapes.check_image_shape(image_shape, vectors=True)
    width, depth = shapes.check_width(width), checks.whole_number("depth", depth, 0, _MOST_LAYERS)
    dropout, projection = shapes.check_dropout(dropout), checks.flag("projection", projection)
    images = keras.Input(image_shape, name="images")
    labels = label_input(num_classes, condition_dim)
    x = keras.layers.Flatten()(images)
    if not projection:
        x = join_labels(x, labels, num_classes, width)
    for _ in range(depth):
        x = keras.layers.Dense(width)(x)
        x = keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(x)
        x = keras.layers.Dropout(dropout, dtype=full_precision())(x)
    logits = project_to_logit(x, labels if projection else None, num_classes)
    outputs = logits_with_heads(logits, x, heads)
    return keras.Model(inputs_with_labels(images, labels), outputs, name="discriminator")
