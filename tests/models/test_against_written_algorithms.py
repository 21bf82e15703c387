"""One step against the algorithms of books and tutorials, written out from their description."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("eagerly")

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


def check(of_ours, losses, generator, discriminator, factor):
    """`factor`: how many times the program's discriminator loss ours is."""
    logs, generator_weights, discriminator_weights = of_ours
    whole = logs["discriminator_loss"] + logs.get("penalty", 0)
    whole += logs.get("discriminator_auxiliary_loss", 0)
    assert whole == pytest.approx(factor * float(losses[0]), abs=1e-6)
    assert logs["generator_loss"] == pytest.approx(float(losses[1]), abs=1e-6)
    np.testing.assert_allclose(generator_weights, flat(generator), atol=1e-6)
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

    check(ours(RATE / 2), *in_turns(of_both, of_fakes), factor=2)


@pytest.mark.parametrize("simultaneous", [True, False])
def test_tensorflow_tutorial(simultaneous):
    """TensorFlow's DCGAN tutorial: the sum of both halves, and both players at once."""

    def of_both(discriminator, real, fake):
        of_real = cross_entropy(tf.ones((6, 1)), discriminator(real))
        return of_real + cross_entropy(tf.zeros((6, 1)), discriminator(fake))

    result = ours(simultaneous=simultaneous)
    if simultaneous:
        check(result, *at_once(of_both, of_fakes), factor=1)
    else:
        with pytest.raises(AssertionError):
            check(result, *at_once(of_both, of_fakes), factor=1)


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

    result = ours(RATE / 2, simultaneous=True, auxiliary_losses=[Known(0.1, -0.1)])
    check(result, *at_once(of_both, of_fakes), factor=2)


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

    result = ours(loss=kg.losses.Wasserstein(), penalties=[Halfway(10.0)])
    check(result, *in_turns(of_critic, of_generator), factor=1)


@pytest.fixture
def float64():
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
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
