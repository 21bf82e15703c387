"""Your own models: what they inherit, and what of them is saved."""

import inspect

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans as kg
from keras_gans.models import __all__ as names

MODELS = [getattr(kg.models, name) for name in names if name != "CycleGAN"]  # has other players


def network(size, outputs, depth=1):
    hidden = [layers.Dense(4, "tanh") for _ in range(depth)]
    return keras.Sequential([keras.Input((size,)), *hidden, layers.Dense(outputs)])


@keras.saving.register_keras_serializable(package="tests")
class Deep(kg.GAN):
    """A recipe with an argument of its own, which is an attribute."""

    def __init__(self, *args, depth=2, **kwargs):
        kwargs.setdefault("generator", network(3, 2, depth))
        kwargs.setdefault("discriminator", network(2, 1, depth))
        super().__init__(*args, **kwargs)
        self.depth = depth


class Forgetful(kg.GAN):
    """Its argument is no attribute."""

    def __init__(self, depth=2, **kwargs):
        super().__init__(generator=network(3, 2), discriminator=network(2, 1), **kwargs)


@pytest.mark.parametrize("model", MODELS)
def test_there_is_one_class_and_no_chain_of_parents(model):
    assert kg.GAN.__mro__[1] is keras.Model
    assert model is kg.GAN or model.__mro__[1] is kg.GAN


@pytest.mark.parametrize("model", MODELS)
def test_constructors_have_one_order(model):
    # Of `__init__`: before Python 3.11.3, that of an inherited class is `Model.__new__`'s.
    parameters = dict(inspect.signature(model.__init__).parameters)
    del parameters["self"]
    named = [p.name for p in parameters.values() if p.kind is not p.VAR_POSITIONAL]
    assert named == [
        *("image_shape", "latent_dim", "generator", "discriminator", "num_classes"),
        *("condition_dim", "condition_shape", "prior", "value_range", "seed", "kwargs"),
    ]
    by_position = [p.name for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert by_position == ["image_shape", "latent_dim"]


def test_an_argument_of_a_subclass_is_saved(tmp_path):
    gan = Deep(depth=5)
    gan.compile()
    gan.save(tmp_path / "deep.keras")
    loaded = keras.saving.load_model(tmp_path / "deep.keras")
    assert loaded.depth == 5
    assert len(loaded.generator.layers) == len(gan.generator.layers) == 6
    np.testing.assert_array_equal(loaded.generate(3, seed=0), gan.generate(3, seed=0))


def test_an_argument_that_would_be_lost_is_an_error(tmp_path):
    gan = Forgetful(depth=5)
    gan.compile()
    with pytest.raises(ValueError, match=r"Write `self.depth = depth` in the constructor"):
        gan.save(tmp_path / "gan.keras")
    assert not list(tmp_path.iterdir())
