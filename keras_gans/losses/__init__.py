"""Floor 1: what each player wants (losses), and what restrains the critic (penalties)."""

from keras_gans.losses.adversarial import (
    AdversarialLoss,
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Wasserstein,
)
from keras_gans.losses.keras_loss import KerasLoss
from keras_gans.losses.penalties import R1, R2, GradientPenalty, SlopePenalty
from keras_gans.losses.relativistic import RelativisticAverage, RelativisticPairing

__all__ = [
    "R1",
    "R2",
    "AdversarialLoss",
    "GradientPenalty",
    "Hinge",
    "KerasLoss",
    "LeastSquares",
    "Minimax",
    "NonSaturating",
    "RelativisticAverage",
    "RelativisticPairing",
    "SlopePenalty",
    "Wasserstein",
]
