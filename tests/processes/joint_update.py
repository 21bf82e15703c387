"""Everything of ours that a model can be made of, on two replicas and on one with the joint batch.

    python tests/processes/joint_update.py parts | models

Computes each adversarial loss, augmentation and layer with statistics of the batch on both; or
trains three models on both for two steps. Prints the largest differences, and the names of public
classes that are used nowhere in this file, as JSON.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from alternation import strategy_of
from keras import layers

import keras_gans as kg
from keras_gans import augmentation as augment
from keras_gans import losses

SIDE, CLASSES, BATCH = 8, 3, 8
SHAPE = SIDE, SIDE, 2
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (2 * BATCH, *SHAPE)).astype("float32")
LABELS = RANDOM.integers(0, CLASSES, 2 * BATCH).astype("int32")
CODES = kg.priors.Codes(categories=(2,), continuous=1)
POLICY = "translation", "cutout", "color", "flip"


def generator():
    """Without kinks, on whose two sides slopes differ: rounding would choose between them."""
    latents, labels = keras.Input((4,)), keras.Input((), dtype="int32", name="labels")
    x = layers.Concatenate()([latents, kg.layers.LabelEmbedding(2, CLASSES)(labels)])
    x = kg.layers.BilinearUpsampling()(kg.layers.LearnedBasis(4, 4)(layers.Dense(4, "tanh")(x)))
    return keras.Model([latents, labels], layers.Conv2D(SHAPE[-1], 3, padding="same")(x))


def discriminator(*middle):
    images, labels = keras.Input(SHAPE), keras.Input((), dtype="int32", name="labels")
    x = kg.layers.LabelPlanes(CLASSES)([images, labels])
    x = kg.layers.SpectralNormalization(layers.Conv2D(4, 3, strides=2, activation="tanh"))(x)
    for layer in middle:
        x = layer(x)
    x = layers.Dense(8, "tanh")(layers.Flatten()(x))
    outputs = {"logits": layers.Dense(1)(x), "features": x}
    outputs |= {"classes": layers.Dense(CLASSES)(x), "codes": layers.Dense(CODES.size)(x)}
    return keras.Model([images, labels], outputs)


class WrittenLoss(keras.losses.Loss):
    """Returns a scalar, as many people write it."""

    def call(self, y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred))


def all_terms():
    return {"clipnorm": 0.05}, {
        "discriminator": discriminator(kg.layers.SelfAttention(), kg.layers.BilinearDownsampling()),
        "penalties": [losses.R1(1.0), losses.R2(1.0), losses.GradientPenalty()],
        "auxiliary_losses": [
            losses.Classification(),
            losses.MutualInformation(CODES),
            losses.Reconstruction(norm=2),
            losses.FeatureMatching(),
            losses.LeCam(1.0, decay=0.5),
            losses.LabelNoise(),
            losses.Consistency(augment.DiffAugment(POLICY, 0)),
        ],
        "augmentation": augment.AdaptiveAugment(POLICY, target=-0.9, ramp=16, seed=0),
    }


def statistics():
    return {"global_clipnorm": 0.05}, {
        "discriminator": discriminator(kg.layers.MinibatchStandardDeviation()),
        "loss": keras.losses.BinaryCrossentropy(from_logits=True),
        "augmentation": augment.DiffAugment(POLICY, seed=0),
    }


def varying():
    schedule = kg.ops.CosineSchedule(0.2, 1.0, 4 * BATCH)
    return {"clipvalue": 0.001}, {
        "discriminator": discriminator(),
        "loss": losses.RelativisticAverage(),
        "augmentation": augment.ScheduledAugment(schedule, POLICY, seed=0),
    }


CASES = {"all_terms": all_terms, "statistics": statistics, "varying": varying}
ADVERSARIAL = [
    *(losses.NonSaturating(), losses.Minimax(), losses.LeastSquares(), losses.Hinge()),
    *(losses.Wasserstein(), losses.RelativisticPairing(), losses.RelativisticAverage()),
    losses.KerasLoss(keras.losses.BinaryCrossentropy(from_logits=True)),
    losses.KerasLoss(keras.losses.MeanSquaredError(reduction="sum")),
    losses.KerasLoss(WrittenLoss()),
]
# Not used here, and why.
ELSEWHERE = {
    *("AdversarialLoss", "AuxiliaryLoss", "SlopePenalty"),  # base classes
    *("KMeans", "Pack"),  # open_game.py; changes no number
    "ConditionalBatchNormalization",  # an exception, as BatchNormalization: docs/many_machines.md
}


def trained(make):
    keras.utils.set_random_seed(0)
    limits, settings = make()
    gan = kg.ConditionalGAN(
        num_classes=CLASSES,
        generator=generator(),
        discriminator=settings.pop("discriminator"),
        prior=CODES,
        value_range=(-9, 9),
        seed=4,
    )
    optimizers = [keras.optimizers.SGD(0.1, **limits) for _ in range(2)]
    gan.compile(*optimizers, ema_half_life=10, **settings)
    dataset = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(BATCH, True)
    logs = gan.fit(dataset, verbose=0).history
    return [*gan.get_state(), *(np.array(values) for values in logs.values())]


def values_and_slopes(strategy, loss, logits):
    """Both losses of logits `(N, 2, 1)` times a weight, and their slopes: means over replicas."""
    parts = np.split(logits, strategy.num_replicas_in_sync)
    with strategy.scope():
        weight = tf.Variable(1.5)

    def compute(logits):
        with tf.GradientTape(persistent=True) as tape:
            real, fake = tf.unstack(weight * logits, axis=1)
            values = loss.discriminator_loss(real, fake), loss.generator_loss(real, fake)
        return *values, *(tape.gradient(value, weight) for value in values)

    own = strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )
    results = strategy.run(compute, args=(own,))
    return [float(strategy.reduce("MEAN", result, axis=None)) for result in results]


def rows_of(strategy, make):
    """What a layer or an augmentation, made in the scope, makes of the images of all replicas."""
    with strategy.scope():
        layer = make()
        layer.build(IMAGES.shape)
        if hasattr(layer, "strength"):
            layer.strength.assign(0.5)
    parts = np.split(IMAGES, strategy.num_replicas_in_sync)
    own = strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )
    return np.concatenate(strategy.experimental_local_results(strategy.run(layer, args=(own,))))


def parts(alone, strategy):
    logits = RANDOM.normal(size=(BATCH, 2, 1)).astype("float32")
    for loss in ADVERSARIAL:
        one, two = (values_and_slopes(each, loss, logits) for each in (alone, strategy))
        name = type(getattr(loss, "loss", loss)).__name__
        yield name, max(abs(a - b) for a, b in zip(one, two, strict=True))
    for make in (
        lambda: augment.DiffAugment(POLICY, seed=0),
        lambda: augment.AdaptiveAugment(POLICY, seed=0),
        kg.layers.MinibatchStandardDeviation,
    ):
        one, two = (rows_of(each, make) for each in (alone, strategy))
        yield type(make()).__name__, float(np.abs(one - two).max())


def models(alone, strategy):
    for name, make in CASES.items():
        states = []
        for one in (alone, strategy):
            with one.scope():
                states.append(trained(make))
        pairs = zip(*states, strict=True)
        yield name, max(float(np.abs(a - b).max()) for a, b in pairs)


def main(kind):
    both = strategy_of("one"), strategy_of("mirrored")
    differences = dict({"parts": parts, "models": models}[kind](*both))
    public = {*losses.__all__, *augment.__all__, *kg.layers.__all__}
    source = Path(__file__).read_text()
    left_out = [name for name in public if f"{name}(" not in source and name not in ELSEWHERE]
    print(json.dumps({"differences": differences, "left_out": left_out}))


if __name__ == "__main__":
    main(sys.argv[1])
