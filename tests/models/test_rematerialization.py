"""What docs/speed.md says about Keras' rematerialization."""

import keras
import numpy as np
import pytest

import keras_gans as kg

IMAGES = np.random.default_rng(0).uniform(-1, 1, (16, 2)).astype("float32")


class Recomputed(keras.layers.Layer):
    """The layer of the page: a stage whose activations are computed again for the gradient."""

    def __init__(self, *stage):
        super().__init__()
        self.stage = keras.Sequential(stage)

    def build(self, shape):
        self.stage.build(shape)

    def call(self, x, training=None):
        return keras.remat(lambda x: self.stage(x, training=training))(x)


def trained(stage_of, **arguments):
    keras.utils.set_random_seed(0)
    networks = []
    for size, units in ((3, 2), (2, 1)):
        stage = stage_of(keras.layers.Dense(8), keras.layers.LeakyReLU(0.2))
        head = keras.layers.Dense(units, "tanh" if units == 2 else None)
        networks.append(keras.Sequential([keras.Input((size,)), *stage, head]))
    gan = kg.GAN(generator=networks[0], discriminator=networks[1], seed=0)
    gan.compile(*(keras.optimizers.SGD(0.1) for _ in range(2)), **arguments)
    for _ in range(2):
        gan.train_on_batch(IMAGES)
    return [*gan.generator.get_weights(), *gan.discriminator.get_weights()]


def recomputed(*stage):
    return [Recomputed(*stage)]


def test_stages_that_are_computed_again_train_alike():
    settings = {"penalties": [], "run_eagerly": False}
    pairs = zip(trained(recomputed, **settings), trained(list_of, **settings), strict=True)
    for with_remat, without in pairs:
        np.testing.assert_allclose(with_remat, without, rtol=1e-5, atol=1e-7)


def list_of(*stage):
    return stage


def test_penalties_of_the_slope_are_not_possible():
    with pytest.raises(NotImplementedError, match="recompute_grad"):
        trained(recomputed, penalties=[kg.losses.R1(1.0)], run_eagerly=True)


def test_keras_own_scope_fails_in_a_graph():
    def in_scope(*stage):
        with keras.RematScope("full"):
            return [*stage, keras.layers.BatchNormalization()]

    with pytest.raises(ValueError, match="custom_gradient decorator currently supports keyword"):
        trained(in_scope, penalties=[], run_eagerly=False)
