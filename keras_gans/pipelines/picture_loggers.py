"""Logging pictures with the tools in which users follow their trainings."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from keras_gans import checks
from keras_gans.protocols import Array

_METHODS = {"wandb": "log", "trackio": "log", "mlflow": "info"}  # an attribute of each tool's runs
_EXPECTED = "a list of runs of W&B, Trackio or MLflow, TensorBoard callbacks, or functions"
_REPAIR = "Pass, for example, loggers=[wandb.init()]."


def check_loggers(name: str, loggers: Any) -> list[Any]:
    """Returns a list of objects that can log pictures, after checking it.

    Args:
        name: String, the name of the argument.
        loggers: The value of the argument.

    Raises:
        ValueError: If it is something else.
    """
    if not isinstance(loggers, list | tuple) or not all(map(_is_logger, loggers)):
        raise checks.wrong(name, _EXPECTED, loggers, _REPAIR)
    return list(loggers)


def picture_logger(logger: Any) -> Callable[[str, Array, int], None]:
    """Returns a function of a name, uint8 pixels `(H, W, 3)` and an epoch that logs a picture.

    Args:
        logger: The result of `wandb.init`, `trackio.init` or `mlflow.start_run`, a
            `keras.callbacks.TensorBoard`, or a function like the one that is returned.
    """
    if isinstance(logger, keras.callbacks.TensorBoard):
        return _in_tensorboard(logger)
    package = _package(logger)
    if package == "mlflow":
        client = importlib.import_module(package).MlflowClient()
        return lambda name, pixels, epoch: client.log_image(
            logger.info.run_id, pixels, key=name, step=epoch
        )
    if package in ("wandb", "trackio"):
        image = importlib.import_module(package).Image
        return lambda name, pixels, epoch: logger.log({name: image(pixels)})
    return logger


def _is_logger(logger):
    if isinstance(logger, keras.callbacks.Callback):
        return isinstance(logger, keras.callbacks.TensorBoard)
    is_run = _package(logger) in _METHODS and hasattr(logger, _METHODS[_package(logger)])
    return is_run or (callable(logger) and not isinstance(logger, type))


def _package(logger):
    return type(logger).__module__.partition(".")[0]


def _in_tensorboard(callback):
    """Returns a function that writes to a subfolder of the callback's, shown as a run."""
    writer = tf.summary.create_file_writer(str(Path(callback.log_dir) / "images"))

    def log(name, pixels, epoch):
        with writer.as_default():
            tf.summary.image(name, pixels[None], step=epoch)
        writer.flush()

    return log
