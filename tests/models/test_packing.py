"""PacGAN: a discriminator that judges several images together."""

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans.layers import Pack

pytestmark = pytest.mark.usefixtures("eagerly")


def test_packs_are_neighbors_in_the_batch_side_by_side_in_the_channels():
    x = np.random.default_rng(0).normal(size=(6, 4, 5, 2)).astype("f4")
    y = np.asarray(Pack(3)(x))
    for pack in range(2):
        for image in range(3):
            np.testing.assert_array_equal(
                y[pack, ..., 2 * image : 2 * image + 2], x[3 * pack + image]
            )
    points = np.arange(8.0).reshape(4, 2)
    np.testing.assert_array_equal(Pack(2)(points), points.reshape(2, 4))
    filled = np.asarray(Pack(4)(x))
    np.testing.assert_array_equal(filled[1], np.concatenate([x[4], x[5], x[0], x[0]], axis=-1))


def packing_discriminator():
    discriminator = kg.networks.dcgan_discriminator((8, 8, 3), width=4, dropout=0.0)
    return keras.Sequential([keras.Input((8, 8, 1)), Pack(3), discriminator])


def test_packing_is_a_layer_of_the_discriminator(tmp_path):
    gan = kg.DCGAN(latent_dim=3, discriminator=packing_discriminator(), seed=0)
    gan.compile(penalties=[kg.losses.R1(1.0)])
    data = np.random.default_rng(0).integers(0, 256, (24, 8, 8, 1), "uint8")
    gan.fit(data[:12], batch_size=6, verbose=0)
    assert gan.discriminate(data[:6]).shape == (2, 1)
    assert gan.discriminate(np.concatenate([data] * 6)).shape == (48, 1)  # more than a batch
    assert gan.images_seen == 12
    history = gan.fit(data[:7], batch_size=6, verbose=0).history  # the last batch has one image
    assert np.isfinite(list(history.values())).all()
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(again.discriminate(data[:6]), gan.discriminate(data[:6]))
    for model in (gan, again):
        model.fit(data[:12], batch_size=6, verbose=0, shuffle=False)
    for a, b in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_adaptive_augmentation_counts_images_and_not_packs():
    gan = kg.DCGAN(latent_dim=3, discriminator=packing_discriminator(), seed=0)
    augmentation = kg.augmentation.AdaptiveAugment(target=-0.9, ramp=100, seed=0)
    gan.compile(augmentation=augmentation)
    data = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), "uint8")
    gan.fit(data, batch_size=6, verbose=0)
    assert float(augmentation.strength) == pytest.approx(12 / 100)


def test_packs_inside_another_model_and_large_packs():
    inner = keras.Sequential([keras.Input((2,)), kg.layers.Pack(200), keras.layers.Dense(1)])
    judge = keras.Sequential([keras.Input((2,)), inner])
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "tanh")])
    gan = kg.GAN(generator=generator, discriminator=judge)
    points = np.random.default_rng(0).uniform(-1, 1, (600, 2)).astype("float32")
    assert gan.discriminate(points).shape == (3, 1)
    np.testing.assert_allclose(gan.discriminate(points), judge(points), atol=1e-5)


@pytest.mark.parametrize("channels", [3, 11])
def test_packing_is_never_guessed(channels):
    discriminator = kg.networks.dcgan_discriminator((8, 8, channels), width=4)
    with pytest.raises(ValueError, match=rf"LabelPlanes.*Pack\({channels}\)"):
        kg.DCGAN(image_shape=(8, 8, 1), discriminator=discriminator)


def test_channels_that_are_no_multiple_are_an_error():
    with pytest.raises(ValueError, match="must make the images that the discriminator takes"):
        kg.GAN(
            generator=kg.networks.mlp_generator((2,), 2),
            discriminator=kg.networks.mlp_discriminator((5,)),
        )
