"""Compares learning rates that decrease over the epochs of `fit` with constant ones.

    python tests/benchmarks/decay.py                      # two trainings, 9 minutes on two cores
    python tests/benchmarks/decay.py --only SelfConditionedGAN --seeds 0 1 2

Each model has its default settings, apart from the optimizers: `LinearDecayAdam`, or Adam with the
same rate and betas. It is trained on MNIST, for one epoch of 2,344 batches of 64 digits, that is
150,016 digits. 10,000 generated digits are compared with the 10,000 test digits, in the features of
a classifier of the training digits. Two runs at a time, each on one core.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
from pathlib import Path

import keras
import numpy as np
from one_core_each import results
from time_to_quality import JUDGE, SHAPE, make_judge


FOLDER = Path("samples/decay")
BATCH_SIZE = 64
STEPS = 2344
RATES = {"decreasing": kg.optimizers.LinearDecayAdam, "constant": keras.optimizers.Adam}
MODELS = {"ConditionalGAN": {"num_classes": 10}, "SelfConditionedGAN": {}, "DCGAN": {}}


def run(name, rates, seed, folder):
    """Trains and judges a model; returns a dict of numbers."""
    keras.utils.set_random_seed(seed)
    labeled = name == "ConditionalGAN"
    gan = getattr(kg, name)(image_shape=SHAPE, seed=seed, **MODELS[name])
    gan.compile(*(RATES[rates](2e-3, beta_1=0.5, beta_2=0.99) for _ in range(2)))
    dataset = kg.datasets.mnist(BATCH_SIZE, labels=labeled, seed=seed)
    gan.fit(dataset.repeat(), steps_per_epoch=STEPS, verbose=0)
    judge = keras.saving.load_model(folder / JUDGE)
    images = next(iter(kg.datasets.mnist(60_000, seed=0)))
    test, labels = next(iter(kg.datasets.mnist(10_000, split="test", labels=True, seed=0)))
    fake = gan.generate(10_000, labels=np.asarray(labels) if labeled else None, seed=2)
    kg.drawing.plot_images(fake[:64], columns=8).savefig(folder / f"{name}_{rates}_{seed}.png")
    distance, coverage = kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)
    nearest = kg.metrics.NearestTrainingImage(judge, images)
    for metric in (distance, coverage, nearest):
        metric.update_state(test, fake)
    return {"frechet_distance": distance.result(), **coverage.result(), **nearest.result()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=MODELS, default=["ConditionalGAN"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    if not (args.folder / JUDGE).exists():
        next(results(make_judge, [(args.folder,)]))
    runs = [(n, r, seed, args.folder) for n in args.only for r in RATES for seed in args.seeds]
    print("| model | rates | seed | Fréchet distance | precision | recall | near copies |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for (name, rates, seed, _), row in zip(runs, results(run, runs), strict=True):
        cells = [f"{row[key]:.2f}" for key in ("frechet_distance", "precision", "recall")]
        cells.append(f"{row['near_copies']:.1%}")
        print(f"| `{name}` | {rates} | {seed} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
