"""Below the floors: checks of arguments, whose errors have three parts."""

from keras_gans.checks.arrays import numeric_array
from keras_gans.checks.messages import received, wrong
from keras_gans.checks.numbers import (
    LARGEST_SEED,
    LARGEST_SIZE,
    finite_number,
    flag,
    random_seed,
    size,
    value_range,
    whole_number,
    whole_numbers,
)
from keras_gans.checks.objects import (
    function,
    instance,
    one_of,
    optional,
    package,
    path,
    plain_name,
    text,
)

__all__ = [
    "LARGEST_SEED",
    "LARGEST_SIZE",
    "finite_number",
    "flag",
    "function",
    "instance",
    "numeric_array",
    "one_of",
    "optional",
    "package",
    "path",
    "plain_name",
    "random_seed",
    "received",
    "size",
    "text",
    "value_range",
    "whole_number",
    "whole_numbers",
    "wrong",
]
