"""How fast `image_folder` provides images, compared with the speed of training.

    python tests/benchmarks/input.py

Writes 4,000 JPEG files of 96x96 pixels to a temporary folder and loads them at 64x64. Counts images
per second while the folder is read, while an epoch of batches of 64 is iterated over, from memory
and from files, and while `DCGAN` trains on it. Prints medians and ranges, and the memory that the
images take.

    python tests/benchmarks/input.py photographs

Reads an enlarged photograph of 12 megapixels at several sizes, once as `image_folder` does, and
once decoded at full size. Prints milliseconds on one core, and the difference between the pixels.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import io
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps

from keras_gans.datasets.pictures import read_picture
from keras_gans.pipelines.archives import File

COUNT = 4000
BATCH_SIZE = 64
SHAPE = (64, 64, 3)
ROUNDS = 5
PHOTOGRAPH = 4000, 3000  # width and height
SIDES = 64, 128, 256, 512


def write_pictures(folder):
    """Writes smooth random colors, which compress about as well as photographs."""
    random = np.random.default_rng(0)
    for number in range(COUNT):
        colors = random.integers(0, 256, (12, 12, 3), "uint8")
        picture = Image.fromarray(colors).resize((96, 96), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number:04}.jpg", quality=90)


def photograph():
    """Returns a JPEG file with the noise of a sensor, as a `File`."""
    from sklearn.datasets import load_sample_image

    picture = Image.fromarray(load_sample_image("china.jpg"))
    pixels = np.asarray(picture.resize(PHOTOGRAPH, Image.Resampling.BICUBIC)).astype("float32")
    pixels += np.random.default_rng(0).normal(0, 8, pixels.shape)
    stream = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype("uint8")).save(stream, "jpeg", quality=92)
    return File("photograph.jpg", "photograph.jpg", lambda: io.BytesIO(stream.getvalue()))


def decoded_whole(file, side):
    with file.open() as stream, Image.open(stream) as picture:
        whole = picture.convert("RGB")
    return np.asarray(ImageOps.fit(whole, (side, side), Image.Resampling.BICUBIC))


def milliseconds_of(work, *arguments):
    """Returns the median CPU time of several rounds, and the result."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        result = work(*arguments)
        times.append(1000 * (time.process_time() - start))
    return np.median(times), result


def photographs():
    file = photograph()
    print("| side | decoded whole, ms | image_folder, ms | mean difference | largest |")
    print("|---|---|---|---|---|")
    for side in SIDES:
        before, expected = milliseconds_of(decoded_whole, file, side)
        after, received = milliseconds_of(read_picture, file, (side, side, 3))
        difference = abs(received.astype(int) - expected)
        print(
            f"| {side} | {before:.0f} | {after:.0f} | {difference.mean():.2f} "
            f"| {difference.max()} |"
        )


def rate_of(work, count):
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def main():
    with tempfile.TemporaryDirectory() as name:
        write_pictures(Path(name))

        def load():
            return kg.datasets.image_folder(name, BATCH_SIZE, SHAPE, seed=0)

        load()  # from here on, the system has cached the files
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
    print("| task | images/s, median | lowest | highest |\n|---|---|---|---|")
    rows = {
        "reading the folder, once": reading,
        "iterating, from memory": feeding,
        "iterating, from files": rereading,
        "training": training,
    }
    for what, rates in rows.items():
        print(f"| {what} | {np.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} |")
    print(f"Iterating is {np.median(feeding) / np.median(training):.0f} times as fast as training.")
    print(f"The images take {COUNT * np.prod(SHAPE) / 1e6:.0f} MB of memory.")


if __name__ == "__main__":
    photographs() if sys.argv[1:] == ["photographs"] else main()
