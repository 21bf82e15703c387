"""The train step, against the algorithm written out with NumPy."""

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans.losses import R1, R2, GradientPenalty, RelativisticPairing

pytestmark = pytest.mark.usefixtures("eagerly")


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def linear_gan(seed=3, **arguments):
    """G(z) = a z and D(x) = w x, on one-dimensional images."""
    z, x = keras.Input((1,)), keras.Input((1,))
    generator = keras.Model(z, keras.layers.Dense(1, use_bias=False)(z))
    discriminator = keras.Model(x, keras.layers.Dense(1, use_bias=False)(x))
    gan = kg.GAN(generator=generator, discriminator=discriminator, seed=seed)
    arguments.setdefault("discriminator_optimizer", keras.optimizers.SGD(0.5))
    arguments.setdefault("generator_optimizer", keras.optimizers.SGD(0.25))
    gan.compile(**arguments)
    generator.set_weights([np.array([[0.7]])])
    discriminator.set_weights([np.array([[-0.4]])])
    return gan


def weight(network):
    return float(network.get_weights()[0][0, 0])


def first_latents(count, seed=3):
    noise = keras.random.SeedGenerator(seed)
    return np.asarray(keras.random.normal((count, 1), seed=noise))


@pytest.mark.parametrize("run_eagerly", [True, False])
def test_one_step_is_the_algorithm(run_eagerly):
    gan = linear_gan(run_eagerly=run_eagerly)
    real, z = np.random.uniform(-1, 1, (8, 1)).astype("float32"), first_latents(8)
    a, w = 0.7, -0.4
    logs = gan.train_on_batch(real, return_dict=True)

    fake = a * z
    real_loss, fake_loss = np.log1p(np.exp(-w * real)), np.log1p(np.exp(w * fake))
    slope = np.mean(-sigmoid(-w * real) * real) + np.mean(sigmoid(w * fake) * fake)
    w_after = w - 0.5 * slope
    assert weight(gan.discriminator) == pytest.approx(w_after, rel=1e-5)
    # The generator plays against the discriminator after its update.
    slope = np.mean(-sigmoid(-w_after * fake) * w_after * z)
    assert weight(gan.generator) == pytest.approx(a - 0.25 * slope, rel=1e-5)

    assert logs["discriminator_loss"] == pytest.approx(np.mean(real_loss + fake_loss), rel=1e-5)
    wanted = np.mean(np.log1p(np.exp(-w_after * fake)))
    assert logs["generator_loss"] == pytest.approx(wanted, rel=1e-5)
    assert logs["real_score"] == pytest.approx(np.mean(sigmoid(w * real)), rel=1e-5)
    assert logs["fake_score"] == pytest.approx(np.mean(sigmoid(w * fake)), rel=1e-5)


def test_the_penalty_joins_the_discriminators_loss():
    gan = linear_gan(penalties=[R1(3.0)])
    plain = linear_gan()
    real = np.random.uniform(-1, 1, (8, 1)).astype("float32")
    logs = gan.train_on_batch(real, return_dict=True)
    plain.train_on_batch(real)
    assert logs["penalty"] == pytest.approx(3.0 / 2 * 0.4**2, rel=1e-5)
    # gamma / 2 * w**2 pulls w by gamma * w times the learning rate.
    difference = weight(gan.discriminator) - weight(plain.discriminator)
    assert difference == pytest.approx(-0.5 * 3.0 * -0.4, rel=1e-4)


def test_regularisers_of_a_users_network_count():
    def build(strength):
        x, z = keras.Input((1,)), keras.Input((1,))
        dense = keras.layers.Dense(
            1, use_bias=False, kernel_regularizer=keras.regularizers.L2(strength)
        )
        generator = keras.Model(z, keras.layers.Dense(1, use_bias=False)(z))
        gan = kg.GAN(generator=generator, discriminator=keras.Model(x, dense(x)), seed=3)
        gan.compile(keras.optimizers.SGD(0.5), keras.optimizers.SGD(0.25))
        gan.generator.set_weights([np.array([[0.7]])])
        gan.discriminator.set_weights([np.array([[-0.4]])])
        gan.train_on_batch(np.ones((4, 1), "float32"))
        return weight(gan.discriminator)

    assert build(0.1) - build(0.0) == pytest.approx(0.5 * 0.2 * 0.4, rel=1e-4)


