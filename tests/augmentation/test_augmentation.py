import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from small_networks import SMALL

import keras_gans as kg
from keras_gans.augmentation import (
    AdaptiveAugment,
    DiffAugment,
    ScheduledAugment,
    transformations,
)
from keras_gans.ops import CosineSchedule

ALL = ["translation", "cutout", "color", "flip"]


def noise(seed=0):
    return keras.random.SeedGenerator(seed)


def images(count=64, height=16, width=24, channels=1, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (count, height, width, channels)).astype("float32")


@given(
    height=st.integers(8, 33),
    width=st.integers(8, 33),
    channels=st.integers(1, 4),
    count=st.integers(1, 5),
    policy=st.lists(st.sampled_from(ALL), unique=True),
)
def test_any_shape_is_kept(height, width, channels, count, policy):
    x = images(count, height, width, channels)
    y = np.asarray(DiffAugment(policy, seed=0)(x))
    assert y.shape == x.shape
    assert np.isfinite(y).all()


def test_translation_shifts_whole_pixels_and_repeats_the_border():
    x = np.broadcast_to(np.arange(24, dtype="float32")[None, None, :, None], (200, 16, 24, 1))
    y = np.asarray(transformations.translation(x, noise()))[..., 0]
    shifts = set()
    for image in y:
        shift = int(image[0, 12]) - 12
        shifts.add(shift)
        np.testing.assert_array_equal(image[0], np.clip(np.arange(24) + shift, 0, 23))
        np.testing.assert_array_equal(image, np.broadcast_to(image[0], (16, 24)))
    assert shifts == set(range(-3, 4))  # up to an eighth of 24, both ways


