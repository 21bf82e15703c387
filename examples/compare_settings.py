"""Compare two settings over three seeds: is the difference larger than chance?

What you will see: the same GAN of perceptrons is trained on MNIST six times, with a weak and a
strong penalty and three seeds each. The script prints the mean and the range of two measures, and
the difference for each seed. It saves a sheet with a row of digits for each training, and a report
of each training. The last command makes a page of the reports, with all curves in the same charts.

    pip install -e ".[report]"
    python examples/compare_settings.py
    python -m keras_gans compare samples/compare_settings --output samples/comparison.html

One core of an AMD EPYC (AVX2), with other programs running: 1.6 minutes of CPU time.
Expected: a Fréchet distance of 41.8 (39.6 to 45.1) with the weak penalty, and of 33.3 (32.2 to
34.1) with the strong one. The strong one is better for each of the three seeds.

Without internet access, set KERAS_GANS_DATA to a folder that contains MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time
from collections import defaultdict
from pathlib import Path

import keras
import numpy as np

SETTINGS = {  # arguments of `compile`; only one thing differs
    "R1(0.2)": {"penalties": [kg.losses.R1(0.2)]},
    "R1(2.0)": {"penalties": [kg.losses.R1(2.0)]},
}
SEEDS = range(3)
EPOCHS = 6  # in each training; curves have a point for each
STEPS = 100  # batches in each epoch
WIDTH = 128  # of perceptrons, which train in seconds
BATCH_SIZE = 64
MEASURES = "frechet_distance", "recall"
FOLDER = Path("samples/compare_settings")
start = time.process_time()

# The judge, a classifier of digits, is the same for all models.
keras.utils.set_random_seed(0)
images, labels = next(iter(kg.datasets.mnist(10_000, labels=True, seed=0)))
test_images = next(iter(kg.datasets.mnist(2_000, split="test", seed=0))).numpy()
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=2, verbose=0)


def train(name, settings, seed):
    """Trains one model; the seed determines weights, noise and the order of the data."""
    keras.utils.set_random_seed(seed)
    gan = kg.DCGAN(
        generator=kg.networks.mlp_generator((28, 28, 1), latent_dim=16, width=WIDTH),
        discriminator=kg.networks.mlp_discriminator((28, 28, 1), width=WIDTH),
        seed=seed,
    )
    metrics = [kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)]
    gan.compile(**settings, metrics=metrics)
    callbacks = [
        kg.callbacks.SampleEvaluator(test_images),
        kg.callbacks.TrainingReport(FOLDER / f"{name}.html", test_images, title=name),
    ]
    dataset = kg.datasets.mnist(BATCH_SIZE, seed=seed).repeat()
    gan.fit(dataset, steps_per_epoch=STEPS, epochs=EPOCHS, verbose=0, callbacks=callbacks)
    return gan


# The settings are in the inner loop: if you stop early, each has the same number of seeds.
results, rows = defaultdict(list), {}
for seed in SEEDS:
    for name, settings in SETTINGS.items():
        run = f"{name}, seed {seed}"
        gan = train(run, settings, seed)
        numbers = {measure: gan.history.history[measure][-1] for measure in MEASURES}
        for measure in MEASURES:
            results[name, measure].append(numbers[measure])
        rows[run] = gan.generate(16, seed=0)
        print(f"{run}:", *(f"{m} {numbers[m]:.3g}" for m in MEASURES), flush=True)

# Table. Both settings use the same seeds, so their results can be subtracted in pairs.
first, second = SETTINGS
for measure in MEASURES:
    print(f"\n{measure}:")
    for name in SETTINGS:
        values = results[name, measure]
        print(f"{name}: {np.mean(values):.3g} ({min(values):.3g} to {max(values):.3g})")
    differences = np.subtract(results[second, measure], results[first, measure])
    print(f"{second} minus {first}, for each seed:", *(f"{value:+.3g}" for value in differences))

FOLDER.mkdir(parents=True, exist_ok=True)
sheet = kg.drawing.plot_images(np.concatenate([*rows.values()]), 16, captions=list(rows))
sheet.savefig(FOLDER / "compare_settings.png")
minutes = (time.process_time() - start) / 60
print(f"\n{minutes:.1f} minutes of CPU time; see", end=" ")
print((FOLDER / "compare_settings.png").resolve())
