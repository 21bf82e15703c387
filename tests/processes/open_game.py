"""Latents of two shapes, one-hot labels, a map of logits, features, classes and auxiliary losses.

    python tests/processes/open_game.py one | mirrored | one-clusters | mirrored-clusters | outside

Trains eight batches, of which every other one also trains the generator, on one or on two
replicas. Prints all weights and the logs as JSON. With `clusters`, the classes are those that
`fit` finds in the data. `outside` creates an auxiliary loss outside of
the strategy's scope instead, and prints the error.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from alternation import strategy_of
from keras import layers

import keras_gans as kg

BATCHES, BATCH, CLASSES = 8, 8, 3
RANDOM = np.random.default_rng(0)
SERIES = RANDOM.uniform(-1, 1, (BATCHES * BATCH, 6, 2)).astype("float32")
LABELS = np.eye(CLASSES, dtype="float32")[RANDOM.integers(0, CLASSES, BATCHES * BATCH)]


def generator():
    inputs = {
        "style": keras.Input((3,), name="style"),
        "noise": keras.Input((6, 1), name="noise"),
        "label": keras.Input((CLASSES,), name="label"),
    }
    vector = layers.Concatenate()([inputs["style"], inputs["label"]])
    x = layers.Concatenate()([layers.RepeatVector(6)(vector), inputs["noise"]])
    x = layers.Dense(8, activation="tanh")(x)
    return keras.Model(inputs, layers.Dense(2, activation="tanh")(x))


def discriminator():
    series, label = keras.Input((6, 2), name="series"), keras.Input((CLASSES,), name="label")
    features = layers.Dense(8, activation="tanh")(
        layers.Concatenate()([series, layers.RepeatVector(6)(label)])
    )
    mean = layers.GlobalAveragePooling1D()(features)
    outputs = {"logits": layers.Dense(1)(features), "features": mean}
    outputs["classes"] = layers.Dense(CLASSES)(mean)
    return keras.Model([label, series], outputs)


def make_gan(classes=CLASSES):
    keras.utils.set_random_seed(0)
    gan = kg.ConditionalGAN(
        num_classes=classes,
        generator=generator(),
        discriminator=discriminator(),
        prior=kg.priors.Uniform(),
        seed=4,
    )
    gan.compile(
        discriminator_optimizer=keras.optimizers.SGD(0.05),
        generator_optimizer=keras.optimizers.SGD(0.05),
        penalties=[kg.losses.R1(0.5), kg.losses.GradientPenalty(0.5)],
        auxiliary_losses=[
            kg.losses.Classification(),
            kg.losses.LabelNoise(),
            kg.losses.LeCam(0.1, decay=0.5),
            kg.losses.Reconstruction(0.1, norm=2),
        ],
        discriminator_steps=2,
        simultaneous=True,
        ema_half_life=10,
    )
    return gan


def main(kind):
    kind, _, clusters = kind.partition("-")
    strategy = strategy_of("mirrored" if kind == "outside" else kind)
    loss = kg.losses.LeCam()  # outside of the scope
    with strategy.scope():
        gan = make_gan(kg.layers.KMeans(CLASSES) if clusters else CLASSES)
        if kind == "outside":
            gan.compile(auxiliary_losses=[loss])
    data = SERIES if clusters else (SERIES, LABELS)
    dataset = tf.data.Dataset.from_tensor_slices(data).batch(BATCH, drop_remainder=True)
    try:
        logs = gan.fit(dataset, verbose=0).history
    except ValueError as error:
        print(json.dumps({"error": str(error)}))
        return
    weights = np.concatenate([weight.numpy().ravel() for weight in gan.weights]).tolist()
    averages = np.asarray(gan.auxiliary_losses[2].averages).tolist()
    print(json.dumps({"weights": [*weights, *averages], "logs": logs, "images": gan.images_seen}))


if __name__ == "__main__":
    main(sys.argv[1])
