"""Checks of the metrics of samples that `compile` was given."""

from collections.abc import Iterable
from typing import Any

from keras_gans.metrics import SampleMetric
from keras_gans.models.domain import Domain


def check_metrics(domain: Domain, metrics: Any, names: Iterable[str]) -> None:
    """Checks metrics of samples against each other and against the model.

    Args:
        domain: The model's `Domain`.
        metrics: List of metrics.
        names: Names of the model's own logs.

    Raises:
        ValueError: If they are no list, one is no `SampleMetric`, a name is taken, or a
            classifier has other images than the model, or other classes where those asked for
            are compared.
    """
    if not isinstance(metrics, list | tuple):
        raise ValueError(f"`metrics` must be a list. Received: {metrics!r}. Pass [metric], or [].")
    for metric in metrics:
        _check_metric(domain, metric)
    own = [name for metric in metrics for name in metric.names]
    twice = sorted({name for name in own if own.count(name) > 1 or name in names})
    if twice:
        raise ValueError(
            "Metrics must have different names, and others than the model's logs. "
            f"Received: {', '.join(twice)}, which is taken. Pass `name` to one of them."
        )


def _check_metric(domain, metric):
    if not isinstance(metric, SampleMetric):
        raise ValueError(
            "`metrics` must be objects of keras_gans.metrics, which compare real and generated "
            f"images. Received: {metric!r}. Create them, such as FrechetDistance(judge); your "
            "own are subclasses of SampleMetric."
        )
    if metric.needs_classes and domain.num_classes is None:
        raise ValueError(
            f"{type(metric).__name__} compares generated images with the classes that were "
            "asked for. Received: a model without num_classes. Use a ConditionalGAN."
        )
    # Only a metric of the asked class needs the model's classes: a judge may know others.
    for name in ("image_shape", *["num_classes"] * metric.needs_classes):
        wanted, has = getattr(metric.extractor, name, None), getattr(domain, name)
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        if None not in (wanted, has) and wanted != has:
            raise ValueError(
                f"A metric must look at the model's kind of images. Received: {metric.name} "
                f"with an extractor of {name}={wanted}, and a model of {name}={has}. "
                "Train a classifier on the model's own data."
            )
