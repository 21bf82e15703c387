"""A callback that says in words what the numbers of a training mean."""

import time

import keras
import numpy as np

from keras_gans.callbacks.diagnosis import PLAYERS, diagnose

_NUM_IMAGES = 64
_NEAR = 0.02  # of the value range, root mean square: nearer images look the same


class HealthMonitor(keras.callbacks.Callback):
    """Watches a training, and says in words when it goes wrong, and what to try.

    It says so of a discriminator that gives every image the same score, a player whose
    weights do not move, a generator that draws the same image again and again, exploding
    gradients, NaN, and a discriminator that always wins. On a good run it says nothing.
    What it said is in `messages`, a list of strings.

    It adds to the logs: `real_accuracy`, `fake_accuracy`, the shares of real images taken for
    real and of generated ones not; `discriminator_gradient_norm`, `generator_gradient_norm`,
    of the batch's mean loss, penalties included; `near_equal_pairs`, the share of pairs among
    64 generated images whose root mean square difference is below 2% of the value range (1%
    for points); `images_per_second`.

    Args:
        patience: Integer, epochs in a row that something must go wrong before it is said;
            NaN and exploding gradients are said at once.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[HealthMonitor()])
    """

    def __init__(self, patience=3):
        super().__init__()
        if patience < 1:
            raise ValueError(
                "`patience` must be a positive number of epochs. "
                f"Received: patience={patience}. 1 says it after the first epoch."
            )
        self.patience = patience
        self.messages = []

    def on_train_begin(self, logs=None):
        """Asks the model for the numbers."""
        self.model.log_health()
        self._epochs = []  # the numbers of each epoch
        self._name, self._repeated, self._said = None, 0, None

    def on_epoch_begin(self, epoch, logs=None):
        """Remembers where both players stand."""
        self._start = time.perf_counter(), self.model.images_seen
        self._before = [self._weights(player) for player in PLAYERS]

    def on_epoch_end(self, epoch, logs=None):
        """Adds numbers to the logs, and says what they mean."""
        start, images = self._start
        seconds = max(time.perf_counter() - start, 1e-9)
        logs["images_per_second"] = (self.model.images_seen - images) / seconds
        logs.update(self._look_at_images())
        spread = logs.pop("logit_spread")
        hidden = {"logit_spread": spread, "images_seen": self.model.images_seen}
        self._epochs.append({**logs, **hidden, **self._changes()})
        self._say(epoch, *diagnose(self._epochs))

    def on_train_end(self, logs=None):
        """Lets the model go back to its usual logs."""
        self.model.log_health(on=False)

    def _say(self, epoch, name, message, urgent):
        self._repeated = self._repeated + 1 if name == self._name else 1
        self._name = name
        if name is None:
            self._said = None
        elif name != self._said and (urgent or self._repeated >= self.patience):
            self._said = name
            since = "" if urgent else f", for {self._repeated} epochs"
            self.messages.append(f"epoch {epoch + 1}{since}: {message}")
            if self.model.is_chief:
                print(f"\nHealthMonitor, {self.messages[-1]}")

    def _look_at_images(self):
        """Share of near-equal pairs, and how much the discriminator tells images apart."""
        gan = self.model
        labels, same = self._labels()
        images = gan.generate(_NUM_IMAGES, labels=labels, seed=0)
        if not np.all(np.isfinite(images)):
            return {"near_equal_pairs": np.nan, "logit_spread": np.nan}
        low, high = gan.value_range
        noise = np.random.default_rng(0).uniform(low, high, images.shape).astype("float32")
        seen = np.clip(images, low, high), noise  # a linear generator leaves the range
        logits = np.concatenate([gan.discriminate(part, labels) for part in seen])
        flat = images.reshape(_NUM_IMAGES, -1) / (high - low)
        distances = np.sqrt(np.mean((flat[:, None] - flat[None]) ** 2, axis=-1))
        pairs = np.triu(same, 1)
        near = _NEAR if len(gan.image_shape) == 3 else _NEAR / 2
        return {
            "near_equal_pairs": float(np.mean(distances[pairs] < near)),
            "logit_spread": float(np.ptp(logits) / (1 + np.abs(logits).mean())),
        }

    def _labels(self):
        """Labels to ask for, and which pairs of images should differ all the same."""
        gan = self.model
        everywhere = np.ones((_NUM_IMAGES, _NUM_IMAGES), bool)
        if gan.num_classes is not None:
            labels = np.arange(_NUM_IMAGES) % min(gan.num_classes, 8)
            return labels, labels[:, None] == labels[None]
        if gan.condition_dim is not None:
            shape = (_NUM_IMAGES, gan.condition_dim)
            return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32"), everywhere
        return None, everywhere

    def _weights(self, player):
        weights = getattr(self.model, player).trainable_variables
        return np.concatenate([weight.numpy().ravel() for weight in weights])

    def _changes(self):
        """How far both players' weights moved in this epoch, and their learning rates."""
        numbers = {}
        for player, before in zip(PLAYERS, self._before, strict=True):
            moved = np.linalg.norm(self._weights(player) - before)
            numbers[f"{player}_change"] = float(moved / max(np.linalg.norm(before), 1e-12))
            optimizer = getattr(self.model, f"{player}_optimizer")
            numbers[f"{player}_learning_rate"] = float(
                keras.ops.convert_to_numpy(optimizer.learning_rate)
            )
        return numbers
