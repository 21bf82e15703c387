"""Building both networks from the constructor's arguments, and checking that they match."""

import inspect
import math
from typing import Any

import keras

from keras_gans import checks
from keras_gans.layers import KMeans
from keras_gans.models.conditions import Conditions
from keras_gans.models.domain import Domain
from keras_gans.models.latents import Latents, nested_as, shapes_in
from keras_gans.models.player import Judge, Player
from keras_gans.models.shapes import (
    check_classes,
    check_latents,
    check_no_network,
    check_required,
    check_shapes,
    checked_condition,
    checked_image_shape,
    checked_latent_dim,
    wrong_outputs,
)
from keras_gans.models.signature import inputs_of, read_signature, structure_of, usual
from keras_gans.networks.output_activation import output_activation
from keras_gans.protocols import Shape, ShapeLike, ValueRange

_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
_LEGACY = "tf_keras", "keras.src.legacy", "tensorflow"  # Keras 2, if it is still installed


def build(
    model: Any,
    networks: tuple[Any, Any],
    image_shape: ShapeLike | None,
    latents: tuple[Any, Any],
    labels: tuple[Any, ...],
    value_range: ValueRange | None,
) -> tuple[dict[str, Player], Domain]:
    """Turns networks or factories into two players, and checks that their networks match.

    Args:
        model: The model. Its `default_networks` replace networks that are None.
        networks: Pair of `generator` and `discriminator`.
        image_shape: Tuple or None; see `GAN`, also for the values in the following arguments.
        latents: Pair of `latent_dim` and `prior`.
        labels: Tuple of `num_classes`, `condition_dim` and `condition_shape`.
        value_range: Pair or None.

    Returns:
        The players, a dict with the keys `generator` and `discriminator`; and the `Domain` that
        they share.

    Raises:
        ValueError: If a network is missing, or the two do not match.
    """
    check_no_network(image_shape)
    value_range = checks.optional(checks.value_range, "value_range", value_range)
    conditions = Conditions(**(condition := check_required(model, checked_condition(*labels))))
    recipe = model.default_networks(value_range)
    latent_dim, prior = _latents(latents, networks, recipe)
    generator, discriminator = _given_or_default(networks, recipe)
    made = generator, discriminator, latent_dim, conditions
    shape = checked_image_shape(_known_shape(image_shape, *made))
    sizes = {"image_shape": shape, **condition}
    latent_dim = _default_latents(latent_dim, generator, shape)
    generator = _made("generator", generator, sizes | {"latent_dim": latent_dim})
    player, latent_shape = _generator(generator, latent_dim, conditions)
    discriminator = _made("discriminator", discriminator, sizes)
    judge, seen = _discriminator(discriminator, shape, conditions)
    outputs = _output_shape("generator", player, latent_shape, conditions)
    logits = _output_shape("discriminator", judge, shape, conditions)
    check_shapes(outputs, logits, seen, shape, latent_shape)
    check_classes((generator, discriminator), condition.get("num_classes"))
    value_range = _value_range(value_range, output_activation(generator))
    conditions = Conditions(**condition, value_range=value_range, clusters=_clusters(labels, shape))
    domain = Domain(shape, value_range, Latents(latent_shape, prior), conditions)
    return {"generator": player, "discriminator": judge}, domain


def pair(name: str, networks: Any, factory: Any, *shapes: Any) -> Any:
    """Returns two built networks, either the given ones or those of a factory.

    Raises:
        ValueError: If the networks are neither None nor a pair of built `keras.Model`s.
    """
    if networks is None:
        return [factory(*shapes) for _ in range(2)]
    fits = isinstance(networks, list | tuple) and len(networks) == 2
    if not fits or not all(getattr(network, "inputs", None) for network in networks):
        raise checks.wrong(name, "a pair of built keras.Models", networks, "None means defaults.")
    return networks


def default_latent_dim(image_shape: Shape) -> int:
    """Returns the default length of latents: 16 for images of up to 1,024 numbers.

    Larger images vary in more ways, so it is 32 for up to 4,096 numbers, such as 32x32 in color or
    64x64 in gray, and 64 for more.
    """
    size = math.prod(image_shape)
    return 16 if size <= 1024 else 32 if size <= 4096 else 64


def _default_latents(latent_dim, generator, image_shape):
    """Returns the length of latents; the default if it is None and no generator is built."""
    if latent_dim is None and not isinstance(generator, keras.Model):
        return default_latent_dim(image_shape)
    return latent_dim


def _given_or_default(networks, recipe):
    names = "generator", "discriminator"
    return [recipe.get(n) if own is None else own for n, own in zip(names, networks, strict=True)]


def _clusters(labels, image_shape):
    """Returns the model's `KMeans` layer, built for its images, or None."""
    clusters = labels[0]
    if not isinstance(clusters, KMeans):
        return None
    if not clusters.built:
        clusters.build((None, *image_shape))
    clusters.check_shape(image_shape)
    return clusters


def _latents(latents, networks, recipe):
    """Returns `latent_dim` and `prior`; the recipe's values replace None."""
    latent_dim, prior = latents
    if latent_dim is None and not isinstance(networks[0], keras.Model):
        latent_dim = recipe.get("latent_dim")
    prior = recipe.get("prior") if prior is None else prior
    repair = "Pass an object, such as keras_gans.priors.Uniform()."
    expected = "a callable that turns standard normal noise into latents"
    checks.optional(checks.function, "prior", prior, expected, repair)
    return checked_latent_dim(latent_dim), prior


