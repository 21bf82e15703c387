"""The text of errors about arguments."""

from typing import Any

import numpy as np

_LONGEST = 100  # characters of a value in an error


def received(name: str, value: Any) -> str:
    """Returns `name=value`, with the shape and dtype of an array, and long text truncated."""
    if isinstance(value, np.ndarray) and value.ndim > 0:
        kind = "a masked array" if isinstance(value, np.ma.MaskedArray) else "an array"
        return f"{name}={kind} of shape {value.shape} and dtype {value.dtype}"
    text = " ".join(repr(value).split())
    return f"{name}={text if len(text) <= _LONGEST else f'{text[:_LONGEST]}...'}"


def wrong(name: str, expected: str, value: Any, repair: str) -> ValueError:
    """Returns the error for an argument with a wrong value.

    Args:
        name: String, the name of the argument.
        expected: String that completes the sentence "`name` must be ...".
        value: The value of the argument.
        repair: String, a sentence that explains how to fix the error.
    """
    return ValueError(f"`{name}` must be {expected}. Received: {received(name, value)}. {repair}")
