"""The bounds of the diagnosis, on both of their sides."""

import pytest

from keras_gans.callbacks.diagnosis import PLAYERS, diagnose

GOOD = {"logit_spread": 1.0, "near_equal_pairs": 0.0, "images_seen": 10_000}
GOOD |= {"real_score": 0.6, "fake_score": 0.4, "real_accuracy": 0.6, "fake_accuracy": 0.6}
for player in PLAYERS:
    GOOD |= {f"{player}_gradient_norm": 1.0, f"{player}_loss": 1.0, f"{player}_updates": 1}
    GOOD |= {f"{player}_change": 0.1, f"{player}_learning_rate": 1e-3}
WINS = {"real_score": 0.99, "fake_score": 0.01, "real_accuracy": 1.0, "fake_accuracy": 1.0}

BOUNDS = {
    "gradient": ({"generator_gradient_norm": 10_001.0}, {"generator_gradient_norm": 99.0}),
    "growth": ({"discriminator_gradient_norm": 101.0}, {"discriminator_gradient_norm": 100.0}),
    "loss": ({"generator_loss": -1001.0}, {"generator_loss": -1000.0}),
    "dead": ({"logit_spread": 1e-5}, {"logit_spread": 1.1e-5}),
    "frozen": ({"generator_change": 0.9e-6}, {"generator_change": 1e-6}),
    "collapsed": ({"near_equal_pairs": 0.26}, {"near_equal_pairs": 0.25}),
    "accuracy": (WINS, WINS | {"fake_accuracy": 0.99}),
    "scores": (WINS | {"fake_score": 0.08}, WINS | {"fake_score": 0.1}),
}


def failures(**numbers):
    return [name for name, _, _ in diagnose([GOOD, GOOD | numbers])]


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_failure_begins_at_its_bound(bound):
    beyond, within = BOUNDS[bound]
    kinds = {"gradient": "exploding", "growth": "exploding", "loss": "exploding"}
    kinds |= {"accuracy": "wins", "scores": "wins"}
    assert failures(**beyond) == [kinds.get(bound, bound)]
    assert failures(**within) == []


def test_a_large_gradient_explodes_if_it_was_large_from_the_beginning():
    large = GOOD | {"generator_gradient_norm": 10_001.0}
    assert [name for name, _, _ in diagnose([large, large])] == ["exploding"]
    small = GOOD | {"generator_gradient_norm": 0.001}
    assert diagnose([small, small | {"generator_gradient_norm": 99.0}]) == []  # below 100


def test_before_2000_images_and_without_a_turn_there_is_no_failure():
    assert failures(near_equal_pairs=1.0, images_seen=1999) == []
    assert failures(near_equal_pairs=1.0, images_seen=2000) == ["collapsed"]
    assert failures(generator_change=0.0, generator_updates=0) == []
    assert failures(generator_loss=float("nan"), generator_updates=0) == []
    assert failures(generator_loss=float("nan")) == ["nan"]
