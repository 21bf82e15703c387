"""Checks of the sample metrics that are passed to `compile`."""

from collections.abc import Iterable
from typing import Any

from keras_gans.metrics import SampleMetric
from keras_gans.models.domain import Domain


def check_metrics(domain: Domain, metrics: Any, names: Iterable[str]) -> None:
    """Checks that sample metrics can be used together, and with this model.

    Args:
        domain: The model's `Domain`.
        metrics: List of metrics.
        names: Names of the model's own logs.

    Raises:
        ValueError: If `metrics` is not a list, a metric is not a `SampleMetric`, a name is already
            used, or a classifier was trained on images of another shape; or on other classes, if
            the metric compares images with the requested classes.
    """
    if not isinstance(metrics, list | tuple):
        raise ValueError(f"`metrics` must be a list. Received: {metrics!r}. Pass [metric], or [].")
    for metric in metrics:
        _check_metric(domain, metric)
    own = [name for metric in metrics for name in metric.names]
    twice = sorted({name for name in own if own.count(name) > 1 or name in names})
    if twice:
        raise ValueError(
            "Metrics must have names that differ from each other and from the model's logs. "
            f"Received: {', '.join(twice)}, which is already used. Pass `name` to one of them."
        )


def _check_metric(domain, metric):
    if not isinstance(metric, SampleMetric):
        raise ValueError(
            "`metrics` must be objects of keras_gans.metrics, which compare real and generated "
            f"images. Received: {metric!r}. Create one, such as FrechetDistance(classifier). Your "
            "own metrics must be subclasses of SampleMetric."
        )
    conditions = domain.conditions
    if metric.needs_classes and (conditions.num_classes is None or conditions.clusters):
        raise ValueError(
            f"{type(metric).__name__} compares generated images with the requested "
            "classes. Received: a model without num_classes, or whose classes are clusters. "
            "Use a ConditionalGAN."
        )
    # The classifier may have other classes than the model, unless requested classes are compared.
    own = {"image_shape": domain.image_shape}
    if metric.needs_classes:
        own["num_classes"] = conditions.num_classes
    for name, has in own.items():
        wanted = getattr(metric.extractor, name, None)
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        if None not in (wanted, has) and wanted != has:
            raise ValueError(
                "The extractor of a metric must match the model. Received: "
                f"{metric.name} with an extractor of {name}={wanted}, and a model of {name}={has}. "
                "Train a classifier on the model's own data."
            )
