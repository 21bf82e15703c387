"""Five prepared failures and one good run."""

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans.callbacks import HealthMonitor

pytestmark = pytest.mark.usefixtures("eagerly")


@pytest.fixture(scope="module")
def ring():
    """4,096 points around eight places on a circle."""
    rng = np.random.default_rng(0)
    angles = rng.integers(0, 8, 4096) * np.pi / 4
    centers = 0.7 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (centers + 0.03 * rng.standard_normal((4096, 2))).astype("float32")


def make(generator=None, discriminator=None):
    return kg.GAN(
        generator=generator or kg.networks.mlp_generator((2,), 4, width=32),
        discriminator=discriminator or kg.networks.mlp_discriminator((2,), width=32),
        seed=0,
    )


def watch(gan, points, epochs=3, batch_size=128, **settings):
    monitor = HealthMonitor(patience=2)
    gan.compile(**settings)
    history = gan.fit(points, batch_size=batch_size, epochs=epochs, callbacks=[monitor], verbose=0)
    return monitor.messages, history.history


def put_far_away(gan):
    """Far away from all real points."""
    last = gan.generator.layers[-2]
    last.bias.assign(last.bias + 3.0)
    gan.ema_generator.set_weights(gan.generator.get_weights())


def test_a_good_run_is_passed_over_in_silence(ring, capsys):
    adam = keras.optimizers.Adam
    messages, logs = watch(
        make(),
        ring,
        epochs=15,
        discriminator_optimizer=adam(2e-3, 0.5),
        generator_optimizer=adam(2e-3, 0.5),
        run_eagerly=False,
        penalties=[kg.losses.R1(0.1)],
    )
    assert messages == []
    assert capsys.readouterr().out == ""
    for name in ("real_accuracy", "fake_accuracy", "near_equal_pairs"):
        assert all(0 <= value <= 1 for value in logs[name])
    assert min(logs["images_per_second"]) > 0
    assert min(logs["discriminator_gradient_norm"] + logs["generator_gradient_norm"]) > 0


def test_a_dead_discriminator(ring):
    def relu_discriminator():
        dead = keras.initializers.Constant(-100.0)
        return keras.Sequential(
            [
                keras.Input((2,)),
                keras.layers.Dense(16, activation="relu", bias_initializer=dead),
                keras.layers.Dense(1),
            ]
        )

    (message,), logs = watch(make(discriminator=relu_discriminator()), ring[:256])
    assert message.startswith("epoch 2, for 2 epochs: the discriminator is dead")
    assert "(real 0.5" in message
    assert logs["generator_gradient_norm"][-1] == 0.0


def test_a_collapsed_generator(ring):
    latents = keras.Input((4,))
    x = keras.layers.Rescaling(0.0)(latents)  # nothing of the noise comes through
    collapsed = keras.Model(latents, keras.layers.Dense(2)(keras.layers.Dense(16, "relu")(x)))
    (message,), logs = watch(make(generator=collapsed), ring, batch_size=2048)
    assert "the generator has collapsed: 100% of the pairs" in message
    assert logs["near_equal_pairs"] == [1.0] * 3


def test_a_collapse_within_each_class():
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()(
        [keras.layers.Rescaling(0.0)(latents), keras.layers.Embedding(10, 4)(labels)]
    )
    x = keras.layers.Dense(64, kernel_initializer="orthogonal", activation="tanh")(x)
    generator = keras.Model([latents, labels], keras.layers.Reshape((8, 8, 1))(x))
    gan = kg.GAN(
        generator=generator,
        discriminator=kg.networks.dcgan_discriminator((8, 8, 1), width=2, num_classes=10),
        num_classes=10,
    )
    gan.compile(generator_optimizer=keras.optimizers.Adam(1e-2))
    monitor = HealthMonitor(patience=1)
    images = np.random.default_rng(0).uniform(-1, 1, (2048, 8, 8, 1)).astype("float32")
    gan.fit(images, np.arange(2048) % 10, batch_size=2048, callbacks=[monitor], verbose=0)
    assert "the generator has collapsed: 100%" in monitor.messages[0]


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_frozen_player(ring, player):
    settings = {f"{player}_optimizer": keras.optimizers.SGD(0.0)}
    (message,), _ = watch(make(), ring[:256], **settings)
    assert f"the {player} is frozen: its weights do not change (learning rate 0" in message


