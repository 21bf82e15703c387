"""Wrong input gets an error in three parts, or the documented warning; nothing is guessed."""

import functools
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_networks import SMALL

import keras_gans as kg
from keras_gans import networks

pytestmark = pytest.mark.usefixtures("quickly")

POINTS = np.linspace(-1, 1, 32, dtype="float32").reshape(16, 2)
IMAGES = np.linspace(-1, 1, 16 * 64, dtype="float32").reshape(16, 8, 8, 1)
CLASSES = np.arange(16) % 4
NAMES = np.array(["cat", "dog"] * 8)


def image_gan(**settings):
    gan = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=4, **SMALL)
    gan.compile(**settings)
    return gan


def class_gan(**settings):
    gan = kg.ConditionalGAN(image_shape=(2,), num_classes=4, **SMALL)
    gan.compile(**settings)
    return gan


def float_gan(**settings):
    gan = kg.ConditionalGAN(image_shape=(2,), condition_dim=3, **SMALL)
    gan.compile(**settings)
    return gan


def check_three_parts(error):
    message = str(error.value)
    assert "Received" in message, message
    assert len(message.split("Received", maxsplit=1)[0]) > 20, message  # what was expected
    assert len(message.split(". ")) >= 3, message  # and how to fix it


def changed(array, index, value):
    array = array.copy()
    array[index] = value
    return array


def dataset(*arrays, batch_size=4):
    return tf.data.Dataset.from_tensor_slices(arrays if len(arrays) > 1 else arrays[0]).batch(
        batch_size
    )


FIT = {
    "without a channel axis": (image_gan, (IMAGES[..., 0],), r"images\[\.\.\., None\]"),
    "of another size": (image_gan, (np.zeros((4, 9, 8, 1), "float32"),), r"\(\w+, 9, 8, 1\)"),
    "with other channels": (image_gan, (np.zeros((4, 8, 8, 3), "float32"),), "Resize"),
    "of another rank": (image_gan, (POINTS,), r"shape=\(\w+, 2\)"),
    "outside the range": (image_gan, (IMAGES * 255,), "values from -255 to"),
    "with NaN": (image_gan, (changed(IMAGES, (3, 1, 1, 0), np.nan),), "NaN"),
    "with infinity": (image_gan, (changed(IMAGES, (3, 1, 1, 0), np.inf),), "infinity"),
    "uint8 of 0 and 1": (image_gan, ((IMAGES > 0).astype("uint8"),), "maximum of 1"),
    "of wide integers": (image_gan, ((IMAGES * 100).astype("int64"),), "from -100 to"),
    "empty": (image_gan, (IMAGES[:0],), "must be images to train on"),
    "without labels": (class_gan, (POINTS,), "images alone"),
    "with broken classes": (class_gan, (POINTS, CLASSES + 0.5), "up to 0.5"),
    "with rows of two classes": (class_gan, (POINTS, np.ones((16, 4))), "up to 1"),
    "with rows of other classes": (class_gan, (POINTS, np.eye(5)[CLASSES]), r"shape=\(\w+, 5\)"),
    "with classes too large": (class_gan, (POINTS, CLASSES + 1), "labels from 1 to 4"),
    "with negative classes": (class_gan, (POINTS, CLASSES - 1), "labels from -1 to 2"),
    "with fewer labels": (class_gan, (POINTS, CLASSES[:8]), "16 images and 8 labels"),
    "with names": (class_gan, (POINTS, NAMES), r"np.unique\(labels, return_inverse=True\)"),
    "with a column of names": (
        class_gan,
        (POINTS, NAMES.astype(object)[:, None]),
        r"np.unique\(labels, return_inverse=True\)",
    ),
    "with short conditions": (float_gan, (POINTS, np.zeros((16, 2))), r"\(N, 3\)"),
    "with flat conditions": (float_gan, (POINTS, np.zeros(16)), r"\[:, None\]"),
}


MASKS = np.arange(4 * 64).reshape(4, 8, 8, 1) % 2  # of zeros and ones


UNET = functools.partial(networks.unet_generator, width=2, depth=1)
PATCHES = functools.partial(networks.patch_discriminator, width=2)


def masks_gan():
    sizes = {"image_shape": (8, 8, 1), "condition_shape": (8, 8, 1)}
    gan = kg.Pix2Pix(**sizes, generator=UNET, discriminator=PATCHES)
    gan.compile()
    return gan


def cycles_gan():
    gan = kg.CycleGAN(
        (8, 8, 1),
        generators=[UNET((8, 8, 1), (8, 8, 1)) for _ in range(2)],
        discriminators=[PATCHES((8, 8, 1)) for _ in range(2)],
    )
    gan.compile(run_eagerly=True)
    return gan


