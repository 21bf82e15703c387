"""Reproduces published FIDs on CIFAR-10 with this library; needs a GPU.

    python tests/benchmarks/cifar10_published.py                     # DCGAN: 6 hours there
    python tests/benchmarks/cifar10_published.py --only wgan_gp sngan
    python tests/benchmarks/cifar10_published.py --steps 2 --batch 8 --images 64  # a trial

The settings are those of xyfJASON/GANs-Implementations (8ba548d): a plain CNN with 1024, 512 and
256 channels at 4x4, 8x8 and 16x16, mirrored in the discriminator; BatchNorm in both networks;
latents of 100; batches of 512; Adam(8e-4, 0.5, 0.999); five discriminator steps; 40,000 generator
steps; no averaged generator. Its FIDs were measured with torch-fidelity, and compare 50,000
generated images with the 50,000 training images.

Each run writes a folder of PNG files below samples/cifar10_published, and prints the command that
measures them. If torch-fidelity is installed in this environment, the script runs it and prints the
row. With `--inception FILE`, it also measures with `metrics.FrozenInception`. Needs CIFAR-10, which
Keras downloads, and about 12 GB of GPU memory.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans as kg  # before Keras, which would print messages

import argparse
import functools
import importlib.util
import json
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf


FOLDER = Path("samples/cifar10_published")
LATENT_DIM, CRITIC_STEPS = 100, 5
IMAGE_SHAPE = 32, 32, 3
WIDTHS = 1024, 512, 256
PUBLISHED = {  # name: published FID
    "dcgan": 24.73,
    "r1": 24.15,
    "wgan_gp": 28.80,
    "sngan": 24.92,
    "conditional": 25.50,
    "ac_gan": 19.92,
}


def generator(**labels):
    return kg.networks.dcgan_generator(
        IMAGE_SHAPE, LATENT_DIM, width=WIDTHS, kernel_size=4, strides=(2, 2, 2), **labels
    )


def discriminator(batch_norm=True, spectral=False, **labels):
    network = kg.networks.dcgan_discriminator(
        IMAGE_SHAPE, WIDTHS[::-1], 4, strides=(2, 2, 2), batch_norm=batch_norm, **labels
    )
    if not spectral:
        return network
    normal = kg.layers.SpectralNormalization
    products = keras.layers.Conv2D, keras.layers.Dense

    def wrapped(layer):
        return normal(layer) if isinstance(layer, products) else layer

    return keras.models.clone_model(network, clone_function=lambda layer: wrapped(clone(layer)))


def clone(layer):
    return layer.__class__.from_config(layer.get_config())


def make(name):
    """Returns the model, and the arguments of `compile` other than the optimizers."""
    classes = {"num_classes": 10}
    if name == "conditional":
        return kg.ConditionalGAN(
            generator=generator(**classes),
            discriminator=discriminator(projection=False, **classes),
            **classes,
        ), {"penalties": []}
    if name == "ac_gan":
        return kg.ACGAN(
            generator=generator(**classes),
            discriminator=discriminator(heads={"classes": 10}),
            **classes,
        ), {"penalties": []}
    networks = {
        "dcgan": (discriminator, {"penalties": []}),
        # The original has BatchNorm in the discriminator, an error here together with a penalty.
        "r1": (
            functools.partial(discriminator, batch_norm=False),
            {"penalties": [kg.losses.R1(10.0)]},
        ),
        "wgan_gp": (
            functools.partial(discriminator, batch_norm=False),
            {"loss": kg.losses.Wasserstein(), "penalties": [kg.losses.GradientPenalty(10.0)]},
        ),
        "sngan": (
            functools.partial(discriminator, batch_norm=False, spectral=True),
            {"penalties": []},
        ),
    }
    make_discriminator, settings = networks[name]
    return kg.GAN(generator=generator(), discriminator=make_discriminator()), settings


def train(name, steps, batch_size):
    """Returns the trained model and the seconds of training."""
    keras.utils.set_random_seed(0)
    gan, settings = make(name)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(8e-4, 0.5, 0.999),
        generator_optimizer=keras.optimizers.Adam(8e-4, 0.5, 0.999),
        discriminator_steps=CRITIC_STEPS,
        **{"loss": kg.losses.NonSaturating(), **settings},
    )
    dataset = kg.datasets.cifar10(batch_size, labels=gan.num_classes is not None, seed=0)
    start = time.perf_counter()
    gan.fit(dataset.repeat(), epochs=1, steps_per_epoch=steps * CRITIC_STEPS)
    return gan, time.perf_counter() - start


def write(gan, folder, count):
    """`count` images of the generator as trained, with labels in turn, as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, count, 500):
        latents = np.random.default_rng(start).normal(size=(min(500, count - start), LATENT_DIM))
        inputs = [latents.astype("float32")]
        if gan.num_classes:
            inputs.append(np.arange(start, start + len(latents)) % 10)
        images = gan.generator(inputs if len(inputs) > 1 else inputs[0], training=False)
        for number, image in enumerate(kg.ops.to_uint8(images, (-1, 1)), start):
            tf.io.write_file(str(folder / f"{number:05}.png"), tf.io.encode_png(image))


def judge(folder, count, inception):
    """Returns the FIDs of the judges that are installed or given, by name."""
    row = {}
    if importlib.util.find_spec("torch_fidelity"):
        import torch_fidelity

        measured = torch_fidelity.calculate_metrics(
            input1=str(folder), input2="cifar10-train", fid=True, cuda=bool(gpus())
        )
        row["torch-fidelity"] = measured["frechet_inception_distance"]
    else:
        print(f"fidelity --gpu 0 --fid --input1 {folder} --input2 cifar10-train")
    if inception:
        metric = kg.metrics.FrechetDistance(kg.metrics.FrozenInception(inception))
        real = next(iter(kg.datasets.cifar10(count, seed=0)))
        files = sorted(folder.glob("*.png"))[:count]
        fake = np.stack([tf.io.decode_png(tf.io.read_file(str(file))) for file in files])
        metric.update_state(real, fake / 127.5 - 1)
        row["FrozenInception"] = metric.result()
    return {name: float(value) for name, value in row.items()}


def gpus():
    return tf.config.list_physical_devices("GPU")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=PUBLISHED, default=["dcgan"])
    parser.add_argument("--steps", type=int, default=40_000, help="number of generator steps")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument(
        "--images", type=int, default=50_000, help="number of generated images to judge"
    )
    parser.add_argument("--inception", help="file with the weights for FrozenInception")
    args = parser.parse_args()
    print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, GPUs: {len(gpus())}")
    for name in args.only:
        gan, seconds = train(name, args.steps, args.batch)
        folder = FOLDER / name
        write(gan, folder / "images", args.images)
        gan.save(folder / "gan.keras")
        row = {"steps": args.steps, "hours": seconds / 3600, "published": PUBLISHED[name]}
        row |= judge(folder / "images", args.images, args.inception)
        (folder / "row.json").write_text(json.dumps(row, indent=1))
        print(name, row, flush=True)


if __name__ == "__main__":
    main()
