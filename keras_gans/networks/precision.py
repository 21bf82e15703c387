"""The dtype of layers that compute in full precision under a mixed policy."""

import keras


def full_precision() -> str:
    """Returns the dtype of the variables, for all layers except convolutions and dense layers.

    Under `mixed_bfloat16`, convolutions and dense layers compute in bfloat16, and all other layers
    in float32, so that means over a batch keep their precision. Under a policy that is not mixed,
    all layers have the same dtype.
    """
    return keras.config.dtype_policy().variable_dtype