def _known_shape(image_shape, generator, discriminator, latent_dim, conditions):
    """Returns the given shape, or else the shape that a built network determines, or None."""
    if image_shape is not None:
        return image_shape
    if isinstance(generator, keras.Model):
        player, latent_shape = _generator(generator, latent_dim, conditions)
        return _output_shape("generator", player, latent_shape, conditions)
    if isinstance(discriminator, keras.Model) and inputs_of(discriminator):
        return _discriminator(discriminator, None, conditions)[1]
    return None


def _made(player, network, sizes):
    """Calls a factory with keyword arguments; returns a network unchanged."""
    if isinstance(network, keras.Model):
        return network
    if type(network).__module__.startswith(_LEGACY):
        raise ValueError(
            f"`{player}` must be a model of Keras 3. Received: {player}={network!r}, an object of "
            f"{type(network).__module__}. Build it with `import keras`, and unset "
            "TF_USE_LEGACY_KERAS."
        )
    if not callable(network):
        raise ValueError(
            f"`{player}` must be a built keras.Model, or a factory: a function of "
            f"{', '.join(sizes)} that returns one. "
            f"Received: {player}={network!r}. Use DCGAN for default networks, or "
            "keras_gans.networks for factories."
        )
    _check_takes(player, network, sizes)
    network = network(**sizes)
    if not isinstance(network, keras.Model):
        raise ValueError(
            f"A factory must return a keras.Model. Received: {player}={network!r}. Return "
            "keras.Model(inputs, outputs), a keras.Sequential, or a subclass."
        )
    return network


def _check_takes(player, factory, sizes):
    """Checks that a factory accepts the arguments with which it is called."""
    try:
        inspect.signature(factory).bind(**sizes)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"`{player}` must be a function of {', '.join(sizes)}. Received: {player}={factory!r}, "
            f"which cannot be called with them ({error}). Add the arguments; for conditions that "
            "are images, see Pix2Pix."
        ) from error


def _generator(network, latent_dim, conditions):
    """Returns the generator as a player, and the shape of its latents, or a structure of shapes."""
    if not inputs_of(network):
        if latent_dim is None:
            raise ValueError(
                "The shape of the latents must be known. Received: "
                f"generator={network!r}, a subclass whose input shapes Keras does not know, and no "
                "latent_dim. Pass `latent_dim`."
            )
        shape = (latent_dim,) if isinstance(latent_dim, int) else latent_dim
        shape = None if latent_dim == 0 else shape
        return Player(network, usual(conditions, shape)), shape
    signature, first = read_signature("generator", network, conditions)
    shape = None if first is None else keras.tree.map_structure(lambda t: tuple(t.shape[1:]), first)
    check_latents(shape, latent_dim)
    return Player(network, signature), shape


def _discriminator(network, image_shape, conditions):
    """Returns the discriminator as a player, and the shape of the images that it takes."""
    if not inputs_of(network):
        return Judge(network, usual(conditions, image_shape)), image_shape
    signature, first = read_signature("discriminator", network, conditions)
    return Judge(network, signature), tuple(first.shape[1:])


def _output_shape(name, player, first, conditions):
    """Returns the shape of one output, and builds the network if necessary.

    If a discriminator returns a dict, this is the shape of its logits.
    """
    if inputs_of(player.network):
        outputs = structure_of(player.network, "output")
    else:
        labels = keras.Input((), dtype="int32") if conditions.num_classes else None
        labels = labels if conditions.shape is None else keras.Input(conditions.shape)
        shapes = [] if first is None else shapes_in(first)
        tensors = nested_as(first, [keras.Input(shape) for shape in shapes]) if shapes else None
        outputs = _called(name, player.network, player.inputs(tensors, labels))
    if isinstance(outputs, dict) and name == "discriminator" and "logits" in outputs:
        return tuple(outputs["logits"].shape[1:])
    flat = keras.tree.flatten(outputs)
    if len(flat) != 1 or isinstance(outputs, dict):
        raise wrong_outputs(name, outputs)
    return tuple(flat[0].shape[1:])


def _called(name, network, inputs):
    """Returns the outputs of a subclass for symbolic inputs."""
    try:
        return network(inputs)
    except Exception as error:
        shapes = ", ".join(str(tensor.shape) for tensor in keras.tree.flatten(inputs))
        raise ValueError(
            f"A subclass must accept the inputs of its role: the {name} of this model gets tensors "
            f"of shape {shapes}, where labels come last. "
            f"Received: {name}={network!r}, whose `call` raised {type(error).__name__} (above). "
            "Change its `call`, or pass a functional model, whose inputs are known."
        ) from error


def _value_range(value_range, activation):
    """Returns the range of the generator's images, as given or inferred from its last activation.

    Raises:
        ValueError: If the range contradicts the activation.
    """
    if value_range is None:
        return _RANGES.get(activation, (-1.0, 1.0))
    low, high = value_range
    if _RANGES.get(activation, (low, high)) != (low, high):
        raise ValueError(
            f"A generator that ends in {activation} returns values in {_RANGES[activation]}. "
            f"Received: value_range={value_range}. Omit `value_range`, or change the "
            "generator's last activation."
        )
    return low, high


def activation_for(value_range: ValueRange | None) -> str:
    """Returns the last activation of a generator of images in a given range."""
    if value_range is None:
        return "tanh"
    ends = checks.value_range("value_range", value_range)
    return {ends: name for name, ends in _RANGES.items()}.get(ends, "linear")
