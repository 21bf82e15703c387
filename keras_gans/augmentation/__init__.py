"""Floor 1: augmentation of everything the discriminator sees, for small datasets."""

from keras_gans.augmentation.adaptive_augment import AdaptiveAugment
from keras_gans.augmentation.diff_augment import DiffAugment
from keras_gans.augmentation.scheduled_augment import ScheduledAugment

__all__ = ["AdaptiveAugment", "DiffAugment", "ScheduledAugment"]


def __dir__() -> list[str]:
    return __all__
