"""How long it takes until digits are as good as those of TensorFlow's DCGAN tutorial.

    python tests/benchmarks/time_to_quality.py --only tutorial            # about two hours
    python tests/benchmarks/time_to_quality.py --only tutorial-bfloat16   # two thirds of it
    python tests/benchmarks/time_to_quality.py --only DCGAN-50            # an hour
    python tests/benchmarks/time_to_quality.py --only 5-epochs-32 race-5-epochs-32
    python tests/benchmarks/time_to_quality.py                            # the others
    python tests/benchmarks/time_to_quality.py --draw                     # table and picture

The tutorial is trained as published: its layers, batches of 256, Adam(1e-4), 50 epochs, and its own
loop. Its generator draws in inference mode, as in the tutorial. It is compared with the recipes of
the library with default settings, and with a short recipe, "race". Other runs change one setting of
this recipe at a time.

Training is interrupted several times to measure the Fréchet distance between 10,000 generated
digits and the 10,000 test digits, in the features of a classifier of the training digits. CPU time
and wall time are those of training, including tracing, without the measurements. Two runs at a
time, each on one core; a single run uses the whole machine. Each run saves its numbers and a grid.
`--draw` prints the tables and draws the curves from these files.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import functools
import json
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from course_networks import keras_networks
from one_core_each import results
from written_loops import tutorial_step


FOLDER = Path("samples/time_to_quality")
JUDGE = "judge.keras"
SPLITS = "test", "train"
SHAPE = (28, 28, 1)
EPOCH = 60_000  # images
TUTORIAL_EPOCHS = 1, 2, 4, 8, 16, 30, 50


def tutorial_in_bfloat16(seed):
    """As `tutorial`, but TensorFlow computes products in bfloat16, which saves time."""
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})
    return tutorial(seed)


def tutorial(seed):
    """Returns the functions `train(count)` and `generate(count)` of the tutorial."""
    images = next(iter(kg.datasets.mnist(EPOCH, seed=seed)))
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(EPOCH, seed=seed).batch(256)
    generator, discriminator = keras_networks("tensorflow")
    step = tutorial_step(generator, discriminator)

    def train(count):
        for _ in range(count // EPOCH):
            for batch in dataset:
                step(batch)

    def generate(count):
        noise = np.random.default_rng(0).normal(size=(count, 100)).astype("float32")
        return np.concatenate([generator(part, training=False) for part in np.split(noise, 20)])

    return train, generate


RECIPES = {
    "DCGAN": kg.DCGAN,
    "SelfConditionedGAN": kg.SelfConditionedGAN,
    "WGANGP": kg.WGANGP,
    "R3GAN": kg.R3GAN,
}
# Training is interrupted for measurements, so rates do not decrease over the epochs of `fit`.
CONSTANT = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
RECIPE_IMAGES = tuple(15_360 * 2**power for power in range(7))


def recipe(name, seed):
    gan = RECIPES[name](image_shape=SHAPE, seed=seed)
    gan.compile(steps_per_execution=16)
    dataset = kg.datasets.mnist(64, seed=seed).repeat()

    def train(count):
        gan.fit(dataset, steps_per_epoch=count // 64, callbacks=[CONSTANT], verbose=0)

    return train, lambda count: gan.generate(count, seed=0)


def default_settings(name, seed, batch_size=128):
    """Trains a recipe with its default settings, in epochs with an `ImageMonitor`."""
    gan = RECIPES[name](image_shape=SHAPE, seed=seed)
    gan.compile()
    dataset = kg.datasets.mnist(batch_size, seed=seed)
    monitor = kg.ImageMonitor(FOLDER / f"{name}_{seed}_{batch_size}_epochs")
    done = 0

    def train(count):
        nonlocal done
        epochs = done + count // EPOCH
        callbacks = [monitor, CONSTANT]
        gan.fit(dataset, epochs=epochs, initial_epoch=done, callbacks=callbacks, verbose=0)
        done = epochs

    return train, lambda count: gan.generate(count, seed=0)


# The settings of the short recipe, "race". Each run of CHANGES changes one of them.
RACE = {
    "latent_dim": 16,
    "dropout": 0.0,
    "learning_rate": 2e-3,  # decreases to zero
    "betas": (0.5, 0.99),
    "gamma": 0.2,  # weight of R1
    "batch_size": 64,
    "ema_half_life": None,  # the default
    "width": (16, 32),
    "loss": None,
    "augmentation": lambda: None,
}
CHANGES = {
    "bfloat16": {},
    "latents of 100": {"latent_dim": 100},
    "dropout, no penalty": {"dropout": 0.3, "gamma": 0.0},
    "rate 2e-4": {"learning_rate": 2e-4},
    "batches of 256": {"batch_size": 256},
    "no averaging": {"ema_half_life": 0},
    "twice as wide": {"width": (32, 64)},
    "relativistic pairs": {"loss": kg.losses.RelativisticPairing()},
    "DiffAugment": {"augmentation": lambda: kg.augmentation.DiffAugment(["translation"], seed=0)},
}
BATCH_SIZES = 32, 256  # of 5 epochs with default settings and with the short recipe
RACE_IMAGES = 38_400, 76_800, 153_600, 307_200
COMPARED_AT = 76_800


def race(seed, count, **changes):
    """Trains the short recipe on this many images."""
    settings = {**RACE, **changes}
    factories = kg.networks.dcgan_generator, kg.networks.dcgan_discriminator
    generator, discriminator = (
        functools.partial(factory, width=width)
        for factory, width in zip(factories, settings["width"], strict=True)
    )
    gan = kg.DCGAN(
        image_shape=SHAPE,
        latent_dim=settings["latent_dim"],
        generator=generator,
        discriminator=functools.partial(discriminator, dropout=settings["dropout"]),
        seed=seed,
    )
    steps = count // settings["batch_size"]
    rate = settings["learning_rate"]
    gan.compile(
        *(
            keras.optimizers.Adam(
                keras.optimizers.schedules.CosineDecay(rate, steps), *settings["betas"]
            )
            for _ in range(2)
        ),
        loss=settings["loss"],
        penalties=[kg.losses.R1(settings["gamma"])] if settings["gamma"] else [],
        augmentation=settings["augmentation"](),
        ema_half_life=settings["ema_half_life"],
        steps_per_execution=4,
    )
    dataset = kg.datasets.mnist(settings["batch_size"], seed=seed).repeat()

    def train(_):
        gan.fit(dataset, steps_per_epoch=steps, verbose=0)

    return train, lambda count: gan.generate(count, seed=0)


def contestants():
    """Returns all runs by name: a function of the seed, and when to measure, in images seen."""
    stops = [EPOCH * epochs for epochs in TUTORIAL_EPOCHS]
    runs = {"tutorial": (tutorial, stops), "tutorial-bfloat16": (tutorial_in_bfloat16, stops)}
    for name in RECIPES:
        runs[f"{name}-50"] = (functools.partial(default_settings, name), stops)
        runs[name] = (lambda seed, name=name: recipe(name, seed), RECIPE_IMAGES)
    for size in BATCH_SIZES:
        defaults = functools.partial(default_settings, "DCGAN", batch_size=size)
        runs[f"5-epochs-{size}"] = (defaults, [5 * EPOCH])
        raced = functools.partial(race, count=5 * EPOCH, batch_size=size)
        runs[f"race-5-epochs-{size}"] = (raced, [5 * EPOCH])
    for count in RACE_IMAGES:
        runs[f"race-{count}"] = (functools.partial(race, count=count), [count])
    for change, settings in CHANGES.items():
        make = functools.partial(race, count=COMPARED_AT, **settings)
        runs[f"race-{COMPARED_AT}, {change}"] = (make, [COMPARED_AT])
    return runs


def run(name, seed, folder):
    """Alternates training and measurements, and saves the numbers."""
    keras.utils.set_random_seed(seed)
    if "bfloat16" in name and "race" in name:
        keras.config.set_dtype_policy("mixed_bfloat16")
    make, stops = contestants()[name]
    test = next(iter(kg.datasets.mnist(10_000, split="test", seed=0)))
    judge = keras.saving.load_model(folder / JUDGE)
    distance, coverage = kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)
    train, generate = make(seed)
    rows, seen, cpu, wall = [], 0, 0.0, 0.0
    for stop in stops:
        start = time.process_time(), time.perf_counter()
        train(stop - seen)
        cpu += time.process_time() - start[0]
        wall += time.perf_counter() - start[1]
        seen = stop
        fake = generate(10_000)
        row = {"images": seen, "cpu_seconds": cpu, "seconds": wall}
        for metric in (distance, coverage):
            metric.reset_state()
            metric.update_state(test, fake)
        row |= {"frechet_distance": distance.result(), **coverage.result()}
        rows.append(row)
        (folder / f"{name}_{seed}.json").write_text(json.dumps(rows, indent=1))
        kg.drawing.plot_images(fake[:64], columns=8).savefig(folder / f"{name}_{seed}.png")
    return rows


def make_judge(folder):
    keras.utils.set_random_seed(0)
    images, labels = next(iter(kg.datasets.mnist(EPOCH, labels=True, seed=0)))
    judge = kg.metrics.DomainClassifier(SHAPE, num_classes=10)
    judge.fit(images, labels, epochs=5, verbose=0)
    judge.save(folder / JUDGE)


def draw(folder):
    """Prints all numbers in the folder, and draws the distance against CPU time."""
    from matplotlib.figure import Figure

    metric = kg.metrics.FrechetDistance(keras.saving.load_model(folder / JUDGE))
    sets = (next(iter(kg.datasets.mnist(10_000, split=split, seed=0))) for split in SPLITS)
    metric.update_state(*sets)
    print(f"Fréchet distance of 10,000 training digits, for comparison: {metric.result():.1f}\n")
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    axes.set(xscale="log", yscale="log", xlabel="CPU seconds", ylabel="Fréchet distance")
    curves = {}
    print("| run | images | CPU seconds | seconds | Fréchet distance | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for file in sorted(folder.glob("*.json")):
        rows = json.loads(file.read_text())
        for row in rows:
            cells = [f"{row['images']:,}", f"{row['cpu_seconds']:,.0f}", f"{row['seconds']:,.0f}"]
            cells += [f"{row['frechet_distance']:.1f}"]
            cells += [f"{row[name]:.2f}" for name in ("precision", "recall")]
            print(f"| {file.stem} | {' | '.join(cells)} |")
        if "," not in file.stem:  # runs of the short recipe with different lengths form one curve
            name, seed = file.stem.rsplit("_", 1)
            curves.setdefault((name.split("-")[0], seed), []).extend(rows)
    colors = {
        name: f"C{number}" for number, name in enumerate(dict.fromkeys(name for name, _ in curves))
    }
    for (name, seed), rows in curves.items():
        rows.sort(key=lambda row: row["images"])
        points = [[row[key] for row in rows] for key in ("cpu_seconds", "frechet_distance")]
        axes.plot(*points, "o-", color=colors[name], label=name if seed == "0" else None)
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(folder / "curves.png", dpi=120)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=contestants())
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--draw", action="store_true", help="print and draw the runs in the folder")
    args = parser.parse_args()
    if args.draw:
        draw(args.folder)
        return
    args.folder.mkdir(parents=True, exist_ok=True)
    if not (args.folder / JUDGE).exists():
        next(results(make_judge, [(args.folder,)]))
    long = "tutorial", "-50", "epochs"
    names = args.only or [n for n in contestants() if not any(part in n for part in long)]
    runs = [(name, seed, args.folder) for name in names for seed in args.seeds]
    for (name, seed, _), rows in zip(runs, results(run, runs), strict=True):
        print(f"{name}, seed {seed}")
        for row in rows:
            print("| " + " | ".join(f"{value:,.2f}" for value in row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
