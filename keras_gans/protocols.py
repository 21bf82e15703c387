"""What users write and models take: the methods that each kind of object needs."""

import os
from typing import Any, Protocol, TypeAlias, runtime_checkable

import keras
import numpy.typing as npt

__all__ = [
    "Array",
    "ArrayLike",
    "Augmentation",
    "Classifier",
    "Critic",
    "Dataset",
    "DiscriminatorFactory",
    "Extractor",
    "GeneratorFactory",
    "Loss",
    "PathLike",
    "Penalty",
    "Shape",
    "Tensor",
    "TensorShape",
    "ValueRange",
]

Tensor: TypeAlias = Any
"""A tensor of the backend, or what Keras takes for one, such as a NumPy array.

Backends have no type in common, so type checkers take any value for a `Tensor`. The name is for
readers; shapes and dtypes are in the docstrings.
"""

Dataset: TypeAlias = Any
"""A `tf.data.Dataset`, in rooms that do not import TensorFlow. Type checkers take any value."""

Array: TypeAlias = npt.NDArray[Any]
"""A NumPy array of any shape and dtype."""

ArrayLike: TypeAlias = npt.ArrayLike
"""What `numpy.asarray` turns into an array: an array, a number, or nested lists of numbers."""

ValueRange: TypeAlias = tuple[float, float]
"""The pair `(low, high)` that black and white are mapped to, such as `(-1, 1)`."""

Shape: TypeAlias = tuple[int, ...]
"""The shape of one image or vector, without the batch: `(28, 28, 1)`, or `(2,)` for points."""

TensorShape: TypeAlias = Any
"""A shape as Keras gives it to the methods of layers.

It is a tuple with the batch, whose size is None where it is unknown; for a layer of several
inputs, a list of such tuples.
"""

PathLike: TypeAlias = str | os.PathLike[str]
"""The path of a file or folder: a string or a `pathlib.Path`."""


@runtime_checkable
class Loss(Protocol):
    """Scores two sets of logits, once for each player.

    Both methods take float logits `(N, 1)` of real and of generated images, and return a float
    scalar that the player minimises. Models take those that inherit from
    `keras_gans.losses.AdversarialLoss`, which also says what the logs show and how the loss is
    saved.

    Example:

        class Wasserstein(keras_gans.losses.AdversarialLoss):
            def discriminator_loss(self, real_logits, fake_logits):
                return keras.ops.mean(fake_logits) - keras.ops.mean(real_logits)

            def generator_loss(self, real_logits, fake_logits):
                return -keras.ops.mean(fake_logits)
    """

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor, /) -> Tensor:
        """What the discriminator minimises, a float scalar."""

    def generator_loss(self, real_logits: Tensor, fake_logits: Tensor, /) -> Tensor:
        """What the generator minimises, a float scalar."""


@runtime_checkable
class Critic(Protocol):
    """The discriminator as a penalty sees it; the model makes it, and users do not write one.

    Labels are closed over. `images_seen` is an integer tensor, the number of real images that
    training has used, for weights that follow a schedule. `seed_generator` is a
    `keras.random.SeedGenerator` whose state is saved with the model: a penalty that draws random
    numbers passes it on as `seed`.
    """

    images_seen: Tensor
    seed_generator: keras.random.SeedGenerator

    def __call__(self, images: Tensor, /) -> Tensor:
        """The logits, floats `(N, 1)`, of float images `(N, ...)`."""

    def gradients(self, images: Tensor, /) -> Tensor:
        """The slope of each image's logit, a float32 tensor of the shape of `images`."""


@runtime_checkable
class Penalty(Protocol):
    """A callable that returns a float scalar, which is added to the discriminator's loss.

    It takes a `Critic` and two batches of float images `(N, ...)`, real and generated; no
    gradient flows back into the generated ones. `keras_gans.losses.SlopePenalty` is the base
    class of those that restrain the discriminator's slope. `isinstance` can only tell that an
    object is callable.

    Example:

        def small_logits(critic, real_images, fake_images):
            return 1e-3 * keras.ops.mean(keras.ops.square(critic(real_images)))
    """

    def __call__(self, critic: Critic, real_images: Tensor, fake_images: Tensor, /) -> Tensor:
        """The penalty, a float scalar."""


@runtime_checkable
class Augmentation(Protocol):
    """A callable that changes images before the discriminator sees them.

    It takes float images `(N, H, W, C)` in [-1, 1], real or generated, and returns images of the
    same shape and dtype. Gradients must pass through. A Keras layer is one, or a function.
    `isinstance` can only tell that an object is callable.

    Example:

        def brighter(images):
            return images + keras.random.uniform((keras.ops.shape(images)[0], 1, 1, 1))
    """

    def __call__(self, images: Tensor, /) -> Tensor:
        """The changed images."""


@runtime_checkable
class Extractor(Protocol):
    """Turns images into features, in which metrics measure distances.

    Two attributes are optional: `value_range`, the pair `(low, high)` that it wants images in,
    which is (-1, 1) without; and `protocol`, a string that says what the features are.

    Example:

        class MeanColour:
            def features(self, images):
                return images.mean(axis=(1, 2))
    """

    def features(self, images: Array, /) -> Array:
        """Features, NumPy floats `(N, d)`, of NumPy float images `(N, H, W, C)`."""


@runtime_checkable
class Classifier(Protocol):
    """Says how probable each class is, for metrics that count classes.

    `keras_gans.metrics.DomainClassifier` is one, and an `Extractor` besides. The attributes
    `value_range` and `protocol` are optional, as for an `Extractor`.
    """

    def probabilities(self, images: Array, /) -> Array:
        """NumPy floats `(N, num_classes)`, of NumPy float images `(N, H, W, C)`."""


class GeneratorFactory(Protocol):
    """A function that builds a generator; it is called with keyword arguments.

    A conditional model also passes `num_classes` or `condition_dim`, an integer, so a factory
    for such models has these arguments, with None by default.

    Example:

        def generator(image_shape, latent_dim):
            latents = keras.Input((latent_dim,))
            images = keras.layers.Dense(math.prod(image_shape), activation="tanh")(latents)
            return keras.Model(latents, keras.layers.Reshape(image_shape)(images))
    """

    def __call__(self, *, image_shape: Shape, latent_dim: int) -> keras.Model:
        """A built model from latents `(N, latent_dim)` to floats `(N, *image_shape)`.

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
        """A built model from floats `(N, *image_shape)` to logits `(N, 1)`.

        A conditional one takes the list `[images, labels]`.
        """
