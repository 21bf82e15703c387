"""Many images: from disk into `fit`, generated to disk, and in the metrics.

    python tests/benchmarks/scale.py records     # 1,000,000 images in TFRecord files
    python tests/benchmarks/scale.py folder      # 200,000 PNG files in 10 folders
    python tests/benchmarks/scale.py generate    # 100,000 images, at once and in parts
    python tests/benchmarks/scale.py metrics     # 50,000 against 50,000 images

The images are random, 28x28 in gray, in a temporary folder. Every line is measured in a process of
its own, whose peak is the largest resident memory that the system recorded (`ru_maxrss`), with
nothing subtracted: the interpreter and TensorFlow take 0.6 GB of it.

`records` and `folder` compare, in turns in the same process, the input alone, `fit` on images in
memory, and `fit` on the files: with a tiny network, which leaves the input little time, and with
the default `DCGAN`. Ratios are computed for each round, because the machine may be busy. `folder`
also measures `image_folder` as if the images did not fit into memory (`from files`).
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

SHAPE = (28, 28, 1)
NUM_SHARDS = 100
ROUNDS = 5
SHUFFLED = 10_000  # records in the shuffle buffer
NETWORKS = {"tiny": (256, 390), "DCGAN": (128, 50)}  # images per batch, batches per round
PARTS = 10  # in which images are generated
METRICS = {
    "Fréchet distance": ("FrechetDistance", {}),
    "kernel distance, all pairs": ("KernelDistance", {}),
    "kernel distance, 100 subsets of 1,000": ("KernelDistance", {"subset_size": 1000}),
    "precision and recall": ("PrecisionRecall", {}),
    "density and coverage": ("DensityCoverage", {}),
    "nearest training images": ("NearestTrainingImage", {}),
}


def peak():
    """Gigabytes of resident memory at the highest point so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def random_images(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *SHAPE), "uint8")


