"""Twenty steps in float64 of PyTorch's DCGAN example and of this library, from the same state.

    python tests/benchmarks/against_torch_dcgan.py PYTHON_WITH_TORCH

PyTorch belongs in an environment of its own: `pip install torch==2.13.0`. The two programs start
from the same weights and see the same batches and latents. Printed is the largest difference of
the losses of 20 steps, with SGD, which is rounding; and with Adam, whose epsilon Keras adds before
the correction of the bias and PyTorch after.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import keras_gans as kg

tf.config.threading.set_intra_op_parallelism_threads(1)
keras.config.set_floatx("float64")
STEPS, BATCH, WIDTH, LATENT_DIM, SIDE = 20, 16, 8, 12, 16
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "adam": lambda: keras.optimizers.Adam(2e-4, beta_1=0.5, epsilon=1e-7),
}


def batch_norm():
    return layers.BatchNormalization(epsilon=1e-5)


def generator():
    without = {"use_bias": False}
    return keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Reshape((1, 1, LATENT_DIM)),
            layers.Conv2DTranspose(4 * WIDTH, 4, 1, "valid", **without),
            batch_norm(),
            layers.ReLU(),
            layers.Conv2DTranspose(2 * WIDTH, 4, 2, "same", **without),
            batch_norm(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh", **without),
        ]
    )


def discriminator():
    without = {"use_bias": False}
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(WIDTH, 4, 2, "same", **without),
            layers.LeakyReLU(0.2),
            layers.Conv2D(2 * WIDTH, 4, 2, "same", **without),
            batch_norm(),
            layers.LeakyReLU(0.2),
            layers.Conv2D(1, 4, 1, "valid", **without),
            layers.Flatten(),
        ]
    )


def kernels(network, prefix):
    convolutions = [la for la in network.layers if hasattr(la, "kernel")]
    return {f"{prefix}_{n}": la.kernel.numpy() for n, la in enumerate(convolutions)}


def ours(gan, images):
    """The losses of each step, `(STEPS, 2)`."""
    losses = []
    for batch in images:
        gan.reset_metrics()
        logs = gan.train_on_batch(batch, return_dict=True)
        losses.append([float(logs[f"{name}_loss"]) for name in ("discriminator", "generator")])
    return np.array(losses)


def compare(python, name, folder):
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (STEPS, BATCH, SIDE, SIDE, 1))
    latents = random.standard_normal((STEPS, BATCH, LATENT_DIM))
    rows = iter(latents)
    gan = kg.GAN(
        generator=generator(), discriminator=discriminator(), prior=lambda noise: next(rows)
    )
    gan.compile(OPTIMIZERS[name](), OPTIMIZERS[name](), run_eagerly=True)
    given = kernels(gan.generator, "generator") | kernels(gan.discriminator, "discriminator")
    np.savez(folder / "given.npz", images=images, latents=latents, **given)
    peer = pathlib.Path(__file__).with_name("torch_dcgan_peer.py")
    arguments = [python, peer, folder / "given.npz", folder / "results.npz", name]
    subprocess.run([str(argument) for argument in arguments], check=True)
    theirs = np.load(folder / "results.npz")["losses"]
    mine = ours(gan, images)
    difference = np.abs(mine - theirs).max()
    print(f"{name}: losses of step 1 {mine[0].round(4)}, of step {STEPS} {mine[-1].round(4)}; ")
    print(f"    largest difference in {STEPS} steps: {difference:.1e}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name in OPTIMIZERS:
            compare(sys.argv[1], name, pathlib.Path(folder))
