"""Train on a folder of your own pictures, PNG or JPEG files of any size.

What you will see: a grid of images after each epoch, an animation of the training, and an
evaluation: how close the images are to held-out pictures, and whether they are copies of training
pictures. With `--kinds`, each subfolder is a class, and has its own row in the grid. Use at least
a few hundred pictures, better some thousands; add `--batch_size 16` if you have fewer than 80.

    python examples/image_folder.py my_pictures --shape 64 96 3     # height, width, channels
    python examples/image_folder.py      # downloads 600 MB of sketches, and makes a folder of them

One core of an Intel Xeon (AVX-512), with other programs running, on these 12,000 sketches: 6.8
minutes of training. Expected there: a Fréchet distance of 0.97. The generated sketches are nearly
as far from the nearest training sketch as held-out ones (0.97 times); 0.2% of them are near copies.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import argparse
import functools
import time
from pathlib import Path

import keras
import numpy as np
from PIL import Image

keras.utils.set_random_seed(0)
STEPS = 5_000  # total number of batches, whatever the number of pictures
EPOCHS = 10  # the number of grids that are drawn in these steps
LATENT_DIM = 32
FOLDER = Path("samples/image_folder")
SKETCHES = ["apple", "bicycle", "cat", "diamond", "eye", "fish"]

parser = argparse.ArgumentParser()
parser.add_argument("folder", nargs="?", type=Path)
parser.add_argument("--shape", type=int, nargs=3, default=(64, 64, 3))
parser.add_argument("--kinds", action="store_true")
parser.add_argument("--batch_size", type=int, default=64)
args = parser.parse_args()
if args.folder is None:
    args.folder, args.shape, args.kinds = FOLDER / "pictures", (28, 28, 1), True
    for name in SKETCHES:  # missing files are downloaded, 100 MB each
        (args.folder / name).mkdir(parents=True, exist_ok=True)
        sketches = kg.datasets.quick_draw(1000, name, value_range=(0, 255), seed=0).take(2)
        for number, sketch in enumerate(sketches.unbatch()):
            picture = np.rint(sketch[..., 0]).astype("uint8")
            Image.fromarray(picture).save(args.folder / name / f"{number:04}.png")

# Data: nine of ten pictures are for training, the tenth is held out.
shape = tuple(args.shape)
load = functools.partial(
    kg.datasets.image_folder, args.folder, image_shape=shape, labels=args.kinds, seed=0
)
dataset = load(args.batch_size, split="train")
held_out = load(args.batch_size, split="test", drop_remainder=False)
kinds = dataset.class_names or []

# Model: with `--kinds`, both networks receive the kind as an input.
if kinds:
    gan = kg.ConditionalGAN(shape, LATENT_DIM, num_classes=len(kinds), seed=0)
else:
    gan = kg.DCGAN(shape, LATENT_DIM, seed=0)
gan.compile(steps_per_execution=10)  # returns to Python less often
start = time.perf_counter()
gan.fit(
    dataset.repeat(),
    steps_per_epoch=STEPS // EPOCHS,
    epochs=EPOCHS,
    callbacks=[kg.ImageMonitor(FOLDER, captions=kinds[:16] or None)],
)
minutes = (time.perf_counter() - start) / 60
gan.save(FOLDER / "gan.keras")

# Evaluation without labels: a classifier learns by how many quarter turns a picture was rotated,
# and so learns features of these pictures (Gidaris et al., 2018, https://arxiv.org/abs/1803.07728).
pictures = np.concatenate([batch[0] if kinds else batch for batch in dataset.take(200)])
turns = range(4) if shape[0] == shape[1] else (0, 2)  # quarter turns
turned = np.concatenate([np.rot90(pictures, turn, axes=(1, 2)) for turn in turns])
judge = kg.metrics.DomainClassifier(shape, num_classes=len(turns))
judge.fit(turned, np.repeat(range(len(turns)), len(pictures)), epochs=3, verbose=0)
gan.measure_with(
    [kg.metrics.FrechetDistance(judge), kg.metrics.NearestTrainingImage(judge, pictures)]
)
gan.evaluate(held_out)
print(f"{minutes:.1f} minutes of training; see {FOLDER.resolve()}/image.gif")
