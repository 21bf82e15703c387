import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans import networks
from keras_gans.networks.output_activation import output_activation

SHAPES = [(28, 28, 1), (50, 50, 1), (64, 64, 3), (48, 96, 1), (33, 20, 3), (8, 8, 1)]
GENERATORS = [networks.dcgan_generator, networks.upsampling_generator, networks.mlp_generator]
DISCRIMINATORS = [networks.dcgan_discriminator, networks.mlp_discriminator]
CONDITIONS = [{"num_classes": 10}, {"condition_dim": 3}]


def labels_for(condition, count):
    if "num_classes" in condition:
        return np.arange(count, dtype="int32") % condition["num_classes"]
    return np.random.normal(size=(count, condition["condition_dim"])).astype("float32")


@pytest.mark.parametrize("image_shape", SHAPES)
@pytest.mark.parametrize("factory", GENERATORS)
def test_generator_makes_the_shape(factory, image_shape):
    network = factory(image_shape, latent_dim=5, width=4)
    images = network(np.random.normal(size=(2, 5)))
    assert images.shape == (2, *image_shape)
    assert abs(np.asarray(images)).max() <= 1


@pytest.mark.parametrize("image_shape", SHAPES)
@pytest.mark.parametrize("factory", DISCRIMINATORS)
def test_discriminator_gives_one_logit(factory, image_shape):
    network = factory(image_shape, width=4)
    assert network(np.zeros((2, *image_shape))).shape == (2, 1)
    assert output_activation(network) == "linear"


@given(st.integers(8, 70), st.integers(8, 70), st.integers(1, 4))
def test_any_size_fits(height, width, channels):
    shape = (height, width, channels)
    generator = networks.dcgan_generator(shape, latent_dim=2, width=1)
    discriminator = networks.dcgan_discriminator(shape, width=1)
    assert generator.output_shape == (None, *shape)
    assert discriminator.output_shape == (None, 1)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("factory", GENERATORS)
def test_conditional_generator_heeds_the_label(factory, condition):
    network = factory((8, 8, 1), latent_dim=4, width=4, **condition)
    assert len(network.inputs) == 2
    latents = np.ones((3, 4), "float32")
    images = np.asarray(network([latents, labels_for(condition, 3)]))
    assert abs(images[0] - images[1]).max() > 1e-5


@pytest.mark.parametrize("projection", [False, True])
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("factory", DISCRIMINATORS)
def test_conditional_discriminator_heeds_the_label(factory, condition, projection):
    network = factory((8, 8, 1), width=4, projection=projection, **condition)
    logits = np.asarray(network([np.ones((3, 8, 8, 1)), labels_for(condition, 3)]))
    assert logits.shape == (3, 1)
    assert abs(logits[0] - logits[1]).max() > 1e-7
    assert output_activation(network) == "linear"


def test_projection_is_the_logit_plus_the_product():
    network = networks.mlp_discriminator((2,), width=3, depth=1, num_classes=4, projection=True)
    x = np.random.normal(size=(1, 2)).astype("float32")
    features = keras.Model(network.inputs[0], network.get_layer("logits").input)(x)
    embeddings = network.get_layer("label_embedding").embeddings.numpy()
    both = [float(network([x, np.array([label])])[0, 0]) for label in (0, 1)]
    difference = float(np.asarray(features)[0] @ (embeddings[0] - embeddings[1]))
    assert both[0] - both[1] == pytest.approx(difference, rel=1e-4)


def test_points():
    assert networks.mlp_generator((2,), 3).output_shape == (None, 2)
    assert output_activation(networks.mlp_generator((2,), 3)) == "linear"
    assert networks.mlp_discriminator((2,)).output_shape == (None, 1)


