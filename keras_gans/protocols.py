"""The methods that custom objects need so that models, penalties and metrics accept them."""

import collections.abc
import os
from typing import Any, Protocol, TypeAlias, runtime_checkable

import keras
import numpy.typing as npt

__all__ = [
    "Array",
    "ArrayLike",
    "Augmentation",
    "AuxiliaryLoss",
    "Classifier",
    "Critic",
    "Dataset",
    "DiscriminatorFactory",
    "Extractor",
    "GeneratorFactory",
    "Loss",
    "PathLike",
    "Penalty",
    "Prior",
    "Shape",
    "ShapeLike",
    "Tensor",
    "TensorShape",
    "Turn",
    "ValueRange",
]

Tensor: TypeAlias = Any
"""A tensor of the backend, or what Keras accepts as one, such as a NumPy array.

Backends have no common type, so type checkers accept any value as a `Tensor`. The name is for
readers; shapes and dtypes are given in the docstrings.
"""

Dataset: TypeAlias = Any
"""A `tf.data.Dataset`, for modules that do not import TensorFlow; checkers accept any value."""

Array: TypeAlias = npt.NDArray[Any]
"""A NumPy array of any shape and dtype."""

ArrayLike: TypeAlias = npt.ArrayLike
"""What `numpy.asarray` can convert: an array, a number, or nested lists of numbers."""

ValueRange: TypeAlias = tuple[float, float]
"""The pair `(low, high)` to which black and white are mapped, such as `(-1, 1)`."""

Shape: TypeAlias = tuple[int, ...]
"""The shape of one image or vector, without the batch: `(28, 28, 1)`, or `(2,)` for points."""

ShapeLike: TypeAlias = collections.abc.Sequence[int] | npt.NDArray[Any]
"""A shape as an argument: a tuple, list or NumPy array of integers."""

TensorShape: TypeAlias = Any
"""A shape as Keras passes it to the methods of layers.
It is a tuple that includes the batch size, which is None if it is unknown. For a layer with
several inputs, it is a list of such tuples.
"""

PathLike: TypeAlias = str | os.PathLike[str]
"""The path of a file or folder: a string or a `pathlib.Path`."""


@runtime_checkable
class Loss(Protocol):
    """Scores two sets of logits, once for each player.

    Both methods take float logits `(N, 1)`, or maps of logits `(N, ...)`, of real and of generated
    images, and return a float scalar that the player minimizes. Models accept losses that inherit
    from `keras_gans.losses.AdversarialLoss`, which also defines what is logged and how the loss is
    saved.

    Example:

        class Wasserstein(keras_gans.losses.AdversarialLoss):
            def discriminator_loss(self, real_logits, fake_logits):
                return keras.ops.mean(fake_logits) - keras.ops.mean(real_logits)

            def generator_loss(self, real_logits, fake_logits):
                return -keras.ops.mean(fake_logits)
    """

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor, /) -> Tensor:
        """Returns the loss of the discriminator, a float scalar."""

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor, /) -> Tensor:
        """Returns the loss of the generator, a float scalar."""


@runtime_checkable
class Critic(Protocol):
    """The discriminator as an argument of penalties; models create it.

    It already includes the labels. Images are in `value_range`. `images_seen` is an integer tensor,
    the number of real images that training has used, for weights that follow a schedule. Pass
    `seed_generator`, whose state is saved with the model, as `seed` to draw random numbers.
    """

    value_range: ValueRange
    images_seen: Tensor
    seed_generator: keras.random.SeedGenerator

    def __call__(self, images: Tensor, /) -> Tensor:
        """Returns the logits, floats `(N, ...)`, for float images `(N, ...)`."""

    def outputs(self, images: Tensor, /) -> dict[str, Tensor]:
        """Returns all outputs of the discriminator, including `"logits"`."""

    def gradients(self, images: Tensor, /) -> Tensor:
        """Returns the gradient of each image's logit, a float tensor with the shape of `images`."""

    def uniform(self, images: Tensor, shape: Shape, /) -> Tensor:
        """Returns random numbers `(N, *shape)` in [0, 1), one row for each image."""


@runtime_checkable
class Penalty(Protocol):
    """A callable that returns a float scalar, which is added to the discriminator's loss.

    It takes a `Critic` and two batches of float images `(N, ...)`, real and generated. No
    gradients flow back to the generator. `keras_gans.losses.SlopePenalty` is the base class of
    penalties that limit the discriminator's slope. `isinstance` can only check that an object is
    callable.

    Example:

        def small_logits(critic, real_images, fake_images):
            return 1e-3 * keras.ops.mean(keras.ops.square(critic(real_images)))
    """

    def __call__(self, critic: Critic, real_images: Tensor, fake_images: Tensor, /) -> Tensor:
        """Returns the penalty, a float scalar."""


