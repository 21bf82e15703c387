"""See the effect of the learning rates: large, small, or different for the two players.

What you will see: a sheet with a row for each of five short trainings on the mechanical designs,
which differ only in the two learning rates. It shows the losses, the scores (how real the
discriminator considers real and generated designs), and the designs at the end.

    python examples/learning_rates.py

Two cores of an AMD EPYC (AVX-512), with other programs running: 6.9 minutes. Expected:

- Equal, 1e-3: after a few epochs, both losses change slowly, and the scores stay less than 0.5
  apart. The designs are clean. This is what a good training looks like; losses need not fall.
- Both large: the losses jump by orders of magnitude, and the designs are shapeless blots. The
  scores look harmless, so look at the images, too.
- Both small: the same as the first row, in slow motion. The designs are still blurred.
- The discriminator faster: it is nearly always right (scores near 1 and 0), the generator's loss is
  high, and the designs are worse.
- The generator faster: the discriminator cannot tell real from generated (scores 0.5, losses log 4
  and log 2), so the generator learns nothing from it. Flat curves do not mean good designs.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time

import keras
import numpy as np
from matplotlib.figure import Figure

EPOCHS = 20
IMAGE_SHAPE = (28, 28, 1)  # small, to save time
RATES = {  # of the discriminator, of the generator
    "equal": (1e-3, 1e-3),
    "both large": (3e-2, 3e-2),
    "both small": (2e-5, 2e-5),
    "discriminator faster": (2e-3, 5e-5),
    "generator faster": (5e-5, 2e-3),
}
FOLDER = "samples/learning_rates"
start = time.perf_counter()
os.makedirs(FOLDER, exist_ok=True)

sheet = Figure(figsize=(13, 2.6 * len(RATES)), dpi=80, layout="constrained")
rows = sheet.subplots(len(RATES), 3, width_ratios=(1, 1, 1.3))
for (name, rates), (losses, scores, picture) in zip(RATES.items(), rows, strict=True):
    # Each training has the same data, the same initial networks and the same noise.
    keras.utils.set_random_seed(0)
    dataset = kg.datasets.mechanical_designs(64, seed=0, image_shape=IMAGE_SHAPE)
    gan = kg.DCGAN(image_shape=IMAGE_SHAPE, latent_dim=16, seed=0)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(rates[0], beta_1=0.5),
        generator_optimizer=keras.optimizers.Adam(rates[1], beta_1=0.5),
        steps_per_execution=13,  # returns to Python less often; an epoch has 78 steps
    )
    history = gan.fit(dataset, epochs=EPOCHS, verbose=0).history

    epochs = range(1, 1 + len(history["generator_loss"]))
    for axes, curves in (
        (losses, ("discriminator_loss", "generator_loss")),
        (scores, ("real_score", "fake_score")),
    ):
        for curve in curves:
            axes.plot(epochs, history[curve], label=curve.replace("_", " "))
        axes.legend(fontsize=8)
        axes.set_xlabel("Epoch")
    losses.set_title(f"{name}: {rates[0]:g}, {rates[1]:g}", fontsize=10)
    scores.set_ylim(0, 1)
    designs = np.pad(gan.generate(18, seed=1)[..., 0], ((0, 0), (1, 1), (1, 1)))
    side = designs.shape[1]
    grid = designs.reshape(3, 6, side, side).swapaxes(1, 2).reshape(3 * side, 6 * side)
    picture.imshow(grid, cmap="gray", vmin=-1, vmax=1)
    picture.set_axis_off()
    ends = {curve: values[-1] for curve, values in history.items()}
    print(f"{name}: " + ", ".join(f"{curve} {value:.2f}" for curve, value in ends.items()))
sheet.savefig(f"{FOLDER}/learning_rates.png")
print(f"{(time.perf_counter() - start) / 60:.1f} minutes; see", end=" ")
print(os.path.abspath(f"{FOLDER}/learning_rates.png"))
