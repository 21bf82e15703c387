"""The turn of one player, with everything that an auxiliary loss can use."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from keras_gans.models.critic import Critic
from keras_gans.protocols import Tensor


@dataclasses.dataclass(frozen=True)
class Turn:
    """The tensors of a train step that the losses of one player can use.

    In the discriminator's turn, all outputs are those of the discriminator before its update. In
    the generator's turn, the outputs for generated images are those of the updated discriminator.
    The outputs for real images are still those of the discriminator's turn, without a gradient,
    unless the adversarial loss compares real with generated images.

    Attributes:
        real_images: Floats `(N, ...)` in the model's value range.
        fake_images: Floats `(N, ...)`. Gradients pass through them only in the generator's turn.
        labels: Integers `(N,)`, floats `(N, ...)`, or None.
        latents: Floats `(N, ...)`, a structure of them, or None.
        real_outputs: Dict of all outputs of the discriminator for the real images, floats
            `(N, ...)`; `"logits"` is one of them.
        fake_outputs: The same for the generated images.
        critic: The `Critic` of the turn. A call on other images needs an additional pass.
    """

    real_images: Tensor
    fake_images: Tensor
    labels: Tensor | None
    latents: Any
    real_outputs: dict[str, Tensor]
    fake_outputs: dict[str, Tensor]
    critic: Critic

    @property
    def real_logits(self) -> Tensor:
        """The logits `(N, ...)` of the real images."""
        return self.real_outputs["logits"]

    @property
    def fake_logits(self) -> Tensor:
        """The logits `(N, ...)` of the generated images."""
        return self.fake_outputs["logits"]

    @property
    def images_seen(self) -> Tensor:
        """The number of real images used in training so far, an integer tensor."""
        return self.critic.images_seen

    @property
    def seed_generator(self) -> Any:
        """The model's `keras.random.SeedGenerator`; its state is saved with the model."""
        return self.critic.seed_generator

    def of_generator(self, critic: Critic, compares: bool) -> "Turn":
        """Returns the generator's turn that follows this turn of the discriminator.

        Args:
            critic: A new `Critic`, with the current discriminator.
            compares: Whether the outputs for real images are also computed again.
        """
        fake_outputs = critic.outputs(self.fake_images)
        real_outputs = critic.outputs(self.real_images) if compares else self.real_outputs
        changed = {"real_outputs": real_outputs, "fake_outputs": fake_outputs}
        return dataclasses.replace(self, critic=critic, **changed)

    def sum_of(self, terms: Sequence[Any], method: str) -> Tensor:
        """Returns the sum of a method's results over the auxiliary losses that have the method."""
        return sum(getattr(term, method)(self) for term in terms if hasattr(term, method))
