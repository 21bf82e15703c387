"""Saving, loading, and going on as if never stopped, in processes of their own."""

import functools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image
from small_networks import SMALL

import keras_gans as kg

pytestmark = pytest.mark.usefixtures("quickly")

SCRIPT = Path(__file__).parents[1] / "processes" / "training.py"


def start(*arguments, slow=None):
    environment = {**os.environ, **({"SLOW": str(slow)} if slow else {})}
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(*arguments):
    """The lines that a whole run prints; the last is the checksum of everything."""
    return lines_of(start(*arguments))


def lines_of(process):
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output.splitlines()


@pytest.fixture(scope="module")
def never_stopped(tmp_path_factory):
    process = start("whole", tmp_path_factory.mktemp("whole"))
    return functools.cache(lambda: lines_of(process)[-1])  # meanwhile, others run


@pytest.mark.stage2
def test_saved_and_loaded_in_another_process_it_goes_on_to_the_bit(never_stopped, tmp_path):
    first = run("first", tmp_path, 4)[-1]
    assert run("second", tmp_path, 4)[-1] == never_stopped() != first


def kill(folder, with_signal):
    """Starts a training and stops it at a random moment after its second epoch."""
    folder.mkdir(exist_ok=True)
    process = start("resume", folder, slow=0.05)
    for line in process.stdout:
        if line.startswith("epoch 2"):
            break
    time.sleep(random.Random(os.getpid()).uniform(0, 1))
    process.send_signal(with_signal)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.stage2
def test_killed_and_started_again_it_ends_with_the_same_weights(never_stopped, tmp_path):
    assert kill(tmp_path, signal.SIGKILL) == -signal.SIGKILL
    lines = run("resume", tmp_path)
    assert lines[-1] == never_stopped()
    assert "epoch 0 begins" not in lines  # at most the epoch under way is lost
    assert "epoch 1 begins" not in lines
    with Image.open(tmp_path / "samples" / "image.gif") as animation:
        assert animation.n_frames == 7
    assert run("resume", tmp_path)[-1] == never_stopped()  # done already


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["epochs", "steps"])
def test_twenty_kills_change_nothing_that_trainings_with_callbacks_leave(unit, tmp_path):
    command = [sys.executable, str(SCRIPT.with_name("kills.py")), str(tmp_path), "20", unit]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert lines[-1] == "20 kills"
    assert "not equal" not in "".join(lines)


@pytest.mark.stage2
def test_signals_do_what_they_always_did(tmp_path, never_stopped):
    numbers = (signal.SIGTERM, signal.SIGINT)
    folders = [tmp_path / str(int(number)) for number in numbers]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(kill, folders, numbers)) == [-number for number in numbers]
        ends = pool.map(lambda folder: run("resume", folder)[-1], folders)
        assert list(ends) == [never_stopped()] * 2


def make_gan(width=4, learning_rate=1e-3, seed=5, filters=None, **arguments):
    keras.utils.set_random_seed(1)
    if filters:
        generator = kg.networks.dcgan_generator((8, 8, 1), 3, width=filters)
    else:
        generator = kg.networks.mlp_generator((8, 8, 1), 3, width=width, depth=1)
    discriminator = kg.networks.mlp_discriminator((8, 8, 1), width=4, depth=1)
    gan = kg.GAN(generator=generator, discriminator=discriminator, seed=seed)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(learning_rate),
        generator_optimizer=keras.optimizers.Adam(learning_rate),
        **arguments,
    )
    return gan


@pytest.fixture
def data(digits):
    return kg.datasets.from_arrays(digits, 8, seed=0)


def same(gan, other):
    return all(map(np.array_equal, gan.get_state(), other.get_state()))


