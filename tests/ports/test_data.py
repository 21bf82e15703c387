"""Data in the forms in which people have them."""

import collections

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_networks import SMALL

import keras_gans as kg

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), "uint8")
CLASSES = np.arange(12) % 3


def gan(conditional=False, networks=SMALL):
    keras.utils.set_random_seed(0)
    settings = {"image_shape": (8, 8, 1), "latent_dim": 3, "seed": 0, **networks}
    model = kg.ConditionalGAN(num_classes=3, **settings) if conditional else kg.DCGAN(**settings)
    sgd = [keras.optimizers.SGD(0.01) for _ in range(2)]
    model.compile(*sgd, penalties=[], run_eagerly=True)
    return model


def weights_after(data, labels=None, conditional=False, **keywords):
    model = gan(conditional)
    model.fit(data, labels, shuffle=False, verbose=0, **keywords)
    assert model.images_seen == 12
    return np.concatenate([weight.numpy().ravel() for weight in model.weights])


@pytest.fixture(scope="module")
def wanted():
    return {
        False: weights_after(PIXELS, batch_size=6),
        True: weights_after(PIXELS, CLASSES, conditional=True, batch_size=6),
    }


class Loader:
    """Like a PyTorch `DataLoader`: it can be iterated again and again, and has a length."""

    def __init__(self, *arrays, bare=False):
        self.arrays, self.bare = arrays, bare

    def __len__(self):
        return 2

    def __iter__(self):
        for start in (0, 6):
            batch = [array[start : start + 6] for array in self.arrays]
            yield batch[0] if self.bare else batch


class Sequence(keras.utils.PyDataset):
    def __init__(self, *arrays):
        super().__init__()
        self.arrays = arrays

    def __len__(self):
        return 2

    def __getitem__(self, index):
        batch = tuple(array[6 * index : 6 * index + 6] for array in self.arrays)
        return batch if len(batch) > 1 else batch[0]


def batches(*arrays):
    tensors = arrays if len(arrays) > 1 else arrays[0]
    return tf.data.Dataset.from_tensor_slices(tensors).batch(6)


def generator_of_bare_arrays():
    yield PIXELS[:6]
    yield PIXELS[6:]


def generator_of_lists():
    for start in (0, 6):
        yield [PIXELS[start : start + 6], CLASSES[start : start + 6]]


def of_pytorch(*arrays):
    """A `DataLoader` of PyTorch's tensors, images with the channels first."""
    torch = pytest.importorskip("torch", reason="a DataLoader needs PyTorch")
    tensors = [torch.tensor(array) for array in arrays]
    tensors[0] = tensors[0].permute(0, 3, 1, 2)
    data = torch.utils.data.TensorDataset(*tensors) if len(arrays) > 1 else tensors[0]
    return torch.utils.data.DataLoader(data, batch_size=6)


WITHOUT_LABELS = {
    "bare batches": lambda: batches(PIXELS),
    "dicts of TensorFlow Datasets": lambda: batches({"image": PIXELS, "label": CLASSES}),
    "pairs whose labels are not needed": lambda: batches(PIXELS, CLASSES),
    "int64 pixels of a Hugging Face dataset": lambda: batches(PIXELS.astype("int64")),
    "int32 pixels": lambda: batches(PIXELS.astype("int32")),
    "a generator of bare arrays": generator_of_bare_arrays,
    "a loader of bare arrays": lambda: Loader(PIXELS, bare=True),
    "a loader of lists of one": lambda: Loader(PIXELS),
    "a PyDataset of bare arrays": lambda: Sequence(PIXELS),
    "tensors of a DataLoader, channels first": lambda: of_pytorch(PIXELS),
    "a generator of PyTorch's tensors": lambda: iter(of_pytorch(PIXELS)),
}
WITH_LABELS = {
    "pairs": lambda: batches(PIXELS, CLASSES),
    "dicts of TensorFlow Datasets": lambda: batches({"image": PIXELS, "label": CLASSES}),
    "one-hot labels": lambda: batches(PIXELS, np.eye(3)[CLASSES]),
    "float labels": lambda: batches(PIXELS, CLASSES.astype("float32")),
    "labels of shape (N, 1)": lambda: batches(PIXELS, CLASSES[:, None]),
    "a generator of lists": generator_of_lists,
    "a loader of lists": lambda: Loader(PIXELS, CLASSES),
    "pairs of a DataLoader, channels first": lambda: of_pytorch(PIXELS, CLASSES),
    "a PyDataset of one-hot labels": lambda: Sequence(PIXELS, np.eye(3)[CLASSES]),
}


