"""A callback that restores the last good state when losses are no longer finite."""

from typing import Any

import keras
import numpy as np

from keras_gans import checks


class NaNGuard(keras.callbacks.Callback):
    """Callback that rolls back to the last good state when a loss becomes NaN or infinite.

    The state of the model after each epoch is kept in memory if it is finite. When a log of a batch
    is not finite, this state of the weights, optimizers and random states is restored, both
    learning rates are multiplied by `factor`, and training continues with the next batch. After
    `max_rollbacks` rollbacks, the training stops with an error. The callback checks every batch (or
    every `steps_per_execution` batches), for which it has to wait for the device.

    Args:
        max_rollbacks: Integer. With 0, training stops at the first NaN.
        factor: Float in (0, 1), the factor for the learning rates in each rollback.

    Raises:
        FloatingPointError: After too many rollbacks. The model is then in its last good state.
        ValueError: When training begins, if a learning rate is a schedule, which cannot be
            reduced.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[NaNGuard()])
    """

    def __init__(self, max_rollbacks: int = 3, factor: float = 0.5):
        super().__init__()
        self.max_rollbacks = checks.whole_number("max_rollbacks", max_rollbacks, 0)
        self.factor = checks.finite_number("factor", factor, 0, 1, "()", "0.5 is the default.")

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Checks that learning rates can be reduced."""
        self.rollbacks = 0
        self._good = None
        self._stale_logs = False
        if self.max_rollbacks:
            self._reduce(1.0)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stores the first state, after `Resume` has loaded its file."""
        self._epoch = epoch
        if self._good is None:
            self._good = self.model.get_state()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Resets the logs after a rollback."""
        if self._stale_logs:
            self.model.reset_metrics()
            self._stale_logs = False

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Checks the logs, and rolls back if they are not finite."""
        bad = [name for name, value in (logs or {}).items() if not np.all(np.isfinite(value))]
        if bad:
            self._roll_back(f"{' and '.join(bad)} in epoch {self._epoch + 1}, batch {batch + 1}")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stores the state if it is finite, and rolls back otherwise."""
        state = self.model.get_state()
        if all(np.all(np.isfinite(array)) for array in state):
            self._good = state
        else:
            self._roll_back(f"weights after epoch {epoch + 1}")

    def _roll_back(self, what):
        self.model.set_state(self._good)
        self._stale_logs = True
        self.rollbacks += 1
        if self.rollbacks > self.max_rollbacks:
            raise FloatingPointError(
                f"Losses and weights must be finite. Received: NaN or infinity in {what}, after "
                f"{self.max_rollbacks} rollbacks. The model is in its last good state. Lower the "
                "learning rates, or add a penalty such as keras_gans.losses.R1."
            )
        self._reduce(self.factor)
        self._good = self.model.get_state()
        print(
            f"\nNaNGuard: NaN or infinity in {what}; rolled back, learning rates x {self.factor}."
        )

    def _reduce(self, factor):
        optimizer = self.model.optimizer
        try:
            optimizer.learning_rate = optimizer.learning_rate * factor
        except TypeError as error:
            raise ValueError(
                "NaNGuard reduces learning rates, which must therefore be numbers. "
                f"Received: a schedule ({error}). Pass floats to the optimizers, or use "
                "NaNGuard(max_rollbacks=0), which only stops the training."
            ) from error
