"""Floor 0: pure functions of tensors."""

from keras_gans.ops.images import to_uint8, to_value_range

__all__ = ["to_uint8", "to_value_range"]