def test_activity_regularisers_count_in_both_passes():
    real, fake = np.linspace(-1, 1, 8, dtype="float32")[:, None], 0.7 * first_latents(8)

    def build(strength):
        regularizer = keras.regularizers.L2(strength)
        networks = [
            keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, **extra)])
            for extra in ({}, {"activity_regularizer": regularizer})
        ]
        gan = kg.GAN(generator=networks[0], discriminator=networks[1], seed=3)
        gan.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01), run_eagerly=True)
        gan.generator.set_weights([np.array([[0.7]])])
        gan.discriminator.set_weights([np.array([[-0.4]])])
        gan.train_on_batch(real)
        return weight(gan.discriminator)

    # Keras divides by the batch size since version 3.14.
    layer = keras.layers.ActivityRegularization(l2=0.1)
    layer(real)
    parts = float(layer.losses[0]) / (0.1 * np.sum(real**2))
    slope = parts * 0.1 * 2 * -0.4 * (np.sum(real**2) + np.sum(fake**2))
    assert build(0.1) - build(0.0) == pytest.approx(-0.01 * slope, rel=1e-3)


def test_the_averaged_generator_follows_the_formula():
    gan = linear_gan(ema_half_life=100.0)
    average, seen = 0.7, 0
    for _ in range(5):
        gan.train_on_batch(np.random.uniform(-1, 1, (8, 1)).astype("float32"))
        seen += 8
        kept = 0.5 ** (8 / min(100.0, 0.05 * seen))
        average = kept * average + (1 - kept) * weight(gan.generator)
        assert weight(gan.ema_generator) == pytest.approx(average, rel=1e-5)
    assert gan.images_seen == 40


def test_a_half_life_may_follow_a_schedule_and_is_saved(tmp_path):
    schedule = kg.ops.CosineSchedule(0.1, 5.0, num_images=32)
    gan, average = linear_gan(ema_half_life=schedule), 0.7
    for step in range(5):
        if step == 2:
            gan.save(tmp_path / "gan.keras")
            gan = keras.saving.load_model(tmp_path / "gan.keras")
        gan.train_on_batch(np.random.uniform(-1, 1, (8, 1)).astype("float32"))
        half_life = float(schedule(8 * step))  # without the limit of a constant half-life
        kept = 0.5 ** (8 / half_life)
        average = kept * average + (1 - kept) * weight(gan.generator)
        assert weight(gan.ema_generator) == pytest.approx(average, rel=1e-5)


def test_a_long_half_life_averages_more():
    gans = [linear_gan(ema_half_life=half_life, run_eagerly=False) for half_life in (0, 1_000_000)]
    for gan in gans:
        for _ in range(50):
            gan.train_on_batch(np.ones((64, 1), "float32"))
    assert weight(gans[0].ema_generator) == weight(gans[0].generator)
    lag = [abs(weight(gan.generator) - weight(gan.ema_generator)) for gan in gans]
    assert lag[1] > 10 * lag[0] + 1e-4


def test_moving_statistics_move_in_training_and_are_copied_to_the_average(digits):
    gan = kg.DCGAN(
        image_shape=(8, 8, 1),
        discriminator=lambda image_shape: kg.networks.dcgan_discriminator(
            image_shape, width=2, strides=(2, 2), batch_norm=True
        ),
    )
    gan.compile()
    networks = (gan.generator, gan.discriminator)
    before = [network.get_weights() for network in networks]
    gan.fit(digits, verbose=0)
    for network, weights in zip(networks, before, strict=True):
        statistics = [i for i, w in enumerate(network.weights) if "moving" in w.path]
        assert statistics
        assert all(abs(network.get_weights()[i] - weights[i]).max() > 1e-6 for i in statistics)
    ours, theirs = (n.non_trainable_variables for n in (gan.generator, gan.ema_generator))
    copies = [weight for weight in theirs if "moving" in weight.path]
    assert len(copies) == len(ours)
    assert all((a.numpy() == b.numpy()).all() for a, b in zip(ours, copies, strict=True))


@keras.saving.register_keras_serializable(package="tests")
class Counting(keras.layers.Layer):
    """Counts its calls, and how many of them were in training."""

    def build(self, input_shape):
        self.calls, self.training_calls = 0, 0

    def call(self, x, training=None):
        if not isinstance(x, keras.KerasTensor):
            self.calls += 1
            self.training_calls += bool(training)
        return x


def test_one_generator_pass_and_three_discriminator_passes_in_training_mode(points):
    z, x = keras.Input((2,)), keras.Input((2,))
    in_generator, in_discriminator = Counting(), Counting()
    gan = kg.GAN(
        generator=keras.Model(z, keras.layers.Dense(2)(in_generator(z))),
        discriminator=keras.Model(x, keras.layers.Dense(1)(in_discriminator(x))),
    )
    gan.compile(run_eagerly=True)
    in_generator.calls = in_discriminator.calls = 0
    in_generator.training_calls = in_discriminator.training_calls = 0
    gan.train_on_batch(points)
    assert (in_generator.calls, in_generator.training_calls) == (1, 1)
    assert (in_discriminator.calls, in_discriminator.training_calls) == (3, 3)


