"""Compares `SelfConditionedGAN` with models without labels and with the true classes.

    python tests/benchmarks/self_conditioning.py                         # all of it, four hours
    python tests/benchmarks/self_conditioning.py --only mnist/100 --seeds 0 1 2
    python tests/benchmarks/self_conditioning.py --draw                  # the tables

Everything but the clusters has the default settings of the library: networks, optimizers, penalty,
average and latents. Batches have 64 images. For designs and faces, the networks have half of the
default widths. A run is named after its data and the labels that the networks receive:

    none             no labels: `DCGAN`
    100              the cluster of the image's 40 principal components, one of 100
    100-pixels       the cluster of the pixels themselves
    100-rotations    the cluster of features of a classifier that was trained to recognize the
                     quarter turn of an image (Gidaris et al., 2018,
                     https://arxiv.org/abs/1803.07728)
    100-own          the cluster of the discriminator's features, computed again after each tenth of
                     the training; each new cluster gets the number of the old one with which it
                     shares most images (Liu et al., 2020, https://arxiv.org/abs/2006.10728)
    classes          the true class: `ConditionalGAN`
    classes-10       the true class, and one of ten clusters of the images of that class

10,000 generated images are compared with the test images in the features of a classifier of the
training images (for faces: of the quarter turn). `sure` is the share of images of which the
classifier is at least 0.9 sure. `rarest` is the share of the rarest class, divided by its share of
the real images. `near_copies` is 1% for images that are as new as test images. Designs are judged
as in `examples/mechanical_designs.py`. CPU seconds include the training and the search for
clusters. Two runs at a time, each on one core. The sets cifar10, sketches and faces need
KERAS_GANS_DATA, a folder with cifar10/cifar10_subset_5000.npz, quickdraw/six_categories_3000.npz
and faces/lfw_gray_64x64.zip.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import functools
import json
import sys
import time
import zipfile
from pathlib import Path

import keras
import numpy as np
from one_core_each import results, spread


FOLDER = Path("samples/self_conditioning")
BATCH_SIZE = 64
KINDS = "none", "10", "30", "100", "300", "1000"
SETS = {  # number of training images seen, kinds of runs
    "mnist": (150_000, (*KINDS, "100-pixels", "100-rotations", "100-own", "classes", "classes-10")),
    "fashion_mnist": (150_000, ("none", "100", "300", "classes", "classes-10")),
    "cifar10": (100_000, ("none", "30", "100", "classes")),
    "sketches": (150_000, ("none", "100", "300", "classes")),
    "faces": (50_000, ("none", "30", "100")),
    "designs": (200_000, ("none", "50", "100")),
    "500_digits": (100_000, ("none", "10", "classes")),
}
COLUMNS = {
    "cpu_seconds": ".0f",
    "frechet_distance": ".2f",
    "precision": ".2f",
    "recall": ".2f",
    "sure": ".1%",
    "rarest": ".2f",
    "near_copies": ".1%",
}
DESIGN_COLUMNS = {"cpu_seconds": ".0f", "in_one_piece": ".1%", "joined": ".1%", "material": ".4f"}
DESIGN_COLUMNS |= {"near_copies": ".1%"}


def load(name):
    """Returns training images, labels or None, and test images; floats in [-1, 1]."""
    folder = Path(os.environ.get("KERAS_GANS_DATA", ""))
    if name in ("mnist", "fashion_mnist"):
        make = getattr(kg.datasets, name)
        images, labels = next(iter(make(60_000, labels=True, seed=0)))
        test = next(iter(make(10_000, split="test", seed=0)))
        return np.asarray(images), np.asarray(labels), np.asarray(test)
    if name == "500_digits":
        images, labels, test = load("mnist")
        return images[:500], labels[:500], test
    if name == "designs":
        images = next(iter(kg.datasets.mechanical_designs(5000, seed=0)))
        return np.asarray(images), None, None
    if name == "cifar10":
        arrays = np.load(folder / "cifar10" / "cifar10_subset_5000.npz")
        images = np.concatenate([arrays["x_train"], arrays["x_test"]]) / 127.5 - 1
        labels = np.concatenate([arrays["y_train"], arrays["y_test"]]).ravel()
    elif name == "sketches":
        arrays = np.load(folder / "quickdraw" / "six_categories_3000.npz")
        images = np.concatenate([arrays[key] for key in arrays.files]) / 127.5 - 1
        images, labels = images.reshape(-1, 28, 28, 1), np.repeat(np.arange(6), 3000)
    else:
        images, labels = faces(folder / "faces" / "lfw_gray_64x64.zip"), None
    order = np.random.default_rng(0).permutation(len(images))
    train, test = order[len(order) // 6 :], order[: len(order) // 6]
    images = images.astype("float32")
    return images[train], None if labels is None else labels[train].astype("int32"), images[test]


def faces(file):
    from PIL import Image

    with zipfile.ZipFile(file) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        pictures = [np.asarray(Image.open(archive.open(name))) for name in names]
    return np.stack(pictures)[..., None] / 127.5 - 1


def turned_classifier(images, epochs=2):
    """Returns a classifier of the quarter turn by which an image was rotated."""
    images = images[:15_000]
    turned = np.concatenate([np.rot90(images, turn, axes=(1, 2)) for turn in range(4)])
    classifier = kg.metrics.DomainClassifier(images.shape[1:], num_classes=4)
    classifier.fit(turned, np.repeat(range(4), len(images)), epochs=epochs, verbose=0)
    return classifier


def make_judge(name, folder):
    """Trains and saves the judge of a set, unless there is one; returns False for designs."""
    file = folder / f"judge_{name}.keras"
    if name == "designs" or file.exists():
        return file.exists()
    keras.utils.set_random_seed(0)
    images, labels, _ = load("mnist" if name == "500_digits" else name)
    if labels is None:
        judge = turned_classifier(images, epochs=3)
    else:
        judge = kg.metrics.DomainClassifier(images.shape[1:], num_classes=int(labels.max()) + 1)
        judge.fit(images, labels, epochs=5 if len(images) > 20_000 else 15, verbose=0)
    judge.save(file)
    return True


def clusters_of(kind, images, seed):
    """Returns the layer for a kind such as "100" or "100-pixels"."""
    count, _, features = kind.partition("-")
    if features == "pixels":
        return kg.layers.KMeans(int(count), num_components=images[0].size, seed=seed)
    if features == "rotations":
        network = turned_classifier(images).network
        network = keras.Model(network.inputs, network.outputs[0])
        return kg.layers.KMeans(int(count), features=network, seed=seed)
    return kg.layers.KMeans(int(count), seed=seed)


def make(kind, images, labels, seed):
    """Returns the model and its data."""
    arguments = {"image_shape": images.shape[1:], "seed": seed}
    if images.shape[1] > 32:  # half the default widths, a third of the time
        arguments["generator"] = functools.partial(kg.networks.dcgan_generator, width=8)
        arguments["discriminator"] = functools.partial(kg.networks.dcgan_discriminator, width=16)
    if kind == "none":
        return kg.DCGAN(**arguments), [images]
    if kind.endswith("-own"):
        count = int(kind.partition("-")[0])
        gan = kg.ConditionalGAN(num_classes=count, **arguments)
        return gan, [images, np.zeros(len(images), "int32")]
    if kind.startswith("classes"):
        each = int(kind.partition("-")[2] or 1)
        labels = finer(images, labels, each, seed)
        gan = kg.ConditionalGAN(num_classes=each * (int(labels.max()) // each + 1), **arguments)
        return gan, [images, labels]
    gan = kg.SelfConditionedGAN(num_classes=clusters_of(kind, images, seed), **arguments)
    gan.clusters.adapt(images)
    return gan, [images]


def finer(images, labels, each, seed):
    """Returns the labels with each class divided into this many clusters."""
    if each == 1:
        return labels
    divided = labels * each
    for label in np.unique(labels):
        layer = kg.layers.KMeans(each, seed=seed)
        layer.adapt(images[labels == label])
        divided[labels == label] += np.asarray(layer(images[labels == label]))
    return divided


def new_clusters(gan, images, labels):
    """Returns clusters of the discriminator's features, numbered like the previous ones."""
    from scipy.optimize import linear_sum_assignment

    flat = next(part for part in gan.discriminator.layers if isinstance(part, keras.layers.Flatten))
    network = keras.Model(gan.discriminator.inputs[0], flat.output)
    layer = kg.layers.KMeans(gan.num_classes, features=network)
    layer.adapt(images)
    found = np.concatenate([layer(images[i : i + 500]) for i in range(0, len(images), 500)])
    shared = np.zeros((gan.num_classes, gan.num_classes))
    np.add.at(shared, (labels, found), 1)
    old, new = linear_sum_assignment(-shared)
    numbers = np.zeros(gan.num_classes, "int32")
    numbers[new] = old
    return numbers[found]


