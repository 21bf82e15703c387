"""Ten batches of a WGAN-GP whose generator moves every third, on one or on two replicas.

    python tests/processes/alternation.py one | mirrored | worker

Prints all weights as JSON. A worker finds the other in `TF_CONFIG`.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

import keras_gans as kg

BATCHES, BATCH = 10, 8
POINTS = np.random.default_rng(0).uniform(-1, 1, (BATCHES * BATCH, 2)).astype("float32")


def network(inputs, outputs, activation=None):
    """Without kinks, on whose two sides slopes differ: rounding would choose between them."""
    layers = keras.layers.Dense(8, "tanh"), keras.layers.Dense(outputs, activation)
    return keras.Sequential([keras.Input((inputs,)), *layers])


def make_gan():
    keras.utils.set_random_seed(0)
    gan = kg.WGANGP(generator=network(3, 2, "tanh"), discriminator=network(2, 1), seed=4)
    gan.compile(
        discriminator_optimizer=keras.optimizers.SGD(0.01),
        generator_optimizer=keras.optimizers.SGD(0.01),
        discriminator_steps=3,
        ema_half_life=10,
    )
    return gan


def strategy_of(kind):
    if kind == "worker":
        return tf.distribute.MultiWorkerMirroredStrategy()  # first, before anything else
    if kind == "mirrored":
        devices = tf.config.list_physical_devices("CPU")
        two = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(devices[0], two)
        return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    return tf.distribute.get_strategy()


def main(kind):
    with strategy_of(kind).scope():
        gan = make_gan()
    dataset = tf.data.Dataset.from_tensor_slices(POINTS).batch(BATCH, drop_remainder=True)
    logs = gan.fit(dataset, verbose=0).history
    weights = np.concatenate([weight.numpy().ravel() for weight in gan.weights]).tolist()
    print(json.dumps({"weights": weights, "logs": logs, "images": gan.images_seen}))


if __name__ == "__main__":
    main(sys.argv[1])
