import importlib.util
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.datasets import celeb_a

HAS_TFDS = importlib.util.find_spec("tensorflow_datasets") is not None


def test_without_tensorflow_datasets_the_error_says_what_to_install():
    if HAS_TFDS:
        pytest.skip("TensorFlow Datasets is installed")
    with pytest.raises(ImportError, match="pip install tensorflow_datasets"):
        celeb_a(64)


@pytest.mark.parametrize("image_shape", [(64, 64, 1), (64, 64)])
def test_gray_faces_are_an_error(image_shape):
    with pytest.raises(ValueError, match=r"for color\. Received: image_shape="):
        celeb_a(64, image_shape=image_shape)


def aligned_face():
    image = np.zeros((218, 178, 3), "uint8")
    image[45:193, 15:163] = 255  # white where the face is
    image[45:119, 15:163, 2] = 0  # yellow above
    return image


def check_faces(faces):
    """Of 32x48: nothing of the black frame, yellow above white."""
    assert faces.shape[-3:] == (32, 48, 3)
    np.testing.assert_array_equal(faces[..., :14, :, :2], 1)
    np.testing.assert_array_equal(faces[..., :14, :, 2], 0)
    np.testing.assert_array_equal(faces[..., 18:, :, :], 1)


def test_the_square_around_the_face_is_resized(monkeypatch):
    """Of what TensorFlow Datasets would load."""
    faces = tf.data.Dataset.from_tensor_slices({"image": [aligned_face()] * 8})
    tfds = SimpleNamespace(load=lambda name, split, data_dir: faces)
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", tfds)
    dataset = celeb_a(8, image_shape=(32, 48, 3), value_range=(0, 1), seed=0)
    check_faces(np.asarray(next(iter(dataset))))


@pytest.mark.skipif(not HAS_TFDS, reason="TensorFlow Datasets is not installed")
def test_faces_come_through_tensorflow_datasets():
    import tensorflow_datasets as tfds

    def examples():
        for _ in range(8):
            yield {"image": aligned_face()}

    def as_dataset(builder, *args, **kwargs):
        signature = {"image": tf.TensorSpec((218, 178, 3), "uint8")}
        faces = tf.data.Dataset.from_generator(examples, output_signature=signature)
        return faces.apply(tf.data.experimental.assert_cardinality(8))

    with tfds.testing.mock_data(as_dataset_fn=as_dataset):
        dataset = celeb_a(8, image_shape=(32, 48, 3), value_range=(0, 1), seed=0)
    images = np.asarray(next(iter(dataset)))
    assert len(images) == 8
    check_faces(images)
    assert dataset.source == "CelebA train"
