import re

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.datasets import from_arrays


def marked(count):
    """Images whose only pixel says which one they are."""
    return np.arange(count, dtype="uint8").reshape(-1, 1, 1, 1)


def order(dataset):
    return np.concatenate([np.asarray(images).ravel() for images in dataset])


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**31))
def test_every_image_once_an_epoch(count, batch_size, seed):
    images = marked(count) * 4
    if count < batch_size:
        return
    dataset = from_arrays(images, batch_size, value_range=(0, 255), seed=seed, drop_remainder=False)
    batches = [batch.shape[0] for batch in dataset]
    assert sum(batches) == count
    assert set(batches[:-1]) <= {batch_size}
    assert len(dataset) == len(batches)
    np.testing.assert_allclose(np.sort(order(dataset)), images.ravel(), atol=1e-3)


def test_the_order_is_a_function_of_seed_and_epoch():
    make = lambda seed: from_arrays(marked(200), 50, seed=seed)  # noqa: E731
    a, b, other = make(1), make(1), make(2)
    first, second = order(a), order(a)
    np.testing.assert_array_equal(first, order(b))
    np.testing.assert_array_equal(second, order(b))
    assert (first != second).any()
    assert (first != order(other)).any()
    b.epoch.assign(1)
    np.testing.assert_array_equal(second, order(b))


@pytest.mark.usefixtures("quickly")
def test_the_order_of_fit_does_not_depend_on_how_often_it_looks_ahead(points_gan, points):
    seen = []
    dataset = from_arrays(points, 16, seed=0)
    reference = [[np.asarray(batch) for batch in from_arrays(points, 16, seed=0)]]
    gan = points_gan()

    def look(images):
        seen.append(np.asarray(images))
        return images

    gan.compile(augmentation=look)
    seen.clear()  # `compile` tries it
    gan.fit(dataset, epochs=2, verbose=0)
    np.testing.assert_array_equal(seen[0], reference[0][0])
    assert int(dataset.epoch.numpy()) == 2


@pytest.mark.usefixtures("quickly")
def test_orders_go_on_from_fit_to_fit_without_a_seed(points_gan, points):
    def orders(seed, fits):
        keras.utils.set_random_seed(0)
        dataset = from_arrays(points, 64, seed=seed)
        seen = []
        gan = points_gan()
        gan.compile(augmentation=lambda images: seen.append(images) or images)
        seen.clear()  # `compile` tries it
        for first, last in fits:
            gan.fit(dataset, initial_epoch=first, epochs=last, verbose=0)
        return [np.asarray(images).tolist() for images in seen[::3]]  # the real ones

    whole = orders(None, [(0, 3)])
    assert len({str(order) for order in whole}) == 3
    assert orders(None, [(0, 1), (0, 1), (0, 1)]) == whole
    assert orders(None, [(0, 2), (2, 3)]) == whole
    assert orders(None, [(2, 3)]) == whole[2:]  # after a kill
    first, second = orders(7, [(0, 1), (0, 1)])
    assert first == second  # a function of seed and epoch


def test_an_order_shuffles():
    together = order(from_arrays(marked(250), 250, seed=0, value_range=(0, 255)))
    correlation = np.corrcoef(together, np.arange(250))[0, 1]
    assert abs(correlation) < 0.2


def test_the_last_images_are_left_out_by_default_but_not_always_the_same():
    dataset = from_arrays(marked(10), 4, seed=0, value_range=(0, 255))
    assert len(dataset) == 2
    met = set()
    for _ in range(10):
        met |= set(np.round(order(dataset)).astype(int))
    assert met == set(range(10))


def test_labels_stay_with_their_images():
    dataset = from_arrays(marked(100), 10, labels=np.arange(100), value_range=(0, 255), seed=3)
    for images, labels in dataset:
        np.testing.assert_allclose(np.asarray(images).ravel(), labels, atol=1e-3)
        assert labels.dtype == "int32"


def test_float_conditions():
    conditions = np.random.normal(size=(100, 3))
    _, labels = next(iter(from_arrays(marked(100), 10, labels=conditions)))
    assert labels.shape == (10, 3)
    assert labels.dtype == "float32"


def test_a_seed_is_drawn_from_keras_seed():
    import keras

    keras.utils.set_random_seed(1)
    first = order(from_arrays(marked(100), 10))
    assert (order(from_arrays(marked(100), 10)) != first).any()
    keras.utils.set_random_seed(1)
    np.testing.assert_array_equal(order(from_arrays(marked(100), 10)), first)


def test_transformations_keep_the_epoch_alive(points):
    dataset = from_arrays(points, 16, seed=0).map(lambda x: x * 2).repeat(2)
    assert sum(1 for _ in dataset) == 8


@pytest.mark.parametrize(
    ("images", "arguments", "message"),
    [
        (np.zeros((5, 8, 8, 1)), {"batch_size": 6}, "5 images and batch_size=6"),
        (np.zeros((5, 8, 8, 1)), {"batch_size": 0}, "batch_size=0"),
        (np.zeros(5), {"batch_size": 1}, r"images\[\.\.\., None\]"),
        (np.zeros((5, 8, 8, 1)) + 9, {"batch_size": 1}, "from 9 to 9"),
        (np.zeros((5, 8, 8, 1)) + np.nan, {"batch_size": 1}, "must be finite"),
        (np.ones((5, 8, 8, 1), "uint8"), {"batch_size": 1}, "maximum of 1"),
        (np.ones((5, 8, 8, 1), "int32") - 2, {"batch_size": 1}, "from -1 to -1"),
        (np.zeros((5, 2)), {"batch_size": 1, "labels": np.zeros(4)}, "5 images and 4 labels"),
    ],
)
def test_bad_arrays(images, arguments, message):
    with pytest.raises(ValueError, match=message):
        from_arrays(images, **arguments)


@pytest.mark.parametrize("white", [1023, 16383, 32767, 65535])
@pytest.mark.parametrize("black", [0, -1000])
def test_the_advice_for_larger_integers_keeps_their_shades(white, black):
    images = np.linspace(black, white, 4 * 64).astype("int32").reshape(4, 8, 8, 1)
    with pytest.raises(ValueError, match="must have values from 0 to 255") as error:
        from_arrays(images, 2)
    (advice,) = re.findall("`(.*)`", str(error.value))
    shades = eval(advice, {"images": images})
    assert shades.dtype == "uint8"
    assert (shades.min(), shades.max()) == (0, 255)
    assert (np.diff(shades.ravel().astype(int)) >= 0).all()
    from_arrays(shades, 2)
