"""The vectors of spectral normalization in an averaged network."""

from typing import Any

import keras

from keras_gans.layers import SpectralNormalization
from keras_gans.models.state import parts_of


class Spectra:
    """The layers with spectral normalization in a network, of this library and of Keras.

    Both estimate the largest singular value of a kernel with a vector that they update at each
    step. This vector does not match a kernel that is an average over several steps.

    Args:
        network: Built `keras.Model`.
    """

    def __init__(self, network: Any):
        # In a closure, because Keras would count the layers of an attribute.
        layers = parts_of(network, SpectralNormalization)
        theirs = parts_of(network, keras.layers.SpectralNormalization)
        self._layers = lambda: (layers, theirs)
        self._vectors = {id(layer.vector) for layer in layers}
        self._vectors |= {id(layer.vector_u) for layer in theirs}
        self._kernels = {id(layer.kernel) for layer in theirs}  # overwritten by Keras

    def own(self, weight: Any) -> bool:
        """Returns whether a weight is a vector of spectral normalization."""
        return id(weight) in self._vectors

    def change(self, weight: Any) -> bool:
        """Returns whether `follow` changes a weight."""
        return id(weight) in self._vectors | self._kernels

    def follow(self) -> None:
        """Updates each vector by one power iteration, and normalizes kernels of Keras' layers."""
        ours, theirs = self._layers()
        for layer in ours:
            layer.iterate(layer.layer.kernel)
        for layer in theirs:
            vector, kernel = layer.normalized_weights()
            some = keras.ops.any(keras.ops.not_equal(layer.kernel.value, 0))  # as Keras does
            layer.vector_u.assign(keras.ops.where(some, vector, layer.vector_u.value))
            layer.kernel.assign(keras.ops.where(some, kernel, layer.kernel.value))