def run(name, seed, folder):
    """Trains and judges one run, and saves its row."""
    keras.utils.set_random_seed(seed)
    data, kind = name.split("/")
    images, labels, test = load(data)
    start = time.process_time()
    gan, arrays = make(kind, images, labels, seed)
    gan.compile(steps_per_execution=8)
    steps = SETS[data][0] // BATCH_SIZE // 80 * 8
    for part in range(10):
        if kind.endswith("-own"):
            arrays = [images, new_clusters(gan, *arrays)]
        dataset = kg.datasets.from_arrays(arrays[0], BATCH_SIZE, *arrays[1:], seed=seed).repeat()
        gan.fit(dataset, epochs=part + 1, initial_epoch=part, steps_per_epoch=steps, verbose=0)
    row = {"images": gan.images_seen, "cpu_seconds": time.process_time() - start}
    judge = judge_designs if data == "designs" else judge_images
    row |= judge(gan, data, arrays, images, test, folder)
    stem = name.replace("/", "_")
    (folder / f"{stem}_{seed}.json").write_text(json.dumps(row, indent=1))
    sample = gan.generate(100, labels=drawn_labels(arrays, 100), seed=0)
    kg.drawing.plot_images(sample, columns=10).savefig(folder / f"{stem}_{seed}.png")
    return row


