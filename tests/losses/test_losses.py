import keras
import numpy as np
import pytest

from keras_gans.losses import R1, AdversarialLoss, KerasLoss, NonSaturating

REAL = np.array([[2.0], [-1.0]], "float32")
FAKE = np.array([[0.5], [-3.0]], "float32")


def softplus(t):
    return np.log1p(np.exp(t))


def test_non_saturating_by_hand():
    loss = NonSaturating()
    wanted = np.mean(softplus(-REAL)) + np.mean(softplus(FAKE))
    assert float(loss.discriminator_loss(REAL, FAKE)) == pytest.approx(wanted, rel=1e-6)
    wanted = np.mean(softplus(-FAKE))
    assert float(loss.generator_loss(REAL, FAKE)) == pytest.approx(wanted, rel=1e-6)


def test_a_better_discriminator_has_a_lower_loss_and_the_generator_a_higher_one():
    loss = NonSaturating()
    assert loss.discriminator_loss(REAL + 1, FAKE) < loss.discriminator_loss(REAL, FAKE)
    assert loss.discriminator_loss(REAL, FAKE - 1) < loss.discriminator_loss(REAL, FAKE)
    assert loss.generator_loss(REAL, FAKE - 1) > loss.generator_loss(REAL, FAKE)


def test_keras_cross_entropy_on_logits_is_the_non_saturating_loss():
    ours = NonSaturating()
    theirs = KerasLoss(keras.losses.BinaryCrossentropy(from_logits=True))
    for method in ("discriminator_loss", "generator_loss"):
        a, b = (float(getattr(loss, method)(REAL, FAKE)) for loss in (ours, theirs))
        assert a == pytest.approx(b, rel=1e-5)
    assert float(ours.score(REAL)) == pytest.approx(float(theirs.score(REAL)), rel=1e-6)


def test_keras_cross_entropy_on_probabilities():
    real, fake = (1 / (1 + np.exp(-logits)) for logits in (REAL, FAKE))
    theirs = KerasLoss(keras.losses.BinaryCrossentropy())
    assert float(theirs.discriminator_loss(real, fake)) == pytest.approx(
        float(NonSaturating().discriminator_loss(REAL, FAKE)), rel=1e-4
    )
    assert float(theirs.score(real)) == pytest.approx(real.mean(), rel=1e-6)


def test_mean_squared_error_is_least_squares():
    loss = KerasLoss(keras.losses.MeanSquaredError())
    wanted = np.mean((REAL - 1) ** 2) + np.mean(FAKE**2)
    assert float(loss.discriminator_loss(REAL, FAKE)) == pytest.approx(wanted, rel=1e-6)
    assert float(loss.score(REAL)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "thing",
    [NonSaturating(), KerasLoss(keras.losses.BinaryCrossentropy(from_logits=True)), R1(3.0)],
)
def test_survives_its_config(thing):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(thing))
    assert type(again) is type(thing)
    assert again.get_config() == thing.get_config()


def test_a_loss_that_is_none_is_an_error():
    with pytest.raises(ValueError, match="Received: loss='bce'"):
        KerasLoss("bce")


def test_a_loss_without_its_methods_is_an_error():
    with pytest.raises(TypeError, match="must define `generator_loss"):
        AdversarialLoss().generator_loss(REAL, FAKE)
    with pytest.raises(TypeError, match="must define `discriminator_loss"):
        AdversarialLoss().discriminator_loss(REAL, FAKE)


def test_r1_of_a_linear_critic_is_exact():
    slope = np.array([[3.0], [-4.0]], "float32")
    images = keras.ops.convert_to_tensor(np.random.normal(size=(5, 2)).astype("float32"))
    penalty = R1(gamma=0.5)(lambda x: keras.ops.matmul(x, slope), images, None)
    assert float(penalty) == pytest.approx(0.5 / 2 * 25.0, rel=1e-6)


def test_r1_looks_at_real_images_only():
    real, fake = keras.ops.ones((4, 2)), keras.ops.ones((4, 2)) * 100
    penalty = R1(gamma=2.0)(lambda x: keras.ops.sum(x**2, 1, keepdims=True) / 2, real, fake)
    assert float(penalty) == pytest.approx(2.0)  # the slope is x, its squared norm 2


def test_r1_with_a_negative_weight_is_an_error():
    with pytest.raises(ValueError, match="gamma=-1"):
        R1(-1)
