import functools
import subprocess
import sys

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import drift_apart

import keras_gans as kg
from keras_gans import networks

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture(scope="module")
def gan():
    keras.utils.set_random_seed(0)
    return kg.DCGAN(
        image_shape=(12, 9, 3),
        latent_dim=5,
        generator=functools.partial(networks.dcgan_generator, width=4),
        discriminator=functools.partial(networks.dcgan_discriminator, width=4),
    )


@pytest.fixture(scope="module")
def class_gan():
    return kg.ConditionalGAN(image_shape=(8, 8, 1), latent_dim=5, num_classes=3)


@pytest.fixture(scope="module")
def float_gan():
    return kg.ConditionalGAN(
        image_shape=(2,),
        condition_dim=2,
        generator=networks.mlp_generator,
        discriminator=networks.mlp_discriminator,
    )


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 9), st.integers(0, 2**32))
def test_the_first_of_many_are_those_of_the_same_seed(gan, few, more, batch_size, seed):
    all_of_them = gan.generate(few + more, seed=seed, batch_size=batch_size)
    np.testing.assert_allclose(gan.generate(few, seed=seed), all_of_them[:few], atol=1e-5)


def test_parts_of_the_latents_of_a_seed_are_the_images_of_one_call(class_gan):
    latents, labels = class_gan.sample_latents(10, seed=0), np.arange(10) % 3
    parts = [
        class_gan.generate(latents=latents[rows], labels=labels[rows], dtype="uint8")
        for rows in (slice(0, 4), slice(4, 10))
    ]
    whole = class_gan.generate(10, seed=0, batch_size=3, dtype="uint8").astype(int)
    assert abs(np.concatenate(parts) - whole).max() <= 1  # of 255, by rounding
    other = class_gan.generate(10, seed=1, dtype="uint8").astype(int)
    assert abs(other - whole).max() > 1


def test_images_are_float32_in_the_range(gan):
    images = gan.generate(3)
    assert isinstance(images, np.ndarray)
    assert images.dtype == np.float32
    assert images.shape == (3, 12, 9, 3)
    assert abs(images).max() <= 1


def test_without_a_seed_the_noise_is_fresh(gan):
    assert abs(gan.generate(2) - gan.generate(2)).max() > 1e-4


def test_latents_decide(gan):
    latents = np.random.normal(size=(4, 5))
    np.testing.assert_array_equal(gan.generate(latents=latents), gan.generate(latents=latents))
    np.testing.assert_allclose(gan.generate(latents=latents), gan(latents), atol=1e-6)
    np.testing.assert_allclose(
        gan.generate(latents=latents), gan.predict(latents, verbose=0), atol=1e-5
    )


def test_images_are_those_of_the_averaged_generator(points_gan, points):
    gan = points_gan()
    drift_apart(gan, points)
    latents = gan.sample_latents(4, seed=0)
    images = gan.generate(latents=latents)
    assert np.abs(images - gan.generator(latents)).max() > 1e-3
    np.testing.assert_array_equal(images, gan.generate(4, seed=0))
    for other in (gan, gan.ema_generator, gan.ema_generator.as_network()):
        np.testing.assert_allclose(images, other(latents), atol=1e-6)
    np.testing.assert_allclose(images, gan.predict(latents, verbose=0), atol=1e-5)


