"""Published programs, reduced to their interfaces: the library takes their networks.

Each case is rewritten with networks of a few units. Its name says what it stands for. All of
them must train, generate, be saved and be loaded again.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans as kg

pytestmark = [pytest.mark.usefixtures("eagerly"), pytest.mark.stage2]

RNG = np.random.default_rng(0)
CLASSES = np.arange(12) % 4
PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function


def uniform(*shape):
    return RNG.uniform(-1, 1, (12, *shape)).astype("float32")


def dense_generator(inputs, shape, activation="tanh"):
    x = (
        layers.Concatenate()([layers.Flatten()(x) for x in inputs])
        if len(inputs) > 1
        else inputs[0]
    )
    x = layers.Dense(int(np.prod(shape)), activation=activation)(layers.Flatten()(x))
    return layers.Reshape(shape)(x)


def dense_discriminator(inputs, activation=None):
    flat = [layers.Flatten()(x) for x in inputs]
    x = layers.Concatenate()(flat) if len(flat) > 1 else flat[0]
    return layers.Dense(1, activation=activation)(x)


def plain_discriminator(shape, activation=None):
    images = keras.Input(shape)
    return keras.Model(images, dense_discriminator([images], activation))


def plain_generator(latent_shape, shape, activation="tanh"):
    latents = keras.Input(latent_shape)
    return keras.Model(latents, dense_generator([latents], shape, activation))


def game(latent_shape, shape, activation="tanh", **settings):
    return kg.GAN(
        generator=plain_generator(latent_shape, shape, activation),
        discriminator=plain_discriminator(shape),
        **settings,
    )


# samples of any rank ----------------------------------------------------------------------


@program
def sensor_series_with_one_channel():
    return game((5,), (24, 1)), uniform(24, 1), None


@program
def eeg_of_many_channels_with_dcgan():
    return kg.DCGAN(image_shape=(16, 5), latent_dim=3), uniform(16, 5), None


@program
def audio_with_wgan_gp():
    return kg.WGANGP(image_shape=(32, 1), latent_dim=3), uniform(32, 1), None


@program
def voxels_with_dcgan():
    voxels = RNG.random((12, 8, 8, 8, 1)) > 0.5
    return kg.DCGAN(image_shape=(8, 8, 8, 1), latent_dim=3), voxels, None


@program
def music_in_bars_steps_pitches_and_tracks():
    generator = kg.networks.mlp_generator((2, 4, 12, 3), 4, width=4, activation="tanh")
    discriminator = kg.networks.mlp_discriminator((2, 4, 12, 3), width=4)
    return kg.GAN(generator=generator, discriminator=discriminator), uniform(2, 4, 12, 3), None


@program
def a_table_of_standardised_columns():
    gan = kg.GAN(
        image_shape=(30,),
        generator=kg.networks.mlp_generator,
        discriminator=kg.networks.mlp_discriminator,
        value_range=(-np.inf, np.inf),
    )
    return gan, RNG.standard_normal((12, 30)), None


@program
def video_of_rank_five():
    return game((5,), (2, 3, 4, 4, 1)), uniform(2, 3, 4, 4, 1), None


@program
def pictures_with_transparency():
    return kg.DCGAN(image_shape=(8, 8, 4), latent_dim=3), uniform(8, 8, 4), None


# latents ------------------------------------------------------------------------------------


@program
def latents_of_shape_1_1_64():
    latents = keras.Input((1, 1, 64))
    x = layers.Conv2DTranspose(1, 8, activation="tanh")(latents)
    gan = kg.GAN(generator=keras.Model(latents, x), discriminator=plain_discriminator((8, 8, 1)))
    assert gan.latent_dim == (1, 1, 64)
    return gan, uniform(8, 8, 1), None


@program
def a_latent_vector_for_each_step_of_a_series():
    latents = keras.Input((6, 3))
    series = layers.Dense(2, "tanh")(layers.SimpleRNN(4, return_sequences=True)(latents))
    generator = keras.Model(latents, series)
    gan = kg.GAN(generator=generator, discriminator=plain_discriminator((6, 2)))
    return gan, uniform(6, 2), None


@program
def chords_style_melody_and_groove():
    inputs = [
        keras.Input(s, name=n)
        for n, s in (("chords", (3,)), ("style", (3,)), ("melody", (2, 3)), ("groove", (2, 3)))
    ]
    generator = keras.Model(inputs, dense_generator(inputs, (2, 4, 3)))
    gan = kg.GAN(generator=generator, discriminator=plain_discriminator((2, 4, 3)))
    assert gan.latent_dim == [(3,), (3,), (2, 3), (2, 3)]
    return gan, uniform(2, 4, 3), None


@program
def a_style_and_noise_for_each_layer_by_name():
    inputs = {
        "style": keras.Input((4,), name="style"),
        "noise": keras.Input((4, 4, 1), name="noise"),
    }
    generator = keras.Model(inputs, dense_generator(list(inputs.values()), (4, 4, 1)))
    gan = kg.GAN(generator=generator, discriminator=plain_discriminator((4, 4, 1)))
    assert set(gan.sample_latents(2)) == {"style", "noise"}
    return gan, uniform(4, 4, 1), None


@program
def uniform_noise():
    return game((5,), (4,), prior=kg.priors.Uniform(-1, 1)), uniform(4), None


@program
def narrow_normal_noise():
    return game((5,), (4,), prior=kg.priors.Normal(stddev=0.33)), uniform(4), None


@keras.saving.register_keras_serializable(package="tests")
def exponential(noise):
    return keras.ops.exp(noise)


@program
def noise_of_a_function():
    return game((5,), (4,), prior=exponential), uniform(4), None


# labels -------------------------------------------------------------------------------------


def class_networks(label_shape=(), dtype="int32", first="latents", names=True):
    """Networks that take labels in the given form; `first` says which input comes first."""
    label = {"shape": label_shape, "dtype": dtype, "name": "labels" if names else None}

    def as_vector(labels):
        if label_shape == (4,):
            return labels
        return layers.Flatten()(layers.Embedding(4, 4)(labels))

    latents, asked = keras.Input((3,)), keras.Input(**label)
    images, shown = keras.Input((4,)), keras.Input(**label)
    made = dense_generator([latents, as_vector(asked)], (4,))
    judged = dense_discriminator([images, as_vector(shown)])
    pairs = [latents, asked], [images, shown]
    if first == "labels":
        pairs = [asked, latents], [shown, images]
    return {
        "generator": keras.Model(pairs[0], made),
        "discriminator": keras.Model(pairs[1], judged),
    }


@program
def one_hot_labels_in_networks_and_data():
    gan = kg.ConditionalGAN(num_classes=4, **class_networks((4,), "float32"))
    return gan, uniform(4), keras.utils.to_categorical(CLASSES, 4)


@program
def one_hot_labels_in_networks_and_integers_in_data():
    return kg.ConditionalGAN(num_classes=4, **class_networks((4,), "float32")), uniform(4), CLASSES


@program
def integers_in_networks_and_class_mode_categorical():
    labels = keras.utils.to_categorical(CLASSES, 4)
    return kg.ConditionalGAN(num_classes=4, **class_networks()), uniform(4), labels


@program
def class_mode_sparse_with_float_integers():
    return (
        kg.ConditionalGAN(num_classes=4, **class_networks()),
        uniform(4),
        CLASSES.astype("float32"),
    )


@program
def labels_of_shape_one():
    return kg.ConditionalGAN(num_classes=4, **class_networks((1,))), uniform(4), CLASSES[:, None]


@program
def labels_as_the_first_input():
    return kg.ConditionalGAN(num_classes=4, **class_networks(first="labels")), uniform(4), CLASSES


@program
def one_hot_labels_as_the_first_input_told_by_shape():
    networks = class_networks((4,), "float32", "labels", names=False)
    images, shown = keras.Input((5,)), keras.Input((4,))
    networks["discriminator"] = keras.Model([shown, images], dense_discriminator([images, shown]))
    latents, asked = keras.Input((3,)), keras.Input((4,))
    networks["generator"] = keras.Model([asked, latents], dense_generator([latents, asked], (5,)))
    return kg.ConditionalGAN(num_classes=4, **networks), uniform(5), CLASSES


@program
def inputs_by_name():
    def inputs(name, shape):
        label = keras.Input((), dtype="int32", name="label")
        return {name: keras.Input(shape, name=name), "label": label}

    def embedded(inputs, name):
        return [inputs[name], layers.Flatten()(layers.Embedding(4, 4)(inputs["label"]))]

    asked, shown = inputs("noise", (3,)), inputs("image", (4,))
    generator = keras.Model(asked, dense_generator(embedded(asked, "noise"), (4,)))
    discriminator = keras.Model(shown, dense_discriminator(embedded(shown, "image")))
    gan = kg.ConditionalGAN(num_classes=4, generator=generator, discriminator=discriminator)
    return gan, uniform(4), CLASSES


# outputs ------------------------------------------------------------------------------------


@program
def patch_gan():
    images = keras.Input((8, 8, 1))
    logits = layers.Conv2D(1, 4, 2, "same")(images)
    gan = kg.GAN(
        generator=plain_generator((3,), (8, 8, 1)), discriminator=keras.Model(images, logits)
    )
    return gan, uniform(8, 8, 1), None


@program
def a_logit_for_each_step():
    series = keras.Input((6, 2))
    discriminator = keras.Model(series, layers.Dense(1)(series))
    gan = kg.GAN(generator=plain_generator((3,), (6, 2)), discriminator=discriminator)
    return gan, uniform(6, 2), None


@program
def a_logit_without_an_axis():
    images = keras.Input((4,))
    discriminator = keras.Model(images, keras.ops.sum(layers.Dense(2)(images), axis=-1))
    gan = kg.GAN(generator=plain_generator((3,), (4,)), discriminator=discriminator)
    return gan, uniform(4), None


@program
def auxiliary_classifier():
    return kg.ACGAN(image_shape=(8, 8, 1), latent_dim=3, num_classes=4), uniform(8, 8, 1), CLASSES


@program
def info_gan():
    prior = kg.priors.Codes(categories=(3, 2), continuous=1)
    return kg.InfoGAN(image_shape=(8, 8, 1), latent_dim=9, prior=prior), uniform(8, 8, 1), None


# images as conditions -----------------------------------------------------------------------


@program
def pix2pix():
    gan = kg.Pix2Pix(image_shape=(16, 16, 1), condition_shape=(16, 16, 3))
    return gan, uniform(16, 16, 1), uniform(16, 16, 3)


@program
def super_resolution():
    gan = kg.Pix2Pix(image_shape=(16, 16, 1), condition_shape=(8, 8, 1))
    return gan, uniform(16, 16, 1), uniform(8, 8, 1)


@program
def inpainting_with_noise():
    gan = kg.Pix2Pix(image_shape=(16, 16, 1), condition_shape=(16, 16, 2), latent_dim=3)
    masked = RNG.integers(0, 256, (12, 16, 16, 2), "uint8")
    return gan, uniform(16, 16, 1), masked


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_trains_generates_and_continues(name, tmp_path):
    keras.utils.set_random_seed(0)
    gan, images, labels = PROGRAMS[name]()
    gan.compile()
    epochs = 3 if gan.discriminator_steps > 1 else 1
    history = gan.fit(images, labels, batch_size=6, epochs=epochs, verbose=0).history
    assert all(np.isfinite(values[-1]) for values in history.values())
    generated = gan.generate(4, labels=None if labels is None else labels[:4], seed=0)
    assert generated.shape == (4, *images.shape[1:])
    assert gan.discriminate(images[:3], None if labels is None else labels[:3]).shape[0] == 3
    assert np.isfinite(gan.evaluate(images, labels, batch_size=6, verbose=0)).all()

    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras", safe_mode=False)
    np.testing.assert_array_equal(
        again.generate(4, labels=None if labels is None else labels[:4], seed=0), generated
    )
    for model in (gan, again):
        model.fit(images, labels, batch_size=6, verbose=0, shuffle=False)
    for one, other in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture
def unfiltered_tracebacks():
    """Errors out of a graph with the lines of Keras."""
    before = keras.config.is_traceback_filtering_enabled()
    keras.config.disable_traceback_filtering()
    yield
    if before:
        keras.config.enable_traceback_filtering()


@pytest.mark.stage2
@pytest.mark.parametrize(
    "name", ["voxels_with_dcgan", "patch_gan", "info_gan", "pix2pix", "inputs_by_name"]
)
def test_it_trains_in_a_graph_with_every_kind_of_term(name, unfiltered_tracebacks):
    gan, images, labels = PROGRAMS[name]()
    penalties = [kg.losses.R1(1.0), kg.losses.GradientPenalty()]
    auxiliary = [
        *gan.compile_defaults()["auxiliary_losses"],
        kg.losses.LeCam(),
        kg.losses.LabelNoise(),
    ]
    gan.compile(penalties=penalties, auxiliary_losses=auxiliary, run_eagerly=False)
    dataset = tf.data.Dataset.from_tensor_slices(images if labels is None else (images, labels))
    history = gan.fit(dataset.batch(6), verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert {"penalty", "discriminator_auxiliary_loss", "generator_auxiliary_loss"} <= set(history)


@pytest.mark.parametrize(
    "name",
    [
        "one_hot_labels_in_networks_and_data",
        "inputs_by_name",
        "one_hot_labels_as_the_first_input_told_by_shape",
    ],
)
def test_single_labels_rows_of_the_monitor_and_mixtures(name, tmp_path):
    gan, images, labels = PROGRAMS[name]()
    gan.compile()
    sevens = gan.generate(3, labels=2, seed=0)
    np.testing.assert_array_equal(sevens, gan.generate(labels=[2, 2, 2], seed=0))
    whole = np.eye(4, dtype="float32")[[2, 2, 2]]
    np.testing.assert_array_equal(sevens, gan.generate(labels=whole, seed=0))
    halves = np.full((3, 4), 0.25, "float32")
    assert gan.generate(labels=halves, seed=0).shape == (3, *images.shape[1:])
    nearly = whole * 0.999999 + 2.5e-7
    np.testing.assert_allclose(gan.generate(labels=nearly, seed=0), sevens, atol=1e-4)
    gan.fit(images, labels, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert (tmp_path / "image_at_epoch_0001.png").exists()


@pytest.mark.stage2
@pytest.mark.parametrize(
    "name",
    [
        "sensor_series_with_one_channel",
        "voxels_with_dcgan",
        "pictures_with_transparency",
        "a_table_of_standardised_columns",
        "a_style_and_noise_for_each_layer_by_name",
    ],
)
def test_the_monitor_draws_it(name, tmp_path):
    gan, images, _ = PROGRAMS[name]()
    gan.compile()
    gan.fit(images, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, num_images=4)])
    assert (tmp_path / "image.gif").exists()


def test_what_cannot_be_drawn_trains_without_a_picture(tmp_path):
    gan, images, _ = PROGRAMS["video_of_rank_five"]()
    gan.compile()
    with pytest.warns(UserWarning, match=r"\(2, 3, 4, 4, 1\)"):
        gan.fit(images, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert gan.images_seen == 12
    assert not list(tmp_path.glob("*.png"))


def test_a_table_is_measured():
    gan, table, _ = PROGRAMS["a_table_of_standardised_columns"]()
    metric = kg.metrics.KernelDistance(kg.metrics.RawPixels(), subset_size=6)
    gan.compile(metrics=[metric])
    logs = gan.fit(table, validation_data=(table, None), verbose=0).history
    assert np.isfinite(logs["val_kernel_distance"]).all()
