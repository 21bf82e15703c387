"""Compilers, precisions, exports, and what must not leak."""

import importlib.util
import os
import resource

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from small_networks import SMALL, drift_apart

import keras_gans as kg


def smooth_discriminator():
    """Without kinks, on whose sides R1's gradients differ, so that rounding matters little."""
    layers = keras.layers
    convolution = layers.Conv2D(4, 4, strides=2, padding="same", activation="tanh")
    return keras.Sequential(
        [keras.Input((8, 8, 1)), convolution, layers.Flatten(), layers.Dense(1)]
    )


@keras.saving.register_keras_serializable(package="tests")
class Given(layers.Layer):
    """Latents that do not depend on how the step is compiled, as random numbers do."""

    def call(self, latents):
        given = np.random.default_rng(0).standard_normal((16, 3)).astype("float32")
        return keras.ops.convert_to_tensor(given)[: keras.ops.shape(latents)[0]]


def given_latents(generator):
    latents = keras.Input((3,))
    return keras.Model(latents, generator(Given()(latents)))


def make_gan(**settings):
    """Networks without dropout and BatchNorm, so that compilers can be compared."""
    keras.utils.set_random_seed(0)
    gan = kg.DCGAN(
        generator=given_latents(kg.networks.dcgan_generator((8, 8, 1), 3, 4, batch_norm=False)),
        discriminator=smooth_discriminator(),
        seed=1,
    )
    for player in ("discriminator", "generator"):
        settings.setdefault(f"{player}_optimizer", keras.optimizers.SGD(0.05))
    settings.setdefault("penalties", [kg.losses.R1(1.0)])
    gan.compile(**settings)
    return gan


def losses(gan, images, steps=3):
    rows = []
    for step in range(steps):
        logs = gan.train_on_batch(images[step::steps], return_dict=True)
        rows.append([logs[name] for name in sorted(logs)])
        gan.reset_metrics()
    return np.array(rows)


@pytest.mark.parametrize("switch", ["jit_compile", "run_eagerly"])
def test_compiled_or_not_the_losses_are_the_same(switch, digits):
    plain, other = make_gan(jit_compile=False), make_gan(**{"jit_compile": False, switch: True})
    np.testing.assert_allclose(losses(plain, digits[:15]), losses(other, digits[:15]), atol=1e-4)


class Told(kg.losses.NonSaturating):
    """Tells when the step is traced, and when it runs, which XLA cannot compile."""

    def __init__(self):
        super().__init__()
        self.traced, self.ran = 0, 0

    def generator_loss(self, real_logits, fake_logits):
        self.traced += 1
        tf.py_function(self.count, [], [])
        return super().generator_loss(real_logits, fake_logits)

    def count(self):
        self.ran += 1


def test_a_step_is_traced_once_and_runs_for_each_batch(digits):
    gan = make_gan(jit_compile=False, loss=Told())
    gan.fit(digits[:15], batch_size=5, epochs=2, verbose=0)
    assert (gan.loss.traced, gan.loss.ran) == (1, 6)


def test_a_step_is_compiled_by_xla_where_that_is_asked_for(digits):
    gan = make_gan(jit_compile=True, loss=Told())
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"XLA|EagerPyFunc"):
        gan.fit(digits[:5], verbose=0)


def test_several_steps_an_execution_log_the_same(digits):
    histories = [
        make_gan(steps_per_execution=steps).fit(digits[:15], batch_size=5, verbose=0).history
        for steps in (1, 3)
    ]
    for name, values in histories[0].items():
        assert histories[1][name] == pytest.approx(values, abs=1e-4)


