"""A training in a process of its own: what tests start, kill and start again.

    python training.py MODE FOLDER [EPOCHS]

MODE is `whole`, `first` (saves the model after EPOCHS), `second` (loads it and continues), or
`resume` (with the callback). The last line of the output is a checksum of all weights.
"""

import hashlib
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

import keras_gans as kg

EPOCHS = 6


@keras.saving.register_keras_serializable(package="user")
class Scale(keras.layers.Layer):
    """A layer of the user's own, with a weight."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(), initializer="ones")

    def call(self, inputs):
        return inputs * self.scale


def make_gan():
    keras.utils.set_random_seed(1)
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=3, width=4)
    images = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(8, 4, 2, padding="same")(images)
    x = Scale()(keras.layers.Dropout(0.5)(keras.layers.LayerNormalization()(x)))
    logits = keras.layers.Dense(1)(keras.layers.Flatten()(x))
    gan = kg.GAN(generator=generator, discriminator=keras.Model(images, logits), seed=5)
    gan.compile(penalties=[kg.losses.R1(0.5)], discriminator_steps=2)
    return gan


def make_data():
    images = np.random.default_rng(0).integers(0, 256, (70, 8, 8, 1), "uint8")
    return kg.datasets.from_arrays(images, 8, seed=3).map(lambda x: x)


class Slow(keras.callbacks.Callback):
    """Time enough to be killed, and a line for each epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        print(f"epoch {epoch} begins", flush=True)

    def on_train_batch_end(self, batch, logs=None):
        if "SLOW" in os.environ:
            time.sleep(float(os.environ["SLOW"]))


def checksum(gan):
    return hashlib.sha256(b"".join(array.tobytes() for array in gan.get_state())).hexdigest()


def main(mode, folder, epochs=EPOCHS):
    path = os.path.join(folder, "gan.keras")
    callbacks = [Slow()]
    gan = keras.saving.load_model(path) if mode == "second" else make_gan()
    if mode == "resume":
        monitor = kg.ImageMonitor(os.path.join(folder, "samples"))
        callbacks = [Slow(), monitor, kg.callbacks.Resume(os.path.join(folder, "checkpoints"))]
    begin = int(epochs) if mode == "second" else 0
    end = int(epochs) if mode == "first" else EPOCHS
    gan.fit(make_data(), epochs=end, initial_epoch=begin, callbacks=callbacks, verbose=0)
    if mode == "first":
        gan.save(path)
    print(checksum(gan), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
