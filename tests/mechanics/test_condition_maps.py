import keras
import numpy as np
from mechanics.condition_maps import ConditionMaps, map_discriminator
from mechanics.specifications import Specification

CLAMPED = ((0.0, 0.0, 0.0, 0.5), (0.0, 0.5, 0.0, 1.0))
DOWN = Specification(0.35, (1.0, 0.5), (0.0, 1.0), CLAMPED)
LEANING = Specification(0.5, (0.6, 0.8), (0.6, 0.8), ((0.0, 1.0, 0.1, 1.0), (0.9, 1.0, 1.0, 1.0)))


def maps(*specifications):
    conditions = np.stack([specification.conditions() for specification in specifications])
    return np.asarray(ConditionMaps(50, 50)(conditions))


def test_load_and_supports_are_where_they_are():
    drawn = maps(DOWN, LEANING)
    assert drawn.shape == (2, 50, 50, 5)
    load = drawn[..., 0]
    assert np.unravel_index(load[0].argmax(), (50, 50)) in ((24, 49), (25, 49))
    assert abs(np.array(np.unravel_index(load[1].argmax(), (50, 50))) - [39.5, 29.5]).max() < 1
    supports = drawn[..., 3]
    assert supports[0, :, 0].min() > 0.9
    assert supports[0, :, 10:].max() < 1e-4
    assert supports[1, -1, [0, 2, 47, 49]].min() > 0.9
    assert supports[1, -1, 25] < 1e-3
    assert supports[1, 30].max() < 1e-3


def test_direction_and_volume_are_drawn():
    drawn = maps(DOWN, LEANING)
    np.testing.assert_allclose(drawn[1, ..., 1], 0.6 * drawn[1, ..., 0], atol=1e-6)
    np.testing.assert_allclose(drawn[1, ..., 2], 0.8 * drawn[1, ..., 0], atol=1e-6)
    np.testing.assert_allclose(drawn[0, ..., 4], 0, atol=1e-6)
    np.testing.assert_allclose(drawn[1, ..., 4], 0.9, atol=1e-6)


def test_the_discriminator_sees_image_and_conditions(tmp_path):
    keras.utils.set_random_seed(0)
    network = map_discriminator(image_shape=(50, 50, 1), condition_dim=13, width=4)
    images = np.random.default_rng(0).uniform(-1, 1, (2, 50, 50, 1)).astype("float32")
    down, leaning = DOWN.conditions(), LEANING.conditions()
    logits = np.asarray(network([images, np.stack([down, down])]))
    assert logits.shape == (2, 1)
    assert logits[0] != logits[1]
    assert np.asarray(network([images, np.stack([leaning, down])]))[0] != logits[0]
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(again([images, np.stack([down, down])]), logits)
