"""Floor 1: layers that Keras lacks."""

from keras_gans.layers.conditional_batch_normalization import ConditionalBatchNormalization
from keras_gans.layers.k_means import KMeans
from keras_gans.layers.label_embedding import LabelEmbedding
from keras_gans.layers.label_planes import LabelPlanes
from keras_gans.layers.learned_basis import LearnedBasis
from keras_gans.layers.minibatch_standard_deviation import MinibatchStandardDeviation
from keras_gans.layers.pack import Pack
from keras_gans.layers.resampling import BilinearDownsampling, BilinearUpsampling
from keras_gans.layers.self_attention import SelfAttention
from keras_gans.layers.spectral_normalization import SpectralNormalization

__all__ = [
    "BilinearDownsampling",
    "BilinearUpsampling",
    "ConditionalBatchNormalization",
    "KMeans",
    "LabelEmbedding",
    "LabelPlanes",
    "LearnedBasis",
    "MinibatchStandardDeviation",
    "Pack",
    "SelfAttention",
    "SpectralNormalization",
]


def __dir__() -> list[str]:
    return __all__
