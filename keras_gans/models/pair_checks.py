"""Building two networks from what the constructor was given, and fitting them together."""

import keras

from keras_gans.layers import Pack
from keras_gans.networks.output_activation import output_activation

_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def build_pair(generator, discriminator, image_shape, latent_dim, num_classes, condition_dim):
    """Turns networks or factories into two built networks that fit together.

    A discriminator whose channels are a multiple of the images' judges so many images together.

    Returns:
        The generator and the discriminator, both built `keras.Model`s.

    Raises:
        ValueError: If a network is missing or unbuilt, or if the two do not fit.
    """
    if isinstance(generator, keras.Model):
        _check_built("generator", generator)
        image_shape = image_shape or generator.output_shape[1:]
    if isinstance(discriminator, keras.Model):
        _check_built("discriminator", discriminator)
        image_shape = image_shape or discriminator.inputs[0].shape[1:]
    image_shape = _check_image_shape(image_shape)
    condition = {"num_classes": num_classes, "condition_dim": condition_dim}
    condition = {name: size for name, size in condition.items() if size is not None}
    if len(condition) > 1:
        raise ValueError(
            "Labels are either integer classes or float vectors. "
            f"Received: num_classes={num_classes} and condition_dim={condition_dim}. "
            "Pass one of the two."
        )
    generator = _build(
        "generator", generator, image_shape=image_shape, latent_dim=latent_dim or 100, **condition
    )
    discriminator = _build("discriminator", discriminator, image_shape=image_shape, **condition)
    if not condition:
        discriminator = _packed(discriminator, image_shape)
    _check_shapes(generator, discriminator, image_shape, latent_dim)
    _check_labels("generator", generator, "[latents, labels]", condition)
    _check_labels("discriminator", discriminator, "[images, labels]", condition)
    return generator, discriminator


def _packed(discriminator, image_shape):
    """The discriminator behind `Pack`, if its channels are a multiple of the images'."""
    *sides, channels = discriminator.inputs[0].shape[1:]
    num_images, rest = divmod(channels, image_shape[-1])
    if (*sides,) != image_shape[:-1] or rest or num_images == 1:
        return discriminator
    images = keras.Input(image_shape, name="images")
    return keras.Model(images, discriminator(Pack(num_images)(images)), name="discriminator")


def _check_image_shape(image_shape):
    if image_shape is None:
        raise ValueError(
            "`image_shape` must be given where no network is built yet. Received: "
            "image_shape=None. Pass it, such as image_shape=(28, 28, 1), or a built network."
        )
    image_shape = tuple(image_shape)
    if len(image_shape) not in (1, 3) or not all(
        isinstance(size, int) and size > 0 for size in image_shape
    ):
        raise ValueError(
            "`image_shape` must be (height, width, channels), or (n,) for vectors, all known "
            f"and positive. Received: image_shape={image_shape}. Grey images have one channel: "
            "(28, 28, 1)."
        )
    return image_shape


def _build(player, network, **sizes):
    """Calls a factory by keyword; a built network is returned as it is."""
    if not isinstance(network, keras.Model):
        if not callable(network):
            raise ValueError(
                f"`{player}` must be a built keras.Model or a function that returns one. "
                f"Received: {player}={network!r}. See keras_gans.networks for functions."
            )
        network = network(**sizes)
        _check_built(player, network)
    return network


def _check_built(player, network):
    if not isinstance(network, keras.Model) or not getattr(network, "inputs", None):
        raise ValueError(
            f"`{player}` must be a keras.Model with known inputs, functional or Sequential. "
            f"Received: {player}={network!r}. Begin a Sequential with a keras.Input; write a "
            "subclass as layers inside keras.Model(inputs, outputs)."
        )


def _check_shapes(generator, discriminator, image_shape, latent_dim):
    made, seen = tuple(generator.output_shape[1:]), tuple(discriminator.inputs[0].shape[1:])
    if made != image_shape or seen != image_shape:
        raise ValueError(
            "The generator must make the images that the discriminator takes. Received: a "
            f"generator that makes {made}, a discriminator that takes {seen}, and image_shape="
            f"{image_shape}. Give both networks the same height, width and channels."
        )
    size = generator.inputs[0].shape[1:]
    if len(size) != 1 or size[0] is None or latent_dim not in (None, size[0]):
        raise ValueError(
            "The generator's first input must be latents of shape (latent_dim,). Received: "
            f"latent_dim={latent_dim} and a generator that takes {tuple(size)}. "
            "Leave `latent_dim` out to read it off the generator."
        )
    logits = tuple(discriminator.output_shape[1:])
    if logits != (1,):
        raise ValueError(
            "The discriminator must return one number per image, shape (N, 1). Received: "
            f"output shape {('N', *logits)}. End it with keras.layers.Dense(1)."
        )


def _check_labels(player, network, inputs, condition):
    """Checks that a network takes labels exactly where the model has them."""
    if not condition:
        if len(network.inputs) != 1:
            raise ValueError(
                f"The {player} of a model without labels must have one input. Received: "
                f"{len(network.inputs)} inputs. For a network of {inputs} use "
                "ConditionalGAN(num_classes=...) or ConditionalGAN(condition_dim=...)."
            )
        return
    if len(network.inputs) != 2:
        raise ValueError(
            f"The {player} of a conditional model must have the inputs {inputs}. "
            f"Received: {len(network.inputs)} inputs with {condition}. "
            "Add an input for the labels, or use DCGAN."
        )
    shape = tuple(network.inputs[1].shape[1:])
    wanted = [()] if "num_classes" in condition else [(condition["condition_dim"],)]
    if shape not in [*wanted, (1,) if "num_classes" in condition else wanted[0]]:
        raise ValueError(
            f"The labels of the {player} must have the shape {wanted[0]} per image. "
            f"Received: an input of shape {shape} with {condition}. "
            "Classes are single integers; float conditions are vectors."
        )


def resolve_value_range(value_range, generator):
    """The range of the generator's images: read off its last activation, or as given.

    Returns:
        Pair `(low, high)` of floats.

    Raises:
        ValueError: If the range is empty, or contradicts the activation.
    """
    activation = output_activation(generator)
    if value_range is None:
        return _RANGES.get(activation, (-1.0, 1.0))
    low, high = (float(end) for end in value_range)
    if not low < high:
        raise ValueError(
            "`value_range` must be (low, high) with low < high. "
            f"Received: value_range={value_range}. Use (-1, 1) or (0, 1)."
        )
    if _RANGES.get(activation, (low, high)) != (low, high):
        raise ValueError(
            f"A generator that ends in {activation} makes values in {_RANGES[activation]}. "
            f"Received: value_range={value_range}. Leave `value_range` out, or change the "
            "generator's last activation."
        )
    return low, high


def activation_for(value_range):
    """The last activation that makes images in a range: the inverse of reading it off."""
    if value_range is None:
        return "tanh"
    pair = tuple(float(end) for end in value_range)
    return {ends: name for name, ends in _RANGES.items()}.get(pair, "linear")


def frozen_copy(network):
    """A network of the same layers and weights, which no optimizer moves."""
    clone = keras.models.clone_model(network)
    clone.set_weights(network.get_weights())
    clone.trainable = False
    return clone
