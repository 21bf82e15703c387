"""The config of a model in Keras' files: the arguments of its constructor."""

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
    """Returns the arguments of a model's constructor, with serialized networks.

    Args:
        model: The model.
        base: The class `GAN`. Further arguments of subclasses are read from attributes of the same
            name.

    Raises:
        NotImplementedError: If a subclass has an argument that is not an attribute, and no
            `get_config` that returns it.
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
    """Returns a dict like `config_of`, to display and compare, even if the model cannot be saved.

    Networks that Keras cannot serialize are described by their class and the shapes of their
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
            why = f"unknown: {cause(error)}"
            settings[name] = {"config": why, "class": type(network).__name__, "weights": shapes}
    own = _own_arguments(type(model), base)
    settings |= {name: repr(getattr(model, name)) for name in own if hasattr(model, name)}
    return {name: value for name, value in settings.items() if value is not None}


def readable(value: Any) -> Any:
    """Returns the config of an object, or its name if it cannot be serialized."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about lambdas, which matter only in files
            return keras.saving.serialize_keras_object(value)
    except (TypeError, ValueError, AttributeError):
        return getattr(value, "__qualname__", type(value).__qualname__)


def _own_arguments(cls, base):
    """Returns the names of the arguments that subclasses have and `base` does not."""
    own: dict[str, inspect.Parameter] = {}
    for kind in cls.__mro__[: cls.__mro__.index(base)]:
        if "__init__" in vars(kind):
            own |= inspect.signature(kind.__init__).parameters
    variable = inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL
    known = inspect.signature(base.__init__).parameters
    return [name for name, p in own.items() if name not in known and p.kind not in variable]


def _shared_layers(generator, discriminator):
    """Returns the names of the layers that are the same object in both networks."""
    known = {id(layer) for layer in generator.layers}
    return [layer.name for layer in discriminator.layers if id(layer) in known]


def _check_shared_layers(generator, discriminator):
    """Checks that the layers which both networks share are still shared after loading."""
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
            "A layer that both networks share must be one of the `layers` of two functional or "
            f"Sequential networks. Received: {', '.join(lost)}, inside of another layer or of a "
            "subclass. Use it as a layer of its own, or save the weights alone: "
            '`save_weights("gan.weights.h5")`.'
        )


def _with_shared_layers(arguments, names):
    """Replaces layers of the discriminator by the generator's layers of the same name.

    Without this, each network would have its own copy, because Keras loads them separately.
    """
    shared = {layer.name: layer for layer in arguments["generator"].layers if layer.name in names}
    discriminator = keras.models.clone_model(
        arguments["discriminator"], clone_function=lambda layer: shared.get(layer.name, layer)
    )
    return {**arguments, "discriminator": discriminator}


def _serialized(network):
    """Returns the config of a network, without compile settings, which the GAN does not use."""
    return _without_compile_configs(keras.saving.serialize_keras_object(network))


def _without_compile_configs(config):
    if isinstance(config, dict):
        pairs = config.items()
        return {k: _without_compile_configs(v) for k, v in pairs if k != "compile_config"}
    if isinstance(config, list | tuple):
        return type(config)(_without_compile_configs(part) for part in config)
    return config


def model_from(config: dict[str, Any], cls: type) -> Any:
    """Creates a model from the dict that `config_of` returned.

    Raises:
        ValueError: If the dict contains unknown arguments, written by a newer version.
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
    """Returns a dict with its values deserialized."""
    return {name: keras.saving.deserialize_keras_object(value) for name, value in config.items()}


def check_saving(model: Any, filepath: PathLike) -> None:
    """Checks that a model can be loaded again, before its file is written.

    Args:
        model: The model.
        filepath: Path of the file.

    Raises:
        ValueError: If the file format cannot store two networks, if one of the user's classes is
            not registered or has no `get_config`, or if a layer that both networks share would be
            duplicated by loading.
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
            "Add a `get_config` with the constructor's arguments to each of your own classes, and "
            "register it with `@keras.saving.register_keras_serializable()`. Alternatively, save "
            'the weights alone: `save_weights("gan.weights.h5")`.'
        ) from error


def cause(error: Exception) -> str:
    """Returns the cause of an error in one line, without the configs that Keras quotes."""
    text = " ".join(str(error).split("Exception encountered: ")[-1].split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _has_foreign_parts(things):
    """Returns whether the parts include a class or function written by the user."""
    for thing in parts_of(things, object):
        definition = thing if isinstance(thing, types.FunctionType | type) else type(thing)
        if definition.__module__.partition(".")[0] not in _KNOWN:
            return True
    return False
