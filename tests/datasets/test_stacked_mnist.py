import numpy as np
import pytest

from keras_gans.datasets import stacked_mnist


@pytest.fixture
def folder(tmp_path):
    """Ten digits, each as bright as its number."""
    numbers = np.arange(10)
    digits = np.repeat(10 * numbers.astype("uint8"), 784).reshape(10, 28, 28)
    np.savez(tmp_path / "mnist.npz", x_train=digits, y_train=numbers, x_test=digits, y_test=numbers)
    return tmp_path


def test_labels_are_the_numbers_that_the_channels_write(folder):
    dataset = stacked_mnist(
        100, labels=True, value_range=(0, 255), seed=0, data_dir=folder, num_images=200
    )
    assert len(dataset) == 2
    for images, labels in dataset:
        assert images.shape == (100, 28, 28, 3)
        digits = np.rint(np.asarray(images)[:, 0, 0] / 10).astype(int)
        np.testing.assert_array_equal(digits @ [100, 10, 1], labels)


def test_the_stacks_do_not_depend_on_the_seed(folder):
    modes = []
    for seed in (0, 1):
        dataset = stacked_mnist(200, labels=True, seed=seed, data_dir=folder, num_images=200)
        modes.append(np.asarray(next(iter(dataset))[1]))
    assert not np.array_equal(*modes)
    np.testing.assert_array_equal(np.sort(modes[0]), np.sort(modes[1]))