@pytest.mark.stage2
def test_a_saved_average_is_loaded_where_only_keras_is_imported(points_gan, points, tmp_path):
    gan = points_gan()
    drift_apart(gan, points)
    gan.ema_generator.save(tmp_path / "generator.keras")
    np.save(tmp_path / "latents.npy", gan.sample_latents(4, seed=0))
    code = (
        "import sys, keras, numpy as np; network = keras.saving.load_model('generator.keras');"
        "np.save('images.npy', network(np.load('latents.npy')));"
        "assert 'keras_gans' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    images = np.load(tmp_path / "images.npy")
    np.testing.assert_allclose(images, gan.generate(4, seed=0), atol=1e-6)
    assert np.abs(images - gan.generator(gan.sample_latents(4, seed=0))).max() > 1e-3


def test_generating_does_not_advance_training(points_gan, points):
    def train(peek):
        keras.utils.set_random_seed(1)
        gan = points_gan(seed=1)
        gan.generator.set_weights([w * 0 + 0.1 for w in gan.generator.get_weights()])
        gan.discriminator.set_weights([w * 0 + 0.1 for w in gan.discriminator.get_weights()])
        gan.compile()
        for _ in range(3):
            gan.train_on_batch(points)
            if peek:
                gan.generate(8)
                gan.evaluate(points, verbose=0)
        return gan.generator.get_weights()

    for a, b in zip(train(False), train(True), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_class_model_cycles_through_its_classes(class_gan):
    latents = np.random.normal(size=(4, 5)).astype("float32")
    cycled = class_gan.generate(latents=latents)
    asked = class_gan.generate(latents=latents, labels=[0, 1, 2, 0])
    np.testing.assert_array_equal(cycled, asked)


def test_one_label_for_all(class_gan, float_gan):
    one = class_gan.generate(3, labels=2, seed=0)
    np.testing.assert_array_equal(one, class_gan.generate(labels=[2, 2, 2], seed=0))
    one = float_gan.generate(3, labels=[0.5, -1], seed=0)
    np.testing.assert_array_equal(one, float_gan.generate(labels=[[0.5, -1]] * 3, seed=0))


BAD = [
    ("gan", {}, "none of them"),
    ("gan", {"num_images": 0}, "num_images=0"),
    ("gan", {"num_images": 3, "latents": np.zeros((2, 5))}, "num_images: 3, latents: 2"),
    ("gan", {"latents": np.zeros((2, 4))}, r"shape=\(2, 4\)"),
    ("gan", {"latents": np.zeros((2, 5)), "seed": 1}, "seed=1"),
    ("gan", {"num_images": 2, "labels": [0, 1]}, "does not accept labels"),
    ("class_gan", {"labels": [0, 3]}, "labels from 0 to 3"),
    ("class_gan", {"labels": [0.0, 1.5]}, "up to 0.5"),
    ("class_gan", {"num_images": 3, "labels": [0, 1]}, "num_images: 3, labels: 2"),
    ("float_gan", {"num_images": 2}, "conditions needs labels"),
    ("float_gan", {"labels": [[1.0, 2.0, 3.0]]}, r"\(N, 2\)"),
]


@pytest.mark.parametrize(("model", "arguments", "message"), BAD)
def test_wrong_requests(model, arguments, message, request):
    with pytest.raises(ValueError, match=message) as error:
        request.getfixturevalue(model).generate(**arguments)
    assert "Received" in str(error.value)


def test_discriminate_gives_the_discriminators_logits(gan):
    images = gan.generate(5, seed=0)
    logits = gan.discriminate(images)
    assert logits.shape == (5, 1)
    np.testing.assert_allclose(logits, gan.discriminator(images, training=False), atol=1e-6)


def test_discriminate_with_labels(class_gan):
    images = class_gan.generate(4, seed=0)
    a, b = (class_gan.discriminate(images, np.full(4, label)) for label in (0, 1))
    assert abs(a - b).max() > 1e-7
    with pytest.raises(ValueError, match="images alone"):
        class_gan.discriminate(images)


def test_evaluation_is_repeatable_and_by_hand(points_gan, points):
    gan = points_gan()
    gan.compile()
    gan.fit(points, verbose=0)
    first = gan.evaluate(points, batch_size=16, verbose=0, return_dict=True)
    assert first == gan.evaluate(points, batch_size=16, verbose=0, return_dict=True)
    assert set(first) == {"discriminator_loss", "generator_loss", "real_score", "fake_score"}
    real = 1 / (1 + np.exp(-gan.discriminate(points)))
    assert first["real_score"] == pytest.approx(real.mean(), rel=1e-4)


def test_validation_data(points_gan, points):
    gan = points_gan()
    gan.compile()
    history = gan.fit(points, validation_data=points, epochs=2, verbose=0).history
    assert len(history["val_discriminator_loss"]) == 2
    assert "val_fake_score" in history


def test_summary_shows_both_networks(gan):
    lines = []
    gan.summary(print_fn=lambda text, **_: lines.append(text))
    text = "\n".join(lines)
    assert '"generator"' in text
    assert '"discriminator"' in text
    for network in (gan.generator, gan.discriminator):
        trainable = sum(np.prod(v.shape) for v in network.trainable_variables)
        assert f"Trainable params: {int(trainable):,}" in text


def test_value_range_is_read_off_the_generator():
    def with_activation(activation, **arguments):
        generator = functools.partial(networks.mlp_generator, activation=activation, width=4)
        discriminator = functools.partial(networks.mlp_discriminator, width=4)
        return kg.GAN((2,), generator=generator, discriminator=discriminator, **arguments)

    assert with_activation("sigmoid").value_range == (0.0, 1.0)
    assert with_activation("tanh").value_range == (-1.0, 1.0)
    assert with_activation("linear").value_range == (-1.0, 1.0)
    assert with_activation("linear", value_range=(-4, 4)).value_range == (-4.0, 4.0)


def test_the_default_generator_follows_the_range():
    images = kg.DCGAN(image_shape=(8, 8, 1), value_range=(0, 1)).generate(4)
    assert 0 <= images.min() <= images.max() <= 1


def test_shapes_are_read_off_built_networks():
    gan = kg.DCGAN(generator=networks.dcgan_generator((8, 12, 3), latent_dim=7))
    assert (gan.image_shape, gan.latent_dim) == ((8, 12, 3), 7)
    gan = kg.DCGAN(discriminator=networks.dcgan_discriminator((8, 12, 3)))
    assert (gan.image_shape, gan.latent_dim) == ((8, 12, 3), 16)


@pytest.mark.parametrize("value_range", [(-1, 1), (0, 1)])
def test_uint8_images_are_the_floats_from_0_to_255(value_range):
    gan = kg.DCGAN(image_shape=(8, 8, 3), latent_dim=5, value_range=value_range)
    images = gan.generate(5, seed=0, batch_size=2, dtype="uint8")
    assert images.dtype == np.uint8
    low, high = value_range
    unit = (gan.generate(5, seed=0) - low) / (high - low)
    np.testing.assert_allclose(images, unit * 255, atol=0.51)
    assert images.std() > 1
    assert gan.generate(1, dtype="float32").dtype == np.float32


@pytest.mark.parametrize(
    ("shape", "arguments", "message"),
    [
        ((2,), {}, r"image_shape=\(2,\)"),
        ((8, 8, 1), {"value_range": (-np.inf, np.inf)}, "inf"),
    ],
)
def test_samples_without_pixels_are_not_uint8(shape, arguments, message):
    networks_ = {"generator": networks.mlp_generator, "discriminator": networks.mlp_discriminator}
    if arguments:
        networks_["generator"] = functools.partial(networks.mlp_generator, activation="linear")
    gan = kg.GAN(shape, 3, **networks_, **arguments)
    with pytest.raises(ValueError, match=message) as error:
        gan.generate(2, dtype="uint8")
    assert "Received" in str(error.value)


def test_other_dtypes_are_refused(gan):
    with pytest.raises(ValueError, match=r"'float32' or 'uint8'.* dtype='int8'"):
        gan.generate(2, dtype="int8")


def test_classes_have_names():
    gan = kg.ConditionalGAN(image_shape=(8, 8, 1), latent_dim=5, num_classes=3)
    assert gan.class_names is None
    with pytest.raises(ValueError, match="labels='heavy', and class_names=None"):
        gan.generate(2, labels="heavy")
    gan.class_names = ("light", "middle", "heavy")
    assert gan.class_names == ["light", "middle", "heavy"]
    one = gan.generate(2, labels="heavy", seed=0)
    np.testing.assert_array_equal(one, gan.generate(labels=[2, 2], seed=0))
    several = gan.generate(labels=np.array(["heavy", "light"]), seed=0)
    np.testing.assert_array_equal(several, gan.generate(labels=[2, 0], seed=0))
    with pytest.raises(ValueError, match=r"'havy'.* names are light, middle, heavy"):
        gan.generate(labels=["light", "havy"])


def test_any_line_of_text_is_a_name(class_gan):
    names = ["cat, big", "<b>1</b> $x_1$", "\U0001f431\u200d\U0001f464 " + "x" * 200]
    class_gan.class_names = names
    expected = class_gan.generate(labels=[2, 0, 1], seed=0)
    received = class_gan.generate(labels=[names[2], names[0], names[1]], seed=0)
    np.testing.assert_array_equal(received, expected)
    class_gan.class_names = ["ch\u00eane", "e\u0301rable", "h\u00eatre"]
    assert class_gan.class_names[1] == "\u00e9rable"
    for names in (["che\u0302ne", "\u00e9rable"], ["ch\u00eane", "e\u0301rable"]):
        received = class_gan.generate(labels=names, seed=0)
        np.testing.assert_array_equal(received, class_gan.generate(labels=[0, 1], seed=0))
    one = class_gan.generate(2, labels="he\u0302tre", seed=0)
    np.testing.assert_array_equal(one, class_gan.generate(labels=[2, 2], seed=0))
    for labels in ([""], ["\n"], ""):
        with pytest.raises(ValueError, match=r"Received: labels='.*'\. The names are ch.ne, "):
            class_gan.generate(labels=labels)
    class_gan.class_names = None


@pytest.mark.parametrize(
    "names",
    [
        *(["a", "b"], ["a", "b", "b"], ["a", "b", 3], "abc", ["", "b", "c"]),
        *(["a\nb", "b", "c"], ["a", "b\0", "c"], ["a", "b", "c\udce9"], ["\u00e9", "e\u0301", "c"]),
    ],
)
def test_wrong_names_of_classes(class_gan, names):
    with pytest.raises(ValueError, match=r"3 different strings.* class_names="):
        class_gan.class_names = names


def test_of_many_names_twenty_are_listed():
    networks_ = {"generator": networks.mlp_generator, "discriminator": networks.mlp_discriminator}
    gan = kg.GAN((2,), 2, num_classes=21, **networks_)
    gan.class_names = [f"n{number}" for number in range(21)]
    with pytest.raises(ValueError, match=r"labels='a'\. The names are n0, .*, n19, \.\.\.\.$"):
        gan.generate(labels=["a"])


def test_a_model_without_classes_has_no_names(gan):
    with pytest.raises(ValueError, match="None for a model without classes"):
        gan.class_names = ["a"]
    with pytest.raises(ValueError, match="Received: labels='a'"):
        gan.generate(2, labels="a")
