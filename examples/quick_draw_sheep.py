"""Generate sheep: FIDLE's DCGAN on Quick, Draw! sketches, with the networks of the course.

What you will see: a grid of sketches after each epoch, and an animation of the training. At the
end, a classifier of sketches of four animals says how many of the generated sketches are sheep.

    python examples/quick_draw_sheep.py
    python examples/quick_draw_sheep.py cat      # or any of the 345 categories
    python examples/quick_draw_sheep.py --more sketches.npz

One core of an Intel Xeon (AVX-512), with other programs running, on 900 sketches: 9.0 minutes of
training. Expected there: the classifier takes 88% of the sketches for sheep, and not for a cat, a
dog or a rabbit; of held-out real sketches, 83%.

Without internet access, set KERAS_GANS_DATA to a folder that contains `sheep.npy` and the files of
OTHERS. Otherwise, four files of 100 MB are downloaded.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import argparse
import time

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
STEPS = 400  # total number of batches, for 900 sketches as well as for 100,000
EPOCHS = 10  # the number of grids that are drawn in these steps
BATCH_SIZE = 64
LATENT_DIM = 100
GAMMA = 1  # weight of the penalty
OTHERS = ["cat", "dog", "rabbit", "frog"]  # the judge also knows three of these
FOLDER = "samples/quick_draw_sheep"

parser = argparse.ArgumentParser()
parser.add_argument("category", nargs="?", default="sheep")
parser.add_argument("--more", help="an .npz file with more sketches: `train`, uint8 (N, 28, 28)")
args = parser.parse_args()

# Data: sketches in [0, 1], the range of a sigmoid.
dataset = kg.datasets.quick_draw(BATCH_SIZE, args.category, value_range=(0, 1), seed=0)
if args.more:
    sketches = np.concatenate(list(dataset))
    more = np.load(args.more)["train"].reshape(-1, 28, 28, 1) / np.float32(255)
    both = np.concatenate([sketches, more])
    dataset = kg.datasets.from_arrays(both, BATCH_SIZE, value_range=(0, 1), seed=0)

# The course's networks.
generator = keras.Sequential(
    [
        keras.Input((LATENT_DIM,)),
        layers.Dense(7 * 7 * 64),
        layers.Reshape((7, 7, 64)),
        layers.UpSampling2D(),
        layers.Conv2D(128, 4, padding="same", activation="relu"),
        layers.UpSampling2D(),
        layers.Conv2D(256, 4, padding="same", activation="relu"),
        layers.Conv2D(1, 5, padding="same", activation="sigmoid"),
    ],
    name="generator",
)
discriminator = keras.Sequential([keras.Input((28, 28, 1))], name="discriminator")
for filters in (64, 128, 128):
    discriminator.add(layers.Conv2D(filters, 4, strides=2, padding="same"))
    discriminator.add(layers.LeakyReLU(negative_slope=0.2))
for layer in (layers.Flatten(), layers.Dropout(0.2), layers.Dense(1, activation="sigmoid")):
    discriminator.add(layer)
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
gan.compile(loss=keras.losses.BinaryCrossentropy(), penalties=[kg.losses.R1(GAMMA)])
start = time.perf_counter()
gan.fit(
    dataset.repeat(),
    steps_per_epoch=STEPS // EPOCHS,
    epochs=EPOCHS,
    callbacks=[kg.ImageMonitor(FOLDER, num_images=36)],
)
minutes = (time.perf_counter() - start) / 60
gan.save(f"{FOLDER}/{args.category}.keras")  # with both optimizers, to continue later

# Evaluation: a classifier of four animals, 900 sketches of each, classifies 1,000 generated ones.
names = [args.category, *(other for other in OTHERS if other != args.category)][:4]
known = [next(iter(kg.datasets.quick_draw(900, name, seed=0))) for name in names]
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=4)
judge.fit(np.concatenate(known), np.repeat(range(4), 900), epochs=10, verbose=0)
real = next(iter(kg.datasets.quick_draw(100, args.category, split="test", seed=0)))
for kind, sketches in {
    "generated sketches": 2 * gan.generate(1000, seed=2) - 1,  # to [-1, 1]
    "held-out real sketches": real,
}.items():
    share = np.mean(judge.probabilities(sketches).argmax(axis=1) == 0)
    print(f"The classifier takes {share:.1%} of the {kind} for {args.category}, and not for")
    print(f"{', '.join(names[1:-1])} or {names[-1]}.")
print(f"{minutes:.1f} minutes of training; see {os.path.abspath(FOLDER)}/image.gif")
