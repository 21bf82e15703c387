"""Trains twenty steps in float64 with PyTorch's DCGAN example and with this library, and compares.

    python tests/benchmarks/against_torch_dcgan.py --torch-python PATH

PyTorch needs its own environment: `pip install torch==2.13.0`. The two programs start from the same
weights and use the same batches and latents. For each case, the script prints the largest
difference between the losses in 20 steps. It fails if a difference is larger than expected.

TensorFlow stores the slope of `LeakyReLU` in float32, and Keras rounds Adam's betas to float32 if
they are Python floats. The networks here therefore compute the activation themselves, and some
cases pass `beta_2` as a NumPy float64. The remaining difference is Adam's epsilon: Keras adds it
before the bias correction, PyTorch after it.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np
import tensorflow as tf
from keras import layers


tf.config.threading.set_intra_op_parallelism_threads(1)
keras.config.set_floatx("float64")
STEPS, BATCH, WIDTH, LATENT_DIM, SIDE = 20, 16, 8, 12, 16
EXACT = 1e-12  # far above the rounding of float64, far below that of float32


class LateEpsilon(keras.optimizers.Adam):
    """Adam that adds epsilon after the bias correction, as PyTorch does."""

    def update_step(self, gradient, variable, learning_rate):
        epsilon, steps = self.epsilon, float(self.iterations) + 1
        self.epsilon = epsilon * (1 - self.beta_2**steps) ** 0.5
        super().update_step(gradient, variable, learning_rate)
        self.epsilon = epsilon


def adam(kind=keras.optimizers.Adam, beta_2=0.999, epsilon=1e-7):
    return lambda: kind(2e-4, beta_1=0.5, beta_2=beta_2, epsilon=epsilon)


def sgd():
    return keras.optimizers.SGD(0.05)


LOGITS, OUTPUTS = (keras.losses.BinaryCrossentropy(from_logits=on) for on in (True, False))
# Name, optimizer, loss, PyTorch's epsilon, whether TensorFlow rounds the slope, largest difference
CASES = [
    ("SGD, logits", sgd, LOGITS, 0.0, False, EXACT),
    ("SGD, sigmoid", sgd, OUTPUTS, 0.0, False, EXACT),
    ("SGD, Keras' LeakyReLU", sgd, LOGITS, 0.0, True, 1e-7),
    ("Adam", adam(), LOGITS, 1e-7, False, 1e-3),
    ("Adam, default epsilons", adam(), LOGITS, 1e-8, False, 1e-3),
    ("Adam, exact beta_2", adam(beta_2=np.float64(0.999)), LOGITS, 1e-7, False, 1e-3),
    ("Adam, late epsilon", adam(LateEpsilon), LOGITS, 1e-7, False, 1e-5),
    ("Adam, both", adam(LateEpsilon, np.float64(0.999)), LOGITS, 1e-7, False, EXACT),
]


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


def discriminator(rounded, activation):
    without = {"use_bias": False}

    def leaky_relu():
        if rounded:
            return layers.LeakyReLU(0.2)
        return layers.Lambda(lambda x: keras.ops.maximum(x, 0.2 * x))

    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(WIDTH, 4, 2, "same", **without),
            leaky_relu(),
            layers.Conv2D(2 * WIDTH, 4, 2, "same", **without),
            batch_norm(),
            leaky_relu(),
            layers.Conv2D(1, 4, 1, "valid", **without),
            layers.Flatten(),
            layers.Activation(activation),
        ]
    )


def kernels(network, prefix):
    convolutions = [la for la in network.layers if hasattr(la, "kernel")]
    return {f"{prefix}_{n}": la.kernel.numpy() for n, la in enumerate(convolutions)}


def ours(gan, images):
    """Returns the losses of each step, `(STEPS, 2)`."""
    losses = []
    for batch in images:
        gan.reset_metrics()
        logs = gan.train_on_batch(batch, return_dict=True)
        losses.append([float(logs[f"{name}_loss"]) for name in ("discriminator", "generator")])
    return np.array(losses)


def compare(python, folder, optimizer, loss, epsilon, rounded):
    """Returns the largest difference between the losses in all steps."""
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (STEPS, BATCH, SIDE, SIDE, 1))
    latents = random.standard_normal((STEPS, BATCH, LATENT_DIM))
    rows = iter(latents)
    activation = "linear" if loss.from_logits else "sigmoid"
    gan = kg.GAN(
        generator=generator(),
        discriminator=discriminator(rounded, activation),
        prior=lambda noise: next(rows),
    )
    gan.compile(optimizer(), optimizer(), loss=loss, ema_half_life=0, run_eagerly=True)
    given = kernels(gan.generator, "generator") | kernels(gan.discriminator, "discriminator")
    np.savez(folder / "given.npz", images=images, latents=latents, **given)
    peer = pathlib.Path(__file__).with_name("torch_dcgan_peer.py")
    arguments = [python, peer, folder / "given.npz", folder / "results.npz", epsilon]
    subprocess.run([str(argument) for argument in arguments], check=True)
    theirs = np.load(folder / "results.npz")["losses"]
    mine = ours(gan, images)
    assert mine.shape == theirs.shape == (STEPS, 2)
    print(f"    losses of step 1 {mine[0].round(4)}, of step {STEPS} {mine[-1].round(4)}")
    return np.abs(mine - theirs).max()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--torch-python", required=True, help="Python of an environment with PyTorch"
    )
    python = parser.parse_args().torch_python
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, *case, largest in CASES:
            print(name)
            difference = compare(python, pathlib.Path(folder), *case)
            print(f"    largest difference in {STEPS} steps: {difference:.1e}")
            failed += [name] if not difference <= largest else []
    sys.exit(f"Larger than expected: {', '.join(failed)}" if failed else 0)