class Turn(Protocol):
    """The values of a training step from which auxiliary losses are computed; see `AuxiliaryLoss`.

    In the discriminator's turn, both outputs are computed by the discriminator before its update.
    In the generator's turn, the outputs for generated images are computed by the updated
    discriminator. The outputs for real images are still those of the discriminator's turn, without
    gradients, unless the adversarial loss compares the two.

    Attributes:
        real_images: Floats `(N, ...)` in the model's value range.
        fake_images: Floats `(N, ...)`. Gradients pass through them only in the generator's turn.
        labels: Integers `(N,)`, floats `(N, ...)`, or None.
        latents: Floats `(N, latent_dim)`, a structure of tensors, or None.
        real_outputs: Dict of all outputs of the discriminator for the real images.
        fake_outputs: The same for the generated images.
        real_logits: Floats `(N, ...)`, the output `"logits"`.
        fake_logits: Floats `(N, ...)`.
        critic: The `Critic` of this turn. Each call on other images is an additional pass.
        images_seen: The number of real images that training has used, an integer tensor.
        seed_generator: The model's source of random numbers; its state is saved with the model.
    """

    real_images: Tensor
    fake_images: Tensor
    labels: Tensor
    latents: Any
    real_outputs: dict[str, Tensor]
    fake_outputs: dict[str, Tensor]
    real_logits: Tensor
    fake_logits: Tensor
    critic: Any
    images_seen: Tensor
    seed_generator: keras.random.SeedGenerator


@runtime_checkable
class AuxiliaryLoss(Protocol):
    """Adds a term to the loss of one or both players.

    Models accept any object that has one or both of the methods;
    `keras_gans.losses.AuxiliaryLoss` is a base class that also defines how the object is saved.

    Example:

        class SmallLogits:
            def discriminator_loss(self, turn):
                return 1e-3 * keras.ops.mean(keras.ops.square(turn.real_logits))
    """

    def discriminator_loss(self, turn: Turn, /) -> Tensor:
        """Returns the term of the discriminator's loss, a float scalar."""

    def generator_loss(self, turn: Turn, /) -> Tensor:
        """Returns the term of the generator's loss, a float scalar."""


@runtime_checkable
class Prior(Protocol):
    """A callable that turns standard normal noise into latents.

    The noise is a tensor `(N, latent_dim)`, or a structure of tensors if the generator has several
    inputs for latents. The result has the same structure and shapes.
    `keras_gans.priors.Prior` is a base class. `isinstance` can only check that an object is
    callable.

    Example:

        def narrow(noise):
            return 0.33 * noise
    """

    def __call__(self, noise: Any, /) -> Any:
        """Returns the latents."""


@runtime_checkable
class Augmentation(Protocol):
    """A callable that changes images before the discriminator sees them.

    It takes float images `(N, H, W, C)` in [-1, 1], real or generated, and returns images of the
    same shape and dtype. Gradients must pass through. It can be a Keras layer or a function.
    `isinstance` can only check that an object is callable.

    Example:

        def brighter(images):
            return images + keras.random.uniform((keras.ops.shape(images)[0], 1, 1, 1))
    """

    def __call__(self, images: Tensor, /) -> Tensor:
        """Returns the changed images."""


@runtime_checkable
class Extractor(Protocol):
    """Turns images into features, in which metrics measure distances.

    Two attributes are optional: `value_range`, the pair `(low, high)` that images should lie in,
    (-1, 1) by default; and `protocol`, a string that describes the features.

    Example:

        class MeanColor:
            def features(self, images):
                return images.mean(axis=(1, 2))
    """

    def features(self, images: Array, /) -> Array:
        """Returns the features, NumPy floats `(N, d)`, of NumPy float images `(N, H, W, C)`."""


@runtime_checkable
class Classifier(Protocol):
    """Estimates how probable each class is, for metrics that count classes.

    `keras_gans.metrics.DomainClassifier` is one, and also an `Extractor`. The attributes
    `value_range` and `protocol` are optional, as for an `Extractor`.
    """

    def probabilities(self, images: Array, /) -> Array:
        """Returns probabilities, NumPy floats `(N, num_classes)`, for floats `(N, H, W, C)`."""


class GeneratorFactory(Protocol):
    """A function that builds a generator; it is called with keyword arguments.

    A conditional model also passes `num_classes` or `condition_dim`, an integer, or
    `condition_shape`, a tuple, so a factory for such models must have that argument.

    Example:

        def generator(image_shape, latent_dim):
            latents = keras.Input((latent_dim,))
            images = keras.layers.Dense(math.prod(image_shape), activation="tanh")(latents)
            return keras.Model(latents, keras.layers.Reshape(image_shape)(images))
    """

    def __call__(self, *, image_shape: Shape, latent_dim: int) -> keras.Model:
        """Returns a built model from latents `(N, latent_dim)` to floats `(N, *image_shape)`.

        A conditional one takes the list `[latents, labels]`.
        """


class DiscriminatorFactory(Protocol):
    """A function that builds a discriminator; it is called with keyword arguments.

    A conditional model also passes `num_classes` or `condition_dim`, as for a
    `GeneratorFactory`.

    Example:

        def discriminator(image_shape):
            images = keras.Input(image_shape)
            return keras.Model(images, keras.layers.Dense(1)(keras.layers.Flatten()(images)))
    """

    def __call__(self, *, image_shape: Shape) -> keras.Model:
        """Returns a built model from floats `(N, *image_shape)` to logits `(N, 1)`.

        A conditional one takes the list `[images, labels]`.
        """
