"""The base class of all metrics of generated images."""

import re
from typing import Any, Self

import keras
import numpy as np

from keras_gans import checks
from keras_gans.ops.images import SYMMETRIC, check_array, rescale, to_value_range
from keras_gans.protocols import Array, ArrayLike, Classifier, Extractor, ValueRange


class SampleMetric(keras.metrics.Metric):
    """A Keras metric of real and generated images; subclass it to write your own.

    Pass it to `compile(metrics=[...])`: `evaluate` then compares the images of the dataset with as
    many generated ones. Alternatively, call `update_state` and then `result`. The state is stored
    in NumPy, with sums in float64, so the result does not depend on the order of the images and the
    batch size. `print(metric)` shows the numbers and how they were measured: the features, the
    numbers of images and, if it is known from the dataset or `source`, the set of real images.

    Subclasses implement `update_fake(rows, labels)` and `compute()`, which returns a number. If
    necessary, they also implement `update_real(rows, labels)` to use real images, `reset_fake` and
    `reset_real` to reset the state, and `details()` to add to the protocol. The attribute `reads`
    is the name of the extractor's method, `"features"` or `"probabilities"`; `rows` is the NumPy
    array `(N, d)` that this method returns. `labels` are the labels of the real images, or those
    requested for the generated ones. A metric with several numbers has their names in the tuple
    `parts`, and `compute` returns as many numbers. `num_real` and `num_fake` count the images.
    `TrainingReport` uses `lower_is_better` to find the best epoch: True, False, None if neither is
    better, or a tuple of these for `parts`. Set attributes that `reset_...` uses before you call
    `super().__init__`, and add new arguments of the constructor to `get_config`.

    Args:
        extractor: Object with the method `features(images)`, from NumPy floats `(N, H, W, C)` to
            floats `(N, d)`. Two attributes are optional: `value_range`, the pair `(low, high)`
            that the images should lie in, (-1, 1) by default; and `protocol`, a string.
        name: String, the key in the logs, or the prefix of the keys of a metric with several
            numbers.

    Call arguments:
        real_images: Images `(N, H, W, C)`, or points `(N, d)`: uint8 (0 to 255), bool, or
            floats in [-1, 1]. `evaluate` converts images of a model with another range.
        fake_images: Generated images of the same kind.
        labels: Integers `(N,)`, the classes requested for the generated images, or None.

    Raises:
        TypeError: If the extractor does not have the method that the metric uses.
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
    lower_is_better: bool | tuple[bool | None, ...] | None = None  # a tuple is for `parts`
    needs_classes = False  # True if generated images are compared with the requested class

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
        self._source_of_data: str | None = None
        self.real_version = 0
        self._width: int | None = None  # of the rows
        self.reset_state()

    def reset_state(self) -> None:
        """Resets the state for all images."""
        self.forget_real()
        self.forget_fake()

    def begin(self, source: str | None) -> None:
        """Begins a comparison with a dataset of this name, or None; forgets generated images."""
        self._source_of_data = source
        self.forget_fake()

    def forget_real(self) -> None:
        """Resets the state for real images only."""
        self.num_real = 0
        self._values: list[float] | None = None
        self.real_version += 1  # shows whether the real images have changed
        self.reset_real()

    def forget_fake(self) -> None:
        """Resets the state for generated images only, keeping that for real images."""
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
        """Adds real images, generated images, or both.

        Args:
            real_images: See the class.
            fake_images: See the class.
            labels: See the class.
            shared: Dict that is passed to all metrics for one pair of batches, so that metrics
                with the same extractor compute features only once.
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
        """Returns the number as a float, or several numbers as a dict of floats.

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
        """Description of the measurement: features, details and numbers of images, a string."""
        judge = getattr(self.extractor, "protocol", type(self.extractor).__name__)
        details = [f"{self._width or ''} {self.reads} of {judge}".strip(), self.details()]
        source = self._source_of_data or self.source
        source = f" ({source})" if source else ""
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
        """Creates the metric from the dict that `get_config` returned."""
        config = dict(config)
        config["extractor"] = keras.saving.deserialize_keras_object(config["extractor"])
        return cls(**config)

    # for subclasses -----------------------------------------------------------------------

    def reset_real(self) -> None:
        """Resets the state for real images."""

    def reset_fake(self) -> None:
        """Resets the state for generated images."""

    def update_real(self, rows: Array, labels: Array | None) -> None:
        """Adds rows `(N, d)` of real images."""

    def update_fake(self, rows: Array, labels: Array | None) -> None:
        """Adds rows `(N, d)` of generated images."""

    def compute(self) -> Any:
        """Returns the number, or one for each of `parts`."""
        raise not_implemented(self, "compute()")

    def details(self) -> str:
        """Returns what the protocol contains in addition to features and numbers of images."""
        return ""

    def _rows(self, images, shared):
        key = id(self.extractor), self.reads, id(images)
        if key not in shared:
            shared[key] = images, _extract(self.extractor, self.reads, images)
        rows = shared[key][1]  # the dict also holds the images, so that their id is not reused
        if self.num_real + self.num_fake > 0 and rows.shape[1] != self._width:
            raise ValueError(
                f"All images must have the same number of {self.reads}. Received: rows of "
                f"{rows.shape[1]} after rows of {self._width}. Use images of the same shape."
            )
        self._width = rows.shape[1]
        return rows

    def _looks_at_real(self):
        return type(self).update_real is not SampleMetric.update_real


def _extract(extractor, reads, images):
    images = checks.numeric_array("images", images)
    if images.ndim == 0 or len(images) == 0:
        raise ValueError(
            f"There must be at least one image. Received: shape={images.shape}. Check the dataset."
        )
    images = np.asarray(to_value_range(images, SYMMETRIC))
    images = rescale(images, SYMMETRIC, getattr(extractor, "value_range", SYMMETRIC))
    rows = checks.numeric_array(f"the result of {reads}", getattr(extractor, reads)(images))
    if rows.ndim != 2 or len(rows) != len(images):
        raise ValueError(
            f"`{reads}` must return one row per image, (N, d). "
            f"Received: shape={rows.shape} for {len(images)} images. Flatten or average the result."
        )
    if not np.all(np.isfinite(rows)):
        raise ValueError(
            f"`{reads}` must be finite. Received: NaN or infinity in {type(extractor).__name__} "
            f"for {np.sum(~np.isfinite(rows).all(axis=1))} of {len(rows)} images. Check the images "
            "for NaN: a generator that has diverged returns it."
        )
    return rows


def not_implemented(metric: SampleMetric, method: str) -> NotImplementedError:
    """Returns the error for a subclass that does not implement a required method."""
    return NotImplementedError(
        f"A metric must implement `{method}`. Received: {type(metric).__name__}, which does not. "
        "Define the method; the docstring of SampleMetric has an example."
    )


def not_enough(metric: SampleMetric, needed: str) -> ValueError:
    """Returns the error for a metric with too few images."""
    return ValueError(
        f"{type(metric).__name__} needs {needed}. Received: {metric.num_real} real and "
        f"{metric.num_fake} generated images. Evaluate with more images."
    )
