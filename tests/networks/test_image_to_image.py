import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.networks import patch_discriminator, unet_generator
from keras_gans.networks.output_activation import output_activation

SIDES = st.integers(8, 50)
CHANNELS = st.integers(1, 3)


def check_copy(network):
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    assert copy.get_config() == network.get_config()
    x = [np.ones((2, *one.shape[1:]), "float32") for one in network.inputs]
    x = x if len(x) > 1 else x[0]
    np.testing.assert_array_equal(copy(x), network(x))


@given(SIDES, SIDES, CHANNELS, st.integers(3, 50), st.integers(0, 2))
def test_any_size_fits(height, width, channels, side, latent_dim):
    image_shape, condition_shape = (height, width, channels), (side, side, 2)
    generator = unet_generator(image_shape, condition_shape, latent_dim, width=2)
    conditions = np.zeros((2, *condition_shape))
    images = generator([np.zeros((2, latent_dim)), conditions] if latent_dim else conditions)
    assert images.shape == (2, *image_shape)
    discriminator = patch_discriminator(image_shape, condition_shape, width=2)
    logits = discriminator([np.asarray(images), conditions])
    strides = 2 ** sum(
        layer.strides == (2, 2) for layer in discriminator.layers if hasattr(layer, "strides")
    )
    assert logits.shape == (2, -(-height // strides), -(-width // strides), 1)


@pytest.mark.parametrize("shape", [(37, 2), (7, 12, 5, 2)])
def test_series_and_volumes(shape):
    generator = unet_generator(shape, (*shape[:-1], 3), latent_dim=4, width=2)
    assert generator.output_shape == (None, *shape)
    discriminator = patch_discriminator(shape, (*shape[:-1], 3), width=2)
    assert discriminator.output_shape[-1] == 1
    for network in (generator, discriminator):
        check_copy(network)
    with pytest.raises(ValueError, match=r"`condition_shape` must be .* Received"):
        unet_generator(shape, (*[10] * (len(shape) - 1), 3))


def test_names_and_order_of_inputs():
    generator = unet_generator((28, 28, 1), (14, 14, 1), latent_dim=5, width=2)
    assert [one.name for one in generator.inputs] == ["latents", "labels"]
    assert [one.name for one in unet_generator((8, 8, 1), (8, 8, 1)).inputs] == ["labels"]
    discriminator = patch_discriminator((28, 28, 1), (14, 14, 1), width=2)
    assert [one.name for one in discriminator.inputs] == ["images", "labels"]
    assert patch_discriminator((28, 28, 1)).input_shape == (None, 28, 28, 1)
    for network in (generator, discriminator):
        check_copy(network)
    assert output_activation(generator) == "tanh"
    assert output_activation(discriminator) == "linear"


def test_the_image_follows_the_condition_and_the_latents():
    generator = unet_generator((16, 16, 1), (16, 16, 1), latent_dim=3, width=4)
    rng = np.random.default_rng(0)
    latents, conditions = rng.normal(size=(2, 3)), rng.normal(size=(2, 16, 16, 1))
    images = np.asarray(generator([latents, conditions]))
    for changed in ([latents[::-1], conditions], [latents, conditions[::-1]]):
        assert np.abs(np.asarray(generator(changed)) - images).max() > 1e-4


def test_skip_connections_carry_pixels_past_the_bottleneck():
    """The first skip alone reaches the image if everything from below is zero."""
    generator = unet_generator((16, 16, 1), (16, 16, 1), width=2, batch_norm=False)
    transposed = [la for la in generator.layers if isinstance(la, keras.layers.Conv2DTranspose)]
    for layer in transposed[:-1]:
        layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    pixels = np.random.default_rng(0).normal(size=(1, 16, 16, 1)).astype("float32")
    changed = pixels.copy()
    changed[0, 8, 8] += 1
    difference = np.asarray(generator(changed)) - np.asarray(generator(pixels))
    assert np.abs(difference[0, 6:12, 6:12]).max() > 1e-4
    assert np.abs(difference[0, :3]).max() == 0  # a skip sees few pixels


def test_sides_on_the_way_of_50_pixels():
    generator = unet_generator((50, 50, 1), (50, 50, 1), width=2)
    down = [la.output.shape[1] for la in generator.layers if type(la) is keras.layers.Conv2D]
    up = [la.output.shape[1] for la in generator.layers if isinstance(la, keras.layers.Concatenate)]
    assert down == [25, 13, 7, 4, 50]  # the last one makes the image
    assert up == [7, 13, 25, 50]


def test_dropout_follows_the_first_three_enlargements():
    generator = unet_generator((64, 64, 1), (64, 64, 1), width=2, depth=6, dropout=0.5)
    dropped = [
        la.output.shape[1] for la in generator.layers if isinstance(la, keras.layers.Dropout)
    ]
    assert dropped == [2, 4, 8]


@pytest.mark.parametrize(("side", "patch"), [(28, 16), (50, 34), (64, 34), (128, 70), (256, 70)])
def test_size_of_the_patches(side, patch):
    seen = 1
    for layer in reversed(patch_discriminator((side, side, 1), width=1).layers):
        if isinstance(layer, keras.layers.Conv2D):
            seen = (seen - 1) * layer.strides[0] + layer.kernel_size[0]
    assert seen == patch


def test_a_logit_depends_on_its_patch_only():
    network = patch_discriminator((64, 64, 1), width=4)
    x = np.random.default_rng(0).normal(size=(1, 64, 64, 1)).astype("float32")
    changed = x.copy()
    changed[0, 0, 0] += 10
    difference = np.abs(np.asarray(network(changed)) - np.asarray(network(x)))[0, ..., 0]
    assert difference[0, 0] > 0
    assert difference[8:].max() == difference[:, 8:].max() == 0


@pytest.mark.parametrize("condition_shape", [(28, 28), (28, 0, 1), 28, (None, 28, 1)])
def test_impossible_conditions(condition_shape):
    for factory in (unet_generator, patch_discriminator):
        with pytest.raises(ValueError, match=r"must be \(height, width, channels\). Received"):
            factory((28, 28, 1), condition_shape)


def test_impossible_depths_and_widths():
    with pytest.raises(ValueError, match="Received: depth=0"):
        unet_generator((28, 28, 1), (28, 28, 1), depth=0)
    with pytest.raises(ValueError, match="one entry per stride"):
        patch_discriminator((28, 28, 1), width=(4, 8, 16), strides=(2, 1))
