"""The sample metrics of one model, while `evaluate` goes through its data."""

import contextlib
import warnings

import numpy as np


class Measurement:
    """Shows batches to metrics of `keras_gans.metrics`, and asks them for their numbers.

    Args:
        metrics: List of them.
    """

    def __init__(self, metrics=()):
        self.metrics = metrics
        self._versions = []
        self._reals_of = None  # the data whose real images the metrics know
        self._keeps = False
        self._reals_known = False

    @contextlib.contextmanager
    def keeping_reals(self):
        """As long as it lasts, data that come again are not looked at again, only new fakes."""
        self._keeps, self._reals_of = True, None
        try:
            yield
        finally:
            self._keeps, self._reals_of = False, None

    def begin(self, data, source=None, progress=None):
        """Prepares for a pass through data.

        Args:
            data: Tuple of whatever is the same object when the data are the same.
            source: String, which images they are, or None.
            progress: Object whose `step` is called after each batch, or None.
        """
        before = self._reals_of
        self._reals_known = (
            self._keeps
            and before is not None
            and all(one is other for one, other in zip(before, data, strict=True))
            and self._versions == [metric.real_version for metric in self.metrics]
        )
        self._progress = progress
        self._diverged = False
        self._reals_of = None  # until the pass is complete
        for metric in self.metrics:
            metric.source = source
            metric.forget_fake()
            if not self._reals_known:
                metric.forget_real()

    def update(self, real_images, fake_images, labels):
        """Shows a batch in [-1, 1] to all metrics; equal extractors look once."""
        if self._keeps and not np.all(np.isfinite(fake_images)):
            self._diverged = True  # in `fit`, which goes on, for the callbacks to act
            return
        shared = {}
        for metric in self.metrics:
            reals = None if self._reals_known else real_images
            metric.update_state(reals, fake_images, labels, shared=shared)
        if self._progress is not None:
            self._progress.step()

    def end(self, data):
        """The numbers, a dict of floats; NaN if the generator has diverged."""
        if self._diverged:
            warnings.warn(
                "Generated images must be finite. Received: NaN or infinity while training. "
                "Metrics are NaN; see NaNGuard and HealthMonitor.",
                stacklevel=3,
            )
            return {name: float("nan") for metric in self.metrics for name in metric.names}
        self._reals_of = data
        self._versions = [metric.real_version for metric in self.metrics]
        results = {}
        for metric in self.metrics:
            result = metric.result()
            results.update(result if isinstance(result, dict) else {metric.name: result})
        return results
