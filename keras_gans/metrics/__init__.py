"""Floor 1: metrics of the quality and variety of generated images."""

from keras_gans.metrics.classifier_score import ClassifierScore
from keras_gans.metrics.domain_classifier import DomainClassifier
from keras_gans.metrics.extractors import LayerFeatures, RawPixels
from keras_gans.metrics.frechet_distance import FrechetDistance, frechet_distance
from keras_gans.metrics.frozen_inception import FrozenInception
from keras_gans.metrics.grid_divergence import GridDivergence
from keras_gans.metrics.inception import Inception
from keras_gans.metrics.kernel_distance import KernelDistance, kernel_distance
from keras_gans.metrics.label_accuracy import LabelAccuracy
from keras_gans.metrics.mode_coverage import ModeCoverage
from keras_gans.metrics.nearest_neighbors import (
    density_and_coverage,
    nearest_distances,
    precision_and_recall,
)
from keras_gans.metrics.nearest_training_image import NearestTrainingImage
from keras_gans.metrics.precision_recall import DensityCoverage, PrecisionRecall
from keras_gans.metrics.sample_metric import SampleMetric
from keras_gans.metrics.squeeze_net import SqueezeNet

__all__ = [
    "ClassifierScore",
    "DensityCoverage",
    "DomainClassifier",
    "FrechetDistance",
    "FrozenInception",
    "GridDivergence",
    "Inception",
    "KernelDistance",
    "LabelAccuracy",
    "LayerFeatures",
    "ModeCoverage",
    "NearestTrainingImage",
    "PrecisionRecall",
    "RawPixels",
    "SampleMetric",
    "SqueezeNet",
    "density_and_coverage",
    "frechet_distance",
    "kernel_distance",
    "nearest_distances",
    "precision_and_recall",
]


def __dir__() -> list[str]:
    return __all__