def test_exploding_gradients(ring):
    messages, _ = watch(
        make(),
        ring[:1024],
        epochs=2,
        discriminator_optimizer=keras.optimizers.Adam(1.0),
        generator_optimizer=keras.optimizers.Adam(1.0),
    )
    assert messages[0].startswith("epoch 1: ")
    assert "explodes" in messages[0]


def test_nan(ring):
    def poison(critic, real_images, fake_images):
        spoilt = keras.ops.where(critic.images_seen > 0, np.nan, 1.0)
        return keras.ops.mean(critic(real_images)) * spoilt

    (message,), _ = watch(make(), ring[:384], penalties=[poison])
    assert message.startswith("epoch 1: NaN or infinite: discriminator_loss, generator_loss, pen")


def test_a_discriminator_that_wins(ring):
    settings = {
        "generator_optimizer": keras.optimizers.SGD(1e-4),
        "discriminator_optimizer": keras.optimizers.Adam(2e-2),
    }
    gan = make()
    put_far_away(gan)
    (message,), _ = watch(gan, ring[:1024], epochs=4, **settings)
    assert "the discriminator wins: real 1.00, fake 0.00" in message
    assert "R1" in message


def test_it_is_said_again_only_after_it_was_gone(ring):
    gan = make()
    gan.compile(generator_optimizer=keras.optimizers.SGD(0.0))

    def rate(epoch):
        gan.generator_optimizer.learning_rate = 0.0 if epoch not in (3, 4) else 1e-3

    monitor = HealthMonitor(patience=1)
    schedule = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: rate(epoch))
    gan.fit(ring[:256], batch_size=256, epochs=8, callbacks=[schedule, monitor], verbose=0)
    assert [message.split(":")[0] for message in monitor.messages] == [
        "epoch 1",
        "epoch 6",
    ]


def test_the_gradient_norm_is_that_of_the_loss():
    """One step of SGD at rate 1 moves the weights by the gradient, that of penalties included."""
    gan = make()
    gan.compile(
        discriminator_optimizer=keras.optimizers.SGD(1.0),
        generator_optimizer=keras.optimizers.SGD(1.0),
        penalties=[kg.losses.R1(1.0)],
    )
    players = (gan.discriminator, gan.generator)
    before = [[weight.numpy() for weight in player.trainable_variables] for player in players]
    points = np.random.default_rng(0).uniform(-1, 1, (32, 2)).astype("float32")
    logs = gan.fit(points, batch_size=32, callbacks=[HealthMonitor()], verbose=0).history
    for player, old in zip(players, before, strict=True):
        pairs = zip(old, player.trainable_variables, strict=True)
        moved = np.sqrt(sum(np.sum((a - b.numpy()) ** 2) for a, b in pairs))
        assert logs[f"{player.name}_gradient_norm"][0] == pytest.approx(moved, rel=1e-3)


def test_usual_logs_come_back_afterwards(ring):
    gan = make()
    watch(gan, ring[:256], epochs=1, run_eagerly=False)
    logs = gan.fit(ring[:256], batch_size=128, verbose=0).history
    assert set(logs) == {"discriminator_loss", "generator_loss", "real_score", "fake_score"}


def test_a_failure_behind_a_flickering_one_is_said(ring):
    """The discriminator always wins; every other epoch, the graver collapse stands before it."""
    gan, monitor = make(), HealthMonitor(patience=3)
    put_far_away(gan)

    def collapse(epoch):
        if epoch % 2 == 0:
            for weight in gan.ema_generator.weights:  # until the next step copies the generator
                weight.assign(weight * 0)

    flicker = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: collapse(epoch))
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(1e-4),
        discriminator_optimizer=keras.optimizers.Adam(1e-1),
        ema_half_life=0,
        run_eagerly=False,
    )
    history = gan.fit(ring, batch_size=256, epochs=12, callbacks=[flicker, monitor], verbose=0)
    assert history.history["near_equal_pairs"][::2] == [1.0] * 6
    (message,) = monitor.messages
    assert message.startswith("epoch 4, for 3 epochs: the discriminator wins")


