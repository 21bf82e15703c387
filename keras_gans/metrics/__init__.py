"""Floor 1: how good generated images are, in numbers."""

from keras_gans.metrics.coverage import coverage
from keras_gans.metrics.domain_classifier import DomainClassifier

__all__ = ["DomainClassifier", "coverage"]
