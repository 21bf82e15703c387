"""Ask for a mechanical design: this much material, held here, loaded there.

What you will see: a sheet of designs for six loads (rows) and three volume fractions (columns),
the optimiser's own design beside each group; an animation of the training; and a judgement by
finite elements: do they take the material that was asked for, do they join the load to the
supports, and how stiff are they, compared to what the optimiser makes of the same conditions.
Needs no network: the designs are part of the package.

    pip install -e ".[mechanics]"
    python examples/mechanical_designs_conditional.py

Two cores of an AMD EPYC (AVX-512): 3.3 minutes of training, 3.6 in all. Expected, on conditions
that training did not see: a mean absolute error of the volume fraction of 0.011, 86% joined to the
load and both supports (88% for one design for each of 1,000 conditions), and a median compliance of
1.04 times the optimiser's.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up messages of TensorFlow

import keras_gans as kg  # before Keras, which would print some

import dataclasses
import functools
import time

import keras
import numpy as np

from mechanics import analysis
from mechanics.condition_maps import map_discriminator
from mechanics.specifications import Specification, black_and_white

keras.utils.set_random_seed(0)
EPOCHS = 30
BATCH_SIZE = 64  # small batches: many updates for the same arithmetic
LATENT_DIM = 4  # the conditions say nearly everything
LEARNING_RATE = 3e-3  # high, because the penalty keeps the game calm; it ends at zero
BETAS = 0.5, 0.99  # of Adam: a short memory for a game whose rules keep changing
GAMMA = 0.2  # weight of the penalty
WIDTHS = 8, 16  # of the generator and the discriminator: half their default, a third of the time
VOLUMES = 0.25, 0.35, 0.45  # volume fractions that are asked for
LOADS = 6  # taken from designs that training did not see
EACH = 20  # designs for each load and volume
FOLDER = "samples/mechanical_designs_conditional"

# Data: pairs of images and 13 conditions; see kg.datasets.mechanical_designs.
dataset = kg.datasets.mechanical_designs(BATCH_SIZE, labels=True, seed=0)

# What is asked for: each load with each volume.
_, held_out = next(iter(kg.datasets.mechanical_designs(LOADS, "test", labels=True, seed=0)))
asked = [
    dataclasses.replace(Specification.from_conditions(condition), volume_fraction=volume)
    for condition in held_out.numpy()
    for volume in VOLUMES
]
conditions = np.stack([specification.conditions() for specification in asked])

# Model: both networks are told the conditions. The discriminator also sees them as maps beside the
# image, drawn by a layer of this example: whether a bar ends at the load is in plain sight then.
gan = kg.ConditionalGAN(
    image_shape=(50, 50, 1),
    latent_dim=LATENT_DIM,
    condition_dim=conditions.shape[1],
    generator=functools.partial(kg.networks.dcgan_generator, width=WIDTHS[0]),
    discriminator=functools.partial(map_discriminator, width=WIDTHS[1]),
    seed=0,
)
steps = EPOCHS * len(dataset)
optimizers = [
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), *BETAS)
    for _ in range(2)  # one for each player
]
gan.compile(
    *optimizers,
    penalties=[kg.losses.R1(GAMMA)],
    steps_per_execution=13,  # returns to Python less often; 78 steps make an epoch
)

# Training.
start = time.perf_counter()
monitor = kg.ImageMonitor(FOLDER, labels=conditions, num_images=len(conditions))
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[monitor])
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Judgement: the optimiser answers the same conditions, and finite elements judge both.
repeated = np.repeat(conditions, EACH, axis=0)
generated = analysis.as_designs(gan.generate(labels=repeated, seed=1))
joined = analysis.joined(generated, repeated)
optima, ratios, errors = [], [], []
for number, specification in enumerate(asked):
    densities = specification.optimum().densities
    optima.append(black_and_white(densities, specification.volume_fraction))
    stiffest = specification.compliance(optima[-1])
    group = slice(number * EACH, (number + 1) * EACH)
    errors.extend(np.abs(analysis.material(generated[group]) - specification.volume_fraction))
    sound = generated[group][joined[group]]
    ratios.extend(specification.compliance(design) / stiffest for design in sound)
print(f"{len(generated)} designs for {len(asked)} conditions that training did not see:")
print(f"mean absolute error of the volume fraction: {np.mean(errors):.4f}")
print(f"joined to the load and both supports: {np.mean(joined):.1%}")
print(f"compliance of those over the optimiser's own: median {np.median(ratios):.3f}")
_, unseen = next(iter(kg.datasets.mechanical_designs(1000, "test", labels=True, seed=0)))
made = analysis.as_designs(gan.generate(labels=unseen.numpy(), seed=2))
share = np.mean(analysis.joined(made, unseen.numpy()))
print(f"joined, one design for each of 1,000 conditions that training did not see: {share:.1%}")

# Picture: for each load a row; for each volume the optimiser's own design, then four generated.
rows = []
for number, optimum in enumerate(optima):
    rows += [optimum, *generated[number * EACH : number * EACH + 4]]
images = 255 * np.stack(rows)[..., None].astype("uint8")
title = f"Volumes {VOLUMES}: each time the optimiser's design, then four generated"
sheet = kg.drawing.plot_images(images, 5 * len(VOLUMES), title=title)
sheet.savefig(f"{FOLDER}/asked.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: asked.png, learning_curves.png, image.gif")
