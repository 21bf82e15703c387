"""What people really write, and the repair that they are told."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from small_networks import SMALL

import keras_gans as kg
from keras_gans import networks

pytestmark = pytest.mark.usefixtures("quickly")

IMAGES = np.random.default_rng(0).uniform(-1, 1, (12, 8, 8, 1)).astype("float32")


def gan(**settings):
    model = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=3, **SMALL)
    model.compile(**settings)
    return model


def color_gan():
    model = kg.DCGAN(image_shape=(8, 8, 3), latent_dim=3, **SMALL)
    model.compile()
    return model


def discriminator(end, shape=(4,)):
    images = keras.Input(shape)
    return keras.Model(images, end(images))


def points_gan(**arguments):
    return kg.GAN(
        **{
            "generator": networks.mlp_generator((4,), 3, width=4),
            "discriminator": networks.mlp_discriminator((4,), width=4),
            **arguments,
        }
    )


def pix2pix_outputs():
    images = keras.Input((4,))
    return keras.Model(images, [layers.Dense(1)(images), layers.Dense(11)(images)])


def legacy_network():
    return type("Sequential", (), {"__module__": "tf_keras.src.engine.sequential"})()


def same_shapes(first="a", second="b"):
    """A generator with two inputs that could both be the labels."""
    inputs = keras.Input((3,), name=first), keras.Input((3,), name=second)
    return keras.Model(inputs, layers.Dense(4)(layers.Add()(inputs)))


def named_inputs():
    """A generator whose latents have the shape that its labels should have."""
    inputs = keras.Input((3,), name="latents"), keras.Input((2,), name="labels")
    return keras.Model(inputs, layers.Dense(4)(layers.Concatenate()(inputs)))


def keras_io_discriminator():
    """Of keras.io's conditional GAN: it sees the image and ten planes of the label."""
    return networks.dcgan_discriminator((28, 28, 11))


# Each: what is called, and a part of the error that names the repair.
MESSAGES = {
    "compile(c_optimizer=)": (lambda: gan(c_optimizer="adam"), "Use `discriminator_optimizer`"),
    "compile(d_optimizer=)": (lambda: gan(d_optimizer="adam"), "Use `discriminator_optimizer`"),
    "compile(g_loss_fn=)": (lambda: gan(g_loss_fn=abs), "Use `loss`"),
    "compile(gp_weight=)": (lambda: gan(gp_weight=10), "Use `penalties`"),
    "compile(lambda_gp=)": (lambda: gan(lambda_gp=10), "Use `penalties`"),
    "compile(latent_dim=)": (lambda: gan(latent_dim=3), "Pass `latent_dim` to the constructor"),
    "compile(epochs=)": (lambda: gan(epochs=3), "Pass `epochs` to `fit`"),
    "compile(batch_size=)": (lambda: gan(batch_size=3), "Pass `batch_size` to `fit`"),
    "compile(simultanous=)": (lambda: gan(simultanous=True), "Use `simultaneous`"),
    "DCGAN(critic=)": (lambda: kg.DCGAN((8, 8, 1), critic=None), "Use `discriminator`"),
    "DCGAN(gp_weight=)": (
        lambda: kg.DCGAN((8, 8, 1), gp_weight=10),
        "Pass `penalties` to `compile`",
    ),
    "DCGAN(noise_dim=)": (lambda: kg.DCGAN((8, 8, 1), noise_dim=9), "Use `latent_dim`"),
    "DCGAN(z_dim=)": (lambda: kg.DCGAN((8, 8, 1), z_dim=9), "Use `latent_dim`"),
    "WGANGP(discriminator_extra_steps=)": (
        lambda: kg.WGANGP((8, 8, 1), discriminator_extra_steps=3),
        "Pass `discriminator_steps` to `compile`",
    ),
    "fit(loss=)": (lambda: gan().fit(IMAGES, loss="hinge"), "Pass `loss` to `compile`"),
    "fit(penalties=)": (lambda: gan().fit(IMAGES, penalties=[]), "Pass `penalties` to `compile`"),
    "fit(epoch=)": (lambda: gan().fit(IMAGES, epoch=3), "Use `epochs`"),
    "networks exchanged": (
        lambda: kg.GAN(
            generator=networks.mlp_discriminator((4,), width=4),
            discriminator=networks.mlp_generator((4,), 1, width=4),
        ),
        "seem to be swapped",
    ),
    "networks by position": (
        lambda: kg.GAN(networks.mlp_generator((4,), 3), networks.mlp_discriminator((4,))),
        "by keyword: generator=",
    ),
    "an unbatched dataset": (
        lambda: gan().fit(tf.data.Dataset.from_tensor_slices(IMAGES)),
        r"dataset.batch\(64\)",
    ),
    "gray images without channel": (
        lambda: gan().fit(tf.data.Dataset.from_tensor_slices(IMAGES[..., 0]).batch(4)),
        r"dataset.map\(lambda images: images\[..., None\]\)",
    ),
    "gray images, channels first": (
        lambda: gan().fit(np.moveaxis(IMAGES, -1, 1)),
        r"np.moveaxis\(images, 1, -1\)",
    ),
    "color images, channels first": (
        lambda: color_gan().fit(np.zeros((4, 3, 8, 8), "uint8")),
        r"tf.transpose\(images, \(0, 2, 3, 1\)\)",
    ),
    "int64 images without channel": (
        lambda: gan().fit(np.zeros((4, 8, 8), "int64")),
        r"images\[..., None\]",
    ),
    "a dict without images": (
        lambda: gan().fit(tf.data.Dataset.from_tensor_slices({"audio": IMAGES}).batch(4)),
        r'keys "image".*Received: audio',
    ),
    "a discriminator of two outputs": (
        lambda: points_gan(discriminator=pix2pix_outputs()),
        r'Return a dict: keras.Model\(images, \{"logits"',
    ),
    "classes and logit in one vector": (
        lambda: points_gan(discriminator=discriminator(layers.Dense(11))),
        r'\{"logits": ..., "classes": ...\}',
    ),
    "a generator of two outputs": (
        lambda: points_gan(
            generator=keras.Model(x := keras.Input((3,)), [layers.Dense(4)(x), layers.Dense(4)(x)])
        ),
        "one output, the images",
    ),
    "keras.io's conditional discriminator": (
        lambda: kg.DCGAN((28, 28, 1), discriminator=keras_io_discriminator()),
        "ConditionalGAN.*LabelPlanes",
    ),
    "a conditional generator without num_classes": (
        lambda: kg.DCGAN(generator=networks.dcgan_generator((8, 8, 1), 3, num_classes=4)),
        r"ConditionalGAN\(num_classes=",
    ),
    "a discriminator without labels": (
        lambda: kg.ConditionalGAN(
            (4,),
            3,
            num_classes=4,
            generator=networks.mlp_generator,
            discriminator=networks.mlp_discriminator((4,)),
        ),
        "Add an input for the labels",
    ),
    "labels that could be either input": (
        lambda: points_gan(generator=same_shapes(), condition_dim=3),
        r'name="latents"\) and keras.Input\(..., name="labels"\), in this order',
    ),
    "labels of another size": (
        lambda: points_gan(generator=named_inputs(), condition_dim=3),
        r"must have the shape \(3,\) per image",
    ),
    "a prior that is a class": (
        lambda: points_gan(prior=kg.priors.Uniform),
        r"keras_gans.priors.Uniform\(\)",
    ),
    "condition_dim=(5, 12)": (
        lambda: kg.ConditionalGAN((8, 8, 1), condition_dim=(5, 12)),
        "use `condition_shape`",
    ),
    "Pix2Pix without condition_shape": (lambda: kg.Pix2Pix((8, 8, 1)), "Pass condition_shape="),
    "ACGAN without num_classes": (lambda: kg.ACGAN((8, 8, 1)), "Pass num_classes=10"),
    "DCGAN with condition_shape": (
        lambda: kg.DCGAN((8, 8, 1), condition_shape=(8, 8, 1)),
        "Pix2Pix",
    ),
    "InfoGAN with another prior": (
        lambda: kg.InfoGAN((8, 8, 1), prior=kg.priors.Uniform()),
        "Pass keras_gans.priors.Codes",
    ),
    "softmax over one number": (
        lambda: points_gan(
            discriminator=discriminator(layers.Dense(1, activation="softmax"))
        ).compile(),
        r"always 1.*End it with Dense\(1\)",
    ),
    "tanh under a loss on probabilities": (
        lambda: points_gan(discriminator=discriminator(layers.Dense(1, activation="tanh"))).compile(
            loss=keras.losses.BinaryCrossentropy()
        ),
        "from_logits=True",
    ),
    "a generator of 0 to 255": (
        lambda: fitted(points_gan(generator=pixels_generator())),
        "set `value_range` to its output range",
    ),
    "a network of tf_keras": (
        lambda: points_gan(generator=legacy_network()),
        "unset TF_USE_LEGACY_KERAS",
    ),
    "a factory that returns nothing": (
        lambda: points_gan(image_shape=(4,), generator=lambda **sizes: None),
        "must return a keras.Model",
    ),
    "latents of another structure": (
        lambda: points_gan().generate(latents=np.zeros((2, 4))),
        r"gan.sample_latents\(16\)",
    ),
}


