"""Modes in the plane: which recipes lose some of a ring of 8 and a grid of 25 Gaussians.

    python tests/benchmarks/two_dimensional_modes.py            # five seeds of each recipe
    python tests/benchmarks/two_dimensional_modes.py --seeds 1

The distributions are PacGAN's (https://arxiv.org/abs/1712.04086, section 4.1), scaled into
[-1, 1]: standard deviations of 0.01 on a ring of radius 1, and of 0.05 on a grid whose modes are 2
apart. All recipes train the same two perceptrons on as many batches. Of 2,500 generated points,
a mode is met if at least a quarter of its share lies within three standard deviations of its
centre; quality is the share of points within three standard deviations of any centre.

Prints mean and spread (lowest to highest) over the seeds, and the seconds of a run.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import time

import keras
import numpy as np

import keras_gans as kg
from keras_gans import losses

NUM_POINTS = 100_000
BATCH_SIZE = 512
STEPS = 10_000
JUDGED = 2_500
WIDTH = 128
LATENT_DIM = 2


def ring():
    angles = 2 * np.pi * np.arange(8) / 8
    return 0.8 * np.stack([np.cos(angles), np.sin(angles)], axis=1), 0.8 * 0.01


def grid():
    ticks = np.arange(-4, 5, 2) / 5
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2), 0.05 / 5


SETS = {"ring of 8": ring(), "grid of 25": grid()}

# name: model, points that are judged together, arguments of compile
RECIPES = {
    "non-saturating": (1, {}),
    "non-saturating, packs of 2": (2, {}),
    "WGAN-GP": (
        1,
        {
            "loss": losses.Wasserstein(),
            "penalties": [losses.GradientPenalty(1.0)],
            "discriminator_steps": 5,
        },
    ),
    "relativistic pairs, R1 and R2": (
        1,
        {
            "loss": losses.RelativisticPairing(),
            "penalties": [losses.R1(0.02), losses.R2(0.02)],
        },
    ),
}


def train(points, packing, settings, seed):
    keras.utils.set_random_seed(seed)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), LATENT_DIM, width=WIDTH, depth=3),
        discriminator=kg.networks.mlp_discriminator((2 * packing,), width=WIDTH, depth=3),
        seed=seed,
    )
    rates = [keras.optimizers.schedules.CosineDecay(1e-3, STEPS) for _ in range(2)]
    adams = [keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99) for rate in rates]
    gan.compile(*adams, steps_per_execution=50, ema_half_life=100_000, **settings)
    dataset = kg.datasets.from_arrays(points, BATCH_SIZE, seed=seed)
    gan.fit(dataset.repeat(), steps_per_epoch=STEPS, epochs=1, verbose=0)
    return gan


def judge(points, centers, deviation):
    distances = np.linalg.norm(points[:, None] - centers[None], axis=-1)
    near = distances.min(axis=1) < 3 * deviation
    counts = np.bincount(distances.argmin(axis=1)[near], minlength=len(centers))
    met = np.sum(counts >= len(points) / len(centers) / 4)
    return met, near.mean()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--recipe", choices=RECIPES, help="one of them alone")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, Keras {keras.__version__}, {args.seeds} seeds, {STEPS:,} steps")
    print("| set | recipe | modes met | high quality | seconds |\n|---|---|---|---|---|")
    for title, (centers, deviation) in SETS.items():
        random = np.random.default_rng(0)
        modes = random.integers(0, len(centers), NUM_POINTS)
        points = centers[modes] + deviation * random.normal(size=(NUM_POINTS, 2))
        points = np.clip(points, -1, 1).astype("float32")
        for name in [args.recipe] if args.recipe else RECIPES:
            packing, settings = RECIPES[name]
            start = time.perf_counter()
            results = []
            for seed in range(args.seeds):
                gan = train(points, packing, settings, seed)
                results.append(judge(gan.generate(JUDGED, seed=9), centers, deviation))
            seconds = (time.perf_counter() - start) / args.seeds
            met, quality = np.array(results).T
            print(
                f"| {title} | {name} | {met.mean():.1f} ({met.min():.0f} to {met.max():.0f}) "
                f"| {quality.mean():.1%} ({quality.min():.1%} to {quality.max():.1%}) "
                f"| {seconds:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
