"""What tf.data's autotuning costs at the end of an epoch.

    python tests/benchmarks/autotuning.py

Trains small networks on 7,680 images for six epochs of 120 steps, alternately with TensorFlow's
default settings and without autotuning, and prints the seconds of each run. The images and the
arithmetic are the same. The difference is waiting time; see `keras_gans/pipelines/autotuning.py`.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np
import tensorflow as tf


ROUNDS = 3
EPOCHS = 6


def main():
    pixels = np.random.default_rng(0).integers(0, 256, (64 * 120, 28, 28, 1), "uint8")
    gan = kg.DCGAN(image_shape=(28, 28, 1), latent_dim=16)
    gan.compile()
    seconds = {"autotuning on": [], "autotuning off": []}
    base = tf.data.Dataset.from_tensor_slices(pixels).batch(64).prefetch(tf.data.AUTOTUNE)
    gan.fit(base, verbose=0)  # traces
    for _ in range(ROUNDS):
        for name, values in seconds.items():
            options = tf.data.Options()
            options.autotune.enabled = name == "autotuning on"
            start = time.perf_counter()
            gan.fit(base.with_options(options), epochs=EPOCHS, verbose=0)
            values.append(time.perf_counter() - start)
    print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, {os.cpu_count()} cores")
    for name, values in seconds.items():
        print(f"{name}: {', '.join(f'{value:.1f}' for value in values)} s")


if __name__ == "__main__":
    main()
