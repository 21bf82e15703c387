import importlib.util

import numpy as np
import pytest

from keras_gans.datasets import celeb_a

HAS_TFDS = importlib.util.find_spec("tensorflow_datasets") is not None


def test_without_tensorflow_datasets_the_error_says_what_to_install():
    if HAS_TFDS:
        pytest.skip("TensorFlow Datasets is installed")
    with pytest.raises(ImportError, match=r"keras_gans\[celeb_a\]"):
        celeb_a(64)


def test_grey_faces_are_an_error():
    with pytest.raises(ValueError, match=r"image_shape=\(64, 64, 1\)"):
        celeb_a(64, image_shape=(64, 64, 1))


@pytest.mark.skipif(not HAS_TFDS, reason="TensorFlow Datasets is not installed")
def test_the_square_around_the_face_is_resized():
    import tensorflow_datasets as tfds

    def examples():
        for _ in range(8):
            image = np.zeros((218, 178, 3), "uint8")
            image[45:193, 15:163] = 255  # white where the face is
            image[45:119, 15:163, 2] = 0  # yellow above
            yield {"image": image}

    def as_dataset(builder, *args, **kwargs):
        import tensorflow as tf

        signature = {"image": tf.TensorSpec((218, 178, 3), "uint8")}
        return tf.data.Dataset.from_generator(examples, output_signature=signature)

    with tfds.testing.mock_data(as_dataset_fn=as_dataset):
        dataset = celeb_a(8, image_shape=(32, 48, 3), value_range=(0, 1), seed=0)
    images = np.asarray(next(iter(dataset)))
    assert images.shape == (8, 32, 48, 3)
    np.testing.assert_allclose(images[:, :14], np.broadcast_to([1, 1, 0], (8, 14, 48, 3)))
    np.testing.assert_allclose(images[:, 18:], 1)
    assert dataset.source == "CelebA train"
