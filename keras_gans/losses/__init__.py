"""Floor 1: what each player wants (losses), and what restrains the critic (penalties)."""

from keras_gans.losses.adversarial import AdversarialLoss, NonSaturating
from keras_gans.losses.keras_loss import KerasLoss
from keras_gans.losses.penalties import R1

__all__ = ["R1", "AdversarialLoss", "KerasLoss", "NonSaturating"]
