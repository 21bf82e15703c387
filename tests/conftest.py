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
    import keras_gans as kg

    compile_with = kg.GAN.compile

    def compile_eagerly(gan, *args, **keywords):
        compile_with(gan, *args, **{"run_eagerly": True, **keywords})

    monkeypatch.setattr(kg.GAN, "compile", compile_eagerly)


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
    """Sixteen 8x8 grey pictures, uint8."""
    return np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1), "uint8")


@pytest.fixture
def real_data():
    """The folder of real sets, for tests that are worth nothing without them."""
    folder = os.environ.get("KERAS_GANS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("KERAS_GANS_DATA names no folder of real image sets")
    return Path(folder)