def test_flip_mirrors_about_half_of_the_images_and_changes_no_other():
    x = images(400)
    y = np.asarray(transformations.flip(x, noise()))
    same = (y == x).all(axis=(1, 2, 3))
    mirrored = (y == x[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    assert 0.4 < mirrored.mean() < 0.6


def test_cutout_sets_a_square_of_half_the_side_to_zero():
    y = np.asarray(transformations.cutout(np.ones((200, 16, 16, 3), "float32"), noise()))
    assert set(np.unique(y)) == {0.0, 1.0}
    holes = (y == 0).all(axis=-1)
    np.testing.assert_array_equal(holes, (y == 0).any(axis=-1))  # in all channels
    heights, widths = holes.any(axis=2).sum(axis=1), holes.any(axis=1).sum(axis=1)
    np.testing.assert_array_equal(holes.sum(axis=(1, 2)), heights * widths)  # a rectangle
    assert heights.max() == widths.max() == 8
    assert heights.min() >= 4  # centers lie inside the image


def test_colors_stay_within_what_the_paper_says():
    x = images(500, 8, 8, 3)
    added = np.asarray(transformations.brightness(x, noise())) - x
    assert np.ptp(added, axis=(1, 2, 3)).max() < 1e-5
    assert (-0.5 <= added.min() < -0.4) & (0.4 < added.max() <= 0.5)
    for change, axes, low, high in (
        (transformations.contrast, (1, 2, 3), 0.5, 1.5),
        (transformations.saturation, -1, 0.0, 2.0),
    ):
        y = np.asarray(change(x, noise()))
        np.testing.assert_allclose(y.mean(axes), x.mean(axes), atol=1e-5)
        factors = (y - y.mean(axes, keepdims=True)).std((1, 2, 3))
        factors /= (x - x.mean(axes, keepdims=True)).std((1, 2, 3))
        assert low <= factors.min() < low + 0.1
        assert high - 0.1 < factors.max() <= high + 1e-4


def test_gray_images_have_no_saturation():
    x = images()
    assert transformations.saturation(x, noise()) is x


def test_every_image_and_every_call_is_changed_differently():
    x = np.broadcast_to(images(1), (64, 16, 24, 1))
    augmentation = DiffAugment(ALL, seed=0)
    first, second = np.asarray(augmentation(x)), np.asarray(augmentation(x))
    assert len(np.unique(first.reshape(64, -1), axis=0)) == 64
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, DiffAugment(ALL, seed=0)(x))


@given(
    sides=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    channels=st.integers(1, 3),
    policy=st.lists(st.sampled_from(ALL), unique=True),
)
def test_any_number_of_sides_is_kept(sides, channels, policy):
    x = np.random.default_rng(0).uniform(-1, 1, (3, *sides, channels)).astype("float32")
    adaptive = AdaptiveAugment(policy, seed=0)
    adaptive.strength.assign(0.5)
    for augmentation in (DiffAugment(policy, seed=0), adaptive):
        y = np.asarray(augmentation(x))
        assert y.shape == x.shape
        assert np.isfinite(y).all()


def test_series_are_shifted_and_mirrored_in_time():
    x = np.broadcast_to(np.arange(32, dtype="float32")[None, :, None], (200, 32, 2))
    y = np.asarray(transformations.translation(x, noise()))
    shifts = y[:, 16, 0] - 16
    assert set(shifts) == set(range(-4, 5))
    for series, shift in zip(y[..., 1], shifts, strict=True):
        np.testing.assert_array_equal(series, np.clip(np.arange(32) + shift, 0, 31))
    y = np.asarray(transformations.flip(x, noise()))
    mirrored = (y == x[:, ::-1]).all(axis=(1, 2))
    assert ((y == x).all(axis=(1, 2)) ^ mirrored).all()
    assert 0.4 < mirrored.mean() < 0.6


def test_volumes_lose_a_box_and_are_shifted_along_each_side():
    y = np.asarray(transformations.cutout(np.ones((200, 8, 12, 16, 1), "float32"), noise()))
    holes = (y == 0)[..., 0]
    sizes = [holes.any(axis=axes).sum(axis=1) for axes in ((2, 3), (1, 3), (1, 2))]
    np.testing.assert_array_equal(holes.sum(axis=(1, 2, 3)), np.prod(sizes, axis=0))  # a box
    assert [size.max() for size in sizes] == [4, 6, 8]
    places = np.stack(np.meshgrid(*map(np.arange, (8, 12, 16)), indexing="ij"), axis=-1)
    x = np.broadcast_to(places.astype("float32"), (100, 8, 12, 16, 3))
    shifts = np.asarray(transformations.translation(x, noise()))[:, 4, 6, 8] - [4, 6, 8]
    for axis, largest in enumerate([1, 2, 2]):
        assert set(shifts[:, axis]) == set(range(-largest, largest + 1))
    y = np.asarray(transformations.flip(x, noise()))
    mirrored = (y == x[:, :, :, ::-1]).all(axis=(1, 2, 3, 4))
    assert ((y == x).all(axis=(1, 2, 3, 4)) ^ mirrored).all()


@pytest.mark.parametrize("shape", [(8, 16, 24, 1), (8, 40, 3), (4, 8, 8, 8, 1)])
def test_gradients_pass_twice_and_under_xla(shape):
    x = tf.constant(np.random.default_rng(0).uniform(-1, 1, shape).astype("float32"))
    augmentation = DiffAugment(ALL, seed=0)

    @tf.function(jit_compile=True)
    def slopes():
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(augmentation(x) ** 2)
            slope = inner.gradient(y, x)
            steepness = tf.reduce_sum(slope**2)
        return slope, outer.gradient(steepness, x)

    for slope in slopes():
        assert np.abs(slope).max() > 0
        assert np.isfinite(slope).all()


def test_an_unknown_change_is_an_error():
    for policy in (["rotation"], "translation"):
        with pytest.raises(ValueError, match="Received: policy="):
            DiffAugment(policy)
    with pytest.raises(ValueError, match="target=2"):
        AdaptiveAugment(target=2)


def test_strength_is_the_share_of_changed_images():
    augmentation = AdaptiveAugment(["flip"], seed=0)
    x = images(1000)
    for strength in (0.0, 0.5):
        augmentation.strength.assign(strength)
        y = np.asarray(augmentation(x))
        changed = (y != x).any(axis=(1, 2, 3)).mean()
        assert changed == pytest.approx(strength / 2, abs=0.05)  # half of the flips mirror


def test_strength_follows_the_sign_of_real_logits():
    augmentation = AdaptiveAugment()
    for _ in range(100):
        augmentation.update_strength(1.0, 50)
    assert float(augmentation.strength) == pytest.approx(100 * 50 / 500_000, rel=1e-4)
    for _ in range(200):
        augmentation.update_strength(-1.0, 50)
    assert float(augmentation.strength) == 0
    augmentation = AdaptiveAugment(largest=0.001)
    for _ in range(100):
        augmentation.update_strength(1.0, 50)
    assert float(augmentation.strength) == pytest.approx(0.001)


def test_a_shorter_ramp_is_steeper():
    augmentation = AdaptiveAugment(ramp=1000)
    augmentation.update_strength(1.0, 50)
    assert float(augmentation.strength) == pytest.approx(0.05)
    assert AdaptiveAugment.from_config(augmentation.get_config()).ramp == 1000


def test_vectors_are_refused_and_other_ranges_mapped():
    points = kg.GAN(
        generator=kg.networks.mlp_generator((2,), 2),
        discriminator=kg.networks.mlp_discriminator((2,)),
    )
    with pytest.raises(ValueError, match="Augmentation changes images"):
        points.compile(augmentation=DiffAugment())
    with pytest.raises(ValueError, match=r"series .* Received: shape=\(4, 2\)"):
        DiffAugment()(np.zeros((4, 2)))
    seen = []
    gan = kg.DCGAN((8, 8, 1), 3, value_range=(0, 1))

    def look(images):
        seen.append(images)
        return images

    gan.compile(augmentation=look, run_eagerly=True)
    seen.clear()  # `compile` tries it
    gan.train_on_batch(np.zeros((4, 8, 8, 1), "float32"))
    assert float(np.max(seen[0])) == -1  # black is the low end


@pytest.mark.parametrize("nested", [False, True])
def test_layers_that_act_in_training_only_act(points_gan, points, nested):
    noise = keras.layers.GaussianNoise(1.0)
    gan = points_gan()
    gan.compile(
        augmentation=keras.Sequential([noise]) if nested else noise,
        auxiliary_losses=[kg.losses.Consistency(keras.layers.GaussianNoise(1.0))],
        run_eagerly=True,
    )
    seen = []
    judge = gan.discriminator.call

    def call(images, *args, **kwargs):
        seen.append(np.asarray(images))
        return judge(images, *args, **kwargs)

    gan.discriminator.call = call
    logs = gan.train_on_batch(points, return_dict=True)
    assert np.abs(seen[0] - points).mean() > 0.5
    assert logs["discriminator_auxiliary_loss"] > 0


def test_strength_and_noise_are_saved_with_the_model(tmp_path):
    data = np.random.default_rng(0).integers(0, 256, (32, 8, 8, 1), "uint8")
    gan = kg.DCGAN(
        image_shape=(8, 8, 1),
        latent_dim=3,
        seed=0,
        **SMALL,
    )
    gan.compile(augmentation=AdaptiveAugment(target=-0.9, seed=1), run_eagerly=True)
    gan.fit(data, batch_size=8, verbose=0, shuffle=False)
    assert float(gan.augmentation.strength) > 0
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert float(again.augmentation.strength) == float(gan.augmentation.strength)
    for model in (gan, again):
        model.fit(data, batch_size=8, verbose=0, shuffle=False)
    for a, b in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_schedule_goes_by_images_seen_under_any_loss_and_goes_on_after_loading(tmp_path):
    data = np.random.default_rng(0).integers(0, 256, (32, 8, 8, 1), "uint8")
    schedule = CosineSchedule(0.1, 0.5, num_images=64)
    gan = kg.DCGAN((8, 8, 1), 3, seed=0)
    loss = kg.losses.RelativisticPairing()
    augmentation = ScheduledAugment(schedule, seed=1)
    gan.compile(loss=loss, augmentation=augmentation, run_eagerly=True)
    assert float(gan.augmentation.strength) == pytest.approx(0.1)
    gan.fit(data, batch_size=16, verbose=0)
    assert float(gan.augmentation.strength) == pytest.approx(float(schedule(32)))
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert float(again.augmentation.strength) == pytest.approx(float(schedule(32)))
    again.fit(data[:8], batch_size=8, verbose=0)
    assert float(again.augmentation.strength) == pytest.approx(float(schedule(40)))


@pytest.mark.parametrize("schedule", [0.5, CosineSchedule(0.0, 1.5, 10)])
def test_a_schedule_must_give_probabilities(schedule):
    with pytest.raises(ValueError, match="between two probabilities"):
        ScheduledAugment(schedule)


@pytest.mark.parametrize("part", [AdaptiveAugment(), ScheduledAugment(CosineSchedule(0, 1, 10))])
def test_an_augmentation_that_moves_inside_another_is_an_error(part):
    gan = kg.DCGAN((8, 8, 1), 3)
    with pytest.raises(ValueError, match=f"with {type(part).__name__} inside"):
        gan.compile(augmentation=keras.Sequential([part]))


def test_an_adaptive_augmentation_needs_logits_with_a_sign():
    gan = kg.DCGAN((8, 8, 1), 3)
    with pytest.raises(ValueError, match="AdaptiveAugment with loss=RelativisticPairing"):
        gan.compile(loss=kg.losses.RelativisticPairing(), augmentation=AdaptiveAugment())
