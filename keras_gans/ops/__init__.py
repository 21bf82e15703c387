"""Floor 0: pure functions of tensors."""

from keras_gans.ops.images import to_uint8, to_value_range
from keras_gans.ops.interpolation import class_interpolation, spherical_interpolation
from keras_gans.ops.schedules import CosineSchedule

__all__ = [
    "CosineSchedule",
    "class_interpolation",
    "spherical_interpolation",
    "to_uint8",
    "to_value_range",
]


def __dir__() -> list[str]:
    return __all__
