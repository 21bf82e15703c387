"""Several images side by side, as one with more channels."""

import keras
from keras import ops

from keras_gans.saving import serializable


@serializable()
class Pack(keras.layers.Layer):
    """Joins every few images of a batch along their channels, for PacGAN.

    A discriminator behind it judges several images together, and sees when they are too alike.
    `GAN` puts it in front of a discriminator whose channels are a multiple of the image's.

    Args:
        num_images: Integer, images that are judged together.

    Input shape:
        Floats `(N, H, W, C)` or `(N, n)`, where `num_images` divides `N`.

    Output shape:
        Floats `(N / num_images, H, W, num_images * C)` or `(N / num_images, num_images * n)`.

    Raises:
        ValueError: If the size of the batch is known, and no multiple.

    Example:

    >>> Pack(2)(np.zeros((6, 28, 28, 1))).shape
    TensorShape([3, 28, 28, 2])

    Reference:
        - [Lin et al., 2018](https://arxiv.org/abs/1712.04086), section 3.
    """

    def __init__(self, num_images, **kwargs):
        super().__init__(**kwargs)
        self.num_images = num_images

    def call(self, images):
        """Returns the joined images."""
        count, *sides, channels = images.shape
        if count is not None and count % self.num_images:
            raise ValueError(
                f"Packs of {self.num_images} must divide the batch. "
                f"Received: a batch of {count} images. Choose a multiple as batch size."
            )
        packs = ops.reshape(images, (-1, self.num_images, *sides, channels))
        packs = ops.moveaxis(packs, 1, -2)  # beside the channels
        return ops.reshape(packs, (-1, *sides, self.num_images * channels))

    def compute_output_shape(self, input_shape):
        """Returns the shape of the packs."""
        count, *sides, channels = input_shape
        count = None if count is None else count // self.num_images
        return (count, *sides, self.num_images * channels)

    def get_config(self):
        """Returns the constructor's arguments as a dict."""
        return {**super().get_config(), "num_images": self.num_images}