def test_weights_alone_carry_optimizers_and_random_states(data, tmp_path):
    gan, other, whole = (make_gan(run_eagerly=False) for _ in range(3))
    whole.fit(data, epochs=2, verbose=0)
    gan.fit(data, epochs=1, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    other.load_weights(tmp_path / "gan.weights.h5")
    assert same(gan, other)
    other.fit(data, initial_epoch=1, epochs=2, verbose=0)
    assert same(whole, other)


def test_the_state_in_memory_does_as_well(data):
    gan, other = make_gan(run_eagerly=False), make_gan(run_eagerly=False)
    gan.fit(data, epochs=1, verbose=0)
    state = gan.get_state()
    gan.fit(data, initial_epoch=1, epochs=2, verbose=0)
    other.set_state(state)
    other.fit(data, initial_epoch=1, epochs=2, verbose=0)
    assert same(gan, other)


def test_a_state_of_another_architecture_changes_nothing():
    gan = make_gan()
    before = gan.get_state()
    with pytest.raises(ValueError, match="another architecture"):
        gan.set_state(make_gan(width=8).get_state())
    with pytest.raises(ValueError, match=r"Received: \d+ arrays"):
        gan.set_state(before[:-1])
    assert all(map(np.array_equal, before, gan.get_state()))


# Resume ---------------------------------------------------------------------------------


def train(folder, data, epochs=3, every=1, **settings):
    gan = make_gan(**settings)
    resume = kg.callbacks.Resume(folder, every)
    gan.fit(data, epochs=epochs, verbose=0, callbacks=[resume])
    return gan


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What two epochs that nothing disturbed leave: a folder, and a state."""
    images = np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1), "uint8")  # `digits`
    data = kg.datasets.from_arrays(images, 8, seed=0)
    folder = tmp_path_factory.mktemp("undisturbed")
    gan = train(folder, data, epochs=2, run_eagerly=True, penalties=[])  # as `quickly`
    return folder, gan.get_state()


@pytest.fixture
def folder(undisturbed, tmp_path):
    """A copy of the folder, to be disturbed."""
    return shutil.copytree(undisturbed[0], tmp_path / "folder")


def check_second_epoch(folder, data, undisturbed):
    """The second epoch is done again, bit for bit."""
    gan = train(folder, data, epochs=2)
    assert gan.history.epoch == [1]
    assert all(map(np.array_equal, gan.get_state(), undisturbed[1]))


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty"])
def test_a_damaged_file_falls_back_to_the_one_before(damage, data, folder, capsys, undisturbed):
    path = folder / "training.npz"
    content = bytearray(path.read_bytes())
    if damage == "flip":
        middle = len(content) // 2
        content[middle : middle + 200] = bytes(200)
    path.write_bytes(content[: {"truncate": len(content) // 2, "empty": 0}.get(damage)])
    check_second_epoch(folder, data, undisturbed)
    assert "damaged" in capsys.readouterr().out


def test_no_whole_file_is_an_error(data, tmp_path):
    (tmp_path / "training.npz").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="Delete the folder"):
        train(tmp_path, data)


def test_a_kill_between_the_two_renames_costs_one_interval(data, folder, undisturbed):
    (folder / "training.npz").unlink()
    check_second_epoch(folder, data, undisturbed)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"learning_rate": 1e-2}, r"optimizer.*learning_rate=0\.01, was 0\.001"),
        ({"filters": 8}, "filters=8, was 4"),
        ({"width": 8}, "units=8, was 4"),
        ({"ema_half_life": 5}, "ema_half_life=5, was inf"),
        ({"penalties": [kg.losses.R1(2.0)]}, r"gamma=2\.0"),
        ({"seed": 6}, "model.seed=6, was 5"),
    ],
)
def test_changed_settings_are_named(changed, name, data, folder, tmp_path):
    if "filters" in changed:
        folder = tmp_path / "convolutions"
        train(folder, data, epochs=1, filters=4)
    with pytest.raises(ValueError, match=name):
        train(folder, data, **changed)


def test_another_batch_size_is_named(digits, folder):
    with pytest.raises(ValueError, match="steps=1, was 2"):
        train(folder, kg.datasets.from_arrays(digits, 16, seed=0))


def test_a_learning_rate_that_a_callback_moved_is_kept(data, tmp_path):
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)

    def go(folder, epochs):
        gan = make_gan()
        resume = kg.callbacks.Resume(folder)
        gan.fit(data, epochs=epochs, verbose=0, callbacks=[halve, resume])
        return gan

    go(tmp_path, 1)
    gan = go(tmp_path, 2)
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(1e-3 / 4)
    assert same(gan, go(tmp_path / "whole", 2))


def test_every_other_epoch_and_the_last(data, tmp_path):
    train(tmp_path, data, epochs=3, every=2)
    epochs = []
    for name in ("training_before.npz", "training.npz"):
        with np.load(tmp_path / name) as arrays:
            epochs.append(json.loads(arrays["meta"].tobytes())["epoch"])
    assert epochs == [2, 3]
    assert same(train(tmp_path, data, epochs=4, every=2), train(tmp_path / "w", data, epochs=4))


# Files that are no model of ours --------------------------------------------------------


def test_a_file_that_is_no_model(tmp_path):
    path = tmp_path / "gan.keras"
    path.write_text("nothing of the kind")
    with pytest.raises(ValueError, match=r"gan\.keras"):
        keras.saving.load_model(path)


def rewrite(path, change):
    """Changes the config inside a saved model."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(files["config.json"])
    change(config)
    files["config.json"] = json.dumps(config)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def test_a_model_of_a_newer_version_says_so(tmp_path):
    path = tmp_path / "gan.keras"
    make_gan().save(path)

    def change(config):
        config["config"]["invented_later"] = 1
        config["config"]["version"] = "99.0"

    rewrite(path, change)
    with pytest.raises(ValueError, match=r"keras_gans 99\.0.*invented_later"):
        keras.saving.load_model(path)


def test_a_layer_that_cannot_be_imported_is_named(tmp_path):
    path = tmp_path / "gan.keras"
    make_gan().save(path)

    def change(config):
        layers = config["config"]["generator"]["config"]["layers"]
        layers[1].update(module=None, class_name="Mine", registered_name="user>Mine")

    rewrite(path, change)
    with pytest.raises(TypeError, match="Mine"):
        keras.saving.load_model(path)


@pytest.mark.filterwarnings("ignore:Skipping nested container")  # Keras tells it, too
def test_weights_of_another_architecture(tmp_path):
    make_gan(width=8).save_weights(tmp_path / "gan.weights.h5")
    with pytest.raises(ValueError, match="could not be loaded"):
        make_gan().load_weights(tmp_path / "gan.weights.h5")


# What a reviewer broke ------------------------------------------------------------------


def test_a_model_that_was_not_compiled_is_saved(tmp_path):
    gan = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=3, **SMALL)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(gan.generate(2, seed=0), again.generate(2, seed=0))


