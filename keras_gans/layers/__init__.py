"""Floor 1: layers that Keras lacks."""

from keras_gans.layers.label_embedding import LabelEmbedding
from keras_gans.layers.label_planes import LabelPlanes

__all__ = ["LabelEmbedding", "LabelPlanes"]
