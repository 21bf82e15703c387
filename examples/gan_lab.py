"""Watch a GAN learn a shape in the plane, as GAN Lab shows it in the browser.

What you will see: an animation of the training. The background shows the discriminator: violet
where it considers points real, orange elsewhere. Black points are real, blue ones are generated.
The lines are a grid of latents, deformed by the generator. On the right, two divergences over time.

    python examples/gan_lab.py ring
    python examples/gan_lab.py two_gaussians --generator_rate 1e-3 --discriminator_rate 4e-3

Two cores of an AMD EPYC (AVX-512): 0.7 minutes. Expected at the end, for the ring: a Jensen-Shannon
divergence of 0.04 bits.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import argparse
import time
from pathlib import Path
from statistics import NormalDist

import keras
import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.figure import Figure

NUM_POINTS = 20_000
EPOCHS = 50
BATCH_SIZE = 256  # large, for less noisy gradients
BETAS = {"beta_1": 0.5, "beta_2": 0.99}  # short averages, because the opponent keeps changing
GAMMA = 0.02  # weight of the penalty: without it, the points go round in circles
FOLDER = Path("samples/gan_lab")


def draw_points(count, random):
    """Points of each shape in [0, 1] x [0, 1], with the constants of GAN Lab."""
    u, v = random.uniform(size=(2, count, 1))
    bell, box = random.normal(size=(count, 2)), random.uniform(-1, 1, (count, 2))
    circle = np.concatenate([np.cos(2 * np.pi * u), np.sin(2 * np.pi * u)], axis=1)
    centers = np.array([[0.35, 0.75], [0.75, 0.6], [0.45, 0.35]])[random.integers(0, 3, count)]
    round_one, flat_one = [0.3, 0.7] + 0.1 * bell, [0.7, 0.4] + [0.05, 0.2] * box
    shapes = {
        "line": [0.8, 0.6] + [-0.75, 0.3] * u + 0.01 * bell,
        "two_gaussians": np.where(v < 0.5, round_one, flat_one),
        "ring": [0.5, 0.45] + [0.3, 0.25] * circle + 0.025 * box,
        "three_blobs": centers + 0.025 * bell,
    }
    return {name: np.clip(points, 0, 1).astype("float32") for name, points in shapes.items()}


class Film(keras.callbacks.Callback):
    """Draws a frame after each epoch."""

    quantiles = tuple(NormalDist().inv_cdf(u) for u in np.linspace(0.02, 0.98, 13))
    fine, curves = np.linspace(-2.1, 2.1, 60), {"kl": [], "js": []}

    def on_train_begin(self, logs=None):
        self.figure, self.writer = Figure(figsize=(9, 4.5), layout="constrained"), PillowWriter(8)
        self.writer.setup(self.figure, FOLDER / f"{args.shape}.gif", dpi=80)

    def on_epoch_end(self, epoch, logs):
        self.figure.clear()
        plane, divergence = self.figure.subplots(1, 2)
        axis = np.linspace(0, 1, 50, dtype="float32")
        grid = np.stack(np.meshgrid(axis, axis), axis=-1)
        logits = self.model.discriminate(grid.reshape(-1, 2)).reshape(50, 50)
        plane.pcolormesh(axis, axis, np.tanh(5 * logits), cmap="PuOr", vmin=-1, vmax=1)
        plane.scatter(*points[:400].T, s=3, color="0.2", label="real")
        plane.scatter(*self.model.generate(400, seed=0).T, s=3, color="tab:blue", label="generated")
        for position in self.quantiles:
            line = np.stack([np.full_like(self.fine, position), self.fine], axis=1)
            for latents in (line, line[:, ::-1]):  # a vertical and a horizontal line of latents
                plane.plot(*self.model.generate(latents=latents).T, color="tab:blue", lw=0.4)
        plane.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", title=f"Epoch {epoch + 1}")
        plane.legend(loc="lower right")
        for name, values in self.curves.items():
            values.append(logs[name])
            divergence.plot(range(1, len(values) + 1), values, label=name.upper())
        divergence.set(xlim=(1, EPOCHS), ylim=(0, None), xlabel="Epoch", title="Divergence, bits")
        divergence.legend()
        self.writer.grab_frame()

    def on_train_end(self, logs=None):
        self.writer.finish()
        self.figure.savefig(FOLDER / f"{args.shape}.png", dpi=80)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
training, testing = draw_points(NUM_POINTS, random), draw_points(NUM_POINTS, random)
parser = argparse.ArgumentParser()
parser.add_argument("shape", nargs="?", default="ring", choices=training)
parser.add_argument("--generator_rate", type=float, default=2e-3)
parser.add_argument("--discriminator_rate", type=float, default=2e-3)
args = parser.parse_args()
points, held_out = training[args.shape], testing[args.shape]
FOLDER.mkdir(parents=True, exist_ok=True)

generator = kg.networks.mlp_generator((2,), latent_dim=2, width=64, activation="sigmoid")
discriminator = kg.networks.mlp_discriminator((2,), width=64)
gan = kg.GAN(generator=generator, discriminator=discriminator, seed=0)
gan.compile(
    kg.optimizers.LinearDecayAdam(args.discriminator_rate, **BETAS),
    kg.optimizers.LinearDecayAdam(args.generator_rate, **BETAS),
    penalties=[kg.losses.R1(GAMMA)],
    ema_half_life=100_000,  # points
    metrics=[kg.metrics.GridDivergence()],
)
start = time.perf_counter()
callbacks = [kg.callbacks.SampleEvaluator(held_out), Film()]
gan.fit(points, batch_size=BATCH_SIZE, epochs=EPOCHS, callbacks=callbacks, verbose=0)
gan.evaluate(held_out, batch_size=NUM_POINTS, verbose=2)
print(f"{time.perf_counter() - start:.0f} seconds; see {FOLDER.resolve()}/{args.shape}.gif")