CONDITIONS = {
    "integers of 0 and 1": (masks_gan, MASKS.astype("uint8"), "maximum of 1"),
    "wide integers": (masks_gan, MASKS * 300, "from 0 to 300"),
    "images of a cycle out of range": (cycles_gan, MASKS * 255.0, "values from 0 to 255"),
    "integers of a cycle": (cycles_gan, MASKS.astype("uint8"), "maximum of 1"),
}


@pytest.mark.parametrize("wrap", [lambda *data: data, lambda *data: (dataset(*data),)])
@pytest.mark.parametrize("case", CONDITIONS)
def test_images_as_conditions(case, wrap):
    make, conditions, message = CONDITIONS[case]
    with pytest.raises(ValueError, match=message):
        make().fit(*wrap(IMAGES[:4], conditions), verbose=0)


@pytest.mark.parametrize("conditions", [MASKS.astype(bool), MASKS * 255, MASKS * 7.5])
def test_good_images_as_conditions(conditions):
    masks_gan().fit(IMAGES[:4], conditions, verbose=0)


@pytest.mark.parametrize("case", FIT)
def test_arrays(case):
    make, data, message = FIT[case]
    with pytest.raises(ValueError, match=message) as error:
        make().fit(*data, verbose=0)
    check_three_parts(error)


OUT_OF_A_GRAPH = "outside the range", "with NaN", "with classes too large"


@pytest.mark.parametrize("case", [c for c in FIT if c not in ("empty", "with fewer labels")])
def test_datasets(case):
    make, data, message = FIT[case]
    gan = make(run_eagerly=case not in OUT_OF_A_GRAPH)
    with pytest.raises(ValueError, match=message) as error:
        gan.fit(dataset(*data), verbose=0)
    check_three_parts(error)
    # After the first batch at the latest; whether no pixel is above 1 is known after the epoch.
    assert gan.images_seen <= (16 if case == "uint8 of 0 and 1" else 4)


@pytest.mark.parametrize("case", ["outside the range", "with NaN", "without a channel axis"])
def test_evaluation_and_discrimination_look_at_their_data(case):
    make, (images, *_), message = FIT[case]
    gan = make()
    with pytest.raises(ValueError, match=message):
        gan.evaluate(images, verbose=0)
    with pytest.raises(ValueError, match=message):
        gan.discriminate(images)


def test_a_bad_image_deep_in_a_dataset_is_found_by_the_end_of_fit():
    images = np.tile(IMAGES, (4, 1, 1, 1))
    images[-3, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        image_gan(run_eagerly=False).fit(dataset(images, batch_size=16), verbose=0)


def test_values_in_0_1_under_a_model_of_minus_1_1_warn_once():
    with pytest.warns(UserWarning, match=r"images \* 2 - 1") as caught:
        image_gan().fit(dataset((IMAGES + 1) / 2), epochs=2, verbose=0)
    assert len([w for w in caught if "images * 2 - 1" in str(w.message)]) == 1


def test_good_data_do_not_warn():
    gan = image_gan()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        gan.fit(IMAGES, verbose=0)
        gan.fit(IMAGES > 0, verbose=0)
        gan.fit(((IMAGES + 1) * 127.5).astype("uint8"), verbose=0)


def test_dtypes_may_follow_each_other():
    gan = image_gan(run_eagerly=False)
    pixels = ((IMAGES + 1) * 127.5).astype("uint8")
    for images in (dataset(pixels), dataset(IMAGES), dataset(IMAGES > 0), dataset(pixels)):
        gan.fit(images, verbose=0)
    with pytest.raises(ValueError, match="maximum of 1"):
        gan.fit(dataset((IMAGES > 0).astype("uint8")), verbose=0)


def test_uint8_is_rescaled_to_the_models_range():
    bright = np.full((4, 8, 8, 1), 255, "uint8")
    for value_range, high in (((0, 1), 1.0), ((-1, 1), 1.0), ((-3, 5), 5.0)):
        end = "tanh" if value_range == (-1, 1) else "linear"
        generator = networks.mlp_generator((8, 8, 1), width=4, activation=end)
        networks_of_range = SMALL | {"generator": generator}
        gan = kg.DCGAN((8, 8, 1), value_range=value_range, **networks_of_range)
        wanted = gan.discriminate(np.full((4, 8, 8, 1), high, "float32"))
        np.testing.assert_allclose(gan.discriminate(bright), wanted, rtol=1e-5)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 9])
def test_any_batch_size_trains(batch_size):
    gan = image_gan()
    history = gan.fit(IMAGES[:4], batch_size=batch_size, verbose=0)
    assert gan.images_seen == 4
    assert all(np.isfinite(values).all() for values in history.history.values())


