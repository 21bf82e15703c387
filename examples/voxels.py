"""Generate volumes: balls, boxes, cylinders and rings of 16x16x16 voxels.

What you will see: generated solids after each epoch, each seen from three sides. The score is how
much each generated solid overlaps with the nearest of 4,000 other solids made by formula, next to
the same number for solids that training did not see. Needs no data.

    python examples/voxels.py

MACHINE
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up messages

import functools
import time

import keras
import numpy as np

import keras_gans as kg

keras.utils.set_random_seed(0)
EPOCHS = 16
BATCH_SIZE = 64
SIDE = 16  # voxels
LATENT_DIM = 16
LEARNING_RATE = 2e-3  # high, because the penalty stabilises training; it ends at zero
BETAS = 0.5, 0.99  # of Adam
GAMMA = 0.2  # weight of the penalty
FOLDER = "samples/voxels"
JUDGED = 1000


def solids(number, seed):
    """Boolean voxels `(number, SIDE, SIDE, SIDE, 1)`: a quarter of each kind."""
    random = np.random.default_rng(seed)
    at = np.moveaxis(np.indices((SIDE, SIDE, SIDE)) + 0.5, 0, -1)  # centres of the voxels
    made = []
    for kind in np.arange(number) % 4:
        z, y, x = np.moveaxis(at - random.uniform(0.4, 0.6, 3) * SIDE, -1, 0)
        size = random.uniform(0.22, 0.36) * SIDE
        height, thickness = random.uniform(0.2, 0.4) * SIDE, random.uniform(0.09, 0.13) * SIDE
        radius = np.hypot(x, y)
        made.append(
            [
                radius**2 + z**2 < size**2,  # a ball
                np.maximum(np.abs(x), np.abs(y)) < 0.9 * size,  # a box, cut to its height below
                radius < 0.8 * size,  # a cylinder, likewise
                (radius - size) ** 2 + z**2 < thickness**2,  # a ring
            ][kind]
            & (np.abs(z) < (height if kind in (1, 2) else SIDE))
        )
    return np.stack(made)[..., None]


def nearest_overlap(voxels, others):
    """For each solid, the largest intersection over union with one of the others."""
    voxels, others = (v.reshape(len(v), -1).astype("float32") for v in (voxels, others))
    common = voxels @ others.T
    union = voxels.sum(axis=1)[:, None] + others.sum(axis=1)[None] - common
    return (common / union).max(axis=1)


# Model: `image_shape` of four sizes makes networks of 3-D convolutions.
dataset = kg.datasets.from_arrays(solids(8000, seed=0), BATCH_SIZE, seed=0)
gan = kg.DCGAN(
    image_shape=(SIDE, SIDE, SIDE, 1),
    latent_dim=LATENT_DIM,
    discriminator=functools.partial(kg.networks.dcgan_discriminator, width=16, dropout=0.0),
    seed=0,
)
steps = EPOCHS * len(dataset)
optimizers = [
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), *BETAS)
    for _ in range(2)  # one for each player
]
gan.compile(*optimizers, penalties=[kg.losses.R1(GAMMA)])
start = time.perf_counter()
gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)], verbose=2)
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Score: overlap with the nearest solid of a set that training did not see.
others, held_out = solids(4000, seed=1), solids(JUDGED, seed=2)
generated = gan.generate(JUDGED, seed=0)
overlap = nearest_overlap(generated > 0, others)
print(
    f"Overlap with the nearest solid: {overlap.mean():.3f} (of held-out solids: "
    f"{nearest_overlap(held_out, others).mean():.3f})."
)
kinds = [
    np.mean(
        np.argmax([nearest_overlap(generated > 0, others[kind::4]) for kind in range(4)], axis=0)
        == kind
    )
    for kind in range(4)
]
print("Balls, boxes, cylinders, rings: " + ", ".join(f"{share:.0%}" for share in kinds))
kg.drawing.plot_volumes(generated[:12]).savefig(f"{FOLDER}/solids.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: solids.png, image.gif")
