"""Floor 5: callbacks, which use only the public methods of a model."""

from keras_gans.callbacks.health_monitor import HealthMonitor
from keras_gans.callbacks.image_monitor import ImageMonitor
from keras_gans.callbacks.nan_guard import NaNGuard
from keras_gans.callbacks.resume import Resume
from keras_gans.callbacks.sample_evaluator import SampleEvaluator
from keras_gans.callbacks.training_report import TrainingReport

__all__ = [
    "HealthMonitor",
    "ImageMonitor",
    "NaNGuard",
    "Resume",
    "SampleEvaluator",
    "TrainingReport",
]


def __dir__() -> list[str]:
    return __all__