@pytest.fixture
def policy(request):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"], indirect=True)
def test_mixed_precision_trains(policy, digits, tmp_path):
    gan = make_gan()
    scaled = isinstance(gan.generator_optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (policy == "mixed_float16")
    assert type(gan.discriminator_optimizer) is type(gan.generator_optimizer)
    before = gan.get_state()
    history = gan.fit(digits, batch_size=4, epochs=2, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    for network in (gan.generator, gan.discriminator):
        assert network.layers[1].compute_dtype == policy.removeprefix("mixed_")
        assert network.weights[0].dtype == "float32"
    assert any(np.any(a != b) for a, b in zip(before, gan.get_state(), strict=True))
    assert gan.generate(2, seed=0).dtype == "float32"
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(gan.generate(2, seed=0), again.generate(2, seed=0))
    again.fit(digits, verbose=0)


@pytest.mark.stage2  # float16 is slow on processors
@pytest.mark.parametrize("policy", ["mixed_float16"], indirect=True)
@pytest.mark.parametrize(
    "loss",
    [
        kg.losses.Minimax(),
        kg.losses.LeastSquares(),
        kg.losses.Hinge(),
        kg.losses.Wasserstein(),
        kg.losses.RelativisticPairing(),
        kg.losses.RelativisticAverage(),
    ],
    ids=lambda loss: type(loss).__name__,
)
def test_losses_and_penalties_are_those_of_full_precision(loss, policy, digits):
    penalties = [kg.losses.R1(1.0), kg.losses.R2(1.0), kg.losses.GradientPenalty(1.0)]
    mixed = make_gan(loss=loss, penalties=penalties)
    keras.config.set_dtype_policy("float32")
    full = make_gan(loss=loss, penalties=penalties)
    logs = [gan.train_on_batch(digits[:5], return_dict=True) for gan in (mixed, full)]
    numbers = [{name: float(value) for name, value in log.items()} for log in logs]
    assert numbers[0] == pytest.approx(numbers[1], rel=0.05, abs=0.01)


@pytest.mark.parametrize("policy", ["mixed_float16"], indirect=True)
def test_loss_scaling_leaves_the_update_as_it_is(policy, digits):
    """A scale of 2^15 must not show in the weights: they move as under float32."""
    scaled = make_gan()
    keras.config.set_dtype_policy("float32")
    plain = make_gan()
    start = plain.generator.get_weights()
    for gan in (scaled, plain):
        gan.train_on_batch(digits)
    moves = []
    for gan in (scaled, plain):
        pairs = zip(gan.generator.get_weights(), start, strict=True)
        moves.append(np.concatenate([(a - b).ravel() for a, b in pairs]))
    assert np.linalg.norm(moves[1]) > 0
    assert np.linalg.norm(moves[0] - moves[1]) < 0.02 * np.linalg.norm(moves[1])


@pytest.mark.parametrize("kind", ["none", "classes", "floats"])
def test_export_of_a_model_that_was_never_called(kind, tmp_path):
    sizes = {"none": {}, "classes": {"num_classes": 4}, "floats": {"condition_dim": 2}}[kind]
    labels = {
        "none": None,
        "classes": np.arange(5, dtype="int32") % 4,
        "floats": np.linspace(-1, 1, 10, dtype="float32").reshape(5, 2),
    }[kind]
    recipe = kg.ConditionalGAN if sizes else kg.DCGAN
    gan = recipe(image_shape=(8, 8, 1), latent_dim=3, **sizes)
    gan.export(tmp_path / "gan", verbose=False)
    latents = np.random.default_rng(0).standard_normal((5, 3)).astype("float32")
    inputs = latents if labels is None else [latents, labels]
    exported = tf.saved_model.load(str(tmp_path / "gan"))
    images = exported.serve(inputs)
    expected = gan.generate(latents=latents, labels=labels)
    np.testing.assert_allclose(images, expected, atol=1e-5)


def test_what_is_exported_is_the_average(tmp_path, digits):
    gan = kg.DCGAN((8, 8, 1), 3, **SMALL)
    drift_apart(gan, digits)
    gan.export(tmp_path / "gan", verbose=False)
    latents = gan.sample_latents(5, seed=0)
    exported = tf.saved_model.load(str(tmp_path / "gan"))
    images = exported.serve(latents)
    np.testing.assert_allclose(images, gan.generate(latents=latents), atol=1e-5)
    assert np.abs(images - gan.generator(latents)).max() > 1e-3


@pytest.mark.skipif(
    not (importlib.util.find_spec("tf2onnx") and importlib.util.find_spec("onnxruntime")),
    reason="tf2onnx and onnxruntime are not installed",
)
def test_export_to_onnx(tmp_path):
    import onnxruntime

    gan = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=3)
    gan.export(tmp_path / "gan.onnx", format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "gan.onnx"))
    latents = np.random.default_rng(0).standard_normal((5, 3)).astype("float32")
    (images,) = session.run(None, {session.get_inputs()[0].name: latents})
    np.testing.assert_allclose(images, gan.generate(latents=latents), atol=1e-5)


def resident_memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")
def test_nothing_leaks(points_gan, points, tmp_path):
    """2,000 steps with a monitor on, after a warm-up of 400."""
    gan = points_gan()
    gan.compile()
    sizes = []
    for epochs in (25, 125):  # of 16 steps
        monitor = kg.ImageMonitor(tmp_path, every=5)
        gan.fit(points, batch_size=4, epochs=epochs, verbose=0, callbacks=[monitor])
        sizes.append(resident_memory())
    assert sizes[1] < 1.02 * sizes[0]


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, of a generator
def test_one_model_takes_data_of_different_kinds_in_turn(digits):
    gan = make_gan()
    floats = np.where(digits > 0, 1.0, -1.0).astype("float32")
    kinds = (
        kg.datasets.from_arrays(floats, 4, seed=0),
        kg.datasets.from_arrays(digits, 4, labels=np.arange(16), seed=0),
        kg.datasets.from_arrays(digits, 5, drop_remainder=False, seed=0),
        ((floats[:4],) for _ in range(4)),
        kg.datasets.from_arrays(floats, 4, seed=0),
    )
    for number, images in enumerate(kinds, 1):
        gan.fit(images, verbose=0, shuffle=False)
        assert gan.images_seen == 16 * number


def test_no_infinity_is_in_a_step(points_gan, points):
    gan = points_gan()
    gan.compile(run_eagerly=True)
    tf.debugging.enable_check_numerics(stack_height_limit=1, path_length_limit=1)
    try:
        gan.fit(points, batch_size=64, verbose=0)
        gan.evaluate(points, batch_size=64, verbose=0)
    finally:
        tf.debugging.disable_check_numerics()
