"""Floor 1: losses of both players, penalties of the critic, and auxiliary losses."""

from keras_gans.losses.adversarial import (
    AdversarialLoss,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Wasserstein,
)
from keras_gans.losses.auxiliary import (
    AuxiliaryLoss,
    Classification,
    MutualInformation,
    Reconstruction,
)
from keras_gans.losses.keras_loss import KerasLoss
from keras_gans.losses.penalties import R1, R2, GradientPenalty, SlopePenalty
from keras_gans.losses.regularizing import Consistency, FeatureMatching, LabelNoise, LeCam
from keras_gans.losses.relativistic import RelativisticAverage, RelativisticPairing

__all__ = [
    "R1",
    "R2",
    "AdversarialLoss",
    "AuxiliaryLoss",
    "Classification",
    "Consistency",
    "FeatureMatching",
    "GradientPenalty",
    "Hinge",
    "KerasLoss",
    "LabelNoise",
    "LeCam",
    "LeastSquares",
    "Minimax",
    "MutualInformation",
    "NonSaturating",
    "Reconstruction",
    "RelativisticAverage",
    "RelativisticPairing",
    "SlopePenalty",
    "Wasserstein",
]


def __dir__() -> list[str]:
    return __all__
