"""Every argument of every class is in its configuration, and comes back."""

import inspect

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans import augmentation, metrics, ops, priors

OTHER_PATHS = {"FrozenInception", "Inception", "SqueezeNet"}  # need files; tested where they are
MODELS = (kg.GAN, kg.CycleGAN)  # their files are tested with them
CLASSES = {
    name.removeprefix("keras_gans>"): thing
    for name, thing in keras.saving.get_custom_objects().items()
    if name.startswith("keras_gans>") and not issubclass(thing, MODELS)
}
SCHEDULE = ops.CosineSchedule(0.1, 0.7, 50)
JUDGE = metrics.DomainClassifier((10, 10, 1), 3)
MEASURE = {"extractor": metrics.RawPixels(), "name": "own"}

# Each argument with a value that is not the default.
ARGUMENTS = {
    "AdaptiveAugment": {
        "policy": ("color", "cutout"),
        "target": 0.3,
        "largest": 0.7,
        "ramp": 999,
        "seed": 7,
    },
    "BilinearDownsampling": {},
    "BilinearUpsampling": {},
    "Classification": {"weight": 0.3, "key": "kinds"},
    "ClassifierScore": {"extractor": JUDGE, "name": "own"},
    "Codes": {"categories": (3, 4), "continuous": 5},
    "ConditionalBatchNormalization": {"num_classes": 3, "momentum": 0.7},
    "Consistency": {"augmentation": augmentation.DiffAugment(("color",)), "weight": 3.0},
    "CosineSchedule": {"start": 0.2, "end": 0.6, "num_images": 70},
    "DensityCoverage": {**MEASURE, "k": 7},
    "DiffAugment": {"policy": ("color",), "seed": 7},
    "DomainClassifier": {"image_shape": (12, 10, 1), "num_classes": 4, "value_range": (0, 2)},
    "FeatureMatching": {"weight": 0.3, "key": "maps"},
    "FrechetDistance": MEASURE,
    "GradientPenalty": {"weight": SCHEDULE},
    "GridDivergence": {"num_cells": 7, "name": "own"},
    "Hinge": {},
    "KMeans": {
        "num_clusters": 3,
        "num_components": 5,
        "features": keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()]),
        "seed": 7,
    },
    "KerasLoss": {"loss": keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)},
    "KernelDistance": {**MEASURE, "subset_size": 9, "num_subsets": 7},
    "LabelAccuracy": {"extractor": JUDGE, "name": "own"},
    "LabelEmbedding": {"output_dim": 3, "num_classes": 4},
    "LabelNoise": {"real": 0.3, "fake": 0.2},
    "LabelPlanes": {"num_classes": 4},
    "LeCam": {"weight": 0.3, "decay": 0.7},
    "LearnedBasis": {"height": 3, "width": 4},
    "LeastSquares": {},
    "LinearDecayAdam": {"learning_rate": 0.3},
    "MinibatchStandardDeviation": {},
    "Minimax": {},
    "ModeCoverage": {"extractor": JUDGE, "name": "own"},
    "MutualInformation": {
        "prior": priors.Codes((3,), 4),
        "weight": 0.3,
        "continuous_weight": 0.7,
        "key": "own",
    },
    "NonSaturating": {"label_smoothing": 0.2},
    "Normal": {"mean": 0.3, "stddev": 0.7},
    "Pack": {"num_images": 3},
    "PrecisionRecall": {**MEASURE, "k": 7},
    "R1": {"gamma": SCHEDULE},
    "R2": {"gamma": 0.3},
    "RawPixels": {},
    "Reconstruction": {"weight": 0.3, "norm": 2},
    "RelativisticAverage": {},
    "RelativisticPairing": {},
    "ScheduledAugment": {"schedule": SCHEDULE, "policy": ("cutout",), "seed": 7},
    "SelfAttention": {"num_heads": 3},
    "SpectralNormalization": {"layer": keras.layers.Dense(3)},
    "TruncatedNormal": {"threshold": 0.7},
    "Uniform": {"low": -0.3, "high": 0.7},
    "Wasserstein": {},
}


def parameters(thing):
    """The names and the defaults of a constructor's own arguments."""
    named = list(inspect.signature(thing.__init__).parameters.values())[1:]
    ours = [p for p in named if p.kind is p.POSITIONAL_OR_KEYWORD]
    return {parameter.name: parameter.default for parameter in ours}


def plain(value):
    """A value in a form that can be compared."""
    if isinstance(value, keras.Variable) or np.ndim(value):
        return np.asarray(value).tolist()
    if hasattr(value, "get_config"):
        return type(value), str(value.get_config())
    return value


def test_every_class_has_its_arguments_here():
    assert set(ARGUMENTS) == set(CLASSES) - OTHER_PATHS


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_argument_comes_back(name):
    thing, arguments = CLASSES[name], ARGUMENTS[name]
    defaults = parameters(thing)
    assert set(arguments) == set(defaults)
    made = thing(**arguments)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))
    assert type(again) is thing
    for argument, value in arguments.items():
        kept, loaded = (plain(getattr(one, argument)) for one in (made, again))
        assert kept != plain(defaults[argument]), argument
        assert kept == loaded, argument
        if np.isscalar(value):
            assert loaded == pytest.approx(value), argument