def test_a_penalty_shares_the_losses_pass(points):
    x = keras.Input((2,))
    counting = Counting()
    discriminator = keras.Model(x, keras.layers.Dense(1)(counting(x)))
    gan = kg.GAN(generator=kg.networks.mlp_generator((2,), 2), discriminator=discriminator)
    for penalties, passes in (([R1(1.0), R2(1.0)], 3), ([GradientPenalty()], 4)):
        gan.compile(run_eagerly=True, penalties=penalties)
        counting.calls = 0
        gan.train_on_batch(points)
        assert counting.calls == passes


def test_a_relativistic_generator_plays_against_the_updated_discriminator():
    gan = linear_gan(loss=RelativisticPairing())
    real, z = np.random.uniform(-1, 1, (8, 1)).astype("float32"), first_latents(8)
    a, w = 0.7, -0.4
    logs = gan.train_on_batch(real, return_dict=True)
    margin = real - a * z
    w_after = w - 0.5 * np.mean(-sigmoid(-w * margin) * margin)
    assert weight(gan.discriminator) == pytest.approx(w_after, rel=1e-5)
    slope = np.mean(sigmoid(w_after * margin) * w_after * -z)
    assert weight(gan.generator) == pytest.approx(a - 0.25 * slope, rel=1e-5)
    wanted = np.mean(np.log1p(np.exp(w_after * margin)))
    assert logs["generator_loss"] == pytest.approx(wanted, rel=1e-5)


def test_with_more_discriminator_steps_the_generator_moves_every_third_batch():
    gan = linear_gan(discriminator_steps=3, ema_half_life=0, run_eagerly=False)
    moved = []
    for _ in range(6):
        before = weight(gan.generator), weight(gan.discriminator)
        gan.train_on_batch(np.random.uniform(-1, 1, (8, 1)).astype("float32"))
        moved.append(weight(gan.generator) != before[0])
        assert weight(gan.discriminator) != before[1]
    assert moved == [False, False, True, False, False, True]
    assert int(gan.generator_optimizer.iterations) == 2
    assert int(gan.discriminator_optimizer.iterations) == 6


def test_each_player_leaves_the_other_alone():
    for optimizers, moves in (((0.1, 0.0), "discriminator"), ((0.0, 0.1), "generator")):
        rates = [keras.optimizers.SGD(rate) for rate in optimizers]
        gan = linear_gan(discriminator_optimizer=rates[0], generator_optimizer=rates[1])
        gan.train_on_batch(np.ones((4, 1), "float32"))
        assert (weight(gan.discriminator) != pytest.approx(-0.4)) == (moves == "discriminator")
        assert (weight(gan.generator) != pytest.approx(0.7)) == (moves == "generator")


def test_the_augmentation_stands_before_the_discriminator_and_passes_gradients():
    def mirror(images):
        return -2.0 * images

    gan = linear_gan(augmentation=mirror)
    mirrored = linear_gan()
    mirrored.discriminator.set_weights([np.array([[0.8]])])
    real = np.random.uniform(-1, 1, (8, 1)).astype("float32")
    a, b = (g.train_on_batch(real, return_dict=True) for g in (gan, mirrored))
    assert a["discriminator_loss"] == pytest.approx(b["discriminator_loss"], rel=1e-5)
    assert weight(gan.generator) != pytest.approx(0.7)


def test_every_step_draws_new_noise(points_gan, points):
    gan = points_gan(seed=1)
    seen = []

    def look(images):
        seen.append(np.asarray(images))
        return images

    gan.compile(
        augmentation=look,
        run_eagerly=True,
        generator_optimizer=keras.optimizers.SGD(0.0),
    )
    seen.clear()  # `compile` tries it
    gan.train_on_batch(points)
    gan.train_on_batch(points)
    (_, fake, _, _, other, _) = seen
    assert abs(fake - other).max() > 1e-3


def test_logs_are_means_over_the_epoch(points_gan, points):
    gan = points_gan(seed=1)
    frozen = [keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0)]
    gan.compile(*frozen, run_eagerly=False)
    batches = []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            batches.append(logs["real_score"])

    history = gan.fit(points, batch_size=16, shuffle=False, verbose=0, callbacks=[Watch()])
    single = [
        float(np.mean(sigmoid(gan.discriminate(points[i : i + 16])))) for i in (0, 16, 32, 48)
    ]
    assert history.history["real_score"][0] == pytest.approx(np.mean(single), rel=1e-4)
    assert abs(single[-1] - np.mean(single)) > 1e-4
    assert batches[-1] == pytest.approx(np.mean(single), rel=1e-4)


