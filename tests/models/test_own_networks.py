"""Generators and discriminators as people write them, also those that Keras cannot copy."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans as kg


class Net(keras.Model):
    """A subclass with an argument, BatchNorm and a function, and without a config."""

    def __init__(self, width, function):
        super().__init__()
        self.hidden, self.norm = layers.Dense(width), layers.BatchNormalization(momentum=0.5)
        self.function = layers.Lambda(function)
        self.images = layers.Dense(16, "tanh")

    def call(self, latents):
        x = self.function(self.norm(self.hidden(latents)))
        return keras.ops.reshape(self.images(x), (-1, 4, 4, 1))


@keras.saving.register_keras_serializable(package="tests")
class SavedNet(keras.Model):
    """The same with a config."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.hidden, self.images = layers.Dense(width), layers.Dense(16, "tanh")

    def call(self, latents):
        return keras.ops.reshape(self.images(self.hidden(latents)), (-1, 4, 4, 1))

    def get_config(self):
        return {**super().get_config(), "width": self.width}


def functional(network):
    latents = keras.Input((3,))
    return keras.Model(latents, network(latents))


def sequence(*hidden):
    return keras.Sequential([keras.Input((3,)), *hidden, layers.Reshape((4, 4, 1))])


GENERATORS = {
    "a subclass that was never built": lambda: Net(4, keras.ops.tanh),
    "a subclass inside a functional model": lambda: functional(Net(4, keras.ops.tanh)),
    "a Lambda": lambda: sequence(layers.Lambda(lambda x: x * 2), layers.Dense(16, "tanh")),
    "a function as activation": lambda: sequence(layers.Dense(16, lambda x: keras.ops.tanh(2 * x))),
    "a Sequential that was never built": lambda: keras.Sequential(
        [layers.Dense(16, "tanh"), layers.Reshape((4, 4, 1))]
    ),
}


def discriminator():
    return keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)])


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (16, 4, 4, 1), "uint8")


def make(name, **arguments):
    keras.utils.set_random_seed(0)
    arguments = {"discriminator": discriminator(), "latent_dim": 3, "seed": 1} | arguments
    gan = kg.GAN(generator=GENERATORS[name](), **arguments)
    gan.compile(run_eagerly=True, ema_half_life=4)
    return gan


@pytest.mark.filterwarnings("ignore:.*includes a `lambda`")
@pytest.mark.parametrize("name", GENERATORS)
def test_any_generator_trains_draws_and_resumes(name, images, tmp_path):
    gan, whole = make(name), make(name)
    whole.fit(images, batch_size=8, epochs=2, verbose=0)
    callbacks = [kg.ImageMonitor(tmp_path), kg.callbacks.Resume(tmp_path)]
    gan.fit(images, batch_size=8, verbose=0, callbacks=callbacks)
    other = make(name)
    other.fit(images, batch_size=8, epochs=2, verbose=0, callbacks=[kg.callbacks.Resume(tmp_path)])
    assert all(map(np.array_equal, other.get_state(), whole.get_state()))
    assert other.generate(5, seed=0).shape == (5, 4, 4, 1)
    other.save_weights(tmp_path / "gan.weights.h5")
    gan.load_weights(tmp_path / "gan.weights.h5")
    np.testing.assert_array_equal(gan.generate(5, seed=0), whole.generate(5, seed=0))


def test_the_average_runs_the_generators_own_code(images):
    gan = make("a subclass that was never built")
    gan.fit(images, batch_size=8, epochs=2, verbose=0)
    latents = np.random.default_rng(0).standard_normal((5, 3)).astype("float32")
    averaged = gan.generate(latents=latents)
    before = gan.generator.get_weights()
    assert not np.allclose(averaged, gan.generator(latents, training=False))
    gan.generator.set_weights(gan.ema_generator.get_weights())
    np.testing.assert_array_equal(averaged, gan.generator(latents, training=False))
    gan.generator.set_weights(before)
    np.testing.assert_array_equal(averaged, gan.generate(latents=latents))


def test_a_discriminator_that_was_never_built(images):
    gan = make("a Lambda", discriminator=keras.Sequential([layers.Flatten(), layers.Dense(1)]))
    gan.fit(images, verbose=0)
    assert gan.discriminate(images).shape == (16, 1)


@pytest.mark.filterwarnings("ignore:.*includes a `lambda`")
def test_a_whole_file_where_keras_can_make_one(images, tmp_path):
    gan = kg.GAN(generator=SavedNet(4), discriminator=discriminator(), latent_dim=3)
    gan.compile(run_eagerly=True)
    gan.fit(images, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.generate(4, seed=0), gan.generate(4, seed=0))


def test_an_error_that_says_what_to_register_where_it_cannot(tmp_path):
    gan = make("a subclass inside a functional model")
    with pytest.raises(ValueError, match="register_keras_serializable"):
        gan.save(tmp_path / "gan.keras")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="a copy of the generator"):
        gan.export(tmp_path / "exported")


def test_two_outputs_are_an_error():
    latents = keras.Input((3,))
    images = layers.Reshape((4, 4, 1))(layers.Dense(16, "tanh")(latents))
    with pytest.raises(ValueError, match="Received: 2 outputs"):
        kg.GAN(generator=keras.Model(latents, [images, images]), discriminator=discriminator())


