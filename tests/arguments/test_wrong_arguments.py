"""Wrong arguments that the walk does not meet, because the fault lies in files or in data."""

import contextlib
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from walk import has_three_parts

import keras_gans as kg
from keras_gans import networks

pytestmark = pytest.mark.usefixtures("eagerly")

POINTS = np.linspace(-1, 1, 32, dtype="float32").reshape(16, 2)
ENDLESS = tf.data.Dataset.from_tensor_slices(POINTS).batch(4).repeat()


def conditional_gan(**labels):
    gan = kg.ConditionalGAN(
        image_shape=(2,),
        latent_dim=3,
        generator=functools.partial(networks.mlp_generator, width=4),
        discriminator=functools.partial(networks.mlp_discriminator, width=4),
        **labels,
    )
    gan.compile()
    return gan


@contextlib.contextmanager
def refused(match, kind=ValueError):
    """Expects an error in three parts."""
    with pytest.raises(kind, match=match) as error:
        yield error
    assert has_three_parts(str(error.value)), str(error.value)


def test_the_shape_of_an_image_is_one_tuple():
    with refused("image_shape=", TypeError):
        kg.DCGAN(28, 28, 1)


def test_a_distance_without_its_extractor():
    with refused("extractor=None", TypeError):
        kg.metrics.FrechetDistance()


def test_labels_for_a_model_without_labels(points_gan):
    for labels in (1, [1, 2]):
        with refused("Use a ConditionalGAN, or omit them"):
            points_gan().generate(4, labels=labels)


def test_numpy_integers_are_integers(points):
    gan = kg.DCGAN(image_shape=np.array([8, 8, 1]), latent_dim=np.int64(3), seed=np.uint8(1))
    gan.compile(discriminator_steps=np.int64(2), ema_half_life=np.float32(10.0))
    assert gan.image_shape == (8, 8, 1)
    assert [type(number) for number in (gan.latent_dim, gan.seed, gan.discriminator_steps)] == [
        int
    ] * 3
    gan.fit(np.zeros((8, 8, 8, 1), "uint8"), batch_size=np.int32(4), epochs=np.int64(1), verbose=0)
    assert gan.generate(np.int64(2), seed=np.int64(0)).shape == (2, 8, 8, 1)


@pytest.mark.parametrize(
    ("images", "repair"),
    [
        (np.array([np.zeros(2), np.zeros(3)], dtype=object), r"np\.stack"),
        (np.ma.masked_array(POINTS, POINTS > 0), r"array\.filled"),
        (POINTS.astype("longdouble"), r"astype\(\"float32\"\)"),
        (POINTS + 0j, r"astype\(\"float32\"\)"),
    ],
    ids=["objects", "masked", "float128", "complex"],
)
def test_arrays_that_are_not_plain(points_gan, images, repair):
    gan = points_gan()
    gan.compile()
    for use in (functools.partial(gan.fit, verbose=0), gan.discriminate):
        with refused(repair):
            use(images)
    with refused(repair):
        kg.datasets.from_arrays(images, batch_size=2)


def test_datasets_without_an_end(points_gan):
    gan = points_gan()
    gan.compile(metrics=[kg.metrics.FrechetDistance(kg.metrics.RawPixels())])
    with refused("steps_per_epoch=100"):
        gan.fit(ENDLESS)
    with refused("validation_steps=100"):
        gan.fit(POINTS, validation_data=ENDLESS)
    with refused("steps=100"):
        gan.evaluate(ENDLESS)
    with refused("a finite dataset"):
        kg.callbacks.SampleEvaluator(ENDLESS)
    gan.fit(ENDLESS, steps_per_epoch=1, verbose=0)
    assert gan.images_seen == 4


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("as_dataset", [False, True])
def test_conditions_that_are_not_finite(bad, as_dataset):
    conditions = np.zeros((16, 3), "float32")
    conditions[5, 1] = bad
    data = (POINTS, conditions)
    if as_dataset:
        data = (tf.data.Dataset.from_tensor_slices(data).batch(16),)
    with refused("NaN or infinity"):
        conditional_gan(condition_dim=3).fit(*data, verbose=0)


def test_networks_of_fewer_classes():
    labels, latents = keras.Input((), dtype="int32"), keras.Input((3,))
    x = keras.layers.Concatenate()([latents, keras.layers.Embedding(3, 2)(labels)])
    of_three = keras.Model([latents, labels], keras.layers.Dense(2, "tanh")(x))
    with refused("Embedding for 3 classes"):
        kg.ConditionalGAN(
            generator=of_three,
            discriminator=functools.partial(networks.mlp_discriminator, width=4),
            num_classes=4,
        )


@pytest.mark.parametrize("labels", [[3, 0], [-1, 0]])
def test_layers_know_their_classes(labels):
    labels, maps = np.array(labels), np.zeros((2, 4, 4, 2), "float32")
    with refused(r"\[0, 3\)"):
        kg.layers.LabelEmbedding(2, num_classes=3)(labels)
    with refused(r"\[0, 3\)"):
        kg.layers.LabelPlanes(3)([maps, labels])
    with refused(r"\[0, 3\)"):
        kg.layers.ConditionalBatchNormalization(3)([maps, labels])


def test_captions_are_no_formulas(tmp_path):
    images = np.zeros((2, 8, 8, 1))
    figures = [
        kg.drawing.plot_images(images, captions=["$_$", "$"], title="$\\wrong$"),
        kg.drawing.plot_series(images[..., 0], captions=["$_$", "$"], title="$_$"),
        kg.drawing.plot_points(POINTS, title="$_$"),
        kg.drawing.plot_columns(POINTS, title="$_$"),
        kg.drawing.plot_histograms([1.0, 2.0], label="$_$", title="$_$"),
        kg.drawing.plot_learning_curves({"$_$": [1.0]}),
    ]
    for figure in figures:
        figure.savefig(tmp_path / "figure.png")


def test_real_images_of_a_report_lie_in_the_range(points_gan, points, tmp_path):
    pytest.importorskip("plotly")
    gan = points_gan()
    gan.compile()
    report = kg.callbacks.TrainingReport(tmp_path / "a.html", real_images=points * 9)
    with refused("value range"):
        gan.fit(points, verbose=0, callbacks=[report])


@pytest.mark.parametrize("folder", ["~/nowhere", "/nowhere/" + "a" * 300, "a\0b"])
def test_folders_of_data(folder):
    for load in (kg.datasets.mnist, kg.datasets.quick_draw):
        with refused("data_dir"):
            load(4, data_dir=folder)


def test_the_home_folder_in_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_GANS_DATA", "~/sets")
    (tmp_path / "sets").mkdir()
    np.save(tmp_path / "sets" / "sheep.npy", np.zeros((20, 784), "uint8"))
    assert len(kg.datasets.quick_draw(6)) == 3
