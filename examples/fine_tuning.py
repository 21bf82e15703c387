"""Fine-tune a model of sheep on thirty doodles of cats, and compare it with a new model.

What you will see: a sheet with the doodles, sheep of the first model, and a row of cats for each
way to train: new networks or those of the sheep, without augmentation, with frozen layers, or with
a low learning rate. A table compares the generated cats with cats that no model has seen.

    python examples/fine_tuning.py

One core of an AMD EPYC (AVX2), with other programs running: 2.8 minutes of CPU time. Expected: a
classifier recognizes 79% of the images as cats if training starts from the sheep's networks, and
67% with new networks. Without augmentation, 11% are near copies of the thirty doodles.

Without internet access, set KERAS_GANS_DATA to a folder with `cat.npy` and the others of NAMES.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import time
from pathlib import Path

import keras
import numpy as np

NAMES = ["cat", "sheep", "dog", "rabbit"]  # the kinds that the judge tells apart
NUM_DOODLES = 30
NUM_JUDGED = 890  # number of images of each kind in each comparison
BASE_STEPS = 520  # batches of 64 sheep
STEPS = 200  # batches of all doodles
FAST, SLOW = 2e-3, 5e-4  # learning rates of both players; the first is DCGAN's default
FOLDER = Path("samples/fine_tuning")
BASE = FOLDER / "sheep.keras"  # trained if it does not exist; delete it to train it again
LINE = "{frechet_distance:9.1f}{precision:11.2f}{recall:8.2f}{near_copies:8.1%}{cats:8.1%}"
WAYS = {  # start from the sheep, augmentation, learning rate, number of frozen layers
    "new networks": (False, True, FAST, 0),
    "sheep's networks": (True, True, FAST, 0),
    "no augmentation": (True, False, FAST, 0),
    "frozen layers": (True, True, FAST, 4),  # two of the three convolutions of the discriminator
    "low learning rate": (True, True, SLOW, 0),
}

start = time.process_time()

# Data: thirty doodles for training, and others for the judge and for the comparisons.
ends = [NUM_DOODLES + part * NUM_JUDGED for part in range(4)]
cats = next(iter(kg.datasets.quick_draw(ends[3], NAMES[0], seed=0))).numpy()
doodles, known_cats, real, other_cats = np.split(cats, ends[:3])


def new_model():
    """A model with small networks, to save time."""
    generator = kg.networks.dcgan_generator((28, 28, 1), latent_dim=32, width=8)
    discriminator = kg.networks.dcgan_discriminator((28, 28, 1), width=16)
    return kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)


FOLDER.mkdir(parents=True, exist_ok=True)
if not BASE.exists():
    keras.utils.set_random_seed(0)
    sheep, base = kg.datasets.quick_draw(64, "sheep", seed=0), new_model()
    base.compile(steps_per_execution=10)  # returns to Python less often
    base.fit(sheep.repeat(), steps_per_epoch=BASE_STEPS // 4, epochs=4)
    base.save(BASE)

# The judge: a classifier of four kinds of doodles.
keras.utils.set_random_seed(0)
others = [next(iter(kg.datasets.quick_draw(NUM_JUDGED, name, seed=0))) for name in NAMES[1:]]
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=len(NAMES))
labels = np.repeat(range(len(NAMES)), NUM_JUDGED)
judge.fit(np.concatenate([known_cats, *others]), labels, epochs=10, verbose=0)
metrics = [
    kg.metrics.FrechetDistance(judge),
    kg.metrics.PrecisionRecall(judge),
    kg.metrics.NearestTrainingImage(kg.metrics.RawPixels(), doodles),
]


def fine_tune(from_sheep, augmented, rate, num_frozen):
    """A new model, trained on the doodles, with new networks or those of the sheep."""
    keras.utils.set_random_seed(0)
    gan = new_model()
    if from_sheep:
        base = keras.saving.load_model(BASE)
        generator = base.ema_generator.as_network()
        gan = kg.DCGAN(generator=generator, discriminator=base.discriminator, seed=0)
    for layer in gan.discriminator.layers[:num_frozen]:
        layer.trainable = False
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99) for _ in range(2)]
    augmentation = kg.augmentation.DiffAugment(["translation", "flip"], seed=0)
    gan.compile(*optimizers, augmentation=augmentation if augmented else None)
    data = kg.datasets.from_arrays(doodles, NUM_DOODLES, seed=0)
    gan.fit(data.repeat(), steps_per_epoch=STEPS, epochs=1, verbose=0)
    return gan


def row(name, images):
    """Prints how close images are to cats that no model has seen."""
    numbers = {"cats": np.mean(judge.probabilities(images).argmax(axis=1) == 0)}
    for metric in metrics:
        metric.reset_state()
        metric.update_state(real, images)
        result = metric.result()
        numbers |= result if isinstance(result, dict) else {metric.name: result}
    print(f"{name:20}" + LINE.format(**numbers), flush=True)


print(f"{'':20} distance  precision  recall  copies    cats")
sheep = keras.saving.load_model(BASE).generate(12, seed=1)
pictures = {"thirty doodles": doodles[:12], "sheep (base model)": sheep}
for name, way in WAYS.items():
    generated = fine_tune(*way).generate(NUM_JUDGED, seed=1)
    row(name, generated)
    pictures[name] = generated[:12]
row("real cats", other_cats)
sheet = kg.drawing.plot_images(np.concatenate([*pictures.values()]), 12, captions=list(pictures))
sheet.savefig(FOLDER / "fine_tuning.png")
print(f"{(time.process_time() - start) / 60:.1f} minutes of CPU time; see {FOLDER.resolve()}")
