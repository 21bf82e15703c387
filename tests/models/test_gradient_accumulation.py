"""Keras' `gradient_accumulation_steps` of both optimizers: several batches make one update."""

import keras
import numpy as np
import pytest

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("eagerly")
STEPS = 4  # batches per update
IMAGES = np.random.default_rng(0).uniform(-1, 1, (64, 2)).astype("float32")
LABELS = np.random.default_rng(1).normal(size=(64, 3)).astype("float32")


def nothing(noise):
    """A prior without noise, so that two ways to divide the images have the same latents."""
    return 0.0 * noise


def adams(steps, **arguments):
    steps = None if steps == 1 else steps
    return [
        keras.optimizers.Adam(0.01, 0.5, gradient_accumulation_steps=steps, **arguments)
        for _ in range(2)
    ]


def sgds(steps):
    steps = None if steps == 1 else steps
    return [keras.optimizers.SGD(0.1, gradient_accumulation_steps=steps) for _ in range(2)]


def trained(steps, num_updates, optimizers=adams, **arguments):
    """A conditional GAN after updates on 16 images each, in `steps` batches."""
    keras.utils.set_random_seed(0)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), 4, width=8, condition_dim=3),
        discriminator=kg.networks.mlp_discriminator((2,), width=8, condition_dim=3),
        condition_dim=3,
        prior=nothing,
    )
    gan.compile(*optimizers(steps), **arguments)
    rows = 16 * num_updates
    gan.fit(IMAGES[:rows], LABELS[:rows], batch_size=16 // steps, shuffle=False, verbose=0)
    return gan


def difference(network, other):
    pairs = zip(network.get_weights(), other.get_weights(), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def test_simultaneous_updates_are_those_of_the_joint_batch():
    settings = {"simultaneous": True, "penalties": [kg.losses.R1(1.0)]}
    joint = trained(1, 4, **settings)
    assert difference(joint.generator, trained(1, 1, **settings).generator) > 1e-2
    for eager in (True, False):
        accumulated = trained(STEPS, 4, run_eagerly=eager, **settings)
        assert difference(accumulated.discriminator, joint.discriminator) < 1e-5
        assert difference(accumulated.generator, joint.generator) < 1e-5
        assert accumulated.images_seen == joint.images_seen == 64


def test_in_turns_the_first_update_of_the_discriminator_is_that_of_the_joint_batch():
    # Without Adam, whose first step is the sign of the gradient: it hides the gradient's scale, and
    # blows up the rounding of gradients near zero.
    accumulated, joint = (trained(steps, 1, sgds) for steps in (STEPS, 1))
    assert difference(accumulated.discriminator, joint.discriminator) < 1e-6


def linear_gan(**arguments):
    """G(z) = a z and D(x) = w x, on numbers."""
    networks = [
        keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        for _ in range(2)
    ]
    gan = kg.GAN(generator=networks[0], discriminator=networks[1], seed=3)
    gan.compile(*(keras.optimizers.SGD(rate, **arguments) for rate in (0.5, 0.25)))
    gan.generator.set_weights([np.array([[0.7]])])
    gan.discriminator.set_weights([np.array([[-0.4]])])
    return gan


def weight(network):
    return float(network.get_weights()[0][0, 0])


def test_in_turns_the_generator_learns_from_the_new_discriminator_in_the_last_batch_only():
    gan, noise = linear_gan(gradient_accumulation_steps=2), keras.random.SeedGenerator(3)
    batches = IMAGES[:16].reshape(2, 16, 1)
    latents = [np.asarray(keras.random.normal((16, 1), seed=noise)) for _ in batches]
    for images in batches:
        gan.train_on_batch(images)

    def sigmoid(t):
        return 1 / (1 + np.exp(-t))

    a, w = 0.7, -0.4
    slopes = [
        np.mean(-sigmoid(-w * real) * real) + np.mean(sigmoid(w * a * z) * a * z)
        for real, z in zip(batches, latents, strict=True)
    ]
    new = w - 0.5 * np.mean(slopes)
    assert weight(gan.discriminator) == pytest.approx(new, rel=1e-5)
    slopes = [
        np.mean(-sigmoid(-judge * a * z) * judge * z)
        for judge, z in zip((w, new), latents, strict=True)
    ]
    assert weight(gan.generator) == pytest.approx(a - 0.25 * np.mean(slopes), rel=1e-5)


def test_the_averaged_generator_counts_the_images_of_each_batch(points_gan, points):
    gan = points_gan()
    gan.compile(*adams(STEPS), ema_half_life=100.0)
    average, updates = gan.generator.get_weights(), set()
    for number in range(1, 13):
        gan.train_on_batch(points[:8])
        current = gan.generator.get_weights()
        updates.add(current[0].tobytes())
        kept = 0.5 ** (8 / min(100.0, 0.05 * 8 * number))
        average = [kept * old + (1 - kept) * new for old, new in zip(average, current, strict=True)]
        for ours, expected in zip(gan.ema_generator.get_weights(), average, strict=True):
            np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-6)
    assert len(updates) == 4  # the initial weights, and 12 / STEPS updates


def test_with_several_discriminator_steps_each_player_counts_its_own_turns(points_gan, points):
    gan = points_gan()
    gan.compile(*adams(2), discriminator_steps=3)
    before = gan.generator.get_weights()
    for _ in range(5):
        gan.train_on_batch(points[:8])
    assert difference(gan.generator, gan.ema_generator) == 0.0
    np.testing.assert_array_equal(gan.generator.get_weights()[0], before[0])  # one turn of two
    gan.train_on_batch(points[:8])
    assert np.abs(gan.generator.get_weights()[0] - before[0]).max() > 0
    iterations = [o.iterations for o in (gan.discriminator_optimizer, gan.generator_optimizer)]
    assert [int(number) for number in iterations] == [3, 1]


def test_a_schedule_of_the_learning_rate_counts_batches(points_gan, points):
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([3], [1.0, 0.0])
    gan = points_gan()
    optimizers = [
        keras.optimizers.SGD(schedule, gradient_accumulation_steps=STEPS) for _ in range(2)
    ]
    gan.compile(*optimizers)
    seen = []
    for _ in range(2 * STEPS):
        gan.train_on_batch(points[:8])
        seen.append(gan.generator.get_weights()[0].copy())
    assert np.abs(seen[3] - seen[2]).max() > 0  # batch 3, counted from 0: the rate is still 1
    np.testing.assert_array_equal(seen[7], seen[3])  # batch 7: the rate is 0


def test_a_training_saved_between_two_updates_continues_identically(points_gan, points, tmp_path):
    gan = points_gan(seed=0)
    gan.compile(*adams(STEPS))
    for number in range(6):
        gan.train_on_batch(points[8 * number : 8 * number + 8])
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    for one in (gan, loaded):
        for _ in range(2):
            one.train_on_batch(points[48:56])
    assert difference(gan.generator, loaded.generator) == 0.0
    assert difference(gan.ema_generator, loaded.ema_generator) == 0.0
    assert loaded.generator_optimizer.gradient_accumulation_steps == STEPS


def test_classes_of_an_embedding_are_accumulated(digits):
    embedding = keras.layers.Embedding(4, 3)  # its gradient is sparse
    latents, label = keras.Input((3,)), keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()([latents, embedding(label)])
    x = keras.layers.Dense(64, activation="tanh")(x)
    generator = keras.Model([latents, label], keras.layers.Reshape((8, 8, 1))(x))
    gan = kg.ConditionalGAN(image_shape=(8, 8, 1), generator=generator, num_classes=4)
    gan.compile(*adams(2))
    before = embedding.get_weights()[0].copy()
    gan.fit(digits, np.arange(16) % 2, batch_size=8, shuffle=False, verbose=0)
    change = np.abs(embedding.get_weights()[0] - before).max(axis=1)
    assert np.all(change[:2] > 0)
    assert np.all(change[2:] == 0)