def test_each_image_counts_as_much_in_a_smaller_batch(points_gan):
    gan = points_gan(seed=1)
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0), run_eagerly=True)
    points = np.linspace(-1, 1, 34, dtype="float32").reshape(17, 2)
    score = np.mean(sigmoid(gan.discriminate(points)))
    halves = [np.mean(sigmoid(gan.discriminate(part))) for part in (points[:16], points[16:])]
    assert abs(np.mean(halves) - score) > 1e-3
    fitted = gan.fit(points, batch_size=16, shuffle=False, verbose=0).history
    evaluated = gan.evaluate(points, batch_size=16, verbose=0, return_dict=True)
    assert fitted["real_score"][0] == pytest.approx(score, rel=1e-4)
    assert evaluated["real_score"] == pytest.approx(score, rel=1e-4)


def test_log_keys_are_the_trackers_names(points_gan, points):
    gan = points_gan()
    gan.compile()
    keys = {"discriminator_loss", "generator_loss", "real_score", "fake_score"}
    assert set(gan.fit(points, verbose=0).history) == keys
    assert {metric.name for metric in gan.metrics} == keys
    gan.compile(penalties=[R1(1.0)])
    assert set(gan.fit(points, verbose=0).history) == {*keys, "penalty"}


def test_the_step_is_traced_once(points_gan, points):
    gan = points_gan()
    traces = []

    def count(images):
        traces.append(1)
        return images

    gan.compile(augmentation=count, run_eagerly=False)
    traces.clear()  # `compile` tries it
    gan.fit(points, batch_size=24, epochs=3, verbose=0)  # the last batch is smaller
    assert len(traces) == 3  # real, fake, and the generator's turn


@pytest.mark.parametrize(("run_eagerly", "steps_per_execution"), [(True, 4), (False, 1)])
def test_switches_of_fit(points_gan, points, run_eagerly, steps_per_execution):
    gan = points_gan()
    gan.compile(run_eagerly=run_eagerly, steps_per_execution=steps_per_execution)
    history = gan.fit(points, batch_size=16, epochs=2, verbose=0)
    assert gan.images_seen == 128
    assert np.isfinite(history.history["generator_loss"]).all()


def test_seeded_training_is_reproducible(points):
    def train():
        keras.utils.set_random_seed(5)
        gan = kg.GAN(
            generator=kg.networks.mlp_generator((2,), 3, width=8),
            discriminator=kg.networks.mlp_discriminator((2,), width=8),
        )
        gan.compile(run_eagerly=False)
        gan.fit(points, batch_size=16, verbose=0)
        return gan.generate(4, seed=0)

    np.testing.assert_array_equal(train(), train())


@pytest.mark.stage2
def test_a_ring_is_learned():
    angles = np.random.default_rng(0).uniform(0, 2 * np.pi, 4096)
    ring = np.stack([np.cos(angles), np.sin(angles)], 1).astype("float32")
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), latent_dim=8, width=64),
        discriminator=kg.networks.mlp_discriminator((2,), width=64),
    )
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        penalties=[R1(0.1)],
        run_eagerly=False,
    )
    gan.fit(ring, batch_size=128, epochs=25, verbose=0)
    made = gan.generate(1000, seed=0)
    radius = np.linalg.norm(made, axis=1)
    assert abs(np.median(radius) - 1) < 0.1
    quadrants = np.bincount((made[:, 0] > 0) * 2 + (made[:, 1] > 0), minlength=4) / 1000
    assert quadrants.min() > 0.1


def test_an_epoch_without_a_turn_of_the_generator_has_no_loss_of_it(points_gan, points):
    gan = points_gan()
    gan.compile(discriminator_steps=5, run_eagerly=True)
    guard, monitor = kg.callbacks.NaNGuard(max_rollbacks=0), kg.callbacks.HealthMonitor()
    logs = gan.fit(points, epochs=3, verbose=0, callbacks=[guard, monitor]).history
    assert np.isnan(logs["generator_loss"]).tolist() == [True, True, False]  # two batches an epoch
    assert np.isfinite(logs["discriminator_loss"]).all()
    assert not [message for message in monitor.messages if "NaN" in message]


@pytest.mark.filterwarnings("error:__array__ implementation")
def test_nothing_of_ours_is_deprecated(points_gan, points):
    gan = points_gan()
    gan.compile(run_eagerly=True)
    gan.fit(points, verbose=0, callbacks=[kg.callbacks.HealthMonitor(), kg.callbacks.NaNGuard()])
    gan.optimizer.learning_rate = 1e-3
    gan.evaluate(points, verbose=0)
    gan.set_state(gan.get_state())
