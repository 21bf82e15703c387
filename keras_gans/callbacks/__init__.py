"""Floor 4: callbacks that watch, through a model's public methods only."""

from keras_gans.callbacks.image_monitor import ImageMonitor

__all__ = ["ImageMonitor"]