def test_tensorflow_tutorial_networks():
    generator = networks.dcgan_generator(
        (28, 28, 1), 100, width=(256, 128, 64), kernel_size=5, strides=(1, 2, 2)
    )
    assert generator.count_params() == 2_330_944  # as its summary prints
    discriminator = networks.dcgan_discriminator(
        (28, 28, 1), width=64, kernel_size=5, strides=(2, 2)
    )
    assert discriminator.count_params() == 212_865


def test_stem_of_14_with_kernels_of_4_and_5():
    generator = networks.dcgan_generator(
        (28, 28, 1), 32, width=(128, 128, 256), kernel_size=(4, 5, 7), strides=(2, 1, 1)
    )
    layers = [la for la in generator.layers if isinstance(la, keras.layers.Conv2DTranspose)]
    assert generator.get_layer(index=1).units == 14 * 14 * 128
    assert [layer.kernel_size[0] for layer in layers] == [4, 5, 7]
    assert [layer.filters for layer in layers] == [128, 256, 1]


@pytest.mark.parametrize("batch_norm", [True, False])
@pytest.mark.parametrize("factory", [*GENERATORS[:2], DISCRIMINATORS[0]])
def test_batch_norm_is_an_option(factory, batch_norm):
    network = factory((16, 16, 1), width=(2, 4), strides=(2, 2), batch_norm=batch_norm)
    kinds = [isinstance(layer, keras.layers.BatchNormalization) for layer in network.layers]
    assert any(kinds) == batch_norm


def test_fidle_generator_upsamples_then_convolves():
    network = networks.upsampling_generator(
        (28, 28, 1), width=(64, 128, 256), strides=(2, 2, 1), activation="sigmoid"
    )
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds.count("UpSampling2D") == 2
    assert kinds.count("Conv2D") == 3
    assert output_activation(network) == "sigmoid"


def test_width_doubles_toward_the_stem():
    network = networks.dcgan_generator((64, 64, 3), width=16)
    filters = [la.filters for la in network.layers if isinstance(la, keras.layers.Conv2DTranspose)]
    assert filters == [64, 32, 16, 3]
    assert network.get_layer(index=1).units == 8 * 8 * 128


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((4, 2), "at least 8 steps.* Received: image_shape=\\(4, 2\\)"),
        ((8, 8, 3, 1), "at least 4 voxels"),
        ((8, 8, 8, 8, 1), "use networks.mlp_generator and networks.mlp_discriminator"),
        ((28,), "use networks.mlp_generator and networks.mlp_discriminator"),
        ((0, 28, 1), "at least 8 pixels"),
        ((4, 4, 1), "at least 8 pixels"),
        ((None, 28, 1), "Received"),
        (28, "Received: image_shape=28"),
    ],
)
@pytest.mark.parametrize("factory", [networks.dcgan_generator, networks.dcgan_discriminator])
def test_an_impossible_shape_is_an_error(factory, shape, message):
    with pytest.raises(ValueError, match=message):
        factory(shape)


def test_an_impossible_vector_is_an_error():
    with pytest.raises(ValueError, match="positive sizes"):
        networks.mlp_generator((0,))


def test_sequences_of_another_length_are_an_error():
    with pytest.raises(ValueError, match="one entry per stride"):
        networks.dcgan_generator((28, 28, 1), width=(64, 32, 16), strides=(2, 2))


def test_two_kinds_of_labels_are_an_error():
    with pytest.raises(ValueError, match="Pass one of the two"):
        networks.mlp_generator((2,), num_classes=2, condition_dim=2)
    with pytest.raises(ValueError, match="num_classes=0"):
        networks.mlp_generator((2,), num_classes=0)


