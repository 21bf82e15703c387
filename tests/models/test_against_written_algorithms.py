"""One step against the algorithms of books and tutorials, written out from their description."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans as kg

pytestmark = [pytest.mark.usefixtures("eagerly"), pytest.mark.stage2]

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(-1, 1, (6, 8, 8, 1)).astype("float32")
LATENTS = RNG.standard_normal((6, 5)).astype("float32")
RATE = 0.1
cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)


def networks():
    keras.utils.set_random_seed(0)
    generator = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Dense(2 * 2 * 3),
            layers.LeakyReLU(0.2),
            layers.Reshape((2, 2, 3)),
            layers.Conv2DTranspose(1, 4, 4, activation="tanh"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 4, 2, "same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    return generator, discriminator


def ours(discriminator_rate=RATE, **settings):
    """Losses and weights after one step of the library, on the given latents."""
    generator, discriminator = networks()
    gan = kg.GAN(generator=generator, discriminator=discriminator, prior=lambda noise: LATENTS)
    sgd = [keras.optimizers.SGD(rate) for rate in (discriminator_rate, RATE)]
    gan.compile(*sgd, **settings)
    logs = {
        name: values[0]
        for name, values in gan.fit(IMAGES, batch_size=6, shuffle=False, verbose=0).history.items()
    }
    return logs, flat(generator), flat(discriminator)


def flat(network):
    return np.concatenate([weight.numpy().ravel() for weight in network.trainable_variables])


def descend(network, gradients):
    for variable, gradient in zip(network.trainable_variables, gradients, strict=True):
        variable.assign_sub(RATE * gradient)


def check(settings, program, factor, rate=RATE):
    """`factor`: how many times the program's discriminator loss ours is.

    With `simultaneous` flipped, the generator must differ, or the test would prove no order.
    """
    losses, generator, discriminator = program
    logs, generator_weights, discriminator_weights = ours(rate, **settings)
    whole = logs["discriminator_loss"] + logs.get("penalty", 0)
    whole += logs.get("discriminator_auxiliary_loss", 0)
    assert whole == pytest.approx(factor * float(losses[0]), abs=1e-6)
    assert logs["generator_loss"] == pytest.approx(float(losses[1]), abs=1e-6)
    np.testing.assert_allclose(generator_weights, flat(generator), atol=1e-6)
    np.testing.assert_allclose(discriminator_weights, flat(discriminator), atol=1e-6)

    flipped = {**settings, "simultaneous": not settings.get("simultaneous", False)}
    logs, generator_weights, discriminator_weights = ours(rate, **flipped)
    assert abs(logs["generator_loss"] - float(losses[1])) > 1e-3
    assert np.abs(generator_weights - flat(generator)).max() > 1e-5
    np.testing.assert_allclose(discriminator_weights, flat(discriminator), atol=1e-6)


def in_turns(discriminator_loss, generator_loss):
    """The discriminator moves first, and the generator learns from the moved one."""
    generator, discriminator = networks()
    fake = generator(LATENTS)
    with tf.GradientTape() as tape:
        loss = discriminator_loss(discriminator, IMAGES, fake)
    descend(discriminator, tape.gradient(loss, discriminator.trainable_variables))
    with tf.GradientTape() as tape:
        other = generator_loss(discriminator, generator(LATENTS))
    descend(generator, tape.gradient(other, generator.trainable_variables))
    return (loss, other), generator, discriminator


def at_once(discriminator_loss, generator_loss):
    """Both gradients are computed before either network moves."""
    generator, discriminator = networks()
    with tf.GradientTape(persistent=True) as tape:
        fake = generator(LATENTS)
        loss = discriminator_loss(discriminator, IMAGES, fake)
        other = generator_loss(discriminator, fake)
    gradients = [
        tape.gradient(value, network.trainable_variables)
        for value, network in ((loss, discriminator), (other, generator))
    ]
    descend(discriminator, gradients[0])
    descend(generator, gradients[1])
    return (loss, other), generator, discriminator


def of_fakes(discriminator, fake):
    return cross_entropy(tf.ones((6, 1)), discriminator(fake))


def test_geron_mlp_gan():
    """Aurélien Géron: one batch of fakes and reals together, so the mean of both halves."""

    def of_both(discriminator, real, fake):
        targets = np.repeat([0.0, 1.0], 6)[:, None]
        return cross_entropy(targets, discriminator(tf.concat([fake, real], axis=0)))

    check({}, in_turns(of_both, of_fakes), factor=2, rate=RATE / 2)


def test_tensorflow_tutorial():
    """TensorFlow's DCGAN tutorial: the sum of both halves, and both players at once."""

    def of_both(discriminator, real, fake):
        of_real = cross_entropy(tf.ones((6, 1)), discriminator(real))
        return of_real + cross_entropy(tf.zeros((6, 1)), discriminator(fake))

    check({"simultaneous": True}, at_once(of_both, of_fakes), factor=1)


