"""The latents of a model: their shapes, their prior, and how they are sampled."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import checks
from keras_gans.checks.numbers import is_whole
from keras_gans.models.replicas import numbered_noise
from keras_gans.ops.replicas import draw
from keras_gans.priors import Normal
from keras_gans.protocols import Array, Tensor

MOST_IMAGES = 10_000_000  # in one call of `generate`


class Latents:
    """The inputs of the generator other than labels.

    Args:
        shape: Tuple of integers, the shape of one image's latents; or a list or dict of such
            shapes, nested in the same way as the generator's inputs; or None for a generator
            without latents.
        prior: Callable that turns standard normal noise, in the structure of the latents, into
            latents; None means that the noise is used unchanged.
    """

    def __init__(self, shape: Any, prior: Any = None):
        self.shape = shape
        self.prior = Normal() if prior is None else prior
        self._shapes = [] if shape is None else shapes_in(shape)
        self.size = sum(map(math.prod, self._shapes))  # random numbers per image

    @property
    def dim(self) -> Any:
        """The length of the latents if they are vectors, 0 if there are none, or else `shape`."""
        if self.shape is None:
            return 0
        return self.shape[0] if is_shape(self.shape) and len(self.shape) == 1 else self.shape

    def from_noise(self, noise: Tensor) -> Any:
        """Turns standard normal noise `(N, size)` into latents; None if there are none."""
        if self.shape is None:
            return None
        if is_shape(self.shape) and len(self.shape) == 1:
            return self.prior(noise)
        leaves, start = [], 0
        for shape in self._shapes:
            part = noise[:, start : start + math.prod(shape)]
            leaves.append(ops.reshape(part, (-1, *shape)))
            start += math.prod(shape)
        return self.prior(nested_as(self.shape, leaves))

    def drawn(self, images: Tensor, seed: Any) -> Any:
        """Draws latents for this replica's batch, one row per image.

        Args:
            images: Tensor `(N, ...)`.
            seed: `keras.random.SeedGenerator`.
        """
        if self.shape is None:
            return None
        return self.from_noise(draw(keras.random.normal, images, (self.size,), seed))

    def numbered(self, images: Tensor, seed: int, before: Any) -> Any:
        """Draws latents that depend only on a seed and an image's number; see `numbered_noise`."""
        if self.shape is None:
            return None
        return self.from_noise(numbered_noise(images, self.size, seed, before))

    def sampled(self, num_images: int, seed: int | None) -> Any:
        """Draws latents as NumPy arrays; with a seed, row `k` does not depend on `num_images`."""
        num_images = checks.whole_number("num_images", num_images, 1, MOST_IMAGES)
        generator = np.random.default_rng(checks.random_seed("seed", seed))
        if self.shape is None:
            return None
        noise = generator.standard_normal((num_images, self.size), keras.config.floatx())
        return keras.tree.map_structure(np.asarray, self.from_noise(noise))

    def checked(self, latents: Any) -> Any:
        """Returns the given latents as NumPy floats.

        Raises:
            ValueError: If their structure or shapes differ from those of the generator's inputs.
        """
        if self.shape is None:
            raise ValueError(
                "The generator of this model takes no latents. Received: `latents`. "
                "Omit them: the generated images depend on the labels alone."
            )
        one = is_shape(self.shape)
        leaves = [latents] if one else keras.tree.flatten(latents)
        arrays = [checks.numeric_array("latents", leaf, finite=True) for leaf in leaves]
        leaves = [array.astype(keras.config.floatx()) for array in arrays]
        shapes = [leaf.shape[1:] for leaf in leaves]
        if shapes != self._shapes or len({len(leaf) for leaf in leaves}) != 1:
            expected = nested_as(self.shape, [_named(shape) for shape in self._shapes])
            raise ValueError(
                f"`latents` must have the shape {expected}. Received: shape="
                f"{', '.join(str(leaf.shape) for leaf in leaves)}. "
                "gan.sample_latents(16) returns latents of this shape."
            )
        return leaves[0] if one else nested_as(self.shape, leaves)


def is_shape(structure: Any) -> bool:
    """Returns whether this is a single shape rather than a structure of shapes."""
    return isinstance(structure, tuple | list) and all(map(is_whole, structure))


def shapes_in(structure: Any) -> list[tuple[int, ...]]:
    """Returns the shapes in a structure, in the order of `keras.tree.flatten`."""
    if is_shape(structure):
        return [tuple(map(int, structure))]
    keys = sorted(structure) if isinstance(structure, dict) else range(len(structure))
    return [shape for key in keys for shape in shapes_in(structure[key])]


def nested_as(structure: Any, leaves: list[Any]) -> Any:
    """Returns the leaves in the structure of the shapes."""
    rest = iter(leaves)

    def fill(part):
        if is_shape(part):
            return next(rest)
        if isinstance(part, dict):
            filled = {key: fill(part[key]) for key in sorted(part)}
            return {key: filled[key] for key in part}
        return [fill(one) for one in part]

    return fill(structure)


def _named(shape):
    return f"(N, {', '.join(map(str, shape))})"


def rows_of(structure: Any, rows: slice) -> Any:
    """Returns the given rows of each array in a structure; keeps None."""
    return keras.tree.map_structure(lambda part: None if part is None else part[rows], structure)


def length_of(structure: Array | Any) -> int:
    """Returns the number of rows of the arrays in a structure."""
    return len(keras.tree.flatten(structure)[0])