def test_compiled_twice_with_an_augmentation_it_can_be_loaded(digits, tmp_path):
    gan = make_gan(augmentation=keras.layers.RandomFlip(seed=1))
    gan.compile(augmentation=keras.layers.RandomFlip(seed=1))
    gan.fit(digits, verbose=0)
    gan.save(tmp_path / "gan.keras")
    assert same(gan, keras.saving.load_model(tmp_path / "gan.keras"))


def test_the_same_model_goes_on_after_a_callback_moved_its_rate(data, tmp_path):
    gan = make_gan()
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    for epochs in (2, 3):
        callbacks = [halve, kg.callbacks.Resume(tmp_path)]
        history = gan.fit(data, epochs=epochs, verbose=0, callbacks=callbacks)
    assert history.epoch == [2]


def test_a_training_that_is_done_says_so(data, folder, capsys):
    train(folder, data, epochs=2)
    assert "nothing is left to train" in capsys.readouterr().out


def test_signals_after_a_training_that_failed(data, tmp_path):
    class Fail(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("of the user's own")

    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    resume, other = (kg.callbacks.Resume(tmp_path, every=10) for _ in range(2))
    for callback in (resume, resume, other):
        with pytest.raises(RuntimeError, match="own"):
            make_gan().fit(data, verbose=0, callbacks=[callback, Fail()])
    with pytest.raises(KeyboardInterrupt):
        make_gan().fit(data, epochs=9, verbose=0, callbacks=[resume, Interrupt()])
    assert signal.getsignal(signal.SIGINT) is before
    with np.load(tmp_path / "training.npz") as arrays:
        assert json.loads(arrays["meta"].tobytes())["epoch"] == 3


def test_weights_in_bfloat16_are_resumed(digits, tmp_path):
    keras.config.set_dtype_policy("bfloat16")
    try:
        for epochs in (1, 2):
            gan = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=3, seed=0, **SMALL)
            gan.compile()
            resume = kg.callbacks.Resume(tmp_path)
            history = gan.fit(digits, epochs=epochs, verbose=0, callbacks=[resume])
    finally:
        keras.config.set_dtype_policy("float32")
    assert history.epoch == [1]


