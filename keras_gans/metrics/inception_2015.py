"""The Inception network of 2015 as a function of its weights, which are named as in PyTorch."""

import functools
from collections.abc import Mapping

import keras
import numpy as np

from keras_gans.protocols import Array, Tensor

NUM_CLASSES = 1008  # torchvision's network has the same names and shapes, but 1,000 classes
_EPSILON = 1e-3  # of the batch normalization

_relu = functools.partial(keras.ops.maximum, 0.0)
_pool = functools.partial(keras.ops.max_pool, pool_size=3, data_format="channels_last")
_average = functools.partial(  # without the padding, unlike torchvision's network
    keras.ops.average_pool, pool_size=3, strides=1, padding="same", data_format="channels_last"
)


class Inception2015:
    """The network of published FIDs, up to its 2,048 pooled features.

    It differs from the network of Szegedy et al. in one pooling of its last block, as in the
    graph of 2015. Batch normalization uses the stored moments, and is merged into the
    convolutions.

    Args:
        weights: Dict from names to float arrays, as in the files of pytorch-fid and torch-fidelity:
            `"Mixed_5b.branch1x1.conv.weight"`, a kernel `(out, in, height, width)`, followed by
            `".bn.weight"`, `".bn.bias"`, `".bn.running_mean"` and `".bn.running_var"`.
            `"fc.weight"` is only used to recognize the network.

    Call arguments:
        images: Float tensor `(N, 299, 299, 3)` with values in [-1, 1).

    Output shape:
        Floats `(N, 2048)`.

    Raises:
        KeyError: If a weight is missing.
        ValueError: If the number of classes is not 1,008, or when it is called with weights whose
            shapes do not fit.

    Reference:
        - [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567), table 1.
    """

    def __init__(self, weights: Mapping[str, Array]):
        num_classes = len(weights["fc.weight"])
        if num_classes != NUM_CLASSES:
            raise ValueError(
                f"The network of 2015 has {NUM_CLASSES:,} classes. Received: {num_classes:,} "
                "classes. Use the weights of pytorch-fid or torch-fidelity, not torchvision's."
            )
        names = [name.removesuffix(".conv.weight") for name in weights if ".conv.weight" in name]
        self._weights = {name: _merged(weights, name) for name in names}

    def __call__(self, images: Tensor) -> Tensor:
        """Returns the features."""
        x = self._convolution(images, "Conv2d_1a_3x3", strides=2, padding="valid")
        x = self._convolution(x, "Conv2d_2a_3x3", padding="valid")
        x = self._convolution(x, "Conv2d_2b_3x3")
        x = _pool(x, strides=2)
        x = self._convolution(x, "Conv2d_3b_1x1")
        x = self._convolution(x, "Conv2d_4a_3x3", padding="valid")
        x = _pool(x, strides=2)
        for name in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
            x = self._block(x, name, _numbered("branch5x5", 2), _numbered("branch3x3dbl", 3))
        x = self._smaller(x, "Mixed_6a", ["branch3x3"], _numbered("branch3x3dbl", 3))
        for name in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
            x = self._block(x, name, _numbered("branch7x7", 3), _numbered("branch7x7dbl", 5))
        x = self._smaller(x, "Mixed_7a", _numbered("branch3x3", 2), _numbered("branch7x7x3", 4))
        x = self._last_block(x, "Mixed_7b", _average(x))
        x = self._last_block(x, "Mixed_7c", _pool(x, strides=1, padding="same"))
        return keras.ops.mean(x, axis=(1, 2))

    def _block(self, x, block, *chains):
        """A block that keeps the resolution."""
        outputs = [self._chain(x, block, names) for names in (["branch1x1"], *chains)]
        outputs.append(self._chain(_average(x), block, ["branch_pool"]))
        return keras.ops.concatenate(outputs, axis=-1)

    def _smaller(self, x, block, *chains):
        """A block that halves the resolution, in the last convolution of each chain."""
        outputs = []
        for *names, last in chains:
            y = self._chain(x, block, names)
            outputs.append(self._convolution(y, f"{block}.{last}", strides=2, padding="valid"))
        return keras.ops.concatenate([*outputs, _pool(x, strides=2)], axis=-1)

    def _last_block(self, x, block, pooled):
        """A block whose chains end in two convolutions side by side, 1x3 and 3x1."""
        outputs = [self._chain(x, block, ["branch1x1"])]
        for names, ends in (
            (["branch3x3_1"], ["branch3x3_2a", "branch3x3_2b"]),
            (["branch3x3dbl_1", "branch3x3dbl_2"], ["branch3x3dbl_3a", "branch3x3dbl_3b"]),
        ):
            y = self._chain(x, block, names)
            outputs += [self._chain(y, block, [end]) for end in ends]
        outputs.append(self._chain(pooled, block, ["branch_pool"]))
        return keras.ops.concatenate(outputs, axis=-1)

    def _chain(self, x, block, names):
        for name in names:
            x = self._convolution(x, f"{block}.{name}")
        return x

    def _convolution(self, x, name, strides=1, padding="same"):
        kernel, bias = self._weights[name]
        if kernel.shape[2] != x.shape[-1]:  # TensorFlow would accept some as groups of channels
            raise ValueError(
                f"The kernel of {name} must have {x.shape[-1]} input channels. Received: "
                f"{kernel.shape[2]}. Use the weights of pytorch-fid or torch-fidelity."
            )
        return _relu(keras.ops.conv(x, kernel, strides, padding, "channels_last") + bias)


def _merged(weights, name):
    """Returns the kernel `(height, width, in, out)` and the bias with the normalization in it."""
    kernel, gamma, beta, mean, variance = (
        np.asarray(weights[f"{name}.{key}"], "float64")
        for key in ("conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var")
    )
    scale = gamma / np.sqrt(variance + _EPSILON)
    arrays = kernel.transpose(2, 3, 1, 0) * scale, beta - mean * scale
    return tuple(keras.ops.convert_to_tensor(array.astype("float32")) for array in arrays)


def _numbered(name, length):
    return [f"{name}_{number}" for number in range(1, length + 1)]
