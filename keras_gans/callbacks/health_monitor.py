"""A callback that reports problems of a training in words."""

import time
from typing import Any

import keras
import numpy as np

from keras_gans import checks
from keras_gans.callbacks.diagnosis import PLAYERS, diagnose
from keras_gans.drawing.tiles import bounded_range
from keras_gans.ops.statistics import center_of, squared_distances
from keras_gans.optimizers import LinearDecayAdam
from keras_gans.pipelines.files import is_chief

_NUM_IMAGES = 64
_TAIL = 0.05  # share of generated values at each end that is ignored in an infinite range
_NEAR = 0.02  # root mean square difference, relative to the value range, of equal-looking images


class HealthMonitor(keras.callbacks.Callback):
    """Callback that reports problems of a training, and suggests how to fix them.

    It detects a discriminator that gives all images the same score, a player whose weights do not
    change, a generator that draws the same image again and again, exploding gradients, NaN, and a
    discriminator that always wins. If there are several problems, it reports only the most serious
    one, and repeats it only after `patience` epochs without it. On a good run, it prints nothing.
    `messages` is the list of all reports. `docs/measuring.md` lists the thresholds.

    It adds these values to the logs:

    - `real_accuracy` and `fake_accuracy`: the shares of real and of generated images that the
      discriminator classifies correctly;
    - `discriminator_gradient_norm` and `generator_gradient_norm`: the norm of the gradient of the
      mean loss of a batch, including penalties;
    - `near_equal_pairs`: the share of pairs among 64 generated images (of the same class, if there
      are classes) whose root mean square difference is below 2% of the value range. For points and
      other samples that are not images, the limit is 1%. If the range is infinite, the range of
      nine tenths of the generated values is used instead;
    - `images_per_second`: from the first to the last batch of an epoch. In the first epoch, this
      includes tracing.

    Args:
        patience: Integer, the number of consecutive epochs with a problem before it is reported.
            NaN and exploding gradients are reported immediately.

    Example:

        gan.fit(dataset, epochs=50, callbacks=[HealthMonitor()])
    """

    tracks_health = True  # `fit` adds accuracies and norms of gradients to the logs

    def __init__(self, patience: int = 3):
        super().__init__()
        repair = "1 reports problems after the first epoch."
        self.patience = checks.whole_number("patience", patience, repair=repair)
        self.messages: list[str] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Resets what is known about an earlier run."""
        self._epochs: list[dict[str, Any]] = []  # the numbers of the first and the newest epoch
        self._seen: dict[str, int] = {}  # number of epochs by name of the failure
        self._gone: dict[str, int] = {}
        self._said: set[str] = set()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stores the weights and the number of updates of both players."""
        self._images = self.model.images_seen
        self._start: Any = None
        self._end: Any = None
        self._before = [(self._weights(player), self._updates(player)) for player in PLAYERS]

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Starts the clock, at the first batch of an epoch."""
        self._start = self._start or time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Reads the clock, for the last batch of an epoch."""
        self._end = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds values to the logs, and reports problems."""
        images = self.model.images_seen - self._images
        # If the data run out, Keras ends an epoch without a batch, and only warns.
        seconds = 1.0 if self._end is None else max(self._end - self._start, 1e-9)
        logs["images_per_second"] = images / seconds
        logs.update(self._look_at_images())
        spread = logs.pop("logit_spread")
        hidden = {"logit_spread": spread, "images_seen": self.model.images_seen}
        numbers = {**logs, **hidden, **self._changes()}
        self._before = []
        if images:
            self._epochs = [*self._epochs[:1], numbers]
            self._say(epoch, diagnose(self._epochs))

    def _say(self, epoch, failures):
        """Reports the most serious failure if it persists and was not reported before."""
        names = {name for name, _, _ in failures}
        self._seen = {name: self._seen.get(name, 0) + 1 for name in names}
        for name in self._said:
            self._gone[name] = 0 if name in names else self._gone.get(name, 0) + 1
        self._said = {name for name in self._said if self._gone[name] < self.patience}
        if not failures:
            return
        name, message, urgent = failures[0]
        if name not in self._said and (urgent or self._seen[name] >= self.patience):
            self._said.add(name)
            count = self._seen[name]
            since = "" if urgent or count == 1 else f", for {count} epochs"
            self.messages.append(f"epoch {epoch + 1}{since}: {message}")
            if is_chief(self.model):
                print(f"\nHealthMonitor, {self.messages[-1]}")

    def _look_at_images(self):
        """Returns the share of near-equal pairs, and the spread of the discriminator's logits."""
        gan = self.model
        labels, same = self._labels()
        images = gan.generate(_NUM_IMAGES, labels=labels, seed=0)
        if not np.all(np.isfinite(images)):
            return {"near_equal_pairs": np.nan, "logit_spread": np.nan}
        low, high = _range_of_most(images, gan.value_range)
        noise = np.random.default_rng(0).uniform(low, high, images.shape).astype(images.dtype)
        seen = np.clip(images, low, high), noise  # a linear generator can leave the range
        logits = np.concatenate([gan.discriminate(part, labels) for part in seen])
        flat = images.reshape(_NUM_IMAGES, -1).astype("float64") / (high - low)
        flat -= center_of(flat)
        distances = np.sqrt(squared_distances(flat, flat) / flat.shape[1])
        pairs = np.triu(same, 1)
        near = _NEAR if len(gan.image_shape) == 3 else _NEAR / 2
        return {
            "near_equal_pairs": float(np.mean(distances[pairs] < near)),
            "logit_spread": float(np.ptp(logits) / (1 + np.abs(logits).mean())),
        }

    def _labels(self):
        """Returns labels to generate, and which pairs of images should still differ."""
        gan = self.model
        everywhere = np.ones((_NUM_IMAGES, _NUM_IMAGES), bool)
        if gan.num_classes is not None and gan.clusters is None:
            classes = np.random.default_rng(0).permutation(gan.num_classes)[: _NUM_IMAGES // 2]
            labels = classes[np.arange(_NUM_IMAGES) % len(classes)]
            return labels, labels[:, None] == labels[None]
        shape = gan.condition_shape if gan.condition_dim is None else (gan.condition_dim,)
        if shape is None:
            return None, everywhere
        bounded = gan.condition_shape is not None and np.isfinite(gan.value_range).all()
        low, high = gan.value_range if bounded else (-1, 1)
        conditions = np.random.default_rng(0).uniform(low, high, (_NUM_IMAGES, *shape))
        return conditions.astype("float32"), everywhere

    def _weights(self, player):
        weights = getattr(self.model, player).trainable_variables
        return np.concatenate([weight.numpy().ravel() for weight in weights])

    def _changes(self):
        """Returns the changes of both players' weights in this epoch, and their learning rates."""
        numbers = {}
        for player, (before, updates) in zip(PLAYERS, self._before, strict=True):
            moved = np.linalg.norm(self._weights(player) - before)
            numbers[f"{player}_change"] = float(moved / max(float(np.linalg.norm(before)), 1e-12))
            numbers[f"{player}_updates"] = self._updates(player) - updates
            optimizer = getattr(self.model, f"{player}_optimizer")
            inner = getattr(optimizer, "inner_optimizer", optimizer)  # of a LossScaleOptimizer
            left = 1.0 - inner.progress if isinstance(inner, LinearDecayAdam) else 1.0
            # Variables may have a copy on each replica; the product is always a tensor.
            rate = keras.ops.multiply(optimizer.learning_rate, left)
            numbers[f"{player}_learning_rate"] = float(rate)
        return numbers

    def _updates(self, player):
        optimizer = getattr(self.model, f"{player}_optimizer")
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of a LossScaleOptimizer
        return int(keras.ops.convert_to_tensor(optimizer.iterations))


def _range_of_most(images, value_range):
    """Returns the value range; if it is infinite, the range of nine tenths of the values.

    This excludes outliers. If these nine tenths are all the same, the range of all values is used.
    """
    low, high = np.quantile(images, (_TAIL, 1 - _TAIL))
    return bounded_range(np.clip(images, low, high) if low < high else images, value_range)
