"""Generate mechanical designs on demand, for given supports, a given load and amount of material.

What you will see: a sheet of designs for six loads (rows) and three volume fractions (columns),
each group next to the optimizer's own design; an animation of the training; and an evaluation with
finite elements. Do the designs have the requested amount of material? Do they join the load to the
supports? How stiff are they, compared with the optimizer's designs for the same conditions?
This example needs no internet access: the designs are part of the package.

    pip install -e ".[mechanics]"
    python examples/mechanical_designs_conditional.py

One core of an AMD EPYC (AVX2), with other programs running: 17 minutes of training. Expected, for
conditions not seen in training: a mean absolute error of the volume fraction of 0.008, 91% joined
to the load and both supports (86% for one design for each of 1,000 conditions), and a median
compliance of 1.07 times the optimizer's.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import functools
import time

import keras
import numpy as np

from mechanics import analysis, on_demand
from mechanics.condition_maps import map_discriminator

keras.utils.set_random_seed(0)
EPOCHS = 30
BATCH_SIZE = 64  # small batches: more updates for the same amount of computation
LATENT_DIM = 4  # small, because the conditions determine nearly everything
WIDTHS = 8, 16  # of the generator and the discriminator: half the defaults, a third of the time
VOLUMES = 0.25, 0.35, 0.45  # the requested volume fractions
LOADS = 6  # taken from held-out designs
EACH = 20  # number of designs for each load and volume
FOLDER = "samples/mechanical_designs_conditional"

# Data: pairs of an image and its 13 conditions; see kg.datasets.mechanical_designs.
dataset = kg.datasets.mechanical_designs(BATCH_SIZE, labels=True, seed=0)

# The requested conditions: each load with each volume.
asked = on_demand.held_out_specifications(LOADS, VOLUMES)
conditions = np.stack([specification.conditions() for specification in asked])

# Model: both networks receive the conditions. A layer of this example also draws them as maps and
# concatenates these to the image, so that the discriminator sees whether a bar ends at the load.
gan = kg.ConditionalGAN(
    image_shape=(50, 50, 1),
    latent_dim=LATENT_DIM,
    condition_dim=conditions.shape[1],
    generator=functools.partial(kg.networks.dcgan_generator, width=WIDTHS[0]),
    discriminator=functools.partial(map_discriminator, width=WIDTHS[1]),
    seed=0,
)
gan.compile()

# Training.
start = time.perf_counter()
monitor = kg.ImageMonitor(FOLDER, labels=conditions, num_images=len(conditions))
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[monitor])
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Evaluation: finite elements judge these designs and those of the optimizer.
repeated = np.repeat(conditions, EACH, axis=0)
generated = analysis.as_designs(gan.generate(labels=repeated, seed=1))
best = on_demand.optima(asked)
print(on_demand.comparison(generated, best, asked))
_, unseen = next(iter(kg.datasets.mechanical_designs(1000, "test", labels=True, seed=0)))
made = analysis.as_designs(gan.generate(labels=unseen.numpy(), seed=2))
share = np.mean(analysis.joined(made, unseen.numpy()))
print(f"joined, one design for each of 1,000 conditions not seen in training: {share:.1%}")

# Picture: a row for each load; for each volume, the optimizer's design and four generated ones.
on_demand.plot_designs(generated, best, VOLUMES).savefig(f"{FOLDER}/asked.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: asked.png, learning_curves.png, image.gif")
