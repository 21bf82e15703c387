"""Floor 1: `tf.data` pipelines, one file per dataset."""

from keras_gans.datasets.cartoon_faces import cartoon_faces
from keras_gans.datasets.celeb_a import celeb_a
from keras_gans.datasets.cifar10 import cifar10
from keras_gans.datasets.fashion_mnist import fashion_mnist
from keras_gans.datasets.from_arrays import from_arrays
from keras_gans.datasets.image_folder import image_folder
from keras_gans.datasets.mechanical_designs import mechanical_designs
from keras_gans.datasets.mnist import mnist
from keras_gans.datasets.quick_draw import quick_draw
from keras_gans.datasets.stacked_mnist import stacked_mnist

__all__ = [
    "cartoon_faces",
    "celeb_a",
    "cifar10",
    "fashion_mnist",
    "from_arrays",
    "image_folder",
    "mechanical_designs",
    "mnist",
    "quick_draw",
    "stacked_mnist",
]


def __dir__() -> list[str]:
    return __all__
