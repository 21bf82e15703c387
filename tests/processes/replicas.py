"""Two replicas on two logical CPUs; prints what tests compare, as one line of JSON."""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf

import keras_gans as kg

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
BATCHES, BATCH = 3, 8
IMAGES = np.random.default_rng(0).uniform(-1, 1, (BATCHES * BATCH, 8, 8, 1)).astype("float32")
SEEN = []  # batches of latents
LABELS = np.random.default_rng(1).integers(0, 3, BATCHES * BATCH).astype("int32")


class Latents(keras.layers.Layer):
    """Keeps the latents that it sees, of each replica."""

    def call(self, latents):
        tf.py_function(lambda x: SEEN.append(x.numpy().tolist()), [latents], [])
        return latents


def make_gan(**settings):
    keras.utils.set_random_seed(0)
    latents, labels = keras.Input((3,)), keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()([Latents()(latents), kg.layers.LabelEmbedding(4, 3)(labels)])
    x = keras.layers.Dense(16, activation="tanh")(x)
    x = keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64, activation="tanh")(x))
    generator = keras.Model([latents, labels], x)
    # A discriminator without kinks: on their two sides R1's gradients differ, and rounding, which
    # the number of images decides, would choose between them.
    images, labels = keras.Input((8, 8, 1)), keras.Input((), dtype="int32")
    convolution = keras.layers.Conv2D(8, 4, strides=2, activation="tanh")
    y = kg.layers.SpectralNormalization(convolution)(images)
    y = keras.layers.Flatten()(y)
    y = keras.layers.Concatenate()([y, kg.layers.LabelEmbedding(4, 3)(labels)])
    y = keras.layers.Dense(1)(keras.layers.Dense(16, activation="tanh")(y))
    gan = kg.ConditionalGAN(
        generator=generator,
        discriminator=keras.Model([images, labels], y),
        num_classes=3,
        seed=4,
    )
    gan.compile(
        discriminator_optimizer=keras.optimizers.SGD(0.1),
        generator_optimizer=keras.optimizers.SGD(0.1),
        penalties=[kg.losses.R1(1.0), kg.losses.R2(1.0)],
        augmentation=kg.augmentation.AdaptiveAugment([], target=-0.9, ramp=100),
        ema_half_life=10,
        **settings,
    )
    return gan


def train(gan):
    dataset = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS))
    return gan.fit(dataset.batch(BATCH, drop_remainder=True), verbose=0).history


def error(function):
    try:
        function()
    except (ValueError, NotImplementedError) as problem:
        return str(problem)
    return None


def equal(strategy, weight):
    parts = strategy.experimental_local_results(weight.value)
    return bool(np.array_equal(*[part.numpy() for part in parts]))


def measure(gan):
    """Numbers of the distance, and how many images it has seen."""
    metrics = [
        kg.metrics.FrechetDistance(kg.metrics.RawPixels()),
        kg.metrics.PrecisionRecall(kg.metrics.RawPixels()),
    ]
    gan.measure_with(metrics)
    dataset = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(BATCH, True)
    logs = gan.evaluate(dataset, verbose=0, return_dict=True)
    return [*logs.values(), metrics[0].num_real, metrics[1].num_fake]


def main():
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    result = {}
    one = make_gan()
    alone = train(one)
    SEEN.clear()
    with strategy.scope():
        two = make_gan()
    together = train(two)
    states = zip(one.get_state(), two.get_state(), strict=True)
    result["difference"] = max(float(np.abs(a - b).max()) for a, b in states)
    result["logs"] = max(abs(alone[name][0] - together[name][0]) for name in alone)
    result["images_seen"] = two.images_seen
    result["strength"] = [float(gan.augmentation.strength.numpy()) for gan in (one, two)]
    rows = [row for batch in SEEN for row in batch]
    result["latents"] = [len(rows), len({tuple(row) for row in rows})]
    result["equal_replicas"] = all(equal(strategy, weight) for weight in two.weights)
    with strategy.scope():
        pair = kg.GAN(
            generator=kg.networks.dcgan_generator((8, 8, 1), 3, width=4),
            discriminator=kg.networks.dcgan_discriminator((8, 8, 1), width=4),
        )
        pair.compile(augmentation=kg.augmentation.DiffAugment(seed=0))
    pair.fit(tf.data.Dataset.from_tensor_slices(IMAGES).batch(BATCH, True), verbose=0)
    result["not_synchronized"] = sorted(
        {weight.name for weight in pair.generator.weights if not equal(strategy, weight)}
    )
    result["averages"] = all(equal(strategy, weight) for weight in pair.ema_generator.weights)
    with strategy.scope():
        accumulating = keras.optimizers.SGD(gradient_accumulation_steps=2)
        result["settings"] = [
            error(lambda: pair.compile(steps_per_execution=2)),
            error(lambda: pair.compile(generator_optimizer=accumulating)),
        ]
        result["outside"] = error(lambda: train(one))
        uneven = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS))
        result["unknown"] = error(lambda: two.fit(uneven.batch(BATCH), verbose=0))
        arrays = IMAGES[:9], LABELS[:9]
        result["odd_array"] = error(lambda: two.evaluate(*arrays, batch_size=8, verbose=0))
        odd = uneven.batch(3, drop_remainder=True)
        result["odd"] = error(lambda: two.fit(odd, verbose=0))
    result["evaluate"] = sorted(two.evaluate(IMAGES[:8], LABELS[:8], verbose=0, return_dict=True))
    result["measured"] = measure(one), measure(two)
    result["generate"] = list(two.generate(5, seed=0).shape)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
