"""Auxiliary losses that stabilize training and need no labels."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.losses.auxiliary import AuxiliaryLoss, WeightedLoss, output_of
from keras_gans.ops.images import augmented
from keras_gans.ops.replicas import mean_over_replicas
from keras_gans.protocols import Tensor, Turn
from keras_gans.saving import serializable


@serializable()
class FeatureMatching(WeightedLoss):
    """Trains the generator to match the mean of the discriminator's features, or of its logits.

    Formula, with features `f(.)` of the discriminator:

        generator: weight sum over features of (mean f(x) - mean f(G(z)))^2

    Args:
        weight: Float in [0, 1e6].
        key: String, the key of the output that holds the features. A discriminator returns
            features if they are one of the outputs in its dict: `{"logits": ..., "features": ...}`.

    Raises:
        ValueError: If the weight is out of range, or the discriminator has no such output.

    Reference:
        - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 3.1. Unlike the
          paper, it is added to the adversarial loss, and the features of the real images are
          those from before the discriminator's update, so that no additional pass is needed.
    """

    def __init__(self, weight: float = 1.0, key: str = "features"):
        super().__init__(weight)
        self.key = checks.text("key", key)

    def generator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted squared distance between the two means."""
        real, fake = (
            mean_over_replicas(ops.mean(output_of(outputs, self.key), axis=0))
            for outputs in (turn.real_outputs, turn.fake_outputs)
        )
        return self.weight * ops.sum(ops.square(ops.stop_gradient(real) - fake))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "key": self.key}


@serializable()
class LeCam(WeightedLoss):
    """Keeps logits near the average logit of the other kind of image; for small datasets.

    Formula, with moving averages `a` and `b` of the mean logits of real and of generated images:

        discriminator: weight (mean((D(x) - b)^2) + mean((D(G(z)) - a)^2))

    Args:
        weight: Float in [0, 1e6].
        decay: Float in [0, 1), the fraction of the moving averages that each step keeps.

    Raises:
        ValueError: If an argument is out of range.

    Reference:
        - [Tseng et al., 2021](https://arxiv.org/abs/2104.03310), equation 4. Under a
          distribution strategy, the averages are taken over all replicas.
    """

    def __init__(self, weight: float = 0.01, decay: float = 0.99):
        super().__init__(weight)
        self.decay = checks.finite_number("decay", decay, 0, 1, open_ends=")", repair="Use 0.99.")
        self.averages = keras.Variable(
            [0.0, 0.0],
            trainable=False,
            dtype=keras.config.floatx(),
            name="averages",
            aggregation="mean",
        )

    def discriminator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted penalty and updates the moving averages."""
        means = ops.stack([ops.mean(turn.real_logits), ops.mean(turn.fake_logits)])
        means = ops.cast(ops.stop_gradient(means), self.averages.dtype)
        self.averages.assign(self.decay * self.averages + (1 - self.decay) * means)
        real, fake = ops.unstack(self.averages.value, num=2)
        return self.weight * (
            ops.mean(ops.square(turn.real_logits - fake))
            + ops.mean(ops.square(turn.fake_logits - real))
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "decay": self.decay}


@serializable()
class LabelNoise(AuxiliaryLoss):
    """Adds random noise to the targets of the discriminator's cross-entropy, as some tutorials do.

    Together with `NonSaturating` or `Minimax`, this gives the cross-entropy with the targets
    `1 + real u` for real images and `fake u'` for generated ones, where `u` and `u'` are uniform in
    [0, 1) and drawn for each logit. In this library, the target of real images is 1. If a program,
    such as that of keras.io, uses the target 0 for real images and adds noise of 0.05 to all
    targets, the equivalent is `LabelNoise(real=-0.05, fake=-0.05)`. If it adds noise of 0.1 to the
    targets of real images and subtracts it from those of generated ones, the equivalent is
    `LabelNoise(real=0.1, fake=-0.1)`.

    Formula:

        discriminator: -real mean(u D(x)) - fake mean(u' D(G(z)))

    Args:
        real: Float in [-1, 1], the largest noise on the target of a real image.
        fake: Float in [-1, 1], the largest noise on the target of a generated image.

    Reference:
        - F. Chollet, Deep Learning with Python, 2nd edition, section 12.5, for the default.
        - D. Foster, Generative Deep Learning, 2nd edition, chapter 4, for 0.1 and -0.1.
    """

    def __init__(self, real: float = -0.05, fake: float = -0.05):
        self.real = checks.finite_number("real", real, -1, 1)
        self.fake = checks.finite_number("fake", fake, -1, 1)

    def discriminator_loss(self, turn: Turn) -> Tensor:
        """Returns the difference between the loss with and without noise."""
        shape = tuple(turn.real_logits.shape[1:])
        real, fake = (
            ops.mean(turn.critic.uniform(logits, shape) * logits)
            for logits in (turn.real_logits, turn.fake_logits)
        )
        return -self.real * real - self.fake * fake

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"real": self.real, "fake": self.fake}


@serializable()
class Consistency(WeightedLoss):
    """Trains the discriminator to give an augmented image the original's logits: bCR-GAN.

    Unlike the other auxiliary losses, it needs two additional passes through the discriminator:
    one over the augmented real images, and one over the augmented generated images.

    Formula, with an augmentation `T`:

        discriminator: weight (mean((D(x) - D(T(x)))^2) + mean((D(G(z)) - D(T(G(z))))^2))

    Args:
        augmentation: Keras layer or callable from images to images of the same shape, such as
            `keras_gans.augmentation.DiffAugment()`; it gets images in [-1, 1], like the
            `augmentation` of `compile`.
        weight: Float in [0, 1e6].

    Raises:
        ValueError: If the weight is out of range.

    Reference:
        - [Zhao et al., 2020](https://arxiv.org/abs/2002.04724), equations 2 and 3.
    """

    def __init__(self, augmentation: Callable[[Tensor], Tensor] | Any, weight: float = 10.0):
        super().__init__(weight)
        if isinstance(augmentation, dict):
            augmentation = keras.saving.deserialize_keras_object(augmentation)
        self.augmentation = checks.function(
            "augmentation",
            augmentation,
            "a callable from images to images",
            "Pass a function or a Keras layer.",
        )

    def discriminator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted squared distances between the logits."""
        pairs = (turn.real_images, turn.real_logits), (turn.fake_images, turn.fake_logits)
        changes = []
        for images, logits in pairs:
            images = augmented(self.augmentation, images, turn.critic.value_range)
            changes.append(ops.mean(ops.square(logits - turn.critic(images))))
        return self.weight * sum(changes)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        augmentation = keras.saving.serialize_keras_object(self.augmentation)
        return {**super().get_config(), "augmentation": augmentation}
