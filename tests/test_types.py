"""Promises about types: no public name is without, and protocols tell objects apart."""

import importlib
import inspect
import pkgutil

import pytest

import keras_gans as kg
from keras_gans import protocols
from keras_gans.models.critic import Critic

MODULES = [module.name for module in pkgutil.walk_packages(kg.__path__, "keras_gans.")]
TYPING = "Any", "Protocol", "TypeAlias"
SPECIAL = "__init__", "__call__", "__str__"


def is_public(name):
    return not name.startswith("_") or name in SPECIAL


def public_values(module):
    """What users import from a room, and what its files offer each other."""
    for name, value in vars(module).items():
        written_here = getattr(value, "__module__", None) == module.__name__
        if name in getattr(module, "__all__", ()) or (written_here and is_public(name)):
            yield value


def functions_of(value):
    """A function as it is; of a class, its public methods and properties, inherited ones too."""
    if not inspect.isclass(value):
        yield inspect.unwrap(value) if callable(value) else value
        return
    for kind in value.__mro__:
        for name, method in vars(kind).items():
            if is_public(name):
                yield getattr(method, "__func__", getattr(method, "fget", method))


def is_ours(function):
    module = getattr(function, "__module__", None) or ""
    own = module.startswith("keras_gans")
    return own and inspect.isfunction(function)


def without_types(function):
    """Names of the parameters that have no annotation, and `return`."""
    signature = inspect.signature(function)
    missing = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.annotation is parameter.empty and name not in ("self", "cls")
    ]
    if signature.return_annotation is signature.empty and function.__name__ != "__init__":
        missing.append("return")
    return missing


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_types(module):
    missing = {}
    for value in public_values(importlib.import_module(module)):
        for function in filter(is_ours, functions_of(value)):
            if function.__name__ != "<lambda>" and (names := without_types(function)):
                missing[f"{function.__module__}.{function.__qualname__}"] = names
    assert missing == {}


def test_what_lacks_types_is_named():
    def function(images, labels: int, *rest, seed=None):
        """Has one type."""

    assert without_types(function) == ["images", "rest", "seed", "return"]


@pytest.mark.parametrize(
    ("value", "protocol", "other"),
    [
        (kg.losses.Hinge(), protocols.Loss, kg.losses.R1(1.0)),
        (kg.losses.R1(1.0), protocols.Penalty, kg.losses.Hinge()),
        (kg.augmentation.DiffAugment(), protocols.Augmentation, kg.losses.Hinge()),
        (kg.metrics.RawPixels(), protocols.Extractor, kg.metrics.FrechetDistance),
        (
            kg.metrics.DomainClassifier((28, 28, 1), 10),
            protocols.Classifier,
            kg.metrics.RawPixels(),
        ),
        (Critic(abs, (-1.0, 1.0), 0, None, None), protocols.Critic, kg.losses.R1(1.0)),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_protocols_tell_objects_apart(value, protocol, other):
    assert isinstance(value, protocol)
    assert not isinstance(other, protocol)


def test_aliases_and_protocols_are_all_public():
    here = [name for name in vars(protocols) if name[0].isupper() and name not in TYPING]
    assert sorted(here) == protocols.__all__