def test_infinite_metrics_are_no_divergence(ring):
    class Modes(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            logs["val_mode_kl"] = np.inf

    gan, monitor = make(), HealthMonitor(patience=1)
    gan.compile()
    gan.fit(ring[:256], batch_size=256, callbacks=[Modes(), monitor], verbose=0)
    assert monitor.messages == []


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras
def test_an_epoch_without_data_is_no_failure(ring):
    gan, monitor = make(), HealthMonitor(patience=1)
    gan.compile()
    batches = (ring[:256] for _ in range(4))
    call = {"steps_per_epoch": 2, "epochs": 3, "shuffle": False}
    history = gan.fit(batches, **call, callbacks=[monitor], verbose=0)
    assert history.history["images_per_second"][-1] == 0
    assert monitor.messages == []


def test_a_generator_that_has_no_turn_is_not_frozen(ring):
    gan, monitor = make(), HealthMonitor(patience=1)
    gan.compile(discriminator_steps=5)
    gan.fit(ring[:512], batch_size=256, epochs=6, callbacks=[monitor], verbose=0)
    assert monitor.messages == []


def test_a_skipped_step_of_a_scaled_loss_is_no_alarm(ring):
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        gan = make()
        scaled = keras.optimizers.LossScaleOptimizer
        monitor = HealthMonitor(patience=1)
        gan.compile(
            discriminator_optimizer=scaled(keras.optimizers.Adam(2e-4), initial_scale=2.0**19),
            generator_optimizer=scaled(keras.optimizers.Adam(2e-4), initial_scale=2.0**19),
            run_eagerly=False,
        )
        guard = kg.callbacks.NaNGuard(max_rollbacks=0)
        gan.fit(ring, batch_size=128, epochs=2, callbacks=[monitor, guard], verbose=0)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert monitor.messages == []


def test_after_an_error_the_next_training_logs_as_usual(ring):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            raise RuntimeError

    gan = make()
    gan.compile()
    with pytest.raises(RuntimeError):
        gan.fit(ring[:256], callbacks=[HealthMonitor(), Stop()], verbose=0)
    assert "real_accuracy" not in gan.fit(ring[:256], verbose=0).history


def test_samples_of_an_infinite_range_and_images_as_conditions_are_watched():
    rng = np.random.default_rng(0)
    table = kg.GAN(
        generator=kg.networks.mlp_generator((3,), 2, width=4, activation="linear"),
        discriminator=kg.networks.mlp_discriminator((3,), width=4),
        value_range=(-np.inf, np.inf),
    )
    pairs = kg.Pix2Pix(image_shape=(16, 16, 1), condition_shape=(16, 16, 2))
    images, conditions = (rng.uniform(-1, 1, (2, 16, 16, channels)) for channels in (1, 2))
    for gan, data in ((table, (rng.normal(size=(8, 3)),)), (pairs, (images, conditions))):
        gan.compile(run_eagerly=True)
        logs = gan.fit(*data, verbose=0, callbacks=[kg.callbacks.HealthMonitor()]).history
        assert 0 <= logs["near_equal_pairs"][0] <= 1


@pytest.mark.parametrize("value_range", [(-1, 1), (-np.inf, np.inf)])
def test_one_far_image_is_no_collapse(value_range, ring):
    gan = kg.GAN(
        generator=keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]),
        discriminator=kg.networks.mlp_discriminator((2,), width=8),
        value_range=value_range,
    )
    generate = gan.generate

    def with_one_far(*args, **kwargs):
        images = generate(*args, **kwargs)
        images[0] = 1e9
        return images

    gan.compile(run_eagerly=True)
    gan.fit(ring[:64], verbose=0)
    gan.generate = with_one_far
    logs = gan.fit(ring[:64], callbacks=[HealthMonitor()], verbose=0).history
    assert logs["near_equal_pairs"][0] < 0.1


@pytest.mark.parametrize(("shape", "bound"), [((2, 2, 1), 0.02), ((4,), 0.01)])
def test_images_look_the_same_below_two_percent_of_the_range_points_below_one(shape, bound):
    """Half of the images are of one gray, half of another, whose distance is known."""

    def near_equal_pairs(distance):
        generator = keras.Sequential(
            [
                keras.Input((1,)),
                keras.layers.Dense(4, "tanh", kernel_initializer=keras.initializers.Constant(1e9)),
                keras.layers.Rescaling(distance),  # -1 and 1 are as far apart as the range is wide
                keras.layers.Reshape(shape),
            ]
        )
        network = keras.Sequential(
            [keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        gan = kg.GAN(generator=generator, discriminator=network, value_range=(-1, 1), seed=0)
        still = [keras.optimizers.SGD(0.0) for _ in range(2)]
        images = np.tile(np.float32([-1, 1]), (64, 2)).reshape(64, *shape)
        gan.compile(*still)
        monitor = HealthMonitor()
        return gan.fit(images, callbacks=[monitor], verbose=0).history["near_equal_pairs"][-1]

    assert near_equal_pairs(0.98 * bound) == 1.0
    assert 0.4 < near_equal_pairs(1.02 * bound) < 0.6
