"""A thousand modes: how many of them two losses reach with the same small networks.

    python tests/benchmarks/stacked_mnist.py                   # two seeds of all four settings
    python tests/benchmarks/stacked_mnist.py --width 8 --seeds 1 --images 128_000
    python tests/benchmarks/stacked_mnist.py --loss relativistic --seeds 1 --images 10_000_000

The protocol is PacGAN's (https://arxiv.org/abs/1712.04086, section 4.2): images of 28x28x3, with a
digit in each channel. A classifier of digits reads 26,000 generated images, channel by channel. A
mode is reached if one image shows it. KL, in nats, is the divergence of the shares of the modes
from those in the 128,000 training images. The same number of stacks of test digits is read first.
`--width 8` makes the discriminator a quarter as wide, where losses differ most (PacGAN's table 3).
Everything but the loss and the penalties is the same: networks, optimizers, number of images. With
"clusters", the networks also receive the cluster of each image, and the non-saturating loss has the
default penalty, R1.

Two processes run at a time, each on one core; a single run uses all cores, or the GPU. The script
prints three intermediate results of each run, and saves a grid. `--loss NAME` trains one setting.
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
from one_core_each import results

from keras_gans import losses

BATCH_SIZE = 64
LATENT_DIM = 64
WIDTH = 32  # of the discriminator, the default
LEARNING_RATE = 2e-3
BETAS = 0.5, 0.99
GAMMA = 0.2, 0.02  # decreases in the first half
LOOKS = 3  # measurements during a run
JUDGED = 26_000
JUDGE = "judge.keras"
LOSSES = "non-saturating", "relativistic"
CLUSTERS = "clusters, "  # prefix of a loss: with `SelfConditionedGAN`


class DigitsInChannels:
    """Reads three digits: the product of a classifier's probabilities for each channel.

    Args:
        classifier: `DomainClassifier` of single digits, `(28, 28, 1)`.
    """

    def __init__(self, classifier):
        self.classifier = classifier
        self.value_range = classifier.value_range
        self.image_shape = (28, 28, 3)
        self.protocol = f"three digits by {classifier.protocol}"

    def probabilities(self, images):
        """Returns probabilities `(N, 1000)` for images `(N, 28, 28, 3)`."""
        images = np.asarray(images)
        read = [self.classifier.probabilities(images[..., [channel]]) for channel in range(3)]
        return np.einsum("ni,nj,nk->nijk", *read).reshape(len(images), -1)


def make_coverage(folder):
    """Returns a metric that knows the shares of the modes in the training images."""
    classifier = keras.saving.load_model(folder / JUDGE)
    coverage = kg.metrics.ModeCoverage(DigitsInChannels(classifier))
    for images in kg.datasets.stacked_mnist(8_000, seed=0):
        coverage.update_state(real_images=images)
    return coverage


def train_judge(folder):
    """Saves a trained classifier; returns its accuracy, and a row for stacks of test digits."""
    keras.utils.set_random_seed(0)
    classifier = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
    images, labels = next(iter(kg.datasets.mnist(60_000, labels=True, seed=0)))
    classifier.fit(images, labels, epochs=8, verbose=0)
    classifier.save(folder / JUDGE)
    test = next(iter(kg.datasets.mnist(10_000, "test", labels=True, seed=0)))
    coverage = make_coverage(folder)
    for images in kg.datasets.stacked_mnist(2_000, split="test", seed=0, num_images=JUDGED):
        coverage.update_state(fake_images=images)
    return classifier.accuracy(*test), f"| (test digits) | | | | {read(coverage)} |"


def settings_of(loss, num_images):
    """Returns the arguments of `compile`."""
    if loss.endswith("non-saturating"):
        return {"loss": losses.NonSaturating()} | ({} if CLUSTERS in loss else {"penalties": []})
    falling = [kg.ops.CosineSchedule(*GAMMA, num_images // 2) for _ in range(2)]
    return {
        "loss": losses.RelativisticPairing(),
        "penalties": [losses.R1(falling[0]), losses.R2(falling[1])],
    }


class Look(keras.callbacks.Callback):
    """Measures after each epoch, and keeps a row of the results."""

    def __init__(self, coverage, title):
        super().__init__()
        self.coverage, self.title = coverage, title
        self.rows, self.seconds = [], 0

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds += time.process_time() - self.start
        self.coverage.forget_fake()
        self.coverage.update_state(fake_images=self.model.generate(JUDGED, seed=1))
        seen = f"{self.model.images_seen:,} | {self.seconds / 60:.1f}"
        self.rows.append(f"{self.title} | {seen} | {read(self.coverage)} |")


def train(loss, seed, num_images, width, clusters, folder):
    """Trains one run, and returns a row for each measurement."""
    keras.utils.set_random_seed(seed)
    recipe = kg.DCGAN
    if CLUSTERS in loss:
        recipe = functools.partial(kg.SelfConditionedGAN, num_classes=clusters)
    gan = recipe(
        image_shape=(28, 28, 3),
        latent_dim=LATENT_DIM,
        discriminator=functools.partial(kg.networks.dcgan_discriminator, width=width),
        seed=seed,
    )
    steps = num_images // BATCH_SIZE // LOOKS
    rates = [keras.optimizers.schedules.CosineDecay(LEARNING_RATE, LOOKS * steps) for _ in range(2)]
    adams = [keras.optimizers.Adam(rate, *BETAS) for rate in rates]
    gan.compile(*adams, steps_per_execution=16, **settings_of(loss, num_images))
    dataset = kg.datasets.stacked_mnist(BATCH_SIZE, seed=seed).repeat()
    look = Look(make_coverage(folder), f"| {loss} | {seed}")
    gan.fit(dataset, steps_per_epoch=steps, epochs=LOOKS, verbose=0, callbacks=[look])
    figure = kg.drawing.plot_images(gan.generate(64, seed=0), columns=8)
    figure.savefig(folder / f"{loss}_{seed}.png")
    gan.save(folder / f"{loss}_{seed}.keras")
    return look.rows


def read(coverage):
    numbers = coverage.result()
    return f"{numbers['modes']:.0f} | {numbers['mode_kl']:.3f}"


def main():
    parser = argparse.ArgumentParser()
    every = *LOSSES, *(CLUSTERS + loss for loss in LOSSES)
    parser.add_argument("--loss", choices=every, help="train with only this loss")
    parser.add_argument(
        "--images", type=int, default=160_000, help="number of training images seen"
    )
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--width", type=int, default=WIDTH, help="width of the discriminator")
    parser.add_argument("--clusters", type=int, default=300, help="number of clusters")
    parser.add_argument("--folder", type=Path, default=Path("samples/stacked_mnist"))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)

    accuracy, row = next(results(train_judge, [(args.folder,)]))
    print(f"Accuracy of the classifier on test digits: {accuracy:.2%}\n")
    print("| loss | seed | images | CPU minutes | modes | KL |\n|---|---|---|---|---|---|")
    print(row, flush=True)
    names = [args.loss] if args.loss else every
    rest = args.images, args.width, args.clusters, args.folder
    runs = [(name, seed, *rest) for name in names for seed in range(args.seeds)]
    for rows in results(train, runs):
        print(*rows, sep="\n", flush=True)


if __name__ == "__main__":
    main()
