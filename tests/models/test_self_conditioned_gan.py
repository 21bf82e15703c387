"""Clusters of the data as classes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from small_networks import SMALL

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture
def images():
    """Bright and dark 8x8 images, three to one, uint8."""
    levels = np.tile([200, 200, 40, 200], 50)[:, None, None, None]
    noise = np.random.default_rng(0).integers(-40, 40, (200, 8, 8, 1))
    return (levels + noise).astype("uint8")


def make(num_classes=2, **networks):
    networks = networks or SMALL
    gan = kg.SelfConditionedGAN((8, 8, 1), 4, num_classes=num_classes, seed=0, **networks)
    gan.compile()
    return gan


def test_fit_finds_the_clusters_and_their_shares(images):
    gan = make(generator=None, discriminator=None)  # the default ones
    gan.fit(images, batch_size=100, verbose=0)
    np.testing.assert_allclose(gan.clusters.shares, [0.75, 0.25], atol=1e-6)
    np.testing.assert_array_equal(gan.clusters(images[:4] / 127.5 - 1), [0, 0, 1, 0])


def batches(images):
    return tf.data.Dataset.from_tensor_slices(images).batch(50)


class Batches(keras.utils.PyDataset):
    def __init__(self, images):
        super().__init__()
        self.images = images

    def __len__(self):
        return 4

    def __getitem__(self, number):
        return (self.images[50 * number : 50 * number + 50],)


FORMS = {
    "a dataset": batches,
    "a dataset with labels": lambda images: batches(images).map(lambda x: (x, x[:, 0, 0, 0])),
    "a dataset of dicts": lambda images: batches(images).map(lambda x: {"image": x}),
    "floats": lambda images: batches((images / 127.5 - 1).astype("float32")),
    "an endless dataset": lambda images: batches(images).repeat(),
    "a PyDataset": Batches,
    "a generator": lambda images: (batch for batch in np.split(images, 4)),
}


@pytest.mark.parametrize("form", FORMS)
def test_data_of_any_form_give_the_same_clusters(images, form):
    one, other = make(), make()
    one.clusters.adapt(images / 127.5 - 1)
    other.fit(FORMS[form](images), steps_per_epoch=4, shuffle=False, verbose=0)
    assert other.images_seen == 200  # a generator loses no batch
    np.testing.assert_allclose(other.clusters.shares, [0.75, 0.25], atol=0.01)
    np.testing.assert_array_equal(
        one.clusters(images / 127.5 - 1), other.clusters(images / 127.5 - 1)
    )


def test_both_networks_are_told_the_cluster_of_the_real_image(images):
    """The model trains as a conditional one does on the clusters as labels."""
    gan = make()
    gan.clusters.adapt(images / 127.5 - 1)
    keras.utils.set_random_seed(3)
    labels = np.asarray(gan.clusters(images / 127.5 - 1))
    given = kg.ConditionalGAN((8, 8, 1), 4, num_classes=2, seed=0, **SMALL)
    given.compile()
    for network in ("generator", "discriminator", "ema_generator"):
        getattr(given, network).set_weights(getattr(gan, network).get_weights())
    for model, data in ((gan, images), (given, (images, labels))):
        keras.utils.set_random_seed(4)
        model.fit(*((data,) if model is gan else data), batch_size=100, epochs=2, verbose=0)
    np.testing.assert_array_equal(
        gan.generate(labels=[0, 1], seed=0), given.generate(labels=[0, 1], seed=0)
    )
    np.testing.assert_array_equal(gan.discriminate(images), given.discriminate(images, labels))
    own, others = gan.evaluate(images, verbose=0), given.evaluate(images, labels, verbose=0)
    np.testing.assert_array_equal(own, others)


def test_generate_draws_clusters_by_their_shares(images):
    gan = make()
    gan.fit(images, batch_size=100, verbose=0)
    drawn = gan.clusters.sample(60, seed=5)
    np.testing.assert_array_equal(gan.generate(60, seed=5), gan.generate(labels=drawn, seed=5))
    np.testing.assert_allclose(gan.generate(8, seed=5), gan.generate(60, seed=5)[:8], atol=1e-5)
    latents = gan.sample_latents(6, seed=1)
    np.testing.assert_array_equal(gan.generate(latents=latents), gan.generate(latents=latents))


def test_an_empty_cluster_is_an_error(images):
    gan = make(num_classes=40)
    gan.fit(images, batch_size=100, verbose=0)
    assert gan.clusters.num_found <= 4
    with pytest.raises(ValueError, match="clusters that contain images"):
        gan.generate(labels=[39])


def test_it_is_saved_and_continues_bit_for_bit(images, tmp_path):
    gan = make(num_classes=kg.layers.KMeans(3, num_components=5, seed=2))
    gan.fit(images, batch_size=100, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.clusters.num_components == 5
    for model in (gan, loaded):
        keras.utils.set_random_seed(1)
        model.fit(images, batch_size=100, epochs=2, initial_epoch=1, verbose=0)
    for one, other in zip(gan.get_state(), loaded.get_state(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert "num_clusters" in str(gan.settings)


def test_clusters_that_are_known_stay(images):
    gan = make()
    gan.clusters.adapt(images[:100] / 127.5 - 1)
    before = gan.clusters.centers.numpy()
    gan.fit(images, batch_size=100, verbose=0)
    np.testing.assert_array_equal(gan.clusters.centers, before)


def test_any_recipe_can_have_clusters(images):
    for recipe in (kg.WGANGP, kg.R3GAN, kg.ACGAN, kg.DCGAN):
        gan = recipe((8, 8, 1), 4, num_classes=kg.layers.KMeans(2))
        gan.compile()
        gan.fit(images[:112], batch_size=112, verbose=0)
        assert gan.generate(3, seed=0).shape == (3, 8, 8, 1)


@pytest.mark.parametrize("shape", [(2,), (16, 2), (4, 4, 4, 1)])
def test_samples_of_any_rank(shape):
    networks = SMALL if len(shape) == 1 else {}  # convolutions of one and three axes
    gan = kg.SelfConditionedGAN(shape, 3, num_classes=2, **networks)
    gan.compile(penalties=[kg.losses.R1(0.1)])
    samples = np.random.default_rng(0).uniform(-1, 1, (112, *shape)).astype("float32")
    gan.fit(samples, batch_size=112, verbose=0)
    assert gan.clusters.num_found == 2


def test_callbacks_show_a_mix(images, tmp_path):
    """The monitor draws what `generate` draws from a seed: clusters by their shares."""
    gan = make()
    monitor = kg.ImageMonitor(tmp_path, num_images=16, seed=5)
    logs = gan.fit(
        images, batch_size=100, verbose=0, callbacks=[monitor, kg.callbacks.HealthMonitor()]
    )
    expected = kg.drawing.plot_images(gan.generate(16, seed=5), title="Epoch 1")
    expected.savefig(tmp_path / "expected.png")
    names = ("image_at_epoch_0001.png", "expected.png")
    drawn, wanted = (Image.open(tmp_path / name) for name in names)
    np.testing.assert_array_equal(np.asarray(drawn), np.asarray(wanted))
    assert 0 <= logs.history["near_equal_pairs"][0] <= 1


@pytest.mark.parametrize("call", ["train_on_batch", "evaluate", "discriminate"])
def test_what_needs_clusters_says_so(images, call):
    with pytest.raises(ValueError, match="has not been adapted"):
        getattr(make(), call)(images[:8])


def test_messages(images):
    with pytest.raises(ValueError, match="must know its kind of labels"):
        kg.SelfConditionedGAN((8, 8, 1), condition_dim=2)
    with pytest.raises(ValueError, match="num_clusters=0"):
        kg.SelfConditionedGAN((8, 8, 1), num_classes=0)
    layer = kg.layers.KMeans(2)
    layer.adapt(images)
    with pytest.raises(ValueError, match="64 numbers per image"):
        kg.SelfConditionedGAN((16, 16, 1), num_classes=layer)
    judge = kg.metrics.DomainClassifier((16, 16, 1), num_classes=2)
    gan = kg.SelfConditionedGAN((16, 16, 1), num_classes=2)
    with pytest.raises(ValueError, match="requested classes"):
        gan.compile(metrics=[kg.metrics.LabelAccuracy(judge)])
