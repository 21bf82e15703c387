"""Checks of the sample metrics that are passed to `compile`."""

from collections.abc import Iterable
from typing import Any

from keras_gans.metrics import SampleMetric
from keras_gans.models.domain import Domain


def check_metrics(domain: Domain, metrics: Any, names: Iterable[str]) -> None:
    """Checks that sample metrics fit together and fit the model.

    Args:
        domain: The model's `Domain`.
        metrics: List of metrics.
        names: Names of the model's own logs.

    Raises:
        ValueError: If they are not a list, one is not a `SampleMetric`, a name is taken, or a
            classifier expects different images from the model's, or different classes although
            requested classes are compared.
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
            f"Received: {', '.join(twice)}, which is taken. Pass `name` to one of them."
        )


def _check_metric(domain, metric):
    if not isinstance(metric, SampleMetric):
        raise ValueError(
            "`metrics` must be objects of keras_gans.metrics, which compare real and generated "
            f"images. Received: {metric!r}. Create one, such as FrechetDistance(judge). Your "
            "own metrics must be subclasses of SampleMetric."
        )
    conditions = domain.conditions
    if metric.needs_classes and (conditions.num_classes is None or conditions.clusters):
        raise ValueError(
            f"{type(metric).__name__} compares generated images with the requested "
            "classes. Received: a model without num_classes, or with clusters in their place. "
            "Use a ConditionalGAN."
        )
    # Only metrics of the requested class need the model's classes; a judge may have others.
    own = {"image_shape": domain.image_shape}
    if metric.needs_classes:
        own["num_classes"] = conditions.num_classes
    for name, has in own.items():
        wanted = getattr(metric.extractor, name, None)
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        if None not in (wanted, has) and wanted != has:
            raise ValueError(
                f"A metric must be for the model's kind of images. Received: {metric.name} "
                f"with an extractor of {name}={wanted}, and a model of {name}={has}. "
                "Train a classifier on the model's own data."
            )
