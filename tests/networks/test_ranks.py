"""Networks for series, images and volumes, and discriminators with heads."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans import networks
from keras_gans.networks.output_activation import output_activation

SERIES = st.tuples(st.integers(8, 70), st.integers(1, 4))
IMAGES = st.tuples(st.integers(8, 40), st.integers(8, 40), st.integers(1, 3))
VOLUMES = st.tuples(*[st.integers(4, 12)] * 3, st.integers(1, 3))
SHAPES = [(37, 2), (9, 20, 3), (7, 12, 5, 2)]
CONDITIONS = [{}, {"num_classes": 3}, {"condition_dim": 2}]


def arrays(network, count=2):
    """An array for each input of a network, in the form in which it takes them."""
    rng = np.random.default_rng(0)
    made = [
        rng.integers(0, 3, count, one.dtype)
        if "int" in one.dtype
        else rng.normal(size=(count, *one.shape[1:])).astype(one.dtype)
        for one in network.inputs
    ]
    return made if len(made) > 1 else made[0]


def shapes_of(outputs):
    return keras.tree.map_structure(lambda tensor: tuple(tensor.shape), outputs)


def check_copy(network):
    """A network rebuilt from its config, with the same weights, gives the same."""
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    assert copy.get_config() == network.get_config()
    x = arrays(network)
    keras.tree.map_structure(np.testing.assert_array_equal, copy(x), network(x))


@given(st.one_of(SERIES, IMAGES, VOLUMES))
def test_any_rank_and_size_fits(shape):
    if len(shape) == 2 and shape[1] >= shape[0]:
        return
    for factory in (networks.dcgan_generator, networks.upsampling_generator):
        generator = factory(shape, latent_dim=2, width=1)
        assert shapes_of(generator(np.ones((2, 2)))) == (2, *shape)
    for factory in (networks.dcgan_discriminator, networks.mlp_discriminator):
        discriminator = factory(shape, width=1, heads={"classes": 3, "codes": 2})
        assert shapes_of(discriminator(np.ones((2, *shape)))) == {
            "logits": (2, 1), "classes": (2, 3), "codes": (2, 2)
        }  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
@pytest.mark.parametrize("shape", SHAPES)
def test_labels_reach_networks_of_any_rank(shape, condition):
    sizes = {"width": 2, **condition}
    discriminators = [
        networks.dcgan_discriminator(shape, projection=p, **sizes) for p in (False, True)
    ]
    for network in (networks.dcgan_generator(shape, 3, **sizes), *discriminators):
        assert len(network.inputs) == 1 + bool(condition)
        check_copy(network)
        if condition:
            first, labels = arrays(network)
            other = (labels + 1) % 3 if "num_classes" in condition else labels + 1
            changed = np.asarray(network([first, other])) - network([first, labels])
            assert np.abs(changed).max() > 1e-7


@pytest.mark.parametrize(
    ("shape", "stem", "smallest"),
    [((128, 1), (16,), (8,)), ((28, 28, 1), (7, 7), (4, 4)), ((16, 16, 16, 1), (4,) * 3, (2,) * 3)],
)
def test_default_depths(shape, stem, smallest):
    generator = networks.dcgan_generator(shape, width=1)
    stems = [la.target_shape for la in generator.layers if isinstance(la, keras.layers.Reshape)]
    assert stems[0][:-1] == stem
    flatten = next(
        layer
        for layer in networks.dcgan_discriminator(shape, width=1).layers
        if isinstance(layer, keras.layers.Flatten)
    )
    assert tuple(flatten.input.shape[1:-1]) == smallest


def test_strides_of_series_and_volumes():
    generator = networks.dcgan_generator((100, 2), width=4, strides=(5, 2), kernel_size=(10, 4))
    transposed = [la for la in generator.layers if isinstance(la, keras.layers.Conv1DTranspose)]
    assert [layer.kernel_size + layer.strides for layer in transposed] == [(10, 5), (4, 2)]
    assert generator.output_shape == (None, 100, 2)
    volume = networks.upsampling_generator((9, 9, 9, 1), width=2, strides=(3, 2))
    assert [la.size for la in volume.layers if isinstance(la, keras.layers.UpSampling3D)] == [
        (3, 3, 3), (2, 2, 2)
    ]  # fmt: skip
    assert output_activation(volume) == "tanh"


def test_a_gray_image_without_channels_is_a_warning():
    with pytest.warns(UserWarning, match=r"If these are gray images, pass \(28, 28, 1\)"):
        networks.dcgan_generator((28, 28), width=1)


def test_r3gan_makes_images_only():
    for factory in (networks.r3gan_generator, networks.r3gan_discriminator):
        with pytest.raises(ValueError, match=r"must be \(height, width, channels\) with"):
            factory((64, 1))


def test_heads_see_the_features_of_the_logits():
    for factory in (networks.dcgan_discriminator, networks.mlp_discriminator):
        network = factory((8, 8, 1), width=2, num_classes=3, heads={"classes": 3})
        assert shapes_of(network.output) == {"logits": (None, 1), "classes": (None, 3)}
        features = network.get_layer("logits").input
        assert network.get_layer("classes").input is features
        assert output_activation(network) == "linear"
        check_copy(network)


def test_networks_without_heads_return_a_tensor():
    assert networks.mlp_discriminator((2,)).output_shape == (None, 1)
    assert shapes_of(networks.mlp_discriminator((2,), heads={}).output) == {"logits": (None, 1)}


@pytest.mark.parametrize("heads", [{"logits": 2}, {"classes": 0}, {"classes": "ten"}])
def test_heads_that_are_none(heads):
    for factory in (networks.dcgan_discriminator, networks.mlp_discriminator):
        with pytest.raises(ValueError, match=r"`heads.* Received: heads"):
            factory((8, 8, 1), heads=heads)
