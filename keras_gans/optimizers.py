"""Optimizers that Keras lacks."""

from typing import Any

import keras

from keras_gans.protocols import Tensor
from keras_gans.saving import serializable

__all__ = ["LinearDecayAdam"]


@serializable()
class LinearDecayAdam(keras.optimizers.Adam):
    """Adam whose learning rate decreases linearly to zero over the epochs of `fit`.

    It is the default optimizer of `ConditionalGAN`, `SelfConditionedGAN`, `ACGAN`, and of a `DCGAN`
    with labels. Schedules of Keras need the number of steps in advance; this optimizer needs
    nothing, because `fit` of keras_gans knows its epochs. In other training loops, the rate does
    not decrease.

    Formula, with `t` from 0 at the start of the first epoch to 1 at the end of the last:

        learning_rate (1 - t)

    `fit(epochs=20)` followed by `fit(epochs=20)` decreases the rate twice, and
    `fit(initial_epoch=20, epochs=40)` starts at half the rate. The rate changes a hundred times per
    epoch, or once per epoch if the number of batches is not known. The attribute `learning_rate` is
    the rate without the decay, so callbacks such as `ReduceLROnPlateau` and `NaNGuard` reduce the
    rate in addition. With Keras' `LearningRateScheduler`, there is no decay.

    Args:
        learning_rate: Float, the rate at the start of the training. Defaults to 0.001.
        **kwargs: Further arguments of `keras.optimizers.Adam`, such as `beta_1`.

    Raises:
        ValueError: If `learning_rate` is a schedule.

    Example:

        gan.compile(
            kg.optimizers.LinearDecayAdam(1e-3, beta_1=0.5),
            kg.optimizers.LinearDecayAdam(1e-3, beta_1=0.5),
        )

    Reference:
        - [Kingma and Ba, 2015](https://arxiv.org/abs/1412.6980), algorithm 1.
        - [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028), section 5: the decay.
    """

    def __init__(self, learning_rate: float = 0.001, **kwargs: Any):
        if isinstance(learning_rate, keras.optimizers.schedules.LearningRateSchedule):
            raise ValueError(
                "`learning_rate` must be a number, the rate at the start of the training. "
                f"Received: learning_rate={learning_rate!r}. Pass a schedule to "
                "keras.optimizers.Adam."
            )
        super().__init__(learning_rate, **kwargs)

    def build(self, variables: list[Any]) -> None:
        """Creates the variables of the optimizer."""
        if not self.built:
            self.progress = self.add_variable((), name="progress", aggregation="only_first_replica")
        super().build(variables)

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        """Updates one variable with the current rate."""
        super().update_step(gradient, variable, (1.0 - self.progress) * learning_rate)


def __dir__() -> list[str]:
    return __all__
