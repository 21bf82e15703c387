"""Auxiliary losses: additional terms in a player's loss, from what the step has computed."""

from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor, Turn
from keras_gans.saving import serializable

_LARGEST_WEIGHT = 1e6


class AuxiliaryLoss:
    """Base class of auxiliary losses, which are passed to `compile(auxiliary_losses=[...])`.

    To write your own, override one or both of the methods; each returns a float scalar that is
    added to that player's loss. `turn` provides what the step has computed: `real_images`,
    `fake_images`, `labels`, `latents`, `real_logits`, `fake_logits`, all `real_outputs` and
    `fake_outputs` of the discriminator, the `critic` for additional passes, `images_seen` and
    `seed_generator`. A term that only uses these needs no additional pass. The object's variables
    are saved with the model. Register the class with
    `keras.saving.register_keras_serializable`, and add `get_config` if its constructor takes
    arguments.

    Example:

        @keras.saving.register_keras_serializable(package="my_project")
        class SmallLogits(keras_gans.losses.AuxiliaryLoss):
            def discriminator_loss(self, turn):
                return 1e-3 * keras.ops.mean(keras.ops.square(turn.real_logits))
    """

    def discriminator_loss(self, turn: Turn) -> Tensor:
        """What is added to the discriminator's loss, a float scalar; 0 by default."""
        del turn
        return 0.0

    def generator_loss(self, turn: Turn) -> Tensor:
        """What is added to the generator's loss, a float scalar; 0 by default."""
        del turn
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the object from the dict that `get_config` returned."""
        return cls(**config)


class WeightedLoss(AuxiliaryLoss):
    """Base class of auxiliary losses with a weight.

    Args:
        weight: Float in [0, 1e6].

    Raises:
        ValueError: If the weight is out of range.
    """

    def __init__(self, weight: float = 1.0):
        repair = "Omit the loss if it is not wanted."
        self.weight = checks.finite_number("weight", weight, 0, _LARGEST_WEIGHT, repair=repair)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {"weight": self.weight}


@serializable()
class Classification(WeightedLoss):
    """Trains both players so that the discriminator recognizes the class of an image: AC-GAN.

    The discriminator must return a dict with the logits of the classes, such as
    `networks.dcgan_discriminator(image_shape, heads={"classes": num_classes})`.

    Formula, with the cross-entropy `H` of the labels `c` and the outputs `C(.)`:

        discriminator: weight (mean(H(c, C(x))) + mean(H(c, C(G(z, c)))))
        generator:     weight mean(H(c, C(G(z, c))))

    Args:
        weight: Float in [0, 1e6].
        key: String, the key of the output, floats `(N, num_classes)`.

    Raises:
        ValueError: If the weight is out of range, or the discriminator has no such output.

    Reference:
        - [Odena et al., 2017](https://arxiv.org/abs/1610.09585), equations 2 and 3.
    """

    def __init__(self, weight: float = 1.0, key: str = "classes"):
        super().__init__(weight)
        self.key = checks.text("key", key)

    def discriminator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted sum of both cross-entropies."""
        real, fake = (
            self._cross_entropy(turn, outputs) for outputs in (turn.real_outputs, turn.fake_outputs)
        )
        return self.weight * (real + fake)

    def generator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted cross-entropy of the generated images."""
        return self.weight * self._cross_entropy(turn, turn.fake_outputs)

    def _cross_entropy(self, turn, outputs):
        logits = output_of(outputs, self.key)
        losses = ops.sparse_categorical_crossentropy(turn.labels, logits, from_logits=True)
        return ops.mean(losses)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "key": self.key}


@serializable()
class MutualInformation(WeightedLoss):
    """Trains both players so that the discriminator recovers the codes of the latents: InfoGAN.

    The loss is the negative of a lower bound on the mutual information between codes and images,
    up to a constant. The discriminator must return a dict with an output that estimates the
    codes, such as `networks.dcgan_discriminator(image_shape, heads={"codes": prior.size})`.

    Formula, with the estimates `Q(.)` of discrete codes `c` and continuous codes `t`:

        weight sum over discrete codes of mean(H(c, softmax Q(G(z))))
        + continuous_weight sum over continuous codes of mean((t - Q(G(z)))^2) / 2

    Args:
        prior: The model's `keras_gans.priors.Codes`.
        weight: Float, weight of the discrete codes, zero or more.
        continuous_weight: Float, weight of the continuous codes.
        key: String, the key of the output, floats `(N, prior.size)`: the logits of each discrete
            code's categories, then an estimate of each continuous code.

    Raises:
        ValueError: If the weight is out of range, or the discriminator has no such output.

    Reference:
        - [Chen et al., 2016](https://arxiv.org/abs/1606.03657), equation 5. Unlike the paper,
          the distribution of the continuous codes given the image is normal with a fixed
          variance of 1, and the estimates have no separate hidden layer.
    """

    def __init__(
        self,
        prior: Any,
        weight: float = 1.0,
        continuous_weight: float = 0.1,
        key: str = "codes",
    ):
        super().__init__(weight)
        if isinstance(prior, dict):
            prior = keras.saving.deserialize_keras_object(prior)
        if not all(hasattr(prior, name) for name in ("categories", "continuous", "size")):
            repair = "Pass the prior of the model."
            raise checks.wrong("prior", "a keras_gans.priors.Codes", prior, repair)
        self.prior = prior
        self.continuous_weight = checks.finite_number(
            "continuous_weight", continuous_weight, 0, _LARGEST_WEIGHT
        )
        self.key = checks.text("key", key)

    def discriminator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted sum over all codes."""
        return self.generator_loss(turn)

    def generator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted sum over all codes."""
        estimates = output_of(turn.fake_outputs, self.key, self.prior.size)
        codes = turn.latents[:, -self.prior.size :]
        start, loss = 0, 0.0
        for number in self.prior.categories:
            own = slice(start, start + number)
            cross_entropies = ops.categorical_crossentropy(
                codes[:, own], estimates[:, own], from_logits=True
            )
            loss += self.weight * ops.mean(cross_entropies)
            start += number
        squares = ops.square(codes[:, start:] - estimates[:, start:]) / 2
        return loss + self.continuous_weight * ops.mean(ops.sum(squares, axis=-1))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        prior = keras.saving.serialize_keras_object(self.prior)
        own = {"prior": prior, "continuous_weight": self.continuous_weight, "key": self.key}
        return {**super().get_config(), **own}


@serializable()
class Reconstruction(WeightedLoss):
    """Brings the generated image close to the real image of the same condition: pix2pix.

    Use it for models that are conditioned on images, with data that are pairs of an image and its
    condition.

    Formula:

        weight mean(|x - G(z, c)|)       with norm=1
        weight mean((x - G(z, c))^2)     with norm=2

    Args:
        weight: Float in [0, 1e6].
        norm: 1 or 2.

    Raises:
        ValueError: If the weight is out of range, or `norm` is neither 1 nor 2.

    Reference:
        - [Isola et al., 2017](https://arxiv.org/abs/1611.07004), equation 3.
    """

    def __init__(self, weight: float = 100.0, norm: int = 1):
        super().__init__(weight)
        self.norm = checks.one_of("norm", norm, (1, 2), "1 is usual.")

    def generator_loss(self, turn: Turn) -> Tensor:
        """Returns the weighted mean distance."""
        if turn.labels is None:
            raise ValueError(
                "A reconstruction needs pairs of an image and its condition. Received: a model "
                "without labels. Use Pix2Pix, or remove the loss."
            )
        return self.weight * ops.mean(ops.abs(turn.real_images - turn.fake_images) ** self.norm)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "norm": self.norm}


def output_of(outputs: dict[str, Tensor], key: str, size: int | None = None) -> Tensor:
    """Returns one of a discriminator's outputs.

    Args:
        outputs: Dict of all outputs.
        key: String.
        size: Integer, the number of entries that the output must have for each image, or None.

    Raises:
        ValueError: If there is no such output, or it has another size.
    """
    if key not in outputs:
        raise ValueError(
            f'This auxiliary loss needs an output "{key}" of the discriminator. Received: outputs '
            f"{', '.join(outputs)}. Return a dict of outputs, for example with `heads` of "
            "networks.dcgan_discriminator."
        )
    shape = tuple(outputs[key].shape[1:])
    if size is not None and shape != (size,):
        raise ValueError(
            f'The output "{key}" of the discriminator must have the shape (N, {size}). '
            f"Received: {('N', *shape)}. Give it {size} units."
        )
    return outputs[key]