def drawn_labels(arrays, count):
    """Returns random labels with their frequencies in the data, or None without labels."""
    if len(arrays) == 1:
        return None
    return np.random.default_rng(1).choice(arrays[1], count)


def judge_images(gan, data, arrays, images, test, folder):
    judge = keras.saving.load_model(folder / f"judge_{data}.keras")
    fake = gan.generate(10_000, labels=drawn_labels(arrays, 10_000), seed=2)
    row = {}
    for metric in (
        kg.metrics.FrechetDistance(judge),
        kg.metrics.PrecisionRecall(judge),
        kg.metrics.NearestTrainingImage(judge, images),
    ):
        metric.update_state(test, fake)
        result = metric.result()
        row |= result if isinstance(result, dict) else {metric.name: result}
    probabilities = judge.probabilities(fake)
    shares = [
        np.bincount(p.argmax(1), minlength=judge.num_classes) / len(p)
        for p in (judge.probabilities(test), probabilities)
    ]
    row |= {"sure": np.mean(probabilities.max(1) >= 0.9), "rarest": min(shares[1] / shares[0])}
    return {name: float(value) for name, value in row.items()}


def judge_designs(gan, data, arrays, images, test, folder):
    sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
    from mechanics import analysis

    all_images, conditions = next(iter(kg.datasets.mechanical_designs(5000, labels=True, seed=0)))
    training, conditions = analysis.as_designs(all_images), np.asarray(conditions)
    held_out = analysis.as_designs(next(iter(kg.datasets.mechanical_designs(1000, "test", seed=0))))
    made = analysis.as_designs(gan.generate(1000, seed=1))
    return {
        "in_one_piece": analysis.share_in_one_piece(made),
        "joined": float(
            analysis.joined(made, conditions[analysis.nearest(made, training)[0]]).mean()
        ),
        "material": analysis.material_distance(held_out, made),
        "near_copies": analysis.share_of_near_copies(made, training),
    }


def draw(folder):
    """Prints a table for each set, with the runs in the folder."""
    for data, (_, kinds) in SETS.items():
        rows = {kind: sorted(folder.glob(f"{data}_{kind}_[0-9].json")) for kind in kinds}
        columns = DESIGN_COLUMNS if data == "designs" else COLUMNS
        print(f"\n| {data} | seeds | {' | '.join(c.replace('_', ' ') for c in columns)} |")
        print("|---" * (len(columns) + 2) + "|")
        for kind, files in rows.items():
            read = [json.loads(file.read_text()) for file in files]
            form = spread if len(read) > 1 else lambda values, form: f"{values[0]:{form}}"
            cells = [form([row[c] for row in read], f) for c, f in columns.items()] if read else []
            if cells:
                print(f"| {kind} | {len(read)} | {' | '.join(cells)} |")


def main():
    names = [f"{data}/{kind}" for data, (_, kinds) in SETS.items() for kind in kinds]
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument(
        "--draw", action="store_true", help="print the tables of the runs in the folder"
    )
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    if not args.draw:
        for data in dict.fromkeys(name.split("/")[0] for name in args.only):
            next(results(make_judge, [(data, args.folder)]))
        runs = [(name, seed, args.folder) for name in args.only for seed in args.seeds]
        for (name, seed, _), row in zip(runs, results(run, runs), strict=True):
            print(name, seed, {key: round(value, 4) for key, value in row.items()}, flush=True)
    draw(args.folder)


if __name__ == "__main__":
    main()
