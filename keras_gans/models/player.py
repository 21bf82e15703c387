"""A player: one of the two networks, and how it is trained."""

import contextlib
import functools
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_gans.models.optimizers import rate_of
from keras_gans.models.replicas import apply, gradient_norm, scaled
from keras_gans.models.signature import Signature
from keras_gans.protocols import Tensor


class Player:
    """A network, trained on losses that its tape records.

    Args:
        network: Built `keras.Model`. Only its trainable weights are watched and updated.
        signature: `Signature` of the network: the order and form of its inputs.
    """

    def __init__(self, network: Any, signature: Signature):
        self.network = network
        self.inputs = signature
        self.optimizer: Any = None
        self._recorded: dict[int, list[Any]] = {}  # by replica, each of which has its own thread

    def __call__(self, first: Any, labels: Tensor | None, training: bool = True) -> Any:
        """Returns the network's outputs as floats, for latents or images, and labels or None."""
        outputs = self.network(self.inputs(first, labels), training=training)
        if training and threading.get_ident() in self._recorded:
            self._recorded[threading.get_ident()].extend(self._losses()[0])
        return keras.tree.map_structure(
            lambda output: keras.ops.cast(output, keras.config.floatx()), outputs
        )

    def infer(self, first: Any, labels: Tensor | None) -> Any:
        """Returns the network's outputs in inference mode."""
        return self(first, labels, training=False)

    def learn_with(self, optimizer: Any) -> None:
        """Sets the optimizer, which must be built for the network's trainable weights."""
        self.optimizer = optimizer

    @contextlib.contextmanager
    def tape(self) -> Iterator[Any]:
        """Returns a context with a `tf.GradientTape` that watches only the trainable weights."""
        self._recorded.update({threading.get_ident(): []})
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in self.network.trainable_variables])
            yield tape

    def total(self, loss: Tensor) -> Tensor:
        """Returns the scaled sum of a loss and the network's own losses; call it under the tape."""
        return scaled(loss + self.own_losses(), self.optimizer)

    def own_losses(self) -> Tensor:
        """Returns the sum of the network's own losses, and clears the record of its passes.

        These are the regularizers of the weights, and the losses that layers have added in each
        pass since the tape began, such as activity regularizers. Keras itself keeps only those of
        the last pass.
        """
        return sum(self._recorded.pop(threading.get_ident(), [])) + sum(self._losses()[1])

    def _losses(self):
        """Returns the losses of the last pass, and those of the weights, listed last by Keras."""
        losses = self.network.losses
        regularized = [w for w in self.network.trainable_weights if w.regularizer is not None]
        count = len(losses) - len(regularized)
        return losses[:count], losses[count:]

    def gradients(self, tape: Any, total: Tensor) -> list[Any]:
        """Returns the gradient of `total` with respect to each trainable weight."""
        return tape.gradient(total, self.network.trainable_variables)

    def move(self, gradients: list[Any]) -> Tensor:
        """Updates the weights, and returns the gradient norm."""
        return move_together([self], gradients)


class Judge(Player):
    """The discriminator as a player, whose outputs are always a dict with the key `"logits"`."""

    def __call__(self, first: Any, labels: Tensor | None, training: bool = True) -> Any:
        """Returns a dict of the network's outputs as floats, for images, and labels or None."""
        outputs = super().__call__(first, labels, training)
        return outputs if isinstance(outputs, dict) else {"logits": outputs}


def move_together(players: Sequence[Player], gradients: list[Any]) -> Tensor:
    """Updates the weights of players with one optimizer, and returns the joint gradient norm.

    Args:
        players: List of players.
        gradients: List of the gradients of all players, in the same order.
    """
    optimizer = players[0].optimizer
    norm = gradient_norm(gradients, optimizer)
    apply(optimizer, gradients, [w for p in players for w in p.network.trainable_variables])
    return norm


class PlayerOptimizers:
    """A substitute for `model.optimizer` with which callbacks act on both optimizers.

    Reading `learning_rate` returns the discriminator's learning rate. Setting it multiplies both
    learning rates by the same factor, so that callbacks for schedules and plateaus keep their
    ratio. `get_config` returns the settings of both optimizers. Other attributes are those of the
    discriminator's optimizer, and methods that train a single network (such as `apply`) raise an
    error.

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
        self._ratio: float | None = None  # of both rates, for when the discriminator's is zero
        self._note_ratio()

    def build(self, variables: Any) -> None:
        """Does nothing, because both optimizers are already built."""

    def finalize_variable_values(self, var_list: Any) -> None:
        """Does nothing, because neither optimizer averages weights."""

    @property
    def iterations(self) -> Any:
        """The number of discriminator updates so far."""
        return self._players["discriminator"].iterations

    @property
    def variables(self) -> list[Any]:
        """The variables of both optimizers."""
        return [variable for player in self._players.values() for variable in player.variables]

    @property
    def learning_rate(self) -> Any:
        """The discriminator's learning rate."""
        return self._players["discriminator"].learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        discriminator, generator = self._players.values()
        for player in (discriminator, generator):
            player.learning_rate = rate_of(player)  # raises for a schedule, before any change
        self._note_ratio()
        discriminator.learning_rate = float(value)
        if self._ratio is not None:
            generator.learning_rate = float(value) * self._ratio

    def _note_ratio(self):
        discriminator, generator = map(rate_of, self._players.values())
        if discriminator > 0:
            self._ratio = generator / discriminator

    def get_config(self) -> dict[str, Any]:
        """Returns the settings of both; keys begin with `discriminator_` or `generator_`."""
        return {
            f"{player}_{name}": value
            for player, optimizer in self._players.items()
            for name, value in optimizer.get_config().items()
        }

    def save_own_variables(self, store: Any) -> None:
        """Does nothing, because the model saves both optimizers."""

    def load_own_variables(self, store: Any) -> None:
        """Does nothing, because the model loads both optimizers."""

    def __getattr__(self, name: str) -> Any:
        """Returns the discriminator's setting; methods that train a network raise an error."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self._players["discriminator"], name)
        return functools.partial(_refuse, name) if callable(value) else value


def _refuse(method, *args, **kwargs):
    raise TypeError(
        f"`{method}` needs to know which network to update. Received: the optimizer of a GAN, "
        f"which has two. Call it on `gan.discriminator_optimizer` or `gan.generator_optimizer`."
    )
