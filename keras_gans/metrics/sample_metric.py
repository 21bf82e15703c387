"""What all metrics of samples share: they look at images, keep what they saw, give numbers."""

import re
from typing import Any, Self

import keras
import numpy as np

from keras_gans import checks
from keras_gans.ops.images import SYMMETRIC, check_array, rescale, to_value_range
from keras_gans.protocols import Array, ArrayLike, Classifier, Extractor, ValueRange


class SampleMetric(keras.metrics.Metric):
    """A Keras metric of real and generated images; subclass it to write your own.

    Pass it to `compile(metrics=[...])`: `evaluate` then looks at the dataset's images and at
    as many generated ones. Or call `update_state`, then `result`. State is kept in NumPy,
    sums in float64, so the order of images and the size of batches do not matter.
    `print(metric)` says the numbers and how they were measured: features, counts and, where
    the dataset says it or `source` was set, which images the real ones are.

    A subclass implements `update_fake(rows, labels)` and `compute()`, which returns a number;
    `update_real(rows, labels)` if it looks at real images; `reset_fake` and `reset_real` to
    forget; `details()` for the protocol. Rows are what the extractor's method named in `reads`
    returns, `"features"` or `"probabilities"`, NumPy `(N, d)`; labels are those of the real
    images, and what generated ones were asked to be. Several numbers have names in the tuple
    `parts`, and `compute` returns as many. `lower_is_better` (True, False, or None if neither
    is) lets `TrainingReport` name the best epoch. `num_real` and `num_fake` count images.
    Attributes that `reset_...` uses are set before `super().__init__`; arguments of one's own
    belong into `get_config`.

    Args:
        extractor: Object with the method `features(images)`, NumPy floats `(N, H, W, C)` to
            floats `(N, d)`. Two attributes are optional: `value_range`, the pair `(low,
            high)` that it wants images in, (-1, 1) without; and `protocol`, a string.
        name: String, key of the logs; prefix of the keys where there are several numbers.

    Call arguments:
        real_images: Images `(N, H, W, C)`, or points `(N, d)`: uint8 (0 to 255), bool, or
            floats in [-1, 1]. A model's own range is mapped to [-1, 1] by `evaluate`.
        fake_images: The same of generated ones.
        labels: Integers `(N,)`, what the generated images were asked to be, or None.

    Raises:
        TypeError: If the extractor has not the method that the metric reads.
        ValueError: If real images are out of range, or features are not finite floats `(N, d)`.

    Example:

        class MeanDifference(keras_gans.metrics.SampleMetric):
            def reset_real(self):
                self.real = 0.0

            def reset_fake(self):
                self.fake = 0.0

            def update_real(self, rows, labels):
                self.real += rows.sum(axis=0)

            def update_fake(self, rows, labels):
                self.fake += rows.sum(axis=0)

            def compute(self):
                return np.abs(self.fake / self.num_fake - self.real / self.num_real).max()
    """

    reads = "features"
    parts: tuple[str, ...] = ()
    lower_is_better: bool | None = None  # of the first number; None if neither is
    needs_classes = False  # True if generated images are compared with the class asked for

    def __init__(self, extractor: Extractor | Classifier | None = None, name: str | None = None):
        if isinstance(extractor, type) or not callable(getattr(extractor, self.reads, None)):
            others = {"features": ", RawPixels(), Inception(), or LayerFeatures(model) for a model"}
            raise TypeError(
                f"{type(self).__name__} needs an object with a method `{self.reads}(images)`. "
                f"Received: extractor={extractor!r}. Pass a trained DomainClassifier"
                f"{others.get(self.reads, '')}."
            )
        checks.optional(checks.text, "name", name, "None means the name of the class.")
        snake_case = re.sub("(?<!^)([A-Z])", r"_\1", type(self).__name__).lower()
        super().__init__(name=name or snake_case, dtype="float32")
        self._given_name = name
        prefix = f"{name}_" if name else ""
        self.names = [prefix + part for part in self.parts] or [self.name]
        self.extractor: Any = extractor
        self.source: str | None = None
        self.real_version = 0
        self._width: int | None = None  # of the rows
        self.reset_state()

    def reset_state(self) -> None:
        """Forgets all images."""
        self.forget_real()
        self.forget_fake()

    def forget_real(self) -> None:
        """Forgets the real images only."""
        self.num_real = 0
        self._values: list[float] | None = None
        self.real_version += 1  # tells whether the real images are those of before
        self.reset_real()

    def forget_fake(self) -> None:
        """Forgets the generated images only: for new ones against the same real ones."""
        self.num_fake, self._values = 0, None
        self.reset_fake()

    def update_state(
        self,
        real_images: ArrayLike | None = None,
        fake_images: ArrayLike | None = None,
        labels: Array | None = None,
        shared: dict[Any, Any] | None = None,
        value_range: ValueRange = SYMMETRIC,
    ) -> None:
        """Looks at images; either kind may be left out.

        Args:
            real_images: See the class.
            fake_images: See the class.
            labels: See the class.
            shared: Dict that metrics with the same extractor pass around for one pair of
                batches, so that features are computed once.
            value_range: Pair `(low, high)` in which real images must lie; infinite for tables.
        """
        self._values = None
        shared = {} if shared is None else shared
        if real_images is not None and self._looks_at_real():
            real_images = checks.numeric_array("real_images", real_images)
            check_array(real_images, value_range)
            rows = self._rows(real_images, shared)
            self.num_real += len(rows)
            self.real_version += 1
            self.update_real(rows, labels)
        if fake_images is not None:
            rows = self._rows(fake_images, shared)
            self.num_fake += len(rows)
            self.update_fake(rows, labels)

    def result(self) -> float | dict[str, float]:
        """The number, a float; or a dict of floats where there are several.

        Raises:
            ValueError: If there are too few images.
        """
        if self._values is None:
            values = self.compute()
            self._values = [float(value) for value in (values if self.parts else [values])]
        if not self.parts:
            return self._values[0]
        return dict(zip(self.names, self._values, strict=True))

    @property
    def protocol(self) -> str:
        """How the numbers are measured: features, details, counts; a string."""
        judge = getattr(self.extractor, "protocol", type(self.extractor).__name__)
        details = [f"{self._width or ''} {self.reads} of {judge}".strip(), self.details()]
        source = f" ({self.source})" if self.source else ""
        real = f"{self.num_real:,} real{source} and " if self._looks_at_real() else ""
        counts = f"{real}{self.num_fake:,} generated images"
        return "; ".join(part for part in [*details, counts] if part)

    def __str__(self) -> str:
        if not self.num_fake:
            return f"{self.name} ({self.protocol})"
        result = self.result()
        result = result if isinstance(result, dict) else {self.name: result}
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in result.items())
        return f"{numbers} ({self.protocol})"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        extractor = keras.saving.serialize_keras_object(self.extractor)
        return {"extractor": extractor, "name": self._given_name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the metric from what `get_config` returned."""
        config = dict(config)
        config["extractor"] = keras.saving.deserialize_keras_object(config["extractor"])
        return cls(**config)

    # for subclasses -----------------------------------------------------------------------

    def reset_real(self) -> None:
        """Forgets what real images left behind."""

    def reset_fake(self) -> None:
        """Forgets what generated images left behind."""

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Takes in rows `(N, d)` of real images."""

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Takes in rows `(N, d)` of generated images."""

    def compute(self) -> Any:
        """The number, or one for each of `parts`."""
        raise not_implemented(self, "compute()")

    def details(self) -> str:
        """What the protocol says beside features and counts, a string."""
        return ""

    def _rows(self, images, shared):
        key = id(self.extractor), self.reads, id(images)
        if key not in shared:
            shared[key] = images, _extract(self.extractor, self.reads, images)
        rows = shared[key][1]  # images are kept beside, so that no other object has their id
        if self.num_real + self.num_fake > 0 and rows.shape[1] != self._width:
            raise ValueError(
                f"All images must have as many {self.reads}. Received: rows of {rows.shape[1]} "
                f"after rows of {self._width}. Look at images of one shape."
            )
        self._width = rows.shape[1]
        return rows

    def _looks_at_real(self):
        return type(self).update_real is not SampleMetric.update_real


def _extract(extractor, reads, images):
    images = checks.numeric_array("images", images)
    if images.ndim == 0 or len(images) == 0:
        raise ValueError(
            f"There must be images to look at. Received: shape={images.shape}. Check the dataset."
        )
    images = np.asarray(to_value_range(images, SYMMETRIC))
    images = rescale(images, SYMMETRIC, getattr(extractor, "value_range", SYMMETRIC))
    rows = checks.numeric_array(f"the result of {reads}", getattr(extractor, reads)(images))
    if rows.ndim != 2 or len(rows) != len(images):
        raise ValueError(
            f"`{reads}` must return one row per image, (N, d). "
            f"Received: shape={rows.shape} for {len(images)} images. Flatten or average it."
        )
    if not np.all(np.isfinite(rows)):
        raise ValueError(
            f"`{reads}` must be finite. Received: NaN or infinity in {type(extractor).__name__} "
            f"for {np.sum(~np.isfinite(rows).all(axis=1))} of {len(rows)} images. Look at the "
            "images: a generator that has diverged draws NaN."
        )
    return rows


def not_implemented(metric: SampleMetric, method: str) -> NotImplementedError:
    """The error for a subclass that leaves out what it must implement."""
    return NotImplementedError(
        f"A metric must implement `{method}`. Received: {type(metric).__name__}, which does not. "
        "Write the method; the docstring of SampleMetric has an example."
    )


def not_enough(metric: SampleMetric, needed: str) -> ValueError:
    """The error for a metric that has seen too few images."""
    return ValueError(
        f"{type(metric).__name__} needs {needed}. Received: {metric.num_real} real and "
        f"{metric.num_fake} generated images. Evaluate on more of them."
    )
