"""DiffAugment: whatever the discriminator sees is augmented, real and generated alike."""

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
    """Changes every image that the discriminator sees; for sets of hundreds to thousands.

    A discriminator that has seen each training image many times knows them by heart, and has
    nothing more to teach. Changed images are harder to know; as real and generated ones are
    changed alike, and gradients pass through, the generator learns the unchanged ones.

    Args:
        policy: Sequence of `"translation"` (by up to an eighth of the side, the border
            repeated), `"cutout"` (a square of half the side is set to 0), `"color"`
            (brightness, saturation, contrast) and `"flip"` (left to right, half of
            the images: only where a mirror image could be real). Series are shifted, cut
            out and mirrored in time; volumes are shifted and cut out along all three sides
            and mirrored along the last.
        seed: Integer. The random state is saved with the model.

    Call arguments:
        images: Floats `(N, H, W, C)`, `(N, T, C)` or `(N, D, H, W, C)`, in [-1, 1]: models
            with another `value_range` map them.

    Output shape:
        The same.

    Raises:
        ValueError: If the policy names another change, or images are vectors.

    Example:

    >>> augmentation = DiffAugment(["translation", "cutout"], seed=0)
    >>> augmentation(keras.ops.ones((4, 28, 28, 1))).shape
    TensorShape([4, 28, 28, 1])

    Reference:
        - [Zhao et al., 2020](https://arxiv.org/abs/2006.10738). Unlike the paper, translation
          repeats the border in place of zeros, which are grey in [-1, 1], and the policy is
          translation alone by default: colours mean something in sketches and designs.
    """

    def __init__(
        self, policy: Sequence[str] = ("translation",), seed: int | None = None, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.policy = check_policy(policy)
        self.seed = checks.random_seed("seed", seed)
        self._noise = keras.random.SeedGenerator(self.seed)

    def build(self, input_shape: TensorShape) -> None:
        """Checks that samples have sides along which they can be changed."""
        if len(input_shape) < 3:
            raise ValueError(
                "Augmentation changes images (N, H, W, C), series (N, T, C) or volumes "
                f"(N, D, H, W, C). Received: shape={tuple(input_shape)}. "
                "Compile without `augmentation`."
            )

    def call(self, images: Tensor) -> Tensor:
        """Returns the changed images."""
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
    """The functions of a policy, in its order."""
    return [change for name in policy for change in _POLICIES[name]]


def check_policy(policy: Sequence[str]) -> tuple[str, ...]:
    """The policy as a tuple.

    Raises:
        ValueError: If it is a string, or names a change that there is not.
    """
    listed = isinstance(policy, list | tuple) and all(isinstance(name, str) for name in policy)
    if not listed or any(name not in _POLICIES for name in policy):
        expected = f"a list of some of {', '.join(map(repr, _POLICIES))}"
        raise checks.wrong("policy", expected, policy, '["translation"] suits most images.')
    return tuple(policy)
