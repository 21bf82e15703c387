"""Building two networks from what the constructor was given, and fitting them together."""

from typing import Any

import keras

from keras_gans.layers import Pack
from keras_gans.models.domain import Domain
from keras_gans.networks.output_activation import output_activation
from keras_gans.protocols import Shape, ValueRange

_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
_LATENT_DIM = 100  # of default factories


def build(
    model: Any,
    networks: dict[str, Any],
    image_shape: Shape | None,
    latent_dim: int | None,
    condition: dict[str, int | None],
    value_range: ValueRange | None,
) -> tuple[Any, Any, Domain]:
    """Turns networks or factories into two built networks that fit together.

    A discriminator whose channels are a multiple of the images' judges so many images together.

    Args:
        model: The model, whose `default_networks` are taken where there are none.
        networks: Dict of `generator` and `discriminator`.
        image_shape: Tuple or None, as for the others those of `GAN`.
        latent_dim: Integer or None.
        condition: Dict of `num_classes` and `condition_dim`.
        value_range: Pair or None.

    Returns:
        The generator and the discriminator, both built, and the `Domain` that they share.

    Raises:
        ValueError: If a network is missing, or if the two do not fit.
    """
    labels = _one_condition(condition)
    if None in networks.values():
        recipe = model.default_networks(value_range)
        if networks["generator"] is None:
            latent_dim = latent_dim or recipe.get("latent_dim")
        networks = {name: given or recipe.get(name) for name, given in networks.items()}
    known = _known_shape(networks, latent_dim, labels)
    shape = _check_image_shape(image_shape or known)
    sizes = {"image_shape": shape, **labels}
    latents = {"latent_dim": latent_dim or _LATENT_DIM}
    generator = _made("generator", networks["generator"], {**sizes, **latents})
    discriminator = _made("discriminator", networks["discriminator"], sizes)
    if not labels:
        discriminator = _packed(discriminator, shape)
    _check_inputs("generator", generator, "[latents, labels]", labels)
    _check_inputs("discriminator", discriminator, "[images, labels]", labels)
    latent_dim = _check_latents(generator, latent_dim)
    made = _built("generator", generator, (latent_dim,), labels)
    logits = _built("discriminator", discriminator, shape, labels)
    seen = _inputs(discriminator)[0].shape[1:] if _inputs(discriminator) else shape
    _check_shapes(made, logits, tuple(seen), shape)
    value_range = _value_range(value_range, output_activation(generator))
    return generator, discriminator, Domain(shape, value_range, latent_dim, **labels)


def _one_condition(condition):
    given = {name: size for name, size in condition.items() if size is not None}
    if len(given) > 1:
        raise ValueError(
            "Labels are either integer classes or float vectors. Received: "
            f"{' and '.join(f'{name}={size}' for name, size in given.items())}. "
            "Pass one of the two."
        )
    return given


def _known_shape(networks, latent_dim, condition):
    """The shape of an image, read off a network that is one already; else None."""
    generator, discriminator = networks["generator"], networks["discriminator"]
    if isinstance(generator, keras.Model):
        if latent_dim is None and not _inputs(generator):
            raise _unknown_latents(generator)
        return _built("generator", generator, (latent_dim,), condition)
    if isinstance(discriminator, keras.Model) and _inputs(discriminator):
        return discriminator.inputs[0].shape[1:]
    return None


def _inputs(network):
    """The inputs of a functional or Sequential network; none of a subclass."""
    return getattr(network, "inputs", None) or []


def _built(player, network, shape, condition):
    """Builds a network, where that is still to be done; returns the shape of one output."""
    if _inputs(network):
        outputs = network.outputs
    else:
        inputs = [keras.Input(shape)]
        if "num_classes" in condition:
            inputs.append(keras.Input((), dtype="int32"))
        elif condition:
            inputs.append(keras.Input((condition["condition_dim"],)))
        outputs = keras.tree.flatten(network(inputs if condition else inputs[0]))
    if len(outputs) != 1:
        raise ValueError(
            f"The {player} must have one output. Received: {len(outputs)} outputs. Return one."
        )
    return tuple(outputs[0].shape[1:])


def _packed(discriminator, image_shape):
    """The discriminator behind `Pack`, if its channels are a multiple of the images'."""
    if not _inputs(discriminator):
        return discriminator
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


def _made(player, network, sizes):
    """Calls a factory by keyword; a built network is returned as it is."""
    if isinstance(network, keras.Model):
        return network
    if not callable(network):
        raise ValueError(
            f"`{player}` must be a built keras.Model, or a factory, a function of "
            f"{', '.join(sizes)} that returns one. "
            f"Received: {player}={network!r}. Use DCGAN for default networks, or "
            "keras_gans.networks for factories."
        )
    network = network(**sizes)
    if not isinstance(network, keras.Model):
        raise ValueError(
            f"A factory must return a keras.Model. Received: {player}={network!r}. Return "
            "keras.Model(inputs, outputs), a keras.Sequential, or a subclass."
        )
    return network


def _check_latents(generator, latent_dim):
    """The length of the latents: read off the generator's input where it has one."""
    if not _inputs(generator):
        return latent_dim or _LATENT_DIM
    size = generator.inputs[0].shape[1:]
    if len(size) != 1 or size[0] is None or latent_dim not in (None, size[0]):
        raise ValueError(
            "The generator's first input must be latents of shape (latent_dim,). Received: "
            f"latent_dim={latent_dim} and a generator that takes {tuple(size)}. "
            "Leave `latent_dim` out to read it off the generator."
        )
    return size[0]


def _unknown_latents(generator):
    return ValueError(
        "The length of the latents must be known. Received: "
        f"generator={generator!r}, a subclass whose inputs Keras does not know, without "
        "latent_dim. Pass `latent_dim`."
    )


def _check_shapes(made, logits, seen, image_shape):
    if made != image_shape or seen != image_shape:
        raise ValueError(
            "The generator must make the images that the discriminator takes. Received: a "
            f"generator that makes {made}, a discriminator that takes {seen}, and "
            f"image_shape={image_shape}. Give both networks the same height, width and channels."
        )
    if logits != (1,):
        raise ValueError(
            "The discriminator must return one number per image, shape (N, 1). Received: "
            f"output shape {('N', *logits)}. End it with keras.layers.Dense(1)."
        )


def _check_inputs(player, network, inputs, condition):
    """Checks that a network takes labels exactly where the model has them."""
    if not _inputs(network):
        return
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


def _value_range(value_range, activation):
    """The range of the generator's images: read off its last activation, or as given.

    Raises:
        ValueError: If the range is empty, or contradicts the activation.
    """
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


def activation_for(value_range: ValueRange | None) -> str:
    """The last activation that makes images in a range: the inverse of reading it off."""
    if value_range is None:
        return "tanh"
    ends = float(value_range[0]), float(value_range[1])
    return {ends: name for name, ends in _RANGES.items()}.get(ends, "linear")