def pixels_generator():
    """It ends in a sigmoid whose values are then rescaled to 0 to 255."""
    latents = keras.Input((3,))
    return keras.Model(latents, layers.Rescaling(255.0)(layers.Dense(4, "sigmoid")(latents)))


def fitted(model):
    model.compile()
    model.fit(IMAGES.reshape(-1, 4)[:12], batch_size=6, verbose=0)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_error_names_the_repair(name):
    call, repair = MESSAGES[name]
    with pytest.raises((ValueError, TypeError), match=repair) as error:
        call()
    message = str(error.value)
    expected, received = message.split("Received", maxsplit=1)
    assert len(expected) > 20, message
    assert ". " in received, message


@pytest.mark.parametrize("end", ["tanh", "relu", "leaky_relu"])
def test_a_limited_end_under_a_cross_entropy_is_a_warning(end):
    model = points_gan(discriminator=discriminator(layers.Dense(1, activation=end)))
    with pytest.warns(UserWarning, match=rf"ends in {end}.*End it with Dense\(1\)"):
        model.compile()
    model.compile(loss=kg.losses.Wasserstein())  # has no such reading


def test_an_own_loss_on_probabilities():
    class OnProbabilities(kg.losses.AdversarialLoss):
        from_logits = False
        threshold = 0.5

        def discriminator_loss(self, real_logits, fake_logits):
            return keras.ops.mean(fake_logits) - keras.ops.mean(real_logits)

        def generator_loss(self, real_logits, fake_logits):
            return -keras.ops.mean(fake_logits)

    model = points_gan(discriminator=discriminator(layers.Dense(1, activation="sigmoid")))
    model.compile(loss=OnProbabilities())
    model.fit(IMAGES.reshape(-1, 4)[:12], verbose=0)
    with pytest.raises(ValueError, match="from_logits=True"):
        points_gan().compile(loss=OnProbabilities())


@pytest.mark.stage2
@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_another_backend_is_an_error_before_keras_is_imported(backend):
    run = subprocess.run(
        [sys.executable, "-c", "import keras_gans"],
        env=os.environ | {"KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Set KERAS_BACKEND=tensorflow before importing keras." in run.stderr
