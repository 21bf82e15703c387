"""Spectral normalisation, with the kernel left as it is."""

import keras
from keras import ops

from keras_gans.saving import serializable

_FIRST_ITERATIONS = 15  # when the layer is built, so that the first step is normalised, too
_EPSILON = 1e-12


@serializable()
class SpectralNormalization(keras.layers.Wrapper):
    """Divides a layer's kernel by its largest singular value, wherever it is used.

    The slope of the layer is then at most about 1. The kernel itself is never overwritten: it
    is what the optimizer moves, and gradients pass through the division. After each update of
    the kernel, one power iteration follows the largest singular value; calls do not move it, so
    real and generated images meet the same layer. This is how it differs from
    `keras.layers.SpectralNormalization`, which overwrites the kernel and iterates at each call.

    Formula, with the kernel as a matrix `W` of inputs by outputs, and unit vectors `u` and `v`
    that are taken as constants:

        v = W u / |W u|,   u = W^T v / |W^T v|   (once per update)
        kernel used = kernel / (v^T W u)

    Args:
        layer: A layer with a `kernel`: `Dense`, `Conv2D`, `Conv2DTranspose` and so on.

    Call arguments:
        inputs: What the layer takes.

    Output shape:
        That of the layer.

    Raises:
        ValueError: If the layer has no `kernel`.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(3, use_bias=False))
    >>> _ = layer.build((None, 5))
    >>> used = np.asarray(layer(np.eye(5)))
    >>> bool(np.isclose(np.linalg.norm(used, 2), 1, atol=0.05))
    True

    Reference:
        - [Miyato et al., 2018](https://arxiv.org/abs/1802.05957), algorithm 1.
    """

    def build(self, input_shape=None):
        """Builds the layer, and finds the largest singular value."""
        super().build(input_shape)
        if not hasattr(self.layer, "kernel"):
            raise ValueError(
                "`layer` must have a kernel. "
                f"Received: layer={self.layer!r}. Wrap Dense or a convolution."
            )
        self._transposed = isinstance(self.layer, keras.layers.Conv2DTranspose)
        self.vector = self.add_weight(
            name="vector",
            shape=(self._matrix().shape[1], 1),
            initializer="random_normal",
            trainable=False,
        )
        for _ in range(_FIRST_ITERATIONS):
            self._iterate(self.layer.kernel)
        self.layer.kernel.constraint = self._iterate  # optimizers call it after each update

    def call(self, inputs, training=None):
        """What the layer makes of its inputs with the normalised kernel."""
        vector = ops.stop_gradient(ops.convert_to_tensor(self.vector))
        stretched = ops.matmul(self._matrix(), vector)
        other = ops.stop_gradient(_unit(stretched))
        kernel = self.layer.kernel / ops.sum(other * stretched)
        with keras.StatelessScope(state_mapping=[(self.layer.kernel, kernel)]):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        """That of the layer."""
        return self.layer.compute_output_shape(input_shape)

    def _matrix(self):
        """The kernel, inputs by outputs."""
        kernel = ops.convert_to_tensor(self.layer.kernel)
        if self._transposed:  # has outputs before inputs
            kernel = ops.swapaxes(kernel, -1, -2)
        return ops.reshape(kernel, (-1, kernel.shape[-1]))

    def _iterate(self, kernel):
        """Moves the vector; returns the kernel as it is."""
        matrix = self._matrix()
        other = _unit(ops.matmul(matrix, ops.convert_to_tensor(self.vector)))
        self.vector.assign(_unit(ops.matmul(ops.transpose(matrix), other)))
        return kernel


def _unit(vector):
    return vector / (ops.sqrt(ops.sum(ops.square(vector))) + _EPSILON)
