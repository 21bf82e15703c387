"""DiffAugment: real and generated images are augmented in the same way."""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from keras_gans import checks
from keras_gans.augmentation import transformations
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable

_POLICIES = {
    "translation": (transformations.translation,),
    "cutout": (transformations.cutout,),
    "color": (
        transformations.brightness,
        transformations.saturation,
        transformations.contrast,
    ),
    "flip": (transformations.flip,),
}


@serializable()
class DiffAugment(keras.layers.Layer):
    """Augments every image that the discriminator sees; for hundreds to thousands of images.

    A discriminator that has seen each training image many times memorizes them, and the generator
    learns nothing more from it. Augmented images are harder to memorize. Since real and generated
    images are augmented in the same way, and gradients pass through the changes, the generator
    still learns to draw images without them.

    Args:
        policy: Sequence of `"translation"` (shifts by up to an eighth of each side, with the
            border repeated), `"cutout"` (sets a square of half the side to 0), `"color"`
            (brightness, saturation and contrast) and `"flip"` (mirrors half of the images left to
            right; use it only if mirror images are plausible). Series are shifted, cut out and
            mirrored in time; volumes are shifted and cut out along all three sides and mirrored
            along the last one.
        seed: Integer. The random state is saved with the model.

    Call arguments:
        images: Floats `(N, H, W, C)`, `(N, T, C)` or `(N, D, H, W, C)`, in [-1, 1]. Models with
            another `value_range` convert their images.

    Output shape:
        The shape of the input.

    Raises:
        ValueError: If the policy contains an unknown change, or images are vectors.

    Example:

    >>> augmentation = DiffAugment(["translation", "cutout"], seed=0)
    >>> augmentation(keras.ops.ones((4, 28, 28, 1))).shape
    TensorShape([4, 28, 28, 1])

    Reference:
        - [Zhao et al., 2020](https://arxiv.org/abs/2006.10738). Unlike the paper, translation
          repeats the border instead of filling with zeros, which are gray in [-1, 1], and the
          default policy is translation alone, because colors carry meaning in sketches and
          designs.
    """

    def __init__(
        self, policy: Sequence[str] = ("translation",), seed: int | None = None, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.policy = check_policy(policy)
        self.seed = checks.random_seed("seed", seed)
        self._noise = keras.random.SeedGenerator(self.seed)

    def build(self, input_shape: TensorShape) -> None:
        """Checks that the samples have spatial axes."""
        if len(input_shape) < 3:
            raise ValueError(
                "Augmentation changes images (N, H, W, C), series (N, T, C) or volumes "
                f"(N, D, H, W, C). Received: shape={tuple(input_shape)}. "
                "Compile without `augmentation`."
            )

    def call(self, images: Tensor) -> Tensor:
        """Returns the augmented images."""
        for change in changes(self.policy):
            images = change(images, self._noise)
        return images

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the shape of the images."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "policy": list(self.policy), "seed": self.seed}


def changes(policy: Sequence[str]) -> list[Callable[..., Tensor]]:
    """Returns the functions of a policy, in order."""
    return [change for name in policy for change in _POLICIES[name]]


def check_policy(policy: Sequence[str]) -> tuple[str, ...]:
    """Returns the policy as a tuple.

    Raises:
        ValueError: If the policy is a string or contains an unknown change.
    """
    listed = isinstance(policy, list | tuple) and all(isinstance(name, str) for name in policy)
    if not listed or any(name not in _POLICIES for name in policy):
        expected = f"a list of some of {', '.join(map(repr, _POLICIES))}"
        raise checks.wrong("policy", expected, policy, '["translation"] suits most images.')
    return tuple(policy)
