"""How fast `image_folder` feeds, beside how fast a training step eats.

    python tests/benchmarks/input.py

Writes 4,000 JPEG files of 96x96 pixels into a temporary folder, loads them at 64x64, and counts
images per second: while the folder is read, while an epoch of batches of 64 is iterated over, from
memory and from files, and while `DCGAN` trains on it; and the memory that the pictures take. Prints
medians and ranges.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from PIL import Image

import keras_gans as kg

COUNT = 4000
BATCH_SIZE = 64
SHAPE = (64, 64, 3)
ROUNDS = 5


def write_pictures(folder):
    """Smooth random colours, which compress about as photographs do."""
    random = np.random.default_rng(0)
    for number in range(COUNT):
        colours = random.integers(0, 256, (12, 12, 3), "uint8")
        picture = Image.fromarray(colours).resize((96, 96), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number:04}.jpg", quality=90)


def rate_of(work, count):
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def main():
    with tempfile.TemporaryDirectory() as name:
        write_pictures(Path(name))

        def load():
            return kg.datasets.image_folder(name, BATCH_SIZE, SHAPE, seed=0)

        load()  # the system has the files at hand from here on
        reading = [rate_of(load, COUNT) for _ in range(ROUNDS)]
        dataset = load()
        os.sysconf = lambda name: 0  # as if the machine had no memory
        from_files, seen = load(), COUNT // BATCH_SIZE * BATCH_SIZE
        rereading = [rate_of(lambda: [None for _ in from_files], seen) for _ in range(ROUNDS)]
    gan = kg.DCGAN(image_shape=SHAPE, seed=0)
    gan.compile()
    few = dataset.take(16)
    gan.fit(few, verbose=0)
    feeding, training = [], []
    for _ in range(ROUNDS):
        feeding.append(rate_of(lambda: [None for _ in dataset], seen))
        training.append(rate_of(lambda: gan.fit(few, verbose=0), 16 * BATCH_SIZE))
    print(f"{os.cpu_count()} cores, Keras {keras.__version__}")
    print("| what | images/s, median | lowest | highest |\n|---|---|---|---|")
    rows = {
        "read, once": reading,
        "feed from memory": feeding,
        "feed from files, where memory is too small": rereading,
        "train": training,
    }
    for what, rates in rows.items():
        print(f"| {what} | {np.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} |")
    print(f"Feeding is {np.median(feeding) / np.median(training):.0f} times training.")
    print(f"In memory: {COUNT * np.prod(SHAPE) / 1e6:.0f} MB.")


if __name__ == "__main__":
    main()
