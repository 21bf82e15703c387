"""The argument `validation_split` of `fit`."""

from typing import Any

from keras_gans import checks


def with_validation_data(call: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments of `fit` with `validation_data` in place of `validation_split`.

    As in Keras, validation data are the last of the arrays, and `validation_data` takes precedence.

    Args:
        call: Dict of the arguments of `fit`, of which `x` is an array.

    Raises:
        ValueError: If there are too few images to split.
    """
    call = dict(call)
    share, x, y = call.pop("validation_split", None), call["x"], call.get("y")
    if not share or call.get("validation_data") is not None:
        return call
    count = int(len(x) * (1 - share))
    if not 0 < count < len(x):
        repair = "Pass more images, or `validation_data`."
        expected = "a share that leaves images for training and for validation"
        raise checks.wrong(f"validation_split of {len(x)} images", expected, share, repair)
    kept = (x[count:],) if y is None else (x[count:], y[count:])
    size = call.get("validation_batch_size") or call.get("batch_size")
    data = {"x": x[:count], "y": None if y is None else y[:count], "validation_data": kept}
    return {**call, **data, "validation_batch_size": size}