@pytest.mark.parametrize(
    ("conditional", "name"),
    [*((False, name) for name in WITHOUT_LABELS), *((True, name) for name in WITH_LABELS)],
)
@pytest.mark.filterwarnings("ignore:The `shuffle` argument")
@pytest.mark.filterwarnings("ignore:Your `PyDataset`")
@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_every_form_trains_alike(conditional, name, wanted):
    make = (WITH_LABELS if conditional else WITHOUT_LABELS)[name]
    np.testing.assert_array_equal(
        weights_after(make(), conditional=conditional), wanted[conditional]
    )


@pytest.mark.parametrize(
    ("conditional", "data"), [(False, WITHOUT_LABELS["bare batches"]), (True, WITH_LABELS["pairs"])]
)
def test_the_default_networks_take_them(conditional, data):
    model = gan(conditional, networks={})
    model.fit(data(), verbose=0)
    assert model.images_seen == 12


def test_a_loader_is_read_again_in_each_epoch():
    model = gan()
    model.fit(Loader(PIXELS, bare=True), epochs=3, verbose=0)
    assert model.images_seen == 36


class Stream(Loader):
    """A loader of unknown length, like a `DataLoader` of an `IterableDataset`."""

    def __len__(self):
        raise TypeError("object of type 'Stream' has no len()")


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, for unknown lengths
def test_a_loader_whose_length_is_unknown():
    model = gan()
    model.fit(Stream(PIXELS, bare=True), epochs=2, verbose=0)
    assert model.images_seen == 24


def test_validation_data_from_a_loader():
    losses = [
        gan().fit(PIXELS, validation_data=data, verbose=0).history["val_discriminator_loss"]
        for data in (PIXELS, Loader(PIXELS, bare=True))
    ]
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)


@pytest.mark.parametrize("conditional", [False, True])
def test_validation_data_are_the_last_of_the_arrays(conditional):
    def trained(first, last, **keywords):
        model = gan(conditional)
        labels = CLASSES[:first] if conditional else None
        kept = (PIXELS[last:], CLASSES[last:]) if conditional else PIXELS[last:]
        data = {"validation_data": kept} if last else keywords
        logs = model.fit(PIXELS[:first], labels, batch_size=4, epochs=2, verbose=0, **data)
        return logs.history, model.get_state()

    split, given = trained(12, 0, validation_split=0.3), trained(8, 8)
    assert split[0] == given[0]  # with the same order, which the seed determines
    for array, expected in zip(split[1], given[1], strict=True):
        np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("share", [0.99, 0.01])
def test_a_validation_split_without_images(share):
    data = PIXELS[:1] if share == 0.01 else PIXELS
    with pytest.raises(ValueError, match="for training and for validation"):
        gan().fit(data, validation_split=share, verbose=0)


def test_conditions_of_pytorch_are_turned_like_images():
    torch = pytest.importorskip("torch", reason="a DataLoader needs PyTorch")
    model = kg.Pix2Pix((8, 8, 3), condition_shape=(8, 8, 1))
    model.compile(run_eagerly=True)
    images, masks = torch.zeros(4, 3, 8, 8), torch.zeros(4, 1, 8, 8)
    model.fit([(images, masks)], verbose=0)
    assert model.images_seen == 4


def test_the_order_of_a_tensor_is_that_of_an_array():
    weights = []
    for data in (PIXELS, tf.constant(PIXELS)):
        model = gan()
        model.fit(data, batch_size=4, epochs=2, verbose=0)
        weights.append(np.concatenate([weight.numpy().ravel() for weight in model.weights]))
    np.testing.assert_array_equal(*weights)


def test_a_loader_without_length_and_without_batches():
    empty = collections.UserList()
    with pytest.raises(ValueError, match="must be images to train on"):
        gan().fit(empty, verbose=0)


def test_labels_as_one_hot_rows_are_generated_alike():
    model = gan(conditional=True)
    made = model.generate(labels=[2, 0], seed=0)
    np.testing.assert_array_equal(model.generate(labels=np.eye(3)[[2, 0]], seed=0), made)
    np.testing.assert_array_equal(
        model.generate(labels=np.eye(3, dtype="int32")[[2, 0]], seed=0), made
    )
    np.testing.assert_array_equal(
        model.discriminate(PIXELS[:2], np.eye(3)[[2, 0]]), model.discriminate(PIXELS[:2], [2, 0])
    )
