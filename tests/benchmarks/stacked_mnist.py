"""A thousand modes: how many stacked digits two losses reach with the same small networks.

    python tests/benchmarks/stacked_mnist.py                        # both, about 40 minutes
    python tests/benchmarks/stacked_mnist.py --loss relativistic --images 10_000_000  # for a GPU

PacGAN's protocol (https://arxiv.org/abs/1712.04086, section 4.2): images 28x28x3, three digits in
the three channels; 26,000 generated ones are read channel by channel by a classifier of digits. A
mode is met if one image shows it; KL, in nats, is that of the shares of the modes from those of
the 128,000 training images. 26,000 real images come out at 1,000 modes and the KL that is printed
first. Everything but loss and penalties is the same: networks, optimizers, number of images.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import functools
import time

import keras
import numpy as np

import keras_gans as kg
from keras_gans import losses

BATCH_SIZE = 64
LATENT_DIM = 64
LEARNING_RATE = 2e-3
GAMMA = 0.2, 0.02  # falls in the first half
LOOKS = 8  # measurements on the way
JUDGED = 26_000
LOSSES = "non-saturating", "relativistic"


class DigitsInChannels:
    """Reads three digits: the product of what a classifier says of each channel.

    Args:
        classifier: `DomainClassifier` of single digits, `(28, 28, 1)`.
    """

    def __init__(self, classifier):
        self.classifier = classifier
        self.value_range = classifier.value_range
        self.image_shape = (28, 28, 3)
        self.protocol = f"three digits by {classifier.protocol}"

    def probabilities(self, images):
        """Probabilities `(N, 1000)` of images `(N, 28, 28, 3)`."""
        images = np.asarray(images)
        read = [self.classifier.probabilities(images[..., [channel]]) for channel in range(3)]
        return np.einsum("ni,nj,nk->nijk", *read).reshape(len(images), -1)


def train_judge(seed):
    keras.utils.set_random_seed(seed)
    classifier = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
    for split, number in (("train", 60_000), ("test", 10_000)):
        images, labels = next(iter(kg.datasets.mnist(number, split, labels=True, seed=0)))
        if split == "train":
            classifier.fit(images, labels, epochs=8, verbose=0)
    print(f"The judge reads {classifier.accuracy(images, labels):.2%} of the test digits.")
    return DigitsInChannels(classifier)


def settings_of(loss, num_images):
    """Arguments of `compile`."""
    if loss == "non-saturating":
        return {"loss": losses.NonSaturating()}
    falling = [kg.ops.CosineSchedule(*GAMMA, num_images // 2) for _ in range(2)]
    return {
        "loss": losses.RelativisticPairing(),
        "penalties": [losses.R1(falling[0]), losses.R2(falling[1])],
    }


def train(loss, num_images, seed, coverage):
    """Trains, and prints a row for each look."""
    keras.utils.set_random_seed(seed)
    gan = kg.DCGAN(
        image_shape=(28, 28, 3),
        latent_dim=LATENT_DIM,
        discriminator=functools.partial(kg.networks.dcgan_discriminator, dropout=0.0),
        seed=seed,
    )
    steps = num_images // BATCH_SIZE // LOOKS
    adams = [
        keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(LEARNING_RATE, LOOKS * steps), 0.5, 0.99
        )
        for _ in range(2)
    ]
    gan.compile(*adams, steps_per_execution=16, **settings_of(loss, num_images))
    dataset = kg.datasets.stacked_mnist(BATCH_SIZE, seed=seed).repeat()
    seconds = 0
    for _ in range(LOOKS):
        start = time.perf_counter()
        gan.fit(dataset, steps_per_epoch=steps, epochs=1, verbose=0)
        seconds += time.perf_counter() - start
        coverage.forget_fake()
        coverage.update_state(fake_images=gan.generate(JUDGED, seed=1))
        print(
            f"| {loss} | {seed} | {int(gan.images_seen):,} | {seconds / 60:.1f} "
            f"| {read(coverage)} |",
            flush=True,
        )
    return gan


def read(coverage):
    numbers = coverage.result()
    return f"{numbers['modes']:.0f} | {numbers['mode_kl']:.3f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--loss", choices=LOSSES, help="one of them alone")
    parser.add_argument("--images", type=int, default=1_000_000, help="that training sees")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", default="samples/stacked_mnist")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)

    coverage = kg.metrics.ModeCoverage(train_judge(seed=0))
    for images in kg.datasets.stacked_mnist(8_000, seed=0):
        coverage.update_state(real_images=images)
    held_out = kg.datasets.stacked_mnist(2_000, split="test", seed=0, num_images=JUDGED)
    for images in held_out:
        coverage.update_state(fake_images=images)
    print("| loss | seed | images | minutes | modes | KL |\n|---|---|---|---|---|---|")
    print(f"| (stacks of test digits) | | | | {read(coverage)} |", flush=True)
    for loss in [args.loss] if args.loss else LOSSES:
        gan = train(loss, args.images, args.seed, coverage)
        figure = kg.drawing.plot_images(gan.generate(64, seed=0), columns=8)
        figure.savefig(f"{args.folder}/{loss.replace(' ', '_')}.png")
        gan.save(f"{args.folder}/{loss.replace(' ', '_')}.keras")


if __name__ == "__main__":
    main()