@pytest.mark.parametrize("classes", [None, 3])
def test_a_dataset_of_unknown_rank_has_the_models_shape(classes):
    sizes = {} if classes is None else {"num_classes": classes}
    recipe = kg.DCGAN if classes is None else kg.ConditionalGAN
    gan = recipe(image_shape=(8, 8, 1), **SMALL, **sizes)
    gan.compile()
    images, labels = -np.ones((8, 8, 8, 1), "float32"), np.arange(8) % 3

    def batch(number):
        if classes is None:
            return tf.numpy_function(lambda _: images, [number], tf.float32)
        return tuple(
            tf.numpy_function(lambda _: (images, labels), [number], [tf.float32, tf.int64])
        )

    dataset = tf.data.Dataset.range(2).map(batch)
    gan.fit(dataset, verbose=0)
    gan.evaluate(dataset, verbose=0)
    assert gan.images_seen == 16


def test_channels_first_are_a_setting_that_the_error_names():
    keras.config.set_image_data_format("channels_first")
    try:
        with pytest.raises(ValueError, match='image_data_format="channels_first"') as error:
            kg.DCGAN(image_shape=(8, 8, 1))
    finally:
        keras.config.set_image_data_format("channels_last")
    check_three_parts(error)


def test_an_empty_dataset():
    with pytest.raises(ValueError, match="drop_remainder"):
        image_gan().fit(tf.data.Dataset.from_tensor_slices(IMAGES).batch(32, True), verbose=0)


class Batches(keras.utils.PyDataset):
    """Fewer batches than one: none."""

    def __len__(self):
        return 0

    def __getitem__(self, index):
        raise IndexError


def test_an_empty_sequence(points_gan):
    gan = points_gan()
    gan.compile()
    for use in (functools.partial(gan.fit, verbose=0), gan.evaluate):
        with pytest.raises(ValueError, match="Received: data without a batch"):
            use(Batches())


class WrongLength:
    def __len__(self):
        return 4

    def __iter__(self):
        return iter([POINTS[:8], POINTS[8:]])


def test_a_loader_with_a_wrong_length(points_gan):
    gan = points_gan()
    gan.compile()
    with pytest.raises(ValueError, match=r"length 4 with only 2 batches\. Correct `__len__`"):
        gan.fit(WrongLength(), verbose=0)


def test_a_dataset_that_turns_out_empty():
    hidden = dataset(IMAGES).filter(lambda images: tf.reduce_max(images) > 2)
    with pytest.raises(ValueError, match="must be images to train on"):
        image_gan().fit(hidden, verbose=0)


def test_weights_of_samples_and_classes():
    with pytest.raises(ValueError, match="Sample weights are not supported"):
        image_gan().fit(IMAGES, sample_weight=np.ones(16), verbose=0)
    with pytest.raises(ValueError, match="Sample weights are not supported"):
        class_gan().fit(POINTS, CLASSES, class_weight=dict.fromkeys(range(4), 1.0), verbose=0)


def test_labels_are_ignored_without_a_condition():
    gan = image_gan()
    gan.fit(IMAGES, CLASSES, verbose=0)
    gan.fit(dataset(IMAGES, CLASSES), verbose=0)
    assert gan.images_seen == 32


def test_images_and_labels_in_one_structure():
    gan = class_gan()
    gan.fit((POINTS, CLASSES), verbose=0)
    assert gan.images_seen == 16


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_before_compile(method):
    gan = kg.DCGAN(image_shape=(8, 8, 1), **SMALL)
    with pytest.raises(ValueError, match=r"Call `gan\.compile\(\)` first") as error:
        getattr(gan, method)(IMAGES)
    check_three_parts(error)


def dense(inputs, units, activation=None):
    x = keras.Input(inputs)
    return keras.Model(x, keras.layers.Dense(units, activation=activation)(x))


CONSTRUCTOR = {
    "no shape": ({}, "image_shape=None"),
    "zeros": ({"image_shape": (0, 28, 1)}, "positive"),
    "one axis": ({"image_shape": (28,)}, "networks.mlp_generator"),
    "unknown sizes": ({"image_shape": (None, None, 1)}, "known, positive"),
    "too small": ({"image_shape": (4, 4, 1)}, "at least 8 pixels"),
    "networks apart": (
        {"generator": dense((3,), 2), "discriminator": dense((3,), 1)},
        r"makes \(2,\), a discriminator that takes \(3,\)",
    ),
    "latent_dim at odds": (
        {"generator": dense((3,), 2), "discriminator": dense((2,), 1), "latent_dim": 5},
        "latent_dim=5",
    ),
    "many outputs": (
        {"generator": dense((3,), 2), "discriminator": dense((2,), 2)},
        r"Reshape\(\(2, 1\)\)",
    ),
    "contradicting range": (
        {
            "generator": dense((3,), 2, "sigmoid"),
            "discriminator": dense((2,), 1),
            "value_range": (-1, 1),
        },
        "ends in sigmoid",
    ),
    "empty range": ({"image_shape": (8, 8, 1), "value_range": (1, 1)}, "low < high"),
    "no network": ({"image_shape": (8, 8, 1), "generator": "dcgan"}, "generator='dcgan'"),
    "unbuilt network": (
        {"image_shape": (8, 8, 1), "generator": keras.Sequential([keras.layers.Dense(1)])},
        "Pass `latent_dim`",
    ),
    "conditional network": (
        {
            "image_shape": (8, 8, 1),
            "generator": networks.dcgan_generator((8, 8, 1), 2, width=1, num_classes=3),
        },
        "ConditionalGAN",
    ),
}


