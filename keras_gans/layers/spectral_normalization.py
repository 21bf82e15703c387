"""Spectral normalization that does not overwrite the kernel."""

from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.protocols import Tensor, TensorShape
from keras_gans.saving import serializable

_FIRST_ITERATIONS = 15  # when the layer is built, so that the first step is normalized as well
_EPSILON = 1e-12
_PLAIN = keras.layers.Dense, keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D
_TRANSPOSED = (
    keras.layers.Conv1DTranspose,
    keras.layers.Conv2DTranspose,
    keras.layers.Conv3DTranspose,
)


@serializable()
class SpectralNormalization(keras.layers.Wrapper):
    """Divides the kernel of a layer by its largest singular value.

    The Lipschitz constant of the layer is then about 1. The kernel variable itself is not
    overwritten: the optimizer updates it, and gradients pass through the division. One power
    iteration runs after each update of the kernel, and none during calls, so that real and
    generated images pass through the same layer. In contrast,
    `keras.layers.SpectralNormalization` overwrites the kernel and iterates at each call.

    Formula, with the kernel as a matrix `W` of inputs by outputs, and unit vectors `u` and `v`
    that are treated as constants:

        v = W u / |W u|,   u = W^T v / |W^T v|   (once per update)
        kernel used = kernel / (v^T W u)

    Args:
        layer: `Dense`, or a convolution or transposed convolution of any rank.

    Call arguments:
        inputs: The inputs of the wrapped layer.

    Output shape:
        The output shape of the wrapped layer.

    Raises:
        ValueError: If the layer is of another type, or is already normalized.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(3, use_bias=False))
    >>> _ = layer.build((None, 5))
    >>> used = np.asarray(layer(np.eye(5)))
    >>> bool(np.isclose(np.linalg.norm(used, 2), 1, atol=0.05))
    True

    Reference:
        - [Miyato et al., 2018](https://arxiv.org/abs/1802.05957), algorithm 1.
    """

    def __init__(self, layer: keras.layers.Layer, **kwargs: Any):
        expected = "Dense, or a convolution that is not depthwise or separable"
        repair = "Leave it as it is, or use one of these."
        checks.instance("layer", layer, (*_PLAIN, *_TRANSPOSED), expected, repair)
        super().__init__(layer, **kwargs)

    def build(self, input_shape: TensorShape | None = None) -> None:
        """Builds the layer and estimates the largest singular value."""
        super().build(input_shape)
        if isinstance(self.layer.kernel.constraint, _PowerIteration):
            raise ValueError(
                "A layer can be wrapped by one SpectralNormalization only. "
                f"Received: layer={self.layer.name!r}, which is already wrapped. "
                "Use the existing wrapper in both places."
            )
        self.vector = self.add_weight(
            name="vector",
            shape=(self._matrix(self.layer.kernel).shape[1], 1),
            initializer="random_normal",
            trainable=False,
        )
        for _ in range(_FIRST_ITERATIONS):
            self.iterate(self.layer.kernel)
        # Optimizers call a variable's constraint after each update.
        self.layer.kernel.constraint = _PowerIteration(self, self.layer.kernel.constraint)

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        """Returns the output of the layer with the normalized kernel."""
        stretched = ops.matmul(self._matrix(self.layer.kernel), ops.stop_gradient(self._vector()))
        sigma = ops.sum(ops.stop_gradient(_unit(stretched)) * stretched)
        sigma = ops.where(sigma > 0, sigma, 1.0)  # for kernels that are all zeros
        kernel = ops.cast(self.layer.kernel, sigma.dtype) / sigma
        kernel = ops.cast(kernel, self.layer.compute_dtype)
        with keras.StatelessScope(state_mapping=[(self.layer.kernel, kernel)]):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns the output shape of the wrapped layer."""
        return self.layer.compute_output_shape(input_shape)

    def iterate(self, kernel: Tensor) -> None:
        """Updates the vector by one power iteration."""
        matrix = self._matrix(kernel)
        other = _unit(ops.matmul(matrix, self._vector()))
        moved = ops.matmul(ops.transpose(matrix), other)
        # A kernel of zeros has no direction; the vector is kept.
        self.vector.assign(ops.where(ops.any(moved != 0), _unit(moved), self._vector()))

    def _vector(self):
        return ops.cast(self.vector, _at_least_float32(self.vector))

    def _matrix(self, kernel):
        """Returns the kernel as a matrix of inputs by outputs, at least in float32."""
        kernel = ops.cast(kernel, _at_least_float32(kernel))
        if isinstance(self.layer, _TRANSPOSED):  # their outputs come before their inputs
            kernel = ops.swapaxes(kernel, -1, -2)
        return ops.reshape(kernel, (-1, kernel.shape[-1]))


class _PowerIteration(keras.constraints.Constraint):
    """Applies the layer's own constraint to the kernel, then runs one power iteration."""

    def __init__(self, normalization, constraint):
        self.normalization, self.constraint = normalization, constraint

    def __call__(self, kernel):
        if self.constraint is not None:
            kernel = self.constraint(kernel)
        self.normalization.iterate(kernel)
        return kernel


def _at_least_float32(weight):
    return keras.backend.result_type(weight.dtype, "float32")


def _unit(vector):
    return vector / (ops.sqrt(ops.sum(ops.square(vector))) + _EPSILON)
