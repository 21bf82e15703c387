"""Priors: the distributions from which latents are drawn.

A prior turns standard normal noise into latents. All noise therefore comes from a single source:
for a given seed, the k-th noise vector is the same for every prior, batch size and number of
replicas.
"""

import math
from collections.abc import Sequence
from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor
from keras_gans.saving import serializable

__all__ = ["Codes", "Normal", "Prior", "TruncatedNormal", "Uniform"]

_FURTHEST = 5.4  # beyond it, erf is 1 in float32, and its inverse infinite


class Prior:
    """Base class of priors; override `transform` to write your own.

    Models call the prior with standard normal noise that has the structure of their latents: one
    tensor, or a list or dict of tensors if the generator has several inputs for latents. Any
    callable with the same input and output can be used instead. Register a class or function with
    `keras.saving.register_keras_serializable`, so that a saved model can be loaded.

    Call arguments:
        noise: Floats `(N, ...)`, standard normal, or a structure of such tensors.

    Output shape:
        The shape of the noise.

    Example:

        @keras.saving.register_keras_serializable(package="my_project")
        class Lognormal(keras_gans.priors.Prior):
            def transform(self, noise):
                return keras.ops.exp(noise)
    """

    def __call__(self, noise: Any) -> Any:
        """Returns latents in the structure of the noise."""
        return keras.tree.map_structure(self.transform, noise)

    def transform(self, noise: Tensor) -> Tensor:
        """Turns one tensor `(N, ...)` of standard normal noise into latents of the same shape."""
        raise TypeError(
            f"A prior must define `transform(noise)`. Received: {type(self).__name__}, which does "
            "not. Define it in the class."
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the prior from the dict that `get_config` returned."""
        return cls(**config)


@serializable()
class Normal(Prior):
    """The normal distribution, the default of all models.

    Args:
        mean: Float.
        stddev: Float, greater than zero.

    Raises:
        ValueError: If `stddev` is not positive.

    Example:

    >>> Normal(stddev=0.5)(np.array([[2.0, -1.0]])).tolist()
    [[1.0, -0.5]]
    """

    def __init__(self, mean: float = 0.0, stddev: float = 1.0):
        self.mean = checks.finite_number("mean", mean)
        self.stddev = checks.finite_number("stddev", stddev, 0, open_ends="(")

    def transform(self, noise: Tensor) -> Tensor:
        """Returns `mean + stddev * noise`."""
        if (self.mean, self.stddev) == (0.0, 1.0):
            return noise
        return self.mean + self.stddev * noise

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"mean": self.mean, "stddev": self.stddev}


@serializable()
class Uniform(Prior):
    """The uniform distribution.

    Args:
        low: Float.
        high: Float, greater than `low`.

    Raises:
        ValueError: If `high` is not greater than `low`.

    Example:

    >>> float(Uniform(0, 10)(np.array([[0.0]]))[0, 0])
    5.0

    Reference:
        - [Radford et al., 2016](https://arxiv.org/abs/1511.06434), section 4, for (-1, 1).
    """

    def __init__(self, low: float = -1.0, high: float = 1.0):
        self.low, self.high = checks.finite_number("low", low), checks.finite_number("high", high)
        if not self.low < self.high:
            raise ValueError(
                "A uniform prior must have low < high. "
                f"Received: low={low}, high={high}. For example, use -1 and 1."
            )

    def transform(self, noise: Tensor) -> Tensor:
        """Returns `low + (high - low) F(noise)`, with the normal distribution function `F`."""
        return self.low + (self.high - self.low) * _distribution_function(noise)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"low": self.low, "high": self.high}


@serializable()
class TruncatedNormal(Prior):
    """The standard normal distribution without its tails.

    Args:
        threshold: Float in (0, 100]; all values lie between `-threshold` and `threshold`.

    Raises:
        ValueError: If `threshold` is out of range.

    Example:

    >>> round(float(TruncatedNormal(1.5)(np.array([[9.0]]))[0, 0]), 4)
    1.5

    Reference:
        - [Brock et al., 2019](https://arxiv.org/abs/1809.11096), section 3.1. Unlike the paper,
          which truncates the latents only for sampling, the prior is also used in training.
    """

    def __init__(self, threshold: float = 2.0):
        self.threshold = checks.finite_number("threshold", threshold, 0, 100, open_ends="(")

    def transform(self, noise: Tensor) -> Tensor:
        """Maps each quantile of the normal distribution to that of the truncated one."""
        inside = math.erf(self.threshold / math.sqrt(2))  # the probability that is kept
        quantile = inside * ops.erf(noise / math.sqrt(2))
        end = min(self.threshold, _FURTHEST)
        return ops.clip(math.sqrt(2) * ops.erfinv(quantile), -end, end)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"threshold": self.threshold}


@serializable()
class Codes(Prior):
    """Normal noise, followed by discrete and continuous codes: the prior of InfoGAN.

    The latents are vectors. The last entries are the codes: for each number in `categories`, a
    one-hot vector of that length, whose categories are equally probable, followed by `continuous`
    numbers that are uniform in (-1, 1). All entries before the codes are standard normal.

    Args:
        categories: Sequence of integers of at least 2, the number of categories of each discrete
            code.
        continuous: Integer, the number of continuous codes.

    Call arguments:
        noise: Floats `(N, latent_dim)`, standard normal.

    Raises:
        ValueError: If a number is not an integer or too small, or the noise has fewer entries than
            the codes.

    Example:

    >>> latents = Codes(categories=[3], continuous=1)(np.array([[0.7, 0.1, 2.0, -1.0, 0.0]]))
    >>> latents.numpy().round(1).tolist()
    [[0.7, 0.0, 1.0, 0.0, 0.0]]

    Reference:
        - [Chen et al., 2016](https://arxiv.org/abs/1606.03657), section 7.
    """

    def __init__(self, categories: Sequence[int] = (10,), continuous: int = 2):
        repair = "Use categories=(10,) for one code with ten categories."
        self.categories = checks.whole_numbers("categories", categories, 2, repair=repair)
        self.continuous = checks.size("continuous", continuous, 0)

    @property
    def size(self) -> int:
        """The number of entries that all codes take together."""
        return sum(self.categories) + self.continuous

    def transform(self, noise: Tensor) -> Tensor:
        """Returns the noise with its last entries replaced by the codes."""
        if len(noise.shape) != 2 or noise.shape[1] < self.size:
            raise ValueError(
                f"Latents with these codes must be vectors with at least {self.size} entries. "
                f"Received: shape={tuple(noise.shape)}. Increase `latent_dim`."
            )
        start = noise.shape[1] - self.size
        parts = [noise[:, :start]]
        for number in self.categories:  # all are equally likely to be the largest
            largest = ops.argmax(noise[:, start : start + number], axis=-1)
            parts.append(ops.one_hot(largest, number, dtype=noise.dtype))
            start += number
        parts.append(2 * _distribution_function(noise[:, start:]) - 1)
        return ops.concatenate(parts, axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"categories": list(self.categories), "continuous": self.continuous}


def _distribution_function(noise):
    """Returns the probability that a standard normal number is smaller, in [0, 1]."""
    return 0.5 * (1.0 + ops.erf(noise / math.sqrt(2)))


def __dir__() -> list[str]:
    return __all__
