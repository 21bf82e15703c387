"""Modes in the plane: which recipes lose some of a ring of 8 and a grid of 25 Gaussians.

    python tests/benchmarks/two_dimensional_modes.py                # five seeds: about 25 minutes
    python tests/benchmarks/two_dimensional_modes.py --only relativistic --seeds 1

The distributions are PacGAN's (https://arxiv.org/abs/1712.04086, section 4.1), scaled into
[-1, 1]: standard deviations of 0.01 on a ring of radius 1, and of 0.05 on a grid whose modes are 2
apart. All recipes train the same two perceptrons on as many batches, with the learning rate out
of 3e-4, 1e-3 and 3e-3 with the largest product of modes met and high quality on the grid with
seed 5 (`--choose`). Sizes and gamma were tried on the relativistic recipe; WGAN-GP's usual weight
of 10 drew nothing, and 0.1 was the second that was tried. Of 2,500 generated points, a mode is met
if at least a quarter of its share lies within three standard deviations of its center; high
quality is the share of points within three standard deviations of any center. KL, in nats, is that
of the shares of the modes among these from even ones. With clusters, both networks are also told
the cluster of each point, one of 25 that k-means finds.

Two processes at a time, a core for each. Prints mean and spread (lowest to highest) over the
seeds, and the seconds of CPU time that a run takes; saves the points of each.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import functools
import time
from pathlib import Path

import keras
import numpy as np
from one_core_each import results, seeds_together, spread

import keras_gans as kg
from keras_gans import losses

NUM_POINTS = 100_000
BATCH_SIZE = 256
STEPS = 30_000
JUDGED = 2_500
WIDTH, DEPTH = 64, 5
LATENT_DIM = 2
RATES = 3e-4, 1e-3, 3e-3  # to choose from
BETAS = 0.0, 0.99
GAMMA = 0.3, 3e-4  # falls: edges this sharp need steep slopes at the end
TEST_SEED = 5  # of `--choose`; others are judged


def ring():
    angles = 2 * np.pi * np.arange(8) / 8
    return 0.8 * np.stack([np.cos(angles), np.sin(angles)], axis=1), 0.8 * 0.01


def grid():
    ticks = np.arange(-4, 5, 2) / 5
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2), 0.05 / 5


SETS = {"ring of 8": ring(), "grid of 25": grid()}


def falling():
    return kg.ops.CosineSchedule(*GAMMA, num_images=STEPS * BATCH_SIZE * 4 // 5)


# name: learning rate, points that are judged together, arguments of compile
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


def judging_together(image_shape, points, **arguments):
    """A discriminator that judges so many points together."""
    discriminator = kg.networks.mlp_discriminator((image_shape[0] * points,), **arguments)
    if points == 1:
        return discriminator
    return keras.Sequential([keras.Input(image_shape), kg.layers.Pack(points), discriminator])


def train(title, name, rate, seed, folder):
    """One run: modes met, share of high quality, KL, seconds."""
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
        discriminator=functools.partial(judging_together, points=packing, **sizes),
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
    """Prints what each learning rate gives each recipe on the grid."""
    runs = [("grid of 25", name, rate, TEST_SEED, folder) for name in names for rate in RATES]
    print("| recipe | learning rate | modes met | high quality | KL | CPU seconds |")
    print("|---|---|---|---|---|---|", flush=True)
    for (_, name, rate, *_), row in zip(runs, results(train, runs), strict=True):
        met, quality, divergence, seconds = row
        numbers = f"{met} | {quality:.1%} | {divergence:.2f} | {seconds:.0f}"
        print(f"| {name} | {rate:g} | {numbers} |", flush=True)


def compare(names, seeds, folder):
    """Prints the table."""
    print("| set | recipe | learning rate | modes met | high quality | KL | CPU seconds |")
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
