"""Floor 1: layers that Keras lacks."""

from keras_gans.layers.label_embedding import LabelEmbedding
from keras_gans.layers.label_planes import LabelPlanes
from keras_gans.layers.learned_basis import LearnedBasis
from keras_gans.layers.resampling import BilinearDownsampling, BilinearUpsampling

__all__ = [
    "BilinearDownsampling",
    "BilinearUpsampling",
    "LabelEmbedding",
    "LabelPlanes",
    "LearnedBasis",
]
