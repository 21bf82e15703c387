"""Augmentation with 500 digits, few enough for a discriminator to memorize.

    python tests/benchmarks/small_data.py               # two seeds of each, about 15 minutes
    python tests/benchmarks/small_data.py --seeds 1 --images 20_000

The same DCGAN, and a `SelfConditionedGAN` with ten clusters, are trained on the same 500 MNIST
digits, each of which they see 400 times. Then 10,000 generated digits are compared with the 10,000
test digits: Fréchet distance, precision and recall, in the features of a classifier of all 60,000
training digits. Two more numbers measure how near the generated digits are to the 500:
`nearest_distance` is 1, and `near_copies` is 1%, for digits that are as new as test digits. The
scores say how sure the discriminator is of the training digits.

Two processes run at a time, each on one core. The script prints the mean and the range over the
seeds, and saves a grid of each run.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import time
from pathlib import Path

import keras
import numpy as np
from one_core_each import results, seeds_together, spread

from keras_gans.augmentation import AdaptiveAugment, DiffAugment

NUM_REAL = 500
BATCH_SIZE = 50
LATENT_DIM = 16
LEARNING_RATE = 1e-3
BETAS = 0.5, 0.99
GAMMA = 0.2
JUDGE = "judge.keras"
BOTH = ("translation", "cutout")
RAMP = 100_000  # images; the default of 500,000 is longer than this training

# name: function from a seed to an augmentation
AUGMENTATIONS = {
    "none": lambda seed: None,
    "DiffAugment": lambda seed: DiffAugment(BOTH, seed=seed),
    "AdaptiveAugment": lambda seed: AdaptiveAugment(BOTH, ramp=RAMP, seed=seed),
}
CLUSTERS = ", 10 clusters"  # suffix of a name: with `SelfConditionedGAN`
NAMES = *AUGMENTATIONS, *(name + CLUSTERS for name in AUGMENTATIONS)
COLUMNS = "frechet_distance", "precision", "recall", "nearest_distance", "near_copies"
FORMS = ".1f", ".2f", ".2f", ".2f", ".1%", ".2f", ".2f"


def train(name, seed, num_images, folder):
    """Trains and judges one run, and returns the numbers of its row."""
    keras.utils.set_random_seed(seed)
    images = first_images()
    augmentation = AUGMENTATIONS[name.removesuffix(CLUSTERS)](seed)
    if name.endswith(CLUSTERS):
        gan = kg.SelfConditionedGAN(image_shape=(28, 28, 1), num_classes=10, seed=seed)
    else:
        gan = kg.DCGAN(image_shape=(28, 28, 1), latent_dim=LATENT_DIM, seed=seed)
    steps = num_images // BATCH_SIZE
    rates = [keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps) for _ in range(2)]
    adams = [keras.optimizers.Adam(rate, *BETAS) for rate in rates]
    gan.compile(
        *adams,
        penalties=[kg.losses.R1(GAMMA)],
        augmentation=augmentation,
        steps_per_execution=16,
    )
    dataset = kg.datasets.from_arrays(images, BATCH_SIZE, seed=seed).repeat()
    start = time.perf_counter()
    history = gan.fit(dataset, steps_per_epoch=steps // 10, epochs=10, verbose=0).history
    minutes = (time.perf_counter() - start) / 60

    judge = keras.saving.load_model(folder / JUDGE)
    gan.measure_with(
        [
            kg.metrics.FrechetDistance(judge),
            kg.metrics.PrecisionRecall(judge),
            kg.metrics.NearestTrainingImage(judge, images),
        ]
    )
    logs = gan.evaluate(kg.datasets.mnist(500, split="test", seed=0), verbose=0, return_dict=True)
    figure = kg.drawing.plot_images(gan.generate(64, seed=0), columns=8)
    figure.savefig(folder / f"{name.replace(', ', '_').replace(' ', '_')}_{seed}.png")
    strength = float(getattr(augmentation, "strength", augmentation is not None))
    scores = history["real_score"][-1], history["fake_score"][-1]
    return [*(logs[column] for column in COLUMNS), *scores, strength, minutes]


def first_images():
    return np.asarray(next(iter(kg.datasets.mnist(60_000, seed=0)))[:NUM_REAL])


def make_judge(folder):
    keras.utils.set_random_seed(0)
    images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
    judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
    judge.fit(images, labels, epochs=5, verbose=0)
    judge.save(folder / JUDGE)
    metrics = kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)
    test = next(iter(kg.datasets.mnist(10_000, split="test", seed=0)))
    for metric in metrics:
        metric.update_state(test, first_images())
    return "The 500 training digits:\n" + "\n".join(map(str, metrics))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument(
        "--images", type=int, default=200_000, help="number of training images seen"
    )
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--folder", type=Path, default=Path("samples/small_data"))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)

    print(next(results(make_judge, [(args.folder,)])))
    titles = [*(name.replace("_", " ") for name in COLUMNS), "real score", "fake score"]
    print(f"| augmentation | {' | '.join(titles)} | strength | minutes |")
    print("|---" * (len(titles) + 3) + "|", flush=True)
    names = [args.only] if args.only else NAMES
    runs = [(name, seed, args.images, args.folder) for name in names for seed in range(args.seeds)]
    for (name, *_), columns in seeds_together(train, runs, args.seeds):
        *measured, strength, minutes = columns
        cells = [spread(*pair) for pair in zip(measured, FORMS, strict=True)]
        ends = f"{np.mean(strength):.2f} | {np.mean(minutes):.1f}"
        print(f"| {name} | {' | '.join(cells)} | {ends} |", flush=True)


if __name__ == "__main__":
    main()
