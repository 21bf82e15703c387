"""Floor 1: functions that return matplotlib figures without showing them."""

from keras_gans.drawing.plot_columns import plot_columns
from keras_gans.drawing.plot_histograms import plot_histograms
from keras_gans.drawing.plot_images import plot_images
from keras_gans.drawing.plot_interpolation import (
    plot_class_interpolation,
    plot_latent_interpolation,
)
from keras_gans.drawing.plot_learning_curves import plot_learning_curves
from keras_gans.drawing.plot_mean_images import plot_mean_images
from keras_gans.drawing.plot_points import plot_points
from keras_gans.drawing.plot_samples import plot_samples
from keras_gans.drawing.plot_series import plot_series
from keras_gans.drawing.plot_volumes import plot_volumes

__all__ = [
    "plot_class_interpolation",
    "plot_columns",
    "plot_histograms",
    "plot_images",
    "plot_latent_interpolation",
    "plot_learning_curves",
    "plot_mean_images",
    "plot_points",
    "plot_samples",
    "plot_series",
    "plot_volumes",
]


def __dir__() -> list[str]:
    return __all__
