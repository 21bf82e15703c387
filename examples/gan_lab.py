"""Watch a GAN learn a shape in the plane, as GAN Lab shows it in the browser.

What you will see: an animation of the training. The background is the discriminator, violet where
it finds points real and orange where not; black points are real, blue ones generated; the lines
are a grid of latents, deformed by the generator. Beside it, two divergences over time.

    python examples/gan_lab.py ring
    python examples/gan_lab.py two_gaussians --generator_rate 1e-3 --discriminator_rate 4e-3

The shapes are line, two_gaussians, ring and three_blobs.

Two cores of an AMD EPYC (AVX-512): under a minute each. Expected Jensen-Shannon divergence at the
end, in bits: ring 0.03, line 0.05, three_blobs 0.06, two_gaussians 0.11.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up messages

import argparse
import io
import time
from pathlib import Path
from statistics import NormalDist

import keras
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

import keras_gans as kg

NUM_POINTS = 20_000
EPOCHS = 50
BATCH_SIZE = 256  # large, for steady gradients
BETAS = 0.5, 0.99  # of Adam: a short memory for a game whose rules keep changing
GAMMA = 0.02  # weight of the penalty: without it the points chase each other in circles
HALF_LIFE = 100_000  # points over which the generator is averaged
FOLDER = Path("samples/gan_lab")


def draw_points(shape, count, random):
    """Points in [0, 1] x [0, 1], with the constants of GAN Lab."""
    u, v, jitter = random.uniform(size=count), random.uniform(size=count), random.normal
    if shape == "line":
        x, y = 0.8 - 0.75 * u, 0.6 + 0.3 * u
        points = np.stack([x, y], axis=1) + 0.01 * jitter(size=(count, 2))
    elif shape == "two_gaussians":
        round_one = np.array([0.3, 0.7]) + 0.1 * jitter(size=(count, 2))
        flat_one = np.array([0.7, 0.4]) + random.uniform(-1, 1, (count, 2)) * [0.05, 0.2]
        points = np.where(v[:, None] < 0.5, round_one, flat_one)
    elif shape == "ring":
        circle = np.stack([0.3 * np.cos(2 * np.pi * u), 0.25 * np.sin(2 * np.pi * u)], axis=1)
        points = np.array([0.5, 0.45]) + circle + 0.025 * random.uniform(-1, 1, (count, 2))
    else:
        centers = np.array([[0.35, 0.75], [0.75, 0.6], [0.45, 0.35]])
        points = centers[random.integers(0, 3, count)] + 0.025 * jitter(size=(count, 2))
    return np.clip(points, 0, 1).astype("float32")


class Film(keras.callbacks.Callback):
    """Draws a frame after each epoch, and an animation at the end."""

    quantiles = tuple(NormalDist().inv_cdf(u) for u in np.linspace(0.02, 0.98, 13))
    fine = np.linspace(-2.1, 2.1, 60)

    def __init__(self, real_points):
        super().__init__()
        self.real_points, self.frames, self.curves = real_points, [], {"kl": [], "js": []}

    def on_epoch_end(self, epoch, logs):
        figure = Figure(figsize=(9, 4.5), dpi=80, layout="constrained")
        plane, curves = figure.subplots(1, 2)
        axis = np.linspace(0, 1, 50, dtype="float32")
        grid = np.stack(np.meshgrid(axis, axis), axis=-1)
        logits = self.model.discriminate(grid.reshape(-1, 2)).reshape(50, 50)
        plane.pcolormesh(axis, axis, np.tanh(5 * logits), cmap="PuOr", vmin=-1, vmax=1)
        plane.scatter(*self.real_points[:400].T, s=3, color="0.2", label="real")
        plane.scatter(*self.model.generate(400, seed=0).T, s=3, color="tab:blue", label="generated")
        for position in self.quantiles:
            line = np.stack([np.full_like(self.fine, position), self.fine], axis=1)
            for latents in (line, line[:, ::-1]):  # a vertical and a horizontal line of latents
                plane.plot(*self.model.generate(latents=latents).T, color="tab:blue", lw=0.4)
        plane.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", title=f"Epoch {epoch + 1}")
        plane.legend(loc="lower right")
        for name, values in self.curves.items():
            values.append(logs[name])
            curves.plot(range(1, len(values) + 1), values, label=name.upper())
        curves.set(xlim=(1, EPOCHS), ylim=(0, None), xlabel="Epoch", title="Divergence, bits")
        curves.legend()
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        self.frames.append(Image.open(picture).convert("P", palette=Image.Palette.ADAPTIVE))

    def on_train_end(self, logs=None):
        FOLDER.mkdir(parents=True, exist_ok=True)
        first, *others = self.frames
        first.save(f"{FOLDER}/{args.shape}.gif", save_all=True, append_images=others, duration=120)
        self.frames[-1].save(f"{FOLDER}/{args.shape}.png")


parser = argparse.ArgumentParser()
shapes = ["line", "two_gaussians", "ring", "three_blobs"]
parser.add_argument("shape", nargs="?", default="ring", choices=shapes)
parser.add_argument("--generator_rate", type=float, default=2e-3)
parser.add_argument("--discriminator_rate", type=float, default=2e-3)
args = parser.parse_args()

keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
points, held_out = (draw_points(args.shape, NUM_POINTS, random) for _ in range(2))

gan = kg.GAN(
    generator=kg.networks.mlp_generator((2,), latent_dim=2, width=64, activation="sigmoid"),
    discriminator=kg.networks.mlp_discriminator((2,), width=64),
    seed=0,
)
steps = EPOCHS * NUM_POINTS // BATCH_SIZE
rates = [
    keras.optimizers.schedules.CosineDecay(rate, steps)
    for rate in (args.discriminator_rate, args.generator_rate)
]
gan.compile(
    discriminator_optimizer=keras.optimizers.Adam(rates[0], *BETAS),
    generator_optimizer=keras.optimizers.Adam(rates[1], *BETAS),
    penalties=[kg.losses.R1(GAMMA)],
    ema_half_life=HALF_LIFE,
    metrics=[kg.metrics.GridDivergence()],
)
start = time.perf_counter()
callbacks = [kg.callbacks.SampleEvaluator(held_out), Film(points)]
gan.fit(points, batch_size=BATCH_SIZE, epochs=EPOCHS, callbacks=callbacks, verbose=0)
gan.evaluate(held_out, batch_size=NUM_POINTS, verbose=2)
print(f"{time.perf_counter() - start:.0f} seconds; see {FOLDER.resolve()}/{args.shape}.gif")
