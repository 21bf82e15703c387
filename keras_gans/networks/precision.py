"""Which layers mixed precision leaves in full precision."""

import keras


def full_precision() -> str:
    """The dtype of layers that are no products: that of the variables.

    Under `mixed_bfloat16`, convolutions and dense layers compute in bfloat16, the rest in float32:
    means over a batch keep their digits. Under a policy that is not mixed, all have the same.
    """
    return keras.config.dtype_policy().variable_dtype
