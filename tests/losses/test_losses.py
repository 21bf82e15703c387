import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.losses import (
    AdversarialLoss,
    Hinge,
    KerasLoss,
    LeastSquares,
    Minimax,
    NonSaturating,
    RelativisticAverage,
    RelativisticPairing,
    Wasserstein,
)

REAL = np.array([[2.0], [-1.0]], "float32")
FAKE = np.array([[0.5], [-3.0]], "float32")


def softplus(t):
    return np.log1p(np.exp(t))


# The two players' losses of REAL and FAKE, from the papers' formulas.
BY_HAND = {
    NonSaturating: (
        np.mean(softplus(-REAL)) + np.mean(softplus(FAKE)),
        np.mean(softplus(-FAKE)),
    ),
    Minimax: (
        np.mean(softplus(-REAL)) + np.mean(softplus(FAKE)),
        np.mean(np.log(1 - 1 / (1 + np.exp(-FAKE)))),
    ),
    LeastSquares: ((1 + 4) / 4 + (0.25 + 9) / 4, (0.25 + 16) / 4),
    Hinge: ((0 + 2) / 2 + (1.5 + 0) / 2, 1.25),
    Wasserstein: (-1.25 - 0.5, 1.25),
    RelativisticPairing: (
        (softplus(-1.5) + softplus(-2.0)) / 2,
        (softplus(1.5) + softplus(2.0)) / 2,
    ),
    RelativisticAverage: (  # the means are 0.5, real, and -1.25, fake
        (softplus(-3.25) + softplus(-0.25)) / 2 + (softplus(0.0) + softplus(-3.5)) / 2,
        (softplus(0.0) + softplus(3.5)) / 2 + (softplus(3.25) + softplus(0.25)) / 2,
    ),
}
each_loss = pytest.mark.parametrize("kind", BY_HAND, ids=lambda kind: kind.__name__)


@each_loss
def test_losses_by_hand(kind):
    for_discriminator, for_generator = BY_HAND[kind]
    assert float(kind().discriminator_loss(REAL, FAKE)) == pytest.approx(for_discriminator, 1e-6)
    assert float(kind().generator_loss(REAL, FAKE)) == pytest.approx(for_generator, 1e-6)


@each_loss
def test_the_discriminator_pulls_the_two_kinds_apart_and_the_generator_draws_fakes_up(kind):
    real, fake = tf.constant([[0.6], [0.4]]), tf.constant([[0.3], [0.1]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        for_discriminator = kind().discriminator_loss(real, fake)
        for_generator = kind().generator_loss(real, fake)
    assert np.all(tape.gradient(for_discriminator, real) < 0)
    assert np.all(tape.gradient(for_discriminator, fake) > 0)
    assert np.all(tape.gradient(for_generator, fake) < 0)


@each_loss
def test_a_score_is_a_probability_or_the_mean_logit(kind):
    logits = np.array([[2.0], [-1.0], [0.5]], "float32")
    probabilities = 1 / (1 + np.exp(-logits))
    expected = probabilities if kind in (NonSaturating, Minimax) else logits
    assert float(np.mean(kind().score(logits))) == pytest.approx(expected.mean(), rel=1e-6)


@each_loss
def test_losses_are_the_same_under_xla(kind):
    loss = kind()
    compiled = tf.function(
        lambda real, fake: (loss.discriminator_loss(real, fake), loss.generator_loss(real, fake)),
        jit_compile=True,
    )
    values = [float(value) for value in compiled(REAL, FAKE)]
    np.testing.assert_allclose(values, BY_HAND[kind], rtol=1e-5)


@pytest.mark.parametrize("kind", [Wasserstein, RelativisticPairing, RelativisticAverage])
def test_only_differences_of_logits_count(kind):
    loss = kind()
    for method in (loss.discriminator_loss, loss.generator_loss):
        if (kind, method.__name__) != (Wasserstein, "generator_loss"):
            assert float(method(REAL + 9, FAKE + 9)) == pytest.approx(
                float(method(REAL, FAKE)), 1e-5
            )
    real, fake = loss.accuracies(REAL + 9, FAKE + 9)  # about the middle of 9.5 and 7.75
    assert (float(real), float(fake)) == (0.5, 0.5)


def test_accuracies_are_shares_on_the_right_side_of_the_threshold():
    assert [float(share) for share in Hinge().accuracies(REAL, FAKE)] == [0.5, 0.5]
    assert [float(share) for share in LeastSquares().accuracies(REAL, FAKE)] == [0.5, 1.0]


def test_smoothing_moves_the_target_of_real_images_only():
    loss = NonSaturating(label_smoothing=0.1)
    wanted = np.mean(0.9 * softplus(-REAL) + 0.1 * softplus(REAL)) + np.mean(softplus(FAKE))
    assert float(loss.discriminator_loss(REAL, FAKE)) == pytest.approx(wanted, rel=1e-6)
    assert float(loss.generator_loss(REAL, FAKE)) == pytest.approx(np.mean(softplus(-FAKE)), 1e-6)
    with pytest.raises(ValueError, match=r"label_smoothing=0\.9"):
        NonSaturating(label_smoothing=0.9)


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
    [
        *(kind() for kind in BY_HAND),
        NonSaturating(label_smoothing=0.1),
        KerasLoss(keras.losses.BinaryCrossentropy(from_logits=True)),
    ],
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
