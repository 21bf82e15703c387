"""Modes in the plane: how many of 8 Gaussians on a ring and 25 on a grid each recipe reaches.

    python tests/benchmarks/two_dimensional_modes.py                # five seeds: about 25 minutes
    python tests/benchmarks/two_dimensional_modes.py --only relativistic --seeds 1

The distributions are PacGAN's (https://arxiv.org/abs/1712.04086, section 4.1), scaled to [-1, 1]:
standard deviations of 0.01 on a ring of radius 1, and of 0.05 on a grid whose modes are 2 apart.
All recipes train the same two perceptrons on the same number of batches. The learning rate of each
is the best of 3e-4, 1e-3 and 3e-3 on the grid with seed 5 (`--choose`): the one with the largest
product of modes reached and high quality. Sizes and gamma were chosen with the relativistic recipe.
WGAN-GP's usual weight of 10 reached no mode; 0.1 was the second value that was tried.

2,500 generated points are judged. A mode is reached if at least a quarter of its share of the
points lies within three standard deviations of its center. High quality is the share of points
within three standard deviations of any center. KL, in nats, is the divergence of these points'
shares of the modes from equal shares. With clusters, both networks also receive the cluster of each
point, one of 25 that k-means finds.

Two processes run at a time, each on one core. The script prints the mean and the range over the
seeds and the CPU seconds of a run, and saves the points of each run.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import functools
import time
from pathlib import Path

import keras
import numpy as np
from one_core_each import results, seeds_together, spread

from keras_gans import losses

NUM_POINTS = 100_000
BATCH_SIZE = 256
STEPS = 30_000
JUDGED = 2_500
WIDTH, DEPTH = 64, 5
LATENT_DIM = 2
RATES = 3e-4, 1e-3, 3e-3  # to choose from
BETAS = 0.0, 0.99
GAMMA = 0.3, 3e-4  # decreases, because narrow modes need steep slopes at the end
TEST_SEED = 5  # of `--choose`; the comparison uses others


def ring():
    angles = 2 * np.pi * np.arange(8) / 8
    return 0.8 * np.stack([np.cos(angles), np.sin(angles)], axis=1), 0.8 * 0.01


def grid():
    ticks = np.arange(-4, 5, 2) / 5
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2), 0.05 / 5


SETS = {"ring of 8": ring(), "grid of 25": grid()}


def falling():
    return kg.ops.CosineSchedule(*GAMMA, num_images=STEPS * BATCH_SIZE * 4 // 5)


# name: learning rate, size of the packs, arguments of compile
RECIPES = {
    "non-saturating": (1e-3, 1, {}),
    "non-saturating, packs of 2": (1e-3, 2, {}),
    "non-saturating, 25 clusters": (1e-3, 1, {}),
    "WGAN-GP": (
        3e-3,
        1,
        {
            "loss": losses.Wasserstein(),
            "penalties": [losses.GradientPenalty(0.1)],
            "discriminator_steps": 5,
        },
    ),
    "relativistic": (
        3e-3,
        1,
        {
            "loss": losses.RelativisticPairing(),
            "penalties": [losses.R1(falling()), losses.R2(falling())],
        },
    ),
}


def packed_discriminator(image_shape, points, **arguments):
    """Returns a discriminator of packs of this many points."""
    discriminator = kg.networks.mlp_discriminator((image_shape[0] * points,), **arguments)
    if points == 1:
        return discriminator
    return keras.Sequential([keras.Input(image_shape), kg.layers.Pack(points), discriminator])


def train(title, name, rate, seed, folder):
    """Trains one run; returns the modes reached, the share of high quality, KL and seconds."""
    centers, deviation = SETS[title]
    random = np.random.default_rng(0)
    modes = random.integers(0, len(centers), NUM_POINTS)
    points = centers[modes] + deviation * random.normal(size=(NUM_POINTS, 2))
    points = np.clip(points, -1, 1).astype("float32")

    _, packing, settings = RECIPES[name]
    keras.utils.set_random_seed(seed)
    sizes = {"width": WIDTH, "depth": DEPTH}
    gan = kg.GAN(
        image_shape=(2,),
        latent_dim=LATENT_DIM,
        generator=functools.partial(kg.networks.mlp_generator, **sizes),
        discriminator=functools.partial(packed_discriminator, points=packing, **sizes),
        num_classes=kg.layers.KMeans(25, seed=seed) if "clusters" in name else None,
        seed=seed,
    )
    turns = STEPS, STEPS // settings.get("discriminator_steps", 1)  # of each player
    rates = [keras.optimizers.schedules.CosineDecay(rate, steps) for steps in turns]
    adams = [keras.optimizers.Adam(each, *BETAS) for each in rates]
    gan.compile(*adams, steps_per_execution=50, ema_half_life=100_000, **settings)
    dataset = kg.datasets.from_arrays(points, BATCH_SIZE, seed=seed)
    start = time.process_time()
    gan.fit(dataset.repeat(), steps_per_epoch=STEPS, epochs=1, verbose=0)
    seconds = time.process_time() - start

    fakes = gan.generate(JUDGED, seed=9)
    file = f"{title}_{name}_{rate:g}_{seed}.png".replace(", ", "_").replace(" ", "_")
    kg.drawing.plot_points(fakes, points[:JUDGED], value_range=(-1, 1)).savefig(folder / file)
    return [*judge(fakes, centers, deviation), seconds]


def judge(points, centers, deviation):
    distances = np.linalg.norm(points[:, None] - centers[None], axis=-1)
    near = distances.min(axis=1) < 3 * deviation
    counts = np.bincount(distances.argmin(axis=1)[near], minlength=len(centers))
    met = np.sum(counts >= len(points) / len(centers) / 4)
    shares = counts[counts > 0] / max(counts.sum(), 1)
    return met, near.mean(), np.sum(shares * np.log(shares * len(centers)))


def choose(names, folder):
    """Prints the results of each recipe on the grid with each learning rate."""
    runs = [("grid of 25", name, rate, TEST_SEED, folder) for name in names for rate in RATES]
    print("| recipe | learning rate | modes reached | high quality | KL | CPU seconds |")
    print("|---|---|---|---|---|---|", flush=True)
    for (_, name, rate, *_), row in zip(runs, results(train, runs), strict=True):
        met, quality, divergence, seconds = row
        numbers = f"{met} | {quality:.1%} | {divergence:.2f} | {seconds:.0f}"
        print(f"| {name} | {rate:g} | {numbers} |", flush=True)


def compare(names, seeds, folder):
    """Prints the table of all recipes."""
    print("| set | recipe | learning rate | modes reached | high quality | KL | CPU seconds |")
    print("|---|---|---|---|---|---|---|", flush=True)
    runs = [
        (title, name, RECIPES[name][0], seed, folder)
        for title in SETS
        for name in names
        for seed in range(seeds)
    ]
    for (title, name, rate, *_), columns in seeds_together(train, runs, seeds):
        met, quality, divergence, seconds = columns
        cells = [spread(met, ".1f"), spread(quality, ".1%"), spread(divergence)]
        ends = " | ".join([*cells, spread(seconds, ".0f")])
        print(f"| {title} | {name} | {rate:g} | {ends} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", choices=RECIPES)
    parser.add_argument("--choose", action="store_true", help="compare learning rates")
    parser.add_argument("--folder", type=Path, default=Path("samples/two_dimensional_modes"))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    names = [args.only] if args.only else list(RECIPES)
    if args.choose:
        choose(names, args.folder)
    else:
        compare(names, args.seeds, args.folder)


if __name__ == "__main__":
    main()
