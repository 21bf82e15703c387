"""Losses, penalties and normalizations on Fashion-MNIST, with three minutes of CPU time each.

    python tests/benchmarks/combinations.py                # all, two seeds: about 45 minutes
    python tests/benchmarks/combinations.py --only "hinge + SN" --seeds 1
    python tests/benchmarks/combinations.py --recipes --seconds 600  # about 35 minutes

All combinations have the same networks, optimizers and time: `dcgan_generator`, a discriminator of
three strided convolutions, Adam(1e-3, 0.5, 0.99) without a schedule, and batches of 64. Nothing was
tuned for any of them. Each is trained on one core until the process has used 180 seconds of CPU
time, counted from the end of the first steps, when the graph has been traced. Then 10,000 generated
images are compared with the 10,000 test images in the features of a classifier of the training
images: Fréchet distance, precision and recall. Those of real training images are printed first.

`--recipes` trains whole models, with their own networks and default settings.

Two processes run at a time, each on one core. The script prints the mean and the range over the
seeds and the number of training images seen, and saves a grid of each run.
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

from keras_gans import losses

LEARNING_RATE = 1e-3
BETAS = 0.5, 0.99
BATCH_SIZE = 64
EXECUTION = 16  # steps per execution
LATENT_DIM = 32
WIDTHS = 32, 64, 128
GAMMA = 0.2
JUDGE = "judge.keras"

R1_ALONE = [losses.R1(GAMMA)]
R1_AND_R2 = [losses.R1(GAMMA), losses.R2(GAMMA)]
SLOPE_OF_ONE = [losses.GradientPenalty(10.0)]

# name: normalization of the discriminator, arguments of compile
COMBINATIONS = {
    "minimax": (None, {"loss": losses.Minimax()}),
    "non-saturating": (None, {}),
    "non-saturating + BatchNorm": ("batch", {}),
    "non-saturating + SN": ("spectral", {}),
    "non-saturating + R1": (None, {"penalties": R1_ALONE}),
    "least squares": (None, {"loss": losses.LeastSquares()}),
    "least squares + R1": (None, {"loss": losses.LeastSquares(), "penalties": R1_ALONE}),
    "hinge + SN": ("spectral", {"loss": losses.Hinge()}),
    "Wasserstein + GP, 5 batches": (
        None,
        {"loss": losses.Wasserstein(), "penalties": SLOPE_OF_ONE, "discriminator_steps": 5},
    ),
    "relativistic average + R1": (
        None,
        {"loss": losses.RelativisticAverage(), "penalties": R1_ALONE},
    ),
    "relativistic pairs": (None, {"loss": losses.RelativisticPairing()}),
    "relativistic pairs + R1 + R2": (
        None,
        {"loss": losses.RelativisticPairing(), "penalties": R1_AND_R2},
    ),
}

RECIPES = {"DCGAN": kg.DCGAN, "WGANGP": kg.WGANGP, "R3GAN": kg.R3GAN}


class CPUTime(keras.callbacks.Callback):
    """Stops `fit` after this many seconds of CPU time of the process, without the first steps."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds
        self.start = None

    def on_train_batch_end(self, batch, logs=None):
        if self.start is None:
            self.start = time.process_time()
        self.used = time.process_time() - self.start
        if self.used >= self.seconds:
            self.model.stop_training = True


def discriminator(image_shape, normalization):
    images = x = keras.Input(image_shape)
    for layer, filters in enumerate(WIDTHS):
        batch = normalization == "batch" and layer > 0
        convolution = keras.layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=not batch)
        if normalization == "spectral":
            convolution = kg.layers.SpectralNormalization(convolution)
        x = convolution(x)
        if batch:
            x = keras.layers.BatchNormalization(momentum=0.9)(x)
        x = keras.layers.LeakyReLU(negative_slope=0.2)(x)
    dense = keras.layers.Dense(1)
    dense = kg.layers.SpectralNormalization(dense) if normalization == "spectral" else dense
    return keras.Model(images, dense(keras.layers.Flatten()(x)))


def make_gan(name, seed):
    keras.utils.set_random_seed(seed)
    if name in RECIPES:
        gan = RECIPES[name](image_shape=(28, 28, 1), seed=seed)
        gan.compile(steps_per_execution=EXECUTION)
        return gan
    normalization, settings = COMBINATIONS[name]
    gan = kg.DCGAN(
        latent_dim=LATENT_DIM,
        discriminator=discriminator((28, 28, 1), normalization),
        seed=seed,
    )
    adams = [keras.optimizers.Adam(LEARNING_RATE, *BETAS) for _ in range(2)]
    settings = {"penalties": [], **settings}
    gan.compile(*adams, steps_per_execution=EXECUTION, **settings)
    return gan


def train(name, seed, seconds, folder):
    """Returns the numbers of a row; each run has its own process."""
    gan = make_gan(name, seed)
    dataset = kg.datasets.fashion_mnist(BATCH_SIZE, seed=seed).repeat()
    clock = CPUTime(seconds)
    start = time.perf_counter()
    gan.fit(dataset, steps_per_epoch=100_000, verbose=0, callbacks=[clock])
    minutes = (time.perf_counter() - start) / 60

    judge = keras.saving.load_model(folder / JUDGE)
    gan.measure_with([kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)])
    test = kg.datasets.fashion_mnist(500, split="test", seed=0)
    logs = gan.evaluate(test, verbose=0, return_dict=True)
    title = name.replace(" + ", "_").replace(", ", "_").replace(" ", "_")
    figure = kg.drawing.plot_images(gan.generate(64, seed=0), columns=8)
    figure.savefig(folder / f"{title}_{seed}.png")
    numbers = [logs[key] for key in ("frechet_distance", "precision", "recall")]
    return [*numbers, int(gan.images_seen), minutes]


def make_judge(folder):
    keras.utils.set_random_seed(0)
    images, labels = next(iter(kg.datasets.fashion_mnist(60_000, labels=True, seed=0)))
    judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
    judge.fit(images, labels, epochs=8, verbose=0)
    judge.save(folder / JUDGE)
    test = next(iter(kg.datasets.fashion_mnist(10_000, split="test", seed=0)))
    metrics = kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)
    for metric in metrics:
        metric.update_state(test, images[:10_000])
    return "Real training images:\n" + "\n".join(map(str, metrics))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=180, help="CPU time of each run")
    parser.add_argument("--only", choices=[*COMBINATIONS, *RECIPES])
    parser.add_argument("--recipes", action="store_true")
    parser.add_argument("--folder", type=Path, default=Path("samples/combinations"))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)

    print(next(results(make_judge, [(args.folder,)])))
    print("| combination | Fréchet distance | precision | recall | images | minutes |")
    print("|---|---|---|---|---|---|", flush=True)
    names = [args.only] if args.only else list(RECIPES if args.recipes else COMBINATIONS)
    runs = [(name, seed, args.seconds, args.folder) for name in names for seed in range(args.seeds)]
    for (name, *_), (*quality, seen, minutes) in seeds_together(train, runs, args.seeds):
        cells = [spread(values) for values in quality]
        ends = f"{np.mean(seen):,.0f} | {np.mean(minutes):.1f}"
        print(f"| {name} | {' | '.join(cells)} | {ends} |", flush=True)


if __name__ == "__main__":
    main()
