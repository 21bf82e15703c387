"""Generate mechanical designs from maps of their supports, load and volume: pix2pix.

What you will see: the same figure as in `mechanical_designs_conditional.py`, with designs for six
loads and three volume fractions, but generated from images of the conditions; and the same
evaluation with finite elements. This is the task of TopologyGAN.

    pip install -e ".[mechanics]"
    python examples/mechanical_designs_pix2pix.py

Two cores of an AMD EPYC (AVX-512): about 3.2 minutes of training. Expected, for conditions not seen
in training: a mean absolute error of the volume fraction of 0.010, 91% joined to the load and both
supports (89% for one design for each of 1,000 conditions), and a median compliance of 1.03 times
the optimizer's (`mechanical_designs_conditional.py`: 0.011, 86%, 88% and 1.04).
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import functools
import time

import keras
import numpy as np
from mechanics import analysis, on_demand
from mechanics.condition_maps import ConditionMaps

keras.utils.set_random_seed(0)
EPOCHS = 30
BATCH_SIZE = 64  # small batches: more updates for the same amount of computation
LATENT_DIM = 4  # small, because the conditions determine nearly everything
LEARNING_RATE = 2e-3  # high, because the penalty stabilizes training; it decays to zero
BETAS = 0.5, 0.99  # of Adam
GAMMA = 0.2  # weight of the penalty
RECONSTRUCTION = 10.0  # weight of the distance to the optimizer's design
WIDTHS = 16, 16  # of the generator and the discriminator: half the defaults
VOLUMES = 0.25, 0.35, 0.45  # the requested volume fractions
LOADS = 6  # taken from held-out designs
EACH = 20  # number of designs for each load and volume
FOLDER = "samples/mechanical_designs_pix2pix"

# Data: pairs of a design and five maps of its conditions, of 50x50 pixels.
maps = ConditionMaps(50, 50)
dataset = kg.datasets.mechanical_designs(BATCH_SIZE, labels=True, seed=0)
steps = EPOCHS * len(dataset)
pairs = dataset.map(lambda designs, conditions: (designs, maps(conditions)))

# The requested conditions: each load with each volume.
asked = on_demand.held_out_specifications(LOADS, VOLUMES)
conditions = np.stack([specification.conditions() for specification in asked])

# Model: a U-Net from maps to designs, and a patch discriminator that receives both.
gan = kg.Pix2Pix(
    image_shape=(50, 50, 1),
    latent_dim=LATENT_DIM,
    condition_shape=(50, 50, 5),
    generator=functools.partial(kg.networks.unet_generator, width=WIDTHS[0]),
    discriminator=functools.partial(
        kg.networks.patch_discriminator,
        width=WIDTHS[1],
        strides=(2, 2, 2),  # large patches: whether two bars meet is not visible in small ones
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
    steps_per_execution=13,  # returns to Python less often; an epoch has 78 steps
)

# Training.
start = time.perf_counter()
monitor = kg.ImageMonitor(FOLDER, labels=np.asarray(maps(conditions)))
gan.fit(pairs, epochs=EPOCHS, callbacks=[monitor], verbose=2)
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Evaluation: finite elements judge these designs and those of the optimizer.
repeated = np.repeat(conditions, EACH, axis=0)
generated = analysis.as_designs(gan.generate(labels=np.asarray(maps(repeated)), seed=1))
best = on_demand.optima(asked)
print(on_demand.comparison(generated, best, asked))
_, unseen = next(iter(kg.datasets.mechanical_designs(1000, "test", labels=True, seed=0)))
made = analysis.as_designs(gan.generate(labels=np.asarray(maps(unseen)), seed=2))
share = np.mean(analysis.joined(made, unseen.numpy()))
print(f"joined, one design for each of 1,000 conditions not seen in training: {share:.1%}")

# Picture: a row for each load; for each volume, the optimizer's design and four generated ones.
on_demand.plot_designs(generated, best, VOLUMES).savefig(f"{FOLDER}/asked.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: asked.png, image.gif")
