"""Generate sheep with a WGAN-GP: FIDLE's second notebook on Quick, Draw!, with its networks.

What you will see: a grid of sketches after each epoch, and an animation of the training. At the
end, the script prints the critic's estimates of the distance between real and generated sketches,
which fall as the sketches improve. A classifier says how many of them are sheep.

    python examples/wgan_gp_sheep.py
    python examples/wgan_gp_sheep.py cat      # or any of the 345 categories

One core of an AMD EPYC, with other programs running, on 900 sketches: 14.0 minutes of CPU time.
Expected: the classifier takes 84% of the sketches for sheep (85% of real ones).

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
CRITIC_STEPS = 2  # the course's `n_critic`
STEPS = 400  # total number of batches; each CRITIC_STEPS-th also updates the generator
EPOCHS = 10  # the number of grids that are drawn in these steps
BATCH_SIZE = 64
LATENT_DIM = 128
LEARNING_RATE = 1e-3  # the course uses 2e-4 and ten times as many steps; decays to zero
BETAS = 0.5, 0.9  # of Adam
OTHERS = ["cat", "dog", "rabbit", "frog"]  # the judge also knows three of these
FOLDER = "samples/wgan_gp_sheep"

parser = argparse.ArgumentParser()
parser.add_argument("category", nargs="?", default="sheep")
category = parser.parse_args().category

# The course's networks. The critic has no sigmoid: its output is not a probability.
generator = keras.Sequential(
    [
        keras.Input((LATENT_DIM,)),
        layers.Dense(7 * 7 * 64),
        layers.Reshape((7, 7, 64)),
        layers.UpSampling2D(),
        layers.Conv2D(128, 3, padding="same", activation="relu"),
        layers.UpSampling2D(),
        layers.Conv2D(256, 3, padding="same", activation="relu"),
        layers.Conv2D(1, 5, padding="same", activation="sigmoid"),
    ],
    name="generator",
)
critic = keras.Sequential([keras.Input((28, 28, 1))], name="discriminator")
for filters in (64, 128, 128):
    critic.add(layers.Conv2D(filters, 4, strides=2, padding="same"))
    critic.add(layers.LeakyReLU(negative_slope=0.2))
for layer in (layers.Flatten(), layers.Dropout(0.2), layers.Dense(1)):
    critic.add(layer)

# `WGANGP` uses the Wasserstein loss and a gradient penalty of weight 10.
gan = kg.WGANGP(generator=generator, discriminator=critic, seed=0)
updates = {"discriminator": STEPS, "generator": STEPS // CRITIC_STEPS}
optimizers = {
    f"{player}_optimizer": keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), *BETAS
    )
    for player, steps in updates.items()
}
gan.compile(**optimizers, discriminator_steps=CRITIC_STEPS)
dataset = kg.datasets.quick_draw(BATCH_SIZE, category, value_range=(0, 1), seed=0)
start = time.process_time()
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=STEPS // EPOCHS,
    epochs=EPOCHS,
    callbacks=[kg.ImageMonitor(FOLDER, num_images=36)],
)
minutes = (time.process_time() - start) / 60
gan.save(f"{FOLDER}/{category}.keras")

# Evaluation: a classifier of four animals, 900 sketches of each, classifies 1,000 generated ones.
names = [category, *(other for other in OTHERS if other != category)][:4]
known = [next(iter(kg.datasets.quick_draw(900, name, seed=0))) for name in names]
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=4)
judge.fit(np.concatenate(known), np.repeat(range(4), 900), epochs=10, verbose=0)
real = next(iter(kg.datasets.quick_draw(100, category, split="test", seed=0)))
for kind, sketches in {
    "generated sketches": 2 * gan.generate(1000, seed=2) - 1,  # to [-1, 1]
    "held-out real sketches": real,
}.items():
    share = np.mean(judge.probabilities(sketches).argmax(axis=1) == 0)
    print(f"The classifier takes {share:.1%} of the {kind} for {category}, and not for")
    print(f"{', '.join(names[1:-1])} or {names[-1]}.")
estimates = ", ".join(f"{-loss:.2f}" for loss in history.history["discriminator_loss"])
print(f"The critic's estimate of the distance after each epoch: {estimates}")
print(f"{minutes:.1f} minutes of CPU time in training; see", end=" ")
print(f"{os.path.abspath(FOLDER)}/image.gif")
