"""Keras' layers for series, images and volumes, by number of spatial axes."""

import keras

from keras_gans.protocols import Shape, Tensor

CONVOLUTIONS = {1: keras.layers.Conv1D, 2: keras.layers.Conv2D, 3: keras.layers.Conv3D}
TRANSPOSED_CONVOLUTIONS = {
    1: keras.layers.Conv1DTranspose,
    2: keras.layers.Conv2DTranspose,
    3: keras.layers.Conv3DTranspose,
}
UPSAMPLINGS = {
    1: keras.layers.UpSampling1D,
    2: keras.layers.UpSampling2D,
    3: keras.layers.UpSampling3D,
}
CROPPINGS = {
    1: keras.layers.Cropping1D,
    2: keras.layers.Cropping2D,
    3: keras.layers.Cropping3D,
}


def crop(x: Tensor, sides: Shape) -> Tensor:
    """Crops the end of each side to the given size, for example the last row and column."""
    excess = tuple((0, have - want) for have, want in zip(x.shape[1:-1], sides, strict=True))
    if all(surplus == (0, 0) for surplus in excess):
        return x
    rank = len(sides)
    return CROPPINGS[rank](excess[0] if rank == 1 else excess)(x)
