import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")
# Tests run in several processes, which should not fight for the cores.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's and SciPy's, whose threads spin

import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

# Keras and the library are imported where they are needed: not in the process that starts others.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as where a shell starts tests with `&`
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("default", deadline=None, max_examples=10, derandomize=True)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _seed():
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture
def eagerly(monkeypatch):
    """Models run their steps without a graph, unless a test asks for one.

    A graph takes a second to build, a step without it a few hundredths: tests of a few steps that
    make no claim about graphs go without (`pytestmark = pytest.mark.usefixtures("eagerly")`).
    """
    compile_with(monkeypatch, lambda: {"run_eagerly": True})


@pytest.fixture
def quickly(monkeypatch):
    """As `eagerly`, and with SGD and no penalty: Adam and R1 take half of a small step.

    For tests of what surrounds a training, such as callbacks, files and errors.
    """
    import keras

    def settings():
        sgd = {f"{player}_optimizer": keras.optimizers.SGD(0.01) for player in PLAYERS}
        return {"run_eagerly": True, "penalties": [], **sgd}

    compile_with(monkeypatch, settings)


PLAYERS = "discriminator", "generator"


def compile_with(monkeypatch, settings):
    """Lets `compile` use other settings than the defaults, where a test passes none."""
    import keras_gans as kg

    plain = kg.GAN.compile

    def compiled(gan, *args, **keywords):
        positional = ("discriminator_optimizer", "generator_optimizer", "loss", "penalties")
        given = dict(zip(positional, args, strict=False))
        assert len(args) <= 4
        plain(gan, **{**settings(), **given, **keywords})

    monkeypatch.setattr(kg.GAN, "compile", compiled)


@pytest.fixture
def points_gan():
    """A GAN of 2-D points, small enough to train in a blink."""
    import keras_gans as kg

    def make(**arguments):
        arguments.setdefault("generator", kg.networks.mlp_generator((2,), 3, width=8))
        arguments.setdefault("discriminator", kg.networks.mlp_discriminator((2,), width=8))
        return kg.GAN(**arguments)

    return make


@pytest.fixture
def points():
    return np.random.default_rng(0).uniform(-1, 1, (64, 2)).astype("float32")


@pytest.fixture
def digits():
    """Sixteen 8x8 gray pictures, uint8."""
    return np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1), "uint8")


@pytest.fixture
def real_data():
    """The folder of real sets, for tests that are worth nothing without them."""
    folder = os.environ.get("KERAS_GANS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("KERAS_GANS_DATA names no folder of real image sets")
    return Path(folder)
