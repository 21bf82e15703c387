"""The two optimizers, as stock callbacks want to see them: as one."""

import keras


class PlayerOptimizers:
    """Stands in for `model.optimizer`, so that Keras' callbacks act on both players.

    Reading `learning_rate` gives the discriminator's; setting it multiplies both by the same
    factor, so that schedules and plateaus keep their ratio, whatever they do.

    Args:
        discriminator_optimizer: Built `keras.optimizers.Optimizer`.
        generator_optimizer: Built `keras.optimizers.Optimizer`.
    """

    name = "optimizer"
    built = True

    def __init__(self, discriminator_optimizer, generator_optimizer):
        self._players = (discriminator_optimizer, generator_optimizer)
        self._ratio = None  # of the generator's rate, while the discriminator's is zero

    def build(self, variables):
        """Does nothing: both are built on their network's weights."""

    @property
    def iterations(self):
        """Updates of the discriminator so far."""
        return self._players[0].iterations

    @property
    def variables(self):
        """The variables of both."""
        return [variable for player in self._players for variable in player.variables]

    @property
    def learning_rate(self):
        """The discriminator's learning rate."""
        return self._players[0].learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        rates = [
            float(keras.ops.convert_to_numpy(player.learning_rate)) for player in self._players
        ]
        for player, rate in zip(self._players, rates, strict=True):
            player.learning_rate = rate  # a schedule refuses, before anything has changed
        if rates[0] > 0:
            self._ratio = rates[1] / rates[0]
        self._players[0].learning_rate = float(value)
        if self._ratio is not None:
            self._players[1].learning_rate = float(value) * self._ratio
