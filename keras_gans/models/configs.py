"""The configs of a model in Keras' files: the arguments that its constructor needs."""

import inspect
import types
import warnings
from typing import Any

import keras

from keras_gans import checks
from keras_gans.models.state import parts, parts_of
from keras_gans.protocols import PathLike
from keras_gans.version import __version__

_NETWORKS = ("generator", "discriminator")
_NAMES = ("latent_dim", "num_classes", "condition_dim", "condition_shape", "value_range", "seed")
_KNOWN = ("keras", "keras_gans", "tensorflow", "numpy", "builtins")
_LONGEST = 250  # characters of the cause in an error
_ERRORS = (TypeError, ValueError, NotImplementedError, AttributeError)


def config_of(model: Any, base: type) -> dict[str, Any]:
    """Returns the arguments of a model's constructor, with serialised networks.

    Args:
        model: The model.
        base: The class `GAN`; arguments of subclasses are read from attributes of the same names.

    Raises:
        NotImplementedError: If a subclass has an argument that is not an attribute, and no
            `get_config` that could return it.
    """
    config = {"name": model.name, "version": __version__}
    config |= {name: _serialized(getattr(model, name)) for name in _NETWORKS}
    config["shared_layers"] = _shared_layers(*(getattr(model, name) for name in _NETWORKS)) or None
    config |= {name: getattr(model, name) for name in _NAMES}
    config["prior"] = keras.saving.serialize_keras_object(model.prior)
    if model.clusters is not None:
        config["num_classes"] = keras.saving.serialize_keras_object(model.clusters)
    config["class_names"] = model.class_names
    for name in _own_arguments(type(model), base):
        if hasattr(model, name):
            config[name] = keras.saving.serialize_keras_object(getattr(model, name))
        elif type(model).get_config is vars(base)["get_config"]:
            raise NotImplementedError(
                f"The argument `{name}` of {type(model).__name__} must be saved. Received: a "
                f"model without an attribute of that name. Write `self.{name} = {name}` in the "
                "constructor, or a `get_config` that returns it."
            )
    return {name: value for name, value in config.items() if value is not None}


def described(model: Any, base: type) -> dict[str, Any]:
    """Like `config_of`, but to read and compare, and also for objects that cannot be saved.

    Networks that Keras cannot serialise are described by their class and the shapes of their
    weights, and further arguments of subclasses by their `repr`.
    """
    settings = {name: getattr(model, name) for name in _NAMES}
    settings["prior"] = readable(model.prior)
    if model.clusters is not None:
        settings["num_classes"] = readable(model.clusters)
    for name in _NETWORKS:
        network = getattr(model, name)
        try:
            settings[name] = _serialized(network)
        except _ERRORS as error:
            shapes = [tuple(weight.shape) for weight in network.weights]
            why = f"not known: {cause(error)}"
            settings[name] = {"config": why, "class": type(network).__name__, "weights": shapes}
    own = _own_arguments(type(model), base)
    settings |= {name: repr(getattr(model, name)) for name in own if hasattr(model, name)}
    return {name: value for name, value in settings.items() if value is not None}