@pytest.mark.parametrize(
    ("layers", "wanted"),
    [
        ([keras.layers.Dense(1, activation="sigmoid")], "sigmoid"),
        ([keras.layers.Dense(1), keras.layers.Activation("sigmoid")], "sigmoid"),
        ([keras.layers.Dense(1, activation="tanh"), keras.layers.Reshape((1, 1))], "tanh"),
        ([keras.layers.Dense(1)], "linear"),
        ([keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])], "sigmoid"),
        ([keras.layers.Dense(1), keras.layers.LeakyReLU()], "leaky_relu"),
        ([keras.layers.Dense(1), keras.layers.ReLU()], "relu"),
        ([keras.layers.Dense(1, activation="relu")], "relu"),
        ([keras.layers.Dense(1, activation=keras.layers.LeakyReLU())], "leaky_relu"),
        ([keras.layers.Dense(2), keras.layers.Softmax()], "softmax"),
        ([keras.layers.Dense(2), keras.layers.Activation("softmax")], "softmax"),
        ([keras.layers.Dense(1, activation="sigmoid"), keras.layers.Rescaling(255)], None),
        (
            [
                keras.layers.Dense(3, activation="tanh"),
                keras.layers.Reshape((3, 1)),
                keras.layers.UpSampling1D(2),
                keras.layers.Cropping1D((0, 1)),
                keras.layers.Reshape((5, 1, 1, 1)),
                keras.layers.UpSampling3D(2),
                keras.layers.Cropping3D(((1, 0), (0, 1), (0, 0))),
            ],
            "tanh",
        ),
    ],
)
def test_output_activation(layers, wanted):
    assert output_activation(keras.Sequential([keras.Input((3,)), *layers])) == wanted


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "softmax"])
def test_output_activation_of_an_operation(name):
    x = keras.Input((3,))
    network = keras.Model(x, getattr(keras.ops, name)(keras.layers.Dense(2)(x)))
    assert output_activation(network) == name


def test_output_activation_of_logits_among_others():
    x = keras.Input((3,))
    classes = keras.layers.Dense(4, activation="softmax")(x)
    logits = keras.layers.Dense(1, activation="sigmoid")(x)
    network = keras.Model(x, {"logits": logits, "classes": classes})
    assert output_activation(network) == "sigmoid"
    y = keras.Input((3,))
    assert output_activation(keras.Model(y, network(y))) == "sigmoid"
    assert output_activation(keras.Model(x, {"a": logits, "logits": classes})) == "softmax"
    assert output_activation(keras.Model(x, [logits, classes])) == "sigmoid"


def test_output_activation_of_a_model_inside_another_and_of_no_built_one():
    inner = keras.Model(x := keras.Input((3,)), keras.layers.Dense(1, activation="tanh")(x))
    y = keras.Input((3,))
    assert output_activation(keras.Model(y, inner(y))) == "tanh"
    assert output_activation(keras.Sequential([keras.layers.Dense(1)])) is None


@pytest.fixture
def mixed_policy():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    yield
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("condition", [{}, *CONDITIONS])
@pytest.mark.parametrize("factory", [*GENERATORS, networks.r3gan_generator])
def test_mixed_precision_shortens_products_of_generators(mixed_policy, factory, condition):
    check_precision(factory((16, 16, 1), latent_dim=4, width=4, **condition))


@pytest.mark.parametrize("condition", [{}, *CONDITIONS])
@pytest.mark.parametrize("factory", [*DISCRIMINATORS, networks.r3gan_discriminator])
def test_mixed_precision_shortens_products_of_discriminators(mixed_policy, factory, condition):
    check_precision(factory((16, 16, 1), width=4, **condition))


def check_precision(network):
    """Convolutions and dense layers in bfloat16; means, slopes and dropout in float32."""
    long = keras.layers.BatchNormalization, keras.layers.LeakyReLU, keras.layers.Dropout
    short = keras.layers.Conv2D, keras.layers.Conv2DTranspose, keras.layers.Dense
    assert {layer.compute_dtype for layer in network.layers if isinstance(layer, short)} == {
        "bfloat16"
    }
    assert {layer.compute_dtype for layer in network.layers if isinstance(layer, long)} == {
        "float32"
    }
    assert {weight.dtype for weight in network.trainable_weights} == {"float32"}
