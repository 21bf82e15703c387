"""A player of the game: a network, and how it learns."""

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from keras_gans.models.replicas import gradient_norm, scaled
from keras_gans.networks.conditioning import inputs_with_labels
from keras_gans.protocols import Tensor


class Player:
    """A network that learns from losses recorded on its tape.

    Args:
        network: Built `keras.Model`. Only its trainable weights are watched and moved.
    """

    def __init__(self, network: Any):
        self.network = network
        self.optimizer: Any = None

    def __call__(self, first: Tensor, labels: Tensor, training: bool = True) -> Tensor:
        """What the network makes of latents or images, and of labels or None; float32."""
        outputs = self.network(inputs_with_labels(first, labels), training=training)
        return keras.ops.cast(outputs, "float32")

    def learn_with(self, optimizer: Any) -> None:
        """Sets the optimizer, built on the network's trainable weights."""
        self.optimizer = optimizer

    @contextlib.contextmanager
    def tape(self) -> Iterator[Any]:
        """A `tf.GradientTape` that watches the network's trainable weights, and nothing else."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in self.network.trainable_variables])
            yield tape

    def total(self, loss: Tensor) -> Tensor:
        """The loss with the network's own losses, scaled; to be computed under the tape."""
        return scaled(loss + sum(self.network.losses), self.optimizer)

    def move(self, tape: Any, total: Tensor) -> Tensor:
        """Moves the weights against the gradient of `total`, and returns the gradient's norm."""
        weights = self.network.trainable_variables
        gradients = tape.gradient(total, weights)
        norm = gradient_norm(gradients, self.optimizer)
        self.optimizer.apply(gradients, weights)
        return norm


class PlayerOptimizers:
    """Stands in for `model.optimizer`, so that callbacks written for one optimizer act on both.

    Reading `learning_rate` gives the discriminator's; setting it multiplies both by the same
    factor, so that schedules and plateaus keep their ratio, whatever they do. `get_config` has
    the settings of each player; other attributes are those of the discriminator's optimizer, and
    what trains a single network (`apply` and the like) is an error.

    Args:
        discriminator_optimizer: Built `keras.optimizers.Optimizer`.
        generator_optimizer: Built `keras.optimizers.Optimizer`.
    """

    name = "optimizer"
    built = True

    def __init__(self, discriminator_optimizer: Any, generator_optimizer: Any):
        self._players = {
            "discriminator": discriminator_optimizer,
            "generator": generator_optimizer,
        }
        self._ratio: float | None = (
            None  # of the generator's rate, while the discriminator's is zero
        )

    def build(self, variables: Any) -> None:
        """Does nothing: both are built on their network's weights."""

    def finalize_variable_values(self, var_list: Any) -> None:
        """Does nothing: neither optimizer averages weights."""

    @property
    def iterations(self) -> Any:
        """Updates of the discriminator so far."""
        return self._players["discriminator"].iterations

    @property
    def variables(self) -> list[Any]:
        """The variables of both."""
        return [variable for player in self._players.values() for variable in player.variables]

    @property
    def learning_rate(self) -> Any:
        """The discriminator's learning rate."""
        return self._players["discriminator"].learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        discriminator, generator = self._players.values()
        rates = [
            float(keras.ops.convert_to_numpy(player.learning_rate))
            for player in (discriminator, generator)
        ]
        for player, rate in zip((discriminator, generator), rates, strict=True):
            player.learning_rate = rate  # a schedule refuses, before anything has changed
        if rates[0] > 0:
            self._ratio = rates[1] / rates[0]
        discriminator.learning_rate = float(value)
        if self._ratio is not None:
            generator.learning_rate = float(value) * self._ratio

    def get_config(self) -> dict[str, Any]:
        """The settings of both, a dict whose keys begin with `discriminator_` or `generator_`."""
        return {
            f"{player}_{name}": value
            for player, optimizer in self._players.items()
            for name, value in optimizer.get_config().items()
        }

    def save_own_variables(self, store: Any) -> None:
        """Does nothing: the model saves both optimizers."""

    def load_own_variables(self, store: Any) -> None:
        """Does nothing: the model loads both optimizers."""

    def __getattr__(self, name: str) -> Any:
        """Other settings are the discriminator's; what trains a network is an error."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self._players["discriminator"], name)
        return functools.partial(_refuse, name) if callable(value) else value


def _refuse(method, *args, **kwargs):
    raise TypeError(
        f"`{method}` needs to know which network it moves. Received: the optimizer of a GAN, "
        f"which has two. Call it on `gan.discriminator_optimizer` or `gan.generator_optimizer`."
    )