def test_a_frozen_backbone_mixes_no_images(images):
    def make_gan(trainable):
        inputs = keras.Input((4, 4, 1))
        x = layers.BatchNormalization(trainable=trainable)(layers.Conv2D(2, 3)(inputs))
        judge = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(x)))
        return kg.GAN(generator=GENERATORS["a Lambda"](), discriminator=judge)

    with pytest.raises(ValueError, match="each logit depend on the whole batch"):
        make_gan(True).compile(penalties=[kg.losses.R1(1.0)])
    gan = make_gan(False)
    gan.compile(penalties=[kg.losses.R1(1.0)], run_eagerly=True)
    assert np.isfinite(gan.fit(images, verbose=0).history["penalty"][0])


def conditional(embed, **condition):
    """Two networks whose labels pass through a layer."""
    dtype = "int32" if "num_classes" in condition else "float32"
    networks = []
    for first, size, activation in ((3, 4, "tanh"), (4, 1, None)):
        inputs, labels = keras.Input((first,)), keras.Input((1,), dtype=dtype, name="labels")
        x = layers.Concatenate()([inputs, layers.Flatten()(embed(labels))])
        networks.append(keras.Model([inputs, labels], layers.Dense(size, activation)(x)))
    gan = kg.ConditionalGAN(generator=networks[0], discriminator=networks[1], **condition)
    gan.compile(run_eagerly=True)
    return gan


def test_a_subclass_that_takes_no_labels_is_an_error():
    class TakesImages(keras.Model):
        def call(self, images):
            return keras.ops.mean(images, axis=-1, keepdims=True)

    message = (
        r"shape \(None, 8, 8, 1\), \(None,\), where labels come last.*raised.*Change its `call`"
    )
    with pytest.raises(ValueError, match=message):
        kg.ConditionalGAN(image_shape=(8, 8, 1), num_classes=3, discriminator=TakesImages())


@pytest.mark.parametrize("kind", ["embedding", "normalization"])
def test_a_layer_of_both_networks_is_one_after_loading(kind, tmp_path):
    labels = np.arange(16, dtype="int32")[:, None] % 3
    if kind == "embedding":
        gan = conditional(layers.Embedding(3, 2), num_classes=3)
    else:
        labels = (labels * 20.0 + 100).astype("float32")
        layer = layers.Normalization()
        layer.adapt(labels)
        gan = conditional(layer, condition_dim=1)
    images = np.random.default_rng(0).uniform(-1, 1, (16, 4)).astype("float32")
    gan.fit(images, labels, batch_size=8, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert len(again.weights) == len(gan.weights)
    latents = gan.sample_latents(16, seed=0)
    for model in (gan, again):
        assert sum(layer in model.generator.layers for layer in model.discriminator.layers) == 1
    made = [model.generate(latents=latents, labels=labels) for model in (gan, again)]
    np.testing.assert_array_equal(*made)
    judged = [model.discriminate(images, labels) for model in (gan, again)]
    np.testing.assert_array_equal(*judged)


def test_a_layer_of_both_networks_inside_of_others_cannot_be_saved(tmp_path):
    inner = layers.Dense(4)
    generator, discriminator = (
        keras.Sequential([keras.Input((4,)), keras.Sequential([inner]), layers.Dense(size)])
        for size in (4, 1)
    )
    gan = kg.GAN(generator=generator, discriminator=discriminator)
    with pytest.raises(ValueError, match="inside of another layer or of a subclass"):
        gan.save(tmp_path / "gan.keras")


def test_an_adapted_layer_is_in_the_average_and_in_its_copies():
    labels = np.random.default_rng(0).normal(50, 10, (16, 1)).astype("float32")
    layer = layers.Normalization()
    layer.adapt(labels)
    gan = conditional(layer, condition_dim=1)
    latents = gan.sample_latents(16, seed=0)
    expected = np.asarray(gan.generator([latents, labels]))
    assert np.abs(expected).mean() < 0.9  # not saturated
    average = gan.ema_generator
    np.testing.assert_allclose(gan.generate(latents=latents, labels=labels), expected, atol=1e-6)
    np.testing.assert_allclose(average.as_network()([latents, labels]), expected, atol=1e-6)


@pytest.mark.parametrize(
    "normalization", [kg.layers.SpectralNormalization, layers.SpectralNormalization]
)
def test_the_average_of_spectral_norms_has_the_norm_one(normalization):
    layer = normalization(layers.Dense(8, use_bias=False))
    generator = keras.Sequential([keras.Input((8,)), layer, layers.Dense(2, "tanh")])
    discriminator = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    gan = kg.GAN(generator=generator, discriminator=discriminator, seed=0)
    gan.compile(*[keras.optimizers.SGD(1.0, momentum=0.9) for _ in range(2)], run_eagerly=True)
    points = np.random.default_rng(0).uniform(-1, 1, (16, 2)).astype("float32")
    for _ in range(25):
        gan.train_on_batch(points)
    used = gan.ema_generator.as_network().layers[0](np.eye(8, dtype="float32"))
    assert np.linalg.norm(used, 2) == pytest.approx(1, abs=0.01)