@pytest.mark.parametrize("case", CONSTRUCTOR)
def test_constructor(case):
    arguments, message = CONSTRUCTOR[case]
    with pytest.raises(ValueError, match=message) as error:
        kg.DCGAN(**arguments)
    check_three_parts(error)


CONDITIONAL = {
    "no labels": ({}, "num_classes=10 or condition_dim=3"),
    "both labels": ({"num_classes": 3, "condition_dim": 3}, "one of them"),
    "unconditional network": (
        {"num_classes": 3, "generator": networks.dcgan_generator((8, 8, 1), 2, width=1)},
        "Add an input",
    ),
    "wrong width of conditions": (
        {
            "condition_dim": 3,
            "generator": networks.dcgan_generator((8, 8, 1), 2, width=1, condition_dim=2),
        },
        r"inputs of shape \(2,\), \(2,\)",
    ),
}


@pytest.mark.parametrize("case", CONDITIONAL)
def test_conditional_constructor(case):
    arguments, message = CONDITIONAL[case]
    with pytest.raises(ValueError, match=message) as error:
        kg.ConditionalGAN(image_shape=(8, 8, 1), **arguments)
    check_three_parts(error)


ONE = keras.optimizers.Adam()
COMPILE = {
    "one optimizer twice": (
        {"discriminator_optimizer": ONE, "generator_optimizer": ONE},
        "the same object",
    ),
    "an averaging optimizer": (
        {"generator_optimizer": keras.optimizers.Adam(use_ema=True)},
        "use_ema=True",
    ),
    "logits where probabilities are asked": (
        {"loss": keras.losses.BinaryCrossentropy()},
        "Pass from_logits=True",
    ),
    "no loss": ({"loss": "gan"}, "loss='gan'"),
    "no steps": ({"discriminator_steps": 0}, "discriminator_steps=0"),
    "negative half-life": ({"ema_half_life": -1}, "ema_half_life=-1"),
    "one penalty alone": ({"penalties": kg.losses.R1(1.0)}, "must be a list"),
    "no augmentation": ({"augmentation": "flip"}, "augmentation='flip'"),
}


@pytest.mark.parametrize("case", COMPILE)
def test_compile(case, points_gan):
    arguments, message = COMPILE[case]
    with pytest.raises(ValueError, match=message) as error:
        points_gan().compile(**arguments)
    check_three_parts(error)


def test_an_optimizer_of_another_network(points_gan):
    other = keras.optimizers.Adam()
    other.build(dense((3,), 2).trainable_variables)
    with pytest.raises(ValueError, match="built for other variables") as error:
        points_gan().compile(generator_optimizer=other)
    check_three_parts(error)


def test_an_optimizer_of_its_own_may_return(points_gan, points):
    gan = points_gan()
    mine = keras.optimizers.Adam()
    gan.compile(generator_optimizer=mine)
    gan.fit(points, verbose=0)
    gan.compile(generator_optimizer=mine)
    assert int(mine.iterations) == 2


@pytest.mark.parametrize("loss", [None, keras.losses.BinaryCrossentropy(from_logits=True)])
def test_a_sigmoid_under_a_loss_on_logits(loss):
    gan = kg.GAN(generator=dense((3,), 2), discriminator=dense((2,), 1, "sigmoid"))
    with pytest.raises(ValueError, match="ends in sigmoid") as error:
        gan.compile(loss=loss)
    check_three_parts(error)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_frozen_network(player, points_gan):
    gan = points_gan()
    getattr(gan, player).trainable = False
    with pytest.raises(ValueError, match=f"{player}.trainable = True") as error:
        gan.compile()
    check_three_parts(error)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("loss_function", "loss"),
        ("d_optimizer", "discriminator_optimizer"),
        ("optimizer", "discriminator_optimizer and generator_optimizer"),
        ("genrator_optimizer", "generator_optimizer"),
        ("jit_compil", "jit_compile"),
        ("zzz", "discriminator_steps"),
    ],
)
def test_an_unknown_keyword_names_the_right_one(wrong, right, points_gan):
    with pytest.raises(TypeError, match=f"no argument `{wrong}`.*`.*{right}"):
        points_gan().compile(**{wrong: 1})
