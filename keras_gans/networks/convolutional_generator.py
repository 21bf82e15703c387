"""The common structure of convolutional generators: a stem, then stages."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import keras

from keras_gans.networks import shapes
from keras_gans.networks.conditioning import inputs_with_labels, join_labels, label_input
from keras_gans.networks.layers_by_rank import crop
from keras_gans.networks.precision import full_precision
from keras_gans.protocols import ShapeLike, Tensor


def convolutional_generator(
    stage: Callable[..., list[keras.layers.Layer]],
    image_shape: ShapeLike,
    latent_dim: int,
    width: int | Sequence[int],
    kernel_size: int | Sequence[int],
    strides: Sequence[int] | None,
    batch_norm: bool,
    activation: str,
    labels: dict[str, int | None],
) -> keras.Model:
    """Builds a generator from a function that creates the layers of one stage.

    Args:
        stage: Function `(rank, filters, kernel_size, strides, **layer)` that returns the
            list of layers of one stage for `rank` spatial axes.
        image_shape: Tuple `(steps, channels)`, `(height, width, channels)` or `(depth,
            height, width, channels)`.
        latent_dim: Integer, length of the latents.
        width: See `dcgan_generator`.
        kernel_size: See `dcgan_generator`.
        strides: See `dcgan_generator`.
        batch_norm: See `dcgan_generator`.
        activation: See `dcgan_generator`.
        labels: Dict with `num_classes` and `condition_dim`.

    Returns:
        A functional `keras.Model` from latents (and labels) to images.
    """
    image_shape = shapes.check_image_shape(image_shape)
    shapes.check_output(activation, batch_norm)
    stage = partial(stage, len(image_shape) - 1)
    # The last layer works at full size and makes strokes clean.
    usual = [2] * shapes.num_halvings(image_shape) + [1]
    strides = shapes.layer_strides(strides, usual, image_shape)
    sizes = shapes.feature_sizes(image_shape, reversed(strides))[::-1]
    kernels = shapes.layer_kernels(kernel_size, len(strides))
    widths = shapes.layer_widths(width, len(strides), inwards=False)
    latents, label = shapes.latent_input(latent_dim), label_input(**labels)
    x = join_labels(latents, label, labels["num_classes"], latents.shape[1])
    x = _stem(x, (*sizes[0], widths[0]), batch_norm)
    bias = {"use_bias": not batch_norm}
    for filters, kernel, stride, size in zip(widths[1:], kernels, strides, sizes[1:], strict=False):
        x = _apply(stage(filters, kernel, stride, **bias), x, size)
        x = normalize_and_activate(x, batch_norm)
    last = stage(image_shape[-1], kernels[-1], strides[-1], activation=activation, **bias)
    images = _apply(last, x, sizes[-1])
    return keras.Model(inputs_with_labels(latents, label), images, name="generator")


def _stem(x, shape, batch_norm):
    """Turns vectors into the coarsest feature map."""
    x = keras.layers.Dense(math.prod(shape), use_bias=not batch_norm)(x)
    x = normalize_and_activate(x, batch_norm)
    return keras.layers.Reshape(shape)(x)


def _apply(layers, x, size):
    """Applies the layers, then crops the result if a side is not a multiple of the stride."""
    for layer in layers:
        x = layer(x)
    return crop(x, size)


def normalize_and_activate(x: Tensor, batch_norm: bool) -> Tensor:
    """Applies BatchNorm if requested, then LeakyReLU with slope 0.2."""
    if batch_norm:
        # With Keras' default momentum of 0.99, short trainings would keep the initial statistics.
        x = keras.layers.BatchNormalization(momentum=0.9, dtype=full_precision())(x)
    return keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(x)