# State of losses, penalties and augmentation ------------------------------------------------


@keras.saving.register_keras_serializable(package="tests")
class NoisyLoss(kg.losses.NonSaturating):
    """A plain object with a source of noise, and a number that moves."""

    def __init__(self):
        super().__init__()
        self.noise = keras.random.SeedGenerator(3)
        self.turns = keras.Variable(0.0, trainable=False)

    def discriminator_loss(self, real_logits, fake_logits):
        self.turns.assign_add(1.0)
        real_logits += keras.random.normal(keras.ops.shape(real_logits), seed=self.noise)
        return super().discriminator_loss(real_logits / self.turns, fake_logits)

    def get_config(self):
        return {}


@keras.saving.register_keras_serializable(package="tests")
class GrowingPenalty:
    """A plain callable whose weight is a variable."""

    def __init__(self):
        self.weights = {"weight": keras.Variable(0.1, trainable=False)}

    def __call__(self, critic, real_images, fake_images):
        self.weights["weight"].assign(self.weights["weight"] * 1.5)
        return self.weights["weight"] * keras.ops.mean(critic(real_images) ** 2)

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@keras.saving.register_keras_serializable(package="tests")
class Shaken(keras.layers.Layer):
    """A Keras layer with noise of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shake = keras.layers.GaussianNoise(0.1, seed=2)

    def call(self, images):
        return self.shake(images, training=True)


def stateful():
    penalties = [GrowingPenalty(), kg.losses.GradientPenalty()]
    return {"loss": NoisyLoss(), "penalties": penalties, "augmentation": Shaken()}


def test_what_losses_penalties_and_augmentation_hold_is_saved_and_resumed(data, tmp_path):
    def make():
        return make_gan(run_eagerly=True, **stateful())

    whole = make()
    whole.fit(data, epochs=2, verbose=0)
    resumed = make()
    resumed.fit(data, epochs=1, verbose=0, callbacks=[kg.callbacks.Resume(tmp_path)])
    resumed.save(tmp_path / "gan.keras")
    resumed.save_weights(tmp_path / "gan.weights.h5")
    resumed = make()
    resumed.fit(data, epochs=2, verbose=0, callbacks=[kg.callbacks.Resume(tmp_path)])
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    weights = make()
    weights.load_weights(tmp_path / "gan.weights.h5")
    for gan in (loaded, weights):
        gan.fit(data, initial_epoch=1, epochs=2, verbose=0)
    assert same(resumed, whole)
    assert same(loaded, whole)
    assert same(weights, whole)


def test_compiled_again_the_parts_of_before_are_gone(data):
    gan = make_gan(**stateful())
    count = len(gan.get_state())
    adam = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)
    gan.compile(*adam)
    assert len(gan.get_state()) < count
    gan.compile(*adam, **stateful())
    assert len(gan.get_state()) == len(make_gan(**stateful()).get_state())


# Files of other versions, and files that cannot be ------------------------------------------

FILES = Path(__file__).parents[1] / "files"


@pytest.mark.skipif(
    tuple(map(int, keras.__version__.split(".")[:2])) < (3, 15),
    reason="the file was written with Keras 3.15, whose files older ones do not read",
)
def test_files_of_version_0_1_hold_all_that_this_one_needs():
    gan = keras.saving.load_model(FILES / "version_0_1_0.keras")
    other = keras.saving.load_model(FILES / "version_0_1_0.keras")
    for variable in [*other.weights, *other.optimizer.variables]:
        variable.assign(variable * 0)
    with np.load(FILES / "version_0_1_0.npz") as then:
        np.testing.assert_allclose(gan.generate(4, seed=0), then["before"], atol=1e-6)
        other.load_weights(FILES / "version_0_1_0.weights.h5")
    assert same(gan, other)
    assert gan.images_seen == 32
    assert int(gan.generator_optimizer.iterations) == 4


@pytest.mark.skipif(
    keras.__version__ != "3.15.1", reason="the file's training continued with Keras 3.15.1"
)
def test_files_of_version_0_1_continue_as_they_would_have():
    images = np.random.default_rng(0).integers(0, 256, (32, 4, 4, 1), "uint8")
    with np.load(FILES / "version_0_1_0.npz") as then:
        gan = keras.saving.load_model(FILES / "version_0_1_0.keras")
        gan.run_eagerly = False  # as then
        gan.fit(images, batch_size=8, verbose=0)
        np.testing.assert_allclose(gan.generate(4, seed=0), then["after"], atol=1e-5)
        weights = np.concatenate(
            [w.numpy().ravel() for w in gan.generator.weights + gan.discriminator.weights]
        )
        np.testing.assert_allclose(weights, then["weights"], atol=1e-5)
        assert float(gan.augmentation.strength) == pytest.approx(float(then["strength"]))


@pytest.mark.parametrize("name", ["gan.h5", "gan.hdf5"])
def test_a_format_that_cannot_hold_two_networks_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="whole model is saved as"):
        make_gan().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_networks_that_their_owner_compiled_load_without_a_warning(tmp_path):
    gan = make_gan()
    gan.discriminator.compile("adam", "mse")
    gan.generator.compile("sgd", "mse")
    gan.save(tmp_path / "gan.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(keras.saving.load_model(tmp_path / "gan.keras"), gan)


def test_a_lambda_concerns_files_alone():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gan = make_gan(augmentation=lambda images: images)
        assert gan.settings["compile"]["augmentation"] is not None


def test_names_of_classes_are_taken_from_the_data_and_saved(tmp_path):
    for name in ("heavy", "light"):
        (tmp_path / "designs" / name).mkdir(parents=True)
        for number in range(2):
            pixels = np.full((8, 8), 40 * number, "uint8")
            Image.fromarray(pixels).save(tmp_path / "designs" / name / f"{number}.png")
    dataset = keras.utils.image_dataset_from_directory(
        tmp_path / "designs", color_mode="grayscale", batch_size=2, image_size=(8, 8), verbose=False
    )
    gan = kg.GAN((8, 8, 1), 2, num_classes=2, **SMALL)
    gan.compile()
    gan.fit(dataset.map(lambda images, labels: (images / 127.5 - 1, labels)), verbose=0)
    assert gan.class_names == ["heavy", "light"]
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.class_names == ["heavy", "light"]
    expected = gan.generate(2, labels="light", seed=0)
    np.testing.assert_array_equal(loaded.generate(2, labels="light", seed=0), expected)
    other = dataset.map(lambda images, labels: (images / 127.5 - 1, labels))
    other.class_names = ["one", "two", "three"]  # not one for each class: the model keeps its own
    gan.fit(other, verbose=0)
    assert gan.class_names == ["heavy", "light"]
