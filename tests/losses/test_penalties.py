import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.losses import R1, R2, GradientPenalty, SlopePenalty
from keras_gans.models.critic import Critic
from keras_gans.ops import CosineSchedule

SLOPE = np.array([[3.0], [-4.0]], "float32")  # of norm 5


def linear(images):
    return keras.ops.matmul(images, SLOPE)


def model_critic(logits, seed=0, images_seen=0):
    """The critic that a model passes to its penalties."""
    source = keras.random.SeedGenerator(seed)
    judge = lambda images, labels: {"logits": logits(images)}  # noqa: E731
    return Critic(judge, (-1, 1), images_seen, source, None)


def some(seed=0, count=5):
    return keras.random.normal((count, 2), seed=seed)


@pytest.mark.parametrize(
    ("penalty", "wanted"),
    [(R1(0.5), 0.5 / 2 * 25), (R2(0.5), 0.5 / 2 * 25), (GradientPenalty(10), 10 * 16)],
    ids=["R1", "R2", "GradientPenalty"],
)
def test_penalties_of_a_linear_critic_are_exact(penalty, wanted):
    assert float(penalty(linear, some(0), some(1))) == pytest.approx(wanted, rel=1e-5)


def test_each_penalty_looks_where_it_says():
    def critic(images):  # whose slope at x is x
        return keras.ops.sum(images**2, 1, keepdims=True) / 2

    real, fake = keras.ops.ones((4, 2)), 10 * keras.ops.ones((4, 2))
    assert float(R1(2.0)(critic, real, fake)) == pytest.approx(2.0)
    assert float(R2(2.0)(critic, real, fake)) == pytest.approx(200.0)
    between = float(GradientPenalty(1.0)(critic, real, fake))
    low, high = ((np.sqrt(2) * side - 1) ** 2 for side in (1, 10))
    assert low < between < high


@given(count=st.integers(1, 9), seed=st.integers(0, 99))
def test_points_of_the_gradient_penalty_lie_between_the_pairs(count, seed):
    critic = model_critic(linear, seed)
    real, fake = np.zeros((count, 2, 2, 1), "float32"), np.ones((count, 2, 2, 1), "float32")
    points = np.asarray(GradientPenalty().points(critic, real, fake)).reshape(count, 4)
    assert points.min() >= 0
    assert points.max() <= 1
    assert np.ptp(points, axis=1).max() == 0  # one share for all pixels of an image
    assert len(np.unique(points[:, 0])) == count  # and another for each image
    later = np.asarray(GradientPenalty().points(critic, real, fake)).reshape(count, 4)
    assert np.all(later != points)


@pytest.mark.parametrize("critic", ["of a model", "any callable"])
def test_shares_of_the_gradient_penalty_are_uniform(critic):
    zeros = np.zeros((20_000, 1), "float32")
    critic = model_critic(linear) if critic == "of a model" else linear
    shares = np.sort(np.asarray(GradientPenalty().points(critic, zeros, zeros + 1))[:, 0])
    np.testing.assert_allclose(shares, np.linspace(0, 1, 20_000), atol=0.02)


def test_a_flat_critic_has_a_finite_gradient_under_the_gradient_penalty():
    weight = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        penalty = GradientPenalty(1.0)(lambda x: weight * x, some(0)[:, :1], some(1)[:, :1])
    assert float(penalty) == pytest.approx(1.0, abs=1e-5)
    assert np.isfinite(tape.gradient(penalty, weight))


def test_the_weight_follows_its_schedule():
    penalty = R1(CosineSchedule(1.0, 0.1, 1000))
    critic = model_critic(linear, images_seen=500)
    assert float(penalty(critic, some(), None)) == pytest.approx(0.55 / 2 * 25, rel=1e-5)


@given(images=st.integers(0, 3000), start=st.floats(0, 9), end=st.floats(0, 9))
def test_a_schedule_stays_between_its_ends(images, start, end):
    value = float(CosineSchedule(start, end, 1000)(images))
    assert min(start, end) - 1e-4 <= value <= max(start, end) + 1e-4
    if images >= 1000:
        assert value == pytest.approx(end, abs=1e-5)


@pytest.mark.parametrize(
    "penalty",
    [R1(3.0), R2(0.5), GradientPenalty(5.0), R1(CosineSchedule(1.0, 0.1, 100))],
    ids=["R1", "R2", "GradientPenalty", "schedule"],
)
def test_penalties_survive_their_config(penalty):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(penalty))
    assert type(again) is type(penalty)
    assert again.get_config() == penalty.get_config()


def test_bad_weights_are_errors():
    with pytest.raises(ValueError, match="gamma=-1"):
        R1(-1)
    with pytest.raises(ValueError, match="weight=-2"):
        GradientPenalty(-2)
    with pytest.raises(ValueError, match="num_images=0"):
        CosineSchedule(1, 0, 0)


def test_a_penalty_without_its_methods_is_an_error():
    with pytest.raises(TypeError, match="must define `points"):
        SlopePenalty(1.0)(linear, some(), some())
    with pytest.raises(TypeError, match="must define `cost"):
        SlopePenalty(1.0).cost(some())
