"""A discriminator that receives the conditions of a design as maps, concatenated to the image."""

import keras
from keras import ops

import keras_gans as kg

SPREAD = 2.0  # standard deviation of the blurred edges on the maps, in pixels


@keras.saving.register_keras_serializable(package="mechanics")
class ConditionMaps(keras.layers.Layer):
    """Draws the 13 conditions of `keras_gans.datasets.mechanical_designs` as five maps.

    The maps are the load, the load times the right and the down component of its direction, the
    supports, and the volume fraction as a constant. A convolution can then detect whether there is
    material at the load, which it cannot do with numbers.

    Args:
        height: Integer, the height of the maps.
        width: Integer, the width of the maps.

    Input shape:
        Floats `(N, 13)`.

    Output shape:
        Floats `(N, height, width, 5)`; 1 at load and supports, with a Gaussian falloff.
    """

    def __init__(self, height, width, **kwargs):
        super().__init__(**{"autocast": False, **kwargs})  # positions need the precision of float32
        self.height, self.width = height, width

    def call(self, conditions):
        """Returns the maps."""
        columns = ops.reshape(conditions, (-1, 13, 1, 1))
        volume, x, y, right, down, *boxes = [columns[:, number] for number in range(13)]
        load = self._near(x, y, x, y)
        supports = ops.maximum(self._near(*boxes[:4]), self._near(*boxes[4:]))
        volume = ops.broadcast_to(6 * (volume - 0.35), ops.shape(load))  # about -1 to 1
        return ops.stack([load, load * right, load * down, supports, volume], axis=-1)

    def _near(self, x_min, y_min, x_max, y_max):
        """Returns maps (N, height, width), 1 inside a box of the unit square, less outside."""
        x = (ops.arange(self.width, dtype="float32") + 0.5) / self.width
        y = ops.reshape((ops.arange(self.height, dtype="float32") + 0.5) / self.height, (-1, 1))
        right = ops.maximum(ops.maximum(x_min - x, x - x_max), 0.0) * self.width
        down = ops.maximum(ops.maximum(y_min - y, y - y_max), 0.0) * self.height
        return ops.exp(-(right**2 + down**2) / (2 * SPREAD**2))

    def compute_output_shape(self, input_shape):
        """Returns `(N, height, width, 5)`."""
        return (input_shape[0], self.height, self.width, 5)

    def get_config(self):
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "height": self.height, "width": self.width}


def map_discriminator(image_shape, condition_dim, width=32):
    """Builds a conditional `dcgan_discriminator`, without dropout, for the image and the maps."""
    height, image_width, channels = image_shape
    images = keras.Input(image_shape, name="images")
    conditions = keras.Input((condition_dim,), name="labels")
    maps = ConditionMaps(height, image_width)(conditions)
    network = kg.networks.dcgan_discriminator(
        (height, image_width, channels + 5), width, condition_dim=condition_dim
    )
    logits = network([keras.layers.Concatenate()([images, maps]), conditions])
    return keras.Model([images, conditions], logits, name="discriminator")
