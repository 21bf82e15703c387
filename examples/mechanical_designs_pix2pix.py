"""Generate mechanical designs from maps of their supports, load and volume: pix2pix.

What you will see: the same figure as in `mechanical_designs_conditional.py`, with designs for six
loads and three volume fractions, but generated from images of the conditions; and the same
evaluation by finite elements. This is the task of TopologyGAN.

    pip install -e ".[mechanics]"
    python examples/mechanical_designs_pix2pix.py

Two cores of an AMD EPYC (AVX-512): about 3.2 minutes of training. Expected, on conditions that
training did not see: a mean absolute error of the volume fraction of 0.010, 91% joined to the load
and both supports (89% for one design for each of 1,000 conditions), and a median compliance of 1.03
times the optimiser's (`mechanical_designs_conditional.py`: 0.011, 86%, 88% and 1.04).
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
from mechanics.condition_maps import ConditionMaps
from mechanics.specifications import Specification, black_and_white

keras.utils.set_random_seed(0)
EPOCHS = 30
BATCH_SIZE = 64  # small batches: many updates for the same arithmetic
LATENT_DIM = 4  # the conditions say nearly everything
LEARNING_RATE = 2e-3  # high, because the penalty stabilises training; it ends at zero
BETAS = 0.5, 0.99  # of Adam
GAMMA = 0.2  # weight of the penalty
RECONSTRUCTION = 10.0  # weight of the distance to the optimiser's design
WIDTHS = 16, 16  # of the generator and the discriminator: half their default
VOLUMES = 0.25, 0.35, 0.45  # volume fractions that are asked for
LOADS = 6  # taken from designs that training did not see
EACH = 20  # designs for each load and volume
FOLDER = "samples/mechanical_designs_pix2pix"

# Data: pairs of a design and five maps of its conditions, 50x50 pixels.
maps = ConditionMaps(50, 50)
dataset = kg.datasets.mechanical_designs(BATCH_SIZE, labels=True, seed=0)
steps = EPOCHS * len(dataset)
pairs = dataset.map(lambda designs, conditions: (designs, maps(conditions)))

# What is asked for: each load with each volume.
_, held_out = next(iter(kg.datasets.mechanical_designs(LOADS, "test", labels=True, seed=0)))
asked = [
    dataclasses.replace(Specification.from_conditions(condition), volume_fraction=volume)
    for condition in held_out.numpy()
    for volume in VOLUMES
]
conditions = np.stack([specification.conditions() for specification in asked])

# Model: a U-Net from maps to designs, and a discriminator of patches that sees both.
gan = kg.Pix2Pix(
    image_shape=(50, 50, 1),
    latent_dim=LATENT_DIM,
    condition_shape=(50, 50, 5),
    generator=functools.partial(kg.networks.unet_generator, width=WIDTHS[0]),
    discriminator=functools.partial(
        kg.networks.patch_discriminator,
        width=WIDTHS[1],
        strides=(2, 2, 2),  # large patches: whether a bar meets another is no local matter
    ),
    seed=0,
)
optimizers = [
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), *BETAS)
    for _ in range(2)  # one for each player
]
gan.compile(
    *optimizers,
    penalties=[kg.losses.R1(GAMMA)],
    auxiliary_losses=[kg.losses.Reconstruction(RECONSTRUCTION)],
    steps_per_execution=13,  # returns to Python less often; 78 steps make an epoch
)

# Training.
start = time.perf_counter()
monitor = kg.ImageMonitor(FOLDER, labels=np.asarray(maps(conditions)))
gan.fit(pairs, epochs=EPOCHS, callbacks=[monitor], verbose=2)
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Judgement: the optimiser answers the same conditions, and finite elements judge both.
repeated = np.repeat(conditions, EACH, axis=0)
generated = analysis.as_designs(gan.generate(labels=np.asarray(maps(repeated)), seed=1))
joined = analysis.joined(generated, repeated)
optima, ratios, errors = [], [], []
for number, specification in enumerate(asked):
    best = specification.optimum().densities
    optima.append(black_and_white(best, specification.volume_fraction))
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
made = analysis.as_designs(gan.generate(labels=np.asarray(maps(unseen)), seed=2))
share = np.mean(analysis.joined(made, unseen.numpy()))
print(f"joined, one design for each of 1,000 conditions that training did not see: {share:.1%}")

rows = []  # for each load; for each volume the optimiser's own design, then four generated
for number, optimum in enumerate(optima):
    rows += [optimum, *generated[number * EACH : number * EACH + 4]]
images = 255 * np.stack(rows)[..., None].astype("uint8")
title = f"Volumes {VOLUMES}: each time the optimiser's design, then four generated"
sheet = kg.drawing.plot_images(images, 5 * len(VOLUMES), title=title)
sheet.savefig(f"{FOLDER}/asked.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: asked.png, image.gif")