class Known(kg.losses.LabelNoise):
    """Label noise whose random numbers are all 0.5."""

    def discriminator_loss(self, turn):
        real, fake = (keras.ops.mean(x) for x in (turn.real_logits, turn.fake_logits))
        return -0.5 * (self.real * real + self.fake * fake)


def test_foster_dcgan():
    """David Foster: noisy targets, the mean of both halves, and both players at once."""

    def of_both(discriminator, real, fake):
        of_real = cross_entropy(tf.fill((6, 1), 1 + 0.1 * 0.5), discriminator(real))
        return (of_real + cross_entropy(tf.fill((6, 1), -0.1 * 0.5), discriminator(fake))) / 2

    settings = {"simultaneous": True, "auxiliary_losses": [Known(0.1, -0.1)]}
    check(settings, at_once(of_both, of_fakes), factor=2, rate=RATE / 2)


def test_the_generators_loss_is_that_of_a_discriminator_at_rest():
    """With a rate of 0 for the discriminator, turns and simultaneous updates are the same."""
    turns, at_rest = ours(0.0), ours(0.0, simultaneous=True)
    assert turns[0] == at_rest[0]
    np.testing.assert_array_equal(turns[1], at_rest[1])


class Halfway(kg.losses.GradientPenalty):
    def points(self, critic, real_images, fake_images):
        return (real_images + fake_images) / 2


def test_foster_wgan_gp():
    """David Foster: one critic step, and the points of the penalty half-way."""

    def of_critic(critic, real, fake):
        points = (real + fake) / 2
        with tf.GradientTape() as tape:
            tape.watch(points)
            total = critic(points)
        slopes = tf.sqrt(tf.reduce_sum(tape.gradient(total, points) ** 2, axis=[1, 2, 3]))
        distance = tf.reduce_mean(critic(fake)) - tf.reduce_mean(critic(real))
        return distance + 10.0 * tf.reduce_mean((slopes - 1) ** 2)

    def of_generator(critic, fake):
        return -tf.reduce_mean(critic(fake))

    settings = {"loss": kg.losses.Wasserstein(), "penalties": [Halfway(10.0)]}
    check(settings, in_turns(of_critic, of_generator), factor=1)


@pytest.fixture
def float64():
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")  # Keras keeps the policy of the first layer
    yield
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(policy)


@pytest.mark.parametrize("model", [kg.DCGAN, kg.WGANGP, kg.R3GAN, kg.ACGAN, kg.ConditionalGAN])
def test_a_step_in_float64(model, float64):
    labels = np.arange(6) % 3
    classes = {} if model in (kg.DCGAN, kg.WGANGP, kg.R3GAN) else {"num_classes": 3}
    gan = model(image_shape=(8, 8, 1), latent_dim=3, **classes)
    augmentation = kg.augmentation.DiffAugment(["translation", "cutout", "color"])
    gan.compile(discriminator_steps=1, augmentation=augmentation)
    logs = gan.fit(IMAGES, labels, batch_size=6, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    asked = {"labels": labels} if classes else {"num_images": 6}
    assert gan.generate(**asked).dtype == np.float64
    assert {weight.dtype for weight in gan.trainable_variables} == {"float64"}


def judge_with_layers():
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            kg.layers.SpectralNormalization(layers.Conv2D(4, 3, 2, "same")),
            kg.layers.SelfAttention(),
            kg.layers.MinibatchStandardDeviation(),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


PARTS = {
    "adaptive": lambda: {"augmentation": kg.augmentation.AdaptiveAugment()},
    "scheduled": lambda: {
        "augmentation": kg.augmentation.ScheduledAugment(kg.ops.CosineSchedule(0.5, 0.0, 100))
    },
    "lecam": lambda: {"auxiliary_losses": [kg.losses.LeCam()]},
    "label_noise": lambda: {"auxiliary_losses": [kg.losses.LabelNoise()]},
    "r1": lambda: {"penalties": [kg.losses.R1(kg.ops.CosineSchedule(1.0, 0.1, 100))]},
}


@pytest.mark.parametrize("part", PARTS)
def test_parts_in_float64(part, float64):
    judge = None if part == "r1" else judge_with_layers()  # a penalty refuses layers that mix
    gan = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=3, discriminator=judge)
    gan.compile(**PARTS[part]())
    logs = gan.fit(IMAGES, batch_size=3, verbose=0).history
    assert np.isfinite(list(logs.values())).all()


def test_layers_are_exact_in_float64(float64):
    """Not to the 7 digits of float32, to which both could compute silently."""
    images = np.random.default_rng(0).standard_normal((4, 3, 3, 2))
    plane = kg.layers.MinibatchStandardDeviation()(images).numpy()[..., -1]
    np.testing.assert_allclose(plane, np.sqrt(images.var(axis=0) + 1e-8).mean(), rtol=1e-13)

    layer = kg.layers.SpectralNormalization(layers.Dense(3, use_bias=False))
    layer(images[:, 0, 0])
    for _ in range(200):
        layer.iterate(layer.layer.kernel)
    kernel = layer(np.eye(2)).numpy()  # of the normalized layer
    assert np.linalg.norm(kernel, 2) == pytest.approx(1.0, abs=1e-11)