# files --------------------------------------------------------------------------------------
def write_records(folder, count):
    import tensorflow as tf

    blank = bytes(np.prod(SHAPE))
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[blank]))
    example = tf.train.Example(features=tf.train.Features(feature={"image": feature}))
    before, after = example.SerializeToString().split(blank)  # the same for all images
    for shard in range(NUM_SHARDS):
        with tf.io.TFRecordWriter(str(folder / f"{shard:03}.tfrecord")) as writer:
            for image in random_images(count // NUM_SHARDS, shard):
                writer.write(before + image.tobytes() + after)


def write_folders(folder, count):
    from PIL import Image

    for name in range(10):
        (folder / str(name)).mkdir()

    def write(number_and_image):
        number, image = number_and_image
        Image.fromarray(image[..., 0]).save(folder / str(number % 10) / f"{number:06}.png")

    with ThreadPoolExecutor() as pool:
        for start in range(0, count, 1000):
            numbers = range(start, min(start + 1000, count))
            list(pool.map(write, zip(numbers, random_images(len(numbers), start), strict=True)))


def from_records(folder, batch_size, shards=slice(None)):
    """A `tf.data` pipeline as users write it."""
    import tensorflow as tf

    def read(records):
        fields = tf.io.parse_example(records, {"image": tf.io.FixedLenFeature([], "string")})
        return tf.reshape(tf.io.decode_raw(fields["image"], "uint8"), (batch_size, *SHAPE))

    files = sorted(map(str, Path(folder).glob("*.tfrecord")))[shards]
    records = tf.data.Dataset.from_tensor_slices(files).shuffle(len(files))
    records = records.interleave(tf.data.TFRecordDataset, cycle_length=8).shuffle(SHUFFLED)
    return records.batch(batch_size, drop_remainder=True).map(read).prefetch(2)


# training -----------------------------------------------------------------------------------
def make_gan(network):
    if network == "DCGAN":
        gan = kg.DCGAN(image_shape=SHAPE, seed=0)
        gan.compile()
        return gan
    gan = kg.GAN(
        generator=kg.networks.mlp_generator(SHAPE, 16, width=16),
        discriminator=kg.networks.mlp_discriminator(SHAPE, width=16),
        seed=0,
    )
    gan.compile(penalties=[])
    return gan


def compare(datasets, network):
    """Images per second in each round: the input alone, from memory, and from files.

    Args:
        datasets: Function of a batch size and the number of a round, that returns a dataset.
        network: A key of `NETWORKS`.
    """
    batch_size, steps = NETWORKS[network]
    gan = make_gan(network)
    memory = kg.datasets.from_arrays(random_images(steps * batch_size), batch_size, seed=0)
    gan.fit(memory.take(2), verbose=0)  # traces
    rates = {"input": [], "memory": [], "files": []}
    for number in range(ROUNDS):
        data = datasets(batch_size, number).take(steps)
        work = {
            "input": lambda data=data: [None for _ in data],
            "memory": lambda: gan.fit(memory, verbose=0),
            "files": lambda data=data: gan.fit(data, verbose=0),
        }
        for name, do in work.items():
            rates[name].append(steps * batch_size / seconds_of(do))
    return {"rates": rates, "peak": peak()}


def records_in_turns(folder, network):
    per_round = NUM_SHARDS // ROUNDS

    def datasets(batch_size, number):
        shards = slice(number * per_round, (number + 1) * per_round)
        return from_records(folder, batch_size, shards)

    return compare(datasets, network)


def records_at_once(folder, network):
    batch_size, _ = NETWORKS[network]
    gan = make_gan(network)
    dataset, before = from_records(folder, batch_size), peak()
    seconds = seconds_of(lambda: gan.fit(dataset, verbose=0))
    return {"rate": gan.images_seen / seconds, "images": gan.images_seen, "peaks": [before, peak()]}


def folder_in_turns(folder, network, from_files=False):
    before = peak()
    if from_files:
        os.sysconf = lambda name: 0  # as if the machine had no memory
    batch_size, _ = NETWORKS[network]
    start = time.perf_counter()
    dataset = kg.datasets.image_folder(folder, batch_size, SHAPE, labels=True, seed=0)
    seconds = time.perf_counter() - start
    result = compare(lambda batch_size, number: dataset.map(lambda image, label: image), network)
    return result | {"loading": seconds, "before": before}


# generating and measuring -------------------------------------------------------------------
def generate(folder, how, count):
    # Images that need much memory and little arithmetic.
    generator = kg.networks.dcgan_generator((64, 64, 3), 64, width=2)
    gan = kg.DCGAN(image_shape=(64, 64, 3), generator=generator, seed=0)
    gan.generate(128)
    before, start = peak(), time.perf_counter()
    if how == "at once":
        np.save(f"{folder}/all.npy", gan.generate(count, seed=0, dtype="uint8"))
    else:
        latents = gan.sample_latents(count, seed=0)
        for first in range(0, count, count // PARTS):
            rows = slice(first, first + count // PARTS)
            np.save(f"{folder}/{first}.npy", gan.generate(latents=latents[rows], dtype="uint8"))
    return {"seconds": time.perf_counter() - start, "peaks": [before, peak()]}


def measure(name, num_features, count):
    from keras_gans import metrics

    metric, arguments = METRICS[name]
    random = np.random.default_rng(0)

    def batches():
        for start in range(0, count, 1000):
            rows = min(1000, count - start)
            yield random.random((rows, num_features), "float32") * 2 - 1

    if metric == "NearestTrainingImage":
        arguments = {"training_images": np.concatenate(list(batches()))}
    measured = getattr(metrics, metric)(metrics.RawPixels(), **arguments)
    for real, fake in zip(batches(), batches(), strict=True):
        measured.update_state(real, fake)
    before, start = peak(), time.perf_counter()
    measured.result()
    return {"seconds": time.perf_counter() - start, "peaks": [before, peak()]}


# tables -------------------------------------------------------------------------------------
PROCESSES = {
    "records at once": records_at_once,
    "records in turns": records_in_turns,
    "folder in memory": folder_in_turns,
    "folder from files": partial(folder_in_turns, from_files=True),
    "generate": generate,
    "measure": measure,
}


def in_process(name, *arguments):
    """What a function of `PROCESSES` returns in a process of its own."""
    command = [sys.executable, __file__, "--one", json.dumps([name, *arguments])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} {arguments}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def spread(values, form):
    """Median (lowest to highest)."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def show_turns(network, result):
    rates = result["rates"]
    ratios = [a / b for a, b in zip(rates["files"], rates["memory"], strict=True)]
    cells = [spread(rates[name], ",.0f") for name in ("input", "memory", "files")]
    cells += [spread(ratios, ".2f"), f"{result['peak']:.2f}"]
    print(f"| {network} | {' | '.join(cells)} |", flush=True)


HEADER = """
| network | input alone | step, in memory | `fit`, from files | from files / memory | peak, GB |
|---|---|---|---|---|---|"""


def records(args):
    with tempfile.TemporaryDirectory() as folder:
        print(f"Writing {args.images:,} records: ", end="", flush=True)
        print(f"{seconds_of(lambda: write_records(Path(folder), args.images)):.0f} seconds")
        whole = in_process("records at once", folder, "tiny")
        print(
            f"One `fit` over {whole['images']:,} images: {whole['rate']:,.0f} images per second, "
            f"peak {whole['peaks'][1]:.2f} GB, {whole['peaks'][0]:.2f} GB before.{HEADER}"
        )
        for network in NETWORKS:
            show_turns(network, in_process("records in turns", folder, network))


def folder(args):
    with tempfile.TemporaryDirectory() as folder:
        print(f"Writing {args.files:,} files: ", end="", flush=True)
        print(f"{seconds_of(lambda: write_folders(Path(folder), args.files)):.0f} seconds")
        for name, network in (("in memory", "tiny"), ("from files", "DCGAN")):
            result = in_process(f"folder {name}", folder, network)
            print(
                f"\nImages {name}: `image_folder` took {result['loading']:.0f} seconds; "
                f"{result['before']:.2f} GB before it.{HEADER}"
            )
            show_turns(network, result)


def generated(args):
    print("| how | seconds | peak, GB | before, GB |\n|---|---|---|---|")
    for how in ("at once", f"in {PARTS} parts"):
        with tempfile.TemporaryDirectory() as folder:
            result = in_process("generate", folder, how, args.generated)
        before, highest = result["peaks"]
        print(f"| {how} | {result['seconds']:.0f} | {highest:.2f} | {before:.2f} |", flush=True)


def measured(args):
    print(
        "| metric | features | seconds | peak, GB | before `result()`, GB |\n|---|---|---|---|---|"
    )
    for num_features, name in itertools.product(args.features, args.metrics):
        result = in_process("measure", name, num_features, args.rows)
        before, highest = result["peaks"]
        cells = f"{result['seconds']:.0f} | {highest:.2f} | {before:.2f}"
        print(f"| {name} | {num_features:,} | {cells} |", flush=True)


def main():
    whats = {"records": records, "folder": folder, "generate": generated, "metrics": measured}
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=whats)
    parser.add_argument("--images", type=int, default=1_000_000, help="in TFRecord files")
    parser.add_argument("--files", type=int, default=200_000, help="in folders")
    parser.add_argument("--generated", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=50_000, help="of each set, for metrics")
    parser.add_argument("--features", type=int, nargs="+", default=[64, 512, 2048])
    parser.add_argument("--metrics", nargs="+", default=list(METRICS), choices=METRICS)
    parser.add_argument("--one", type=json.loads, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        name, *arguments = args.one
        print(json.dumps(PROCESSES[name](*arguments)))
    elif args.what is None:
        parser.error(f"choose one of {', '.join(whats)}")
    else:
        whats[args.what](args)


if __name__ == "__main__":
    main()