def readable(value: Any) -> Any:
    """Returns the config of an object, or its name if it cannot be serialised."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about lambdas, which matters only for files
            return keras.saving.serialize_keras_object(value)
    except (TypeError, ValueError, AttributeError):
        return getattr(value, "__qualname__", type(value).__qualname__)


def _own_arguments(cls, base):
    """Names of the arguments that subclasses have but `base` does not."""
    own: dict[str, inspect.Parameter] = {}
    for kind in cls.__mro__[: cls.__mro__.index(base)]:
        if "__init__" in vars(kind):
            own |= inspect.signature(kind.__init__).parameters
    variable = inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL
    known = inspect.signature(base.__init__).parameters
    return [name for name, p in own.items() if name not in known and p.kind not in variable]


def _shared_layers(generator, discriminator):
    """Names of the layers that are in both networks, each the same object."""
    known = {id(layer) for layer in generator.layers}
    return [layer.name for layer in discriminator.layers if id(layer) in known]


def _check_shared_layers(generator, discriminator):
    """Checks that all layers that both networks contain are shared again after loading."""
    own, other = (parts_of(one, keras.layers.Layer) for one in (generator, discriminator))
    known = {id(layer) for layer in own}
    shared = [layer for layer in other if id(layer) in known]
    names = _shared_layers(generator, discriminator)
    built = all(getattr(network, "inputs", None) for network in (generator, discriminator))
    outer = [layer for layer in discriminator.layers if layer.name in names] if built else []
    restored = {id(layer) for layer in parts_of(outer, keras.layers.Layer)}
    lost = [layer.name for layer in shared if id(layer) not in restored]
    if lost:
        raise ValueError(
            "A layer of both networks can be saved if it is one of the `layers` of two functional "
            f"or Sequential networks. Received: {', '.join(lost)}, inside of another layer or of a "
            'subclass. Move it there, or save the weights alone: `save_weights("gan.weights.h5")`.'
        )


def _with_shared_layers(arguments, names):
    """Replaces layers of the discriminator by the generator's of the same names.

    Keras creates the layers of each network anew.
    """
    shared = {layer.name: layer for layer in arguments["generator"].layers if layer.name in names}
    discriminator = keras.models.clone_model(
        arguments["discriminator"], clone_function=lambda layer: shared.get(layer.name, layer)
    )
    return {**arguments, "discriminator": discriminator}


def _serialized(network):
    """The config of a network, without its own compile settings, because the GAN trains it."""
    return _without_compile_configs(keras.saving.serialize_keras_object(network))


def _without_compile_configs(config):
    if isinstance(config, dict):
        pairs = config.items()
        return {k: _without_compile_configs(v) for k, v in pairs if k != "compile_config"}
    if isinstance(config, list | tuple):
        return type(config)(_without_compile_configs(part) for part in config)
    return config


def model_from(config: dict[str, Any], cls: type) -> Any:
    """Creates a model from a dict that `config_of` returned.

    Raises:
        ValueError: If a newer version wrote it, with arguments that this one lacks.
    """
    config = dict(config)
    version, shared = config.pop("version", "of unknown version"), config.pop("shared_layers", None)
    class_names = config.pop("class_names", None)
    makers = [vars(kind)["__init__"] for kind in cls.__mro__ if "__init__" in vars(kind)]
    known = {name for maker in makers for name in inspect.signature(maker).parameters}
    unknown = sorted(set(config) - known)
    if unknown:
        raise ValueError(
            f"A saved model must have the arguments of {cls.__name__}. Received: a file of "
            f"keras_gans {version} with {', '.join(unknown)}, which keras_gans "
            f"{__version__} does not know. Upgrade keras_gans."
        )
    arguments = deserialized(config)
    model = cls(**(_with_shared_layers(arguments, shared) if shared else arguments))
    model.class_names = class_names
    return model


def deserialized(config: dict[str, Any]) -> dict[str, Any]:
    """Returns a dict with its serialised values deserialised."""
    return {name: keras.saving.deserialize_keras_object(value) for name, value in config.items()}


def check_saving(model: Any, filepath: PathLike) -> None:
    """Checks, before a file is written, that it could be loaded again.

    Args:
        model: The model.
        filepath: Path of the file.

    Raises:
        ValueError: If the file is of a format that cannot hold two networks, or one of the
            user's classes is not registered or does not say how to recreate it; or if a layer that
            both networks share would be two after loading.
    """
    if str(checks.path("filepath", filepath)).endswith((".h5", ".hdf5")):
        raise ValueError(
            "A whole model is saved as a `.keras` file. "
            f"Received: filepath={str(filepath)!r}. Save it as `gan.keras`, or the weights alone "
            'with `save_weights("gan.weights.h5")`.'
        )
    _check_shared_layers(model.generator, model.discriminator)
    if not _has_foreign_parts([model, model.generator, model.discriminator, *parts(model)]):
        return
    try:
        config = keras.saving.serialize_keras_object(model)
        keras.saving.deserialize_keras_object(config, safe_mode=False)
    except _ERRORS as error:
        raise ValueError(
            "Keras must be able to recreate a saved model from its config. "
            f"Received: a {type(model).__name__} for which this fails ({cause(error)}). "
            "Give each of your own classes a `get_config` with its constructor's arguments, and "
            "register it with `@keras.saving.register_keras_serializable()`. The weights alone can "
            'still be saved: `save_weights("gan.weights.h5")`.'
        ) from error


def cause(error: Exception) -> str:
    """Returns the cause of an error in one line; Keras quotes whole configs, outermost first."""
    text = " ".join(str(error).split("Exception encountered: ")[-1].split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _has_foreign_parts(things):
    """Whether the parts include a class or function of the user's own."""
    for thing in parts_of(things, object):
        definition = thing if isinstance(thing, types.FunctionType | type) else type(thing)
        if definition.__module__.partition(".")[0] not in _KNOWN:
            return True
    return False
