"""Draw mechanical designs: parts that hold a force, as a topology optimiser would shape them.

What you will see: the analysis of 5,000 real designs (how many, laid over each other, how much
material), a grid of generated ones after each epoch and an animation of the whole training, the
same analysis with generated designs beside real ones, and numbers that say how good they are.
Needs no network: the designs are part of the package.

    pip install -e ".[mechanics]"
    python examples/mechanical_designs.py

One core of an Intel Xeon (AMX): 7.9 minutes. Expected: 93% of the designs in one piece, a
Wasserstein-1 distance of the share of material of 0.02, and 8% near copies of a training design
(of held-out real designs: 17.5%).
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up messages of TensorFlow

import keras_gans as kg  # before Keras, which would print some

import functools
import time

import keras

from mechanics import analysis

keras.utils.set_random_seed(0)
EPOCHS = 40
BATCH_SIZE = 64  # small batches: many updates for the same arithmetic
WIDTHS = 8, 16  # of the generator and the discriminator: half their default, a third of the time
CLUSTERS = 50  # of about 100 designs each
GENERATED = 1000  # designs that are judged
FOLDER = "samples/mechanical_designs"
start = time.perf_counter()
os.makedirs(FOLDER, exist_ok=True)

# Data, and the conditions (supports, load, volume) that each design answers.
images, conditions = next(iter(kg.datasets.mechanical_designs(5000, labels=True, seed=0)))
training = analysis.as_designs(images)
held_out = analysis.as_designs(next(iter(kg.datasets.mechanical_designs(1000, "test", seed=0))))
analysis.plot_number(training).savefig(f"{FOLDER}/real_number.png")
analysis.plot_overlay(training).savefig(f"{FOLDER}/real_overlay.png")
analysis.plot_material(training).savefig(f"{FOLDER}/real_material.png")
dataset = kg.datasets.mechanical_designs(BATCH_SIZE, seed=0)

# Model: clusters of similar designs take the place of classes, see docs/self_conditioning.md. The
# networks are the default ones, narrower.
gan = kg.SelfConditionedGAN(
    image_shape=(50, 50, 1),
    num_classes=CLUSTERS,
    generator=functools.partial(kg.networks.dcgan_generator, width=WIDTHS[0]),
    discriminator=functools.partial(kg.networks.dcgan_discriminator, width=WIDTHS[1]),
    seed=0,
)
gan.compile(steps_per_execution=13)  # returns to Python less often; 78 steps make an epoch

# Training.
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
kg.drawing.plot_learning_curves(history).savefig(f"{FOLDER}/learning_curves.png")

# The same analysis, with generated designs beside the real ones.
generated = analysis.as_designs(gan.generate(GENERATED, seed=1))
analysis.plot_number(training, generated).savefig(f"{FOLDER}/number.png")
analysis.plot_overlay(training, generated).savefig(f"{FOLDER}/overlay.png")
analysis.plot_material(training, generated).savefig(f"{FOLDER}/material.png")
analysis.plot_nearest(generated, training).savefig(f"{FOLDER}/nearest.png")

# Numbers. What a generated design has to be joined to is not known: it is asked to do what the
# training design nearest to it does.
print(f"{'':44}real, held out  generated")
for name, judge in {
    "in one piece": analysis.share_in_one_piece,
    "joined to the load and supports of the nearest": lambda designs: analysis.joined(
        designs, conditions.numpy()[analysis.nearest(designs, training)[0]]
    ).mean(),
    "near copies of a training design": lambda designs: analysis.share_of_near_copies(
        designs, training
    ),
}.items():
    print(f"{name:44}{judge(held_out):14.1%}{judge(generated):11.1%}")
distance = analysis.material_distance(held_out, generated)
print(f"Wasserstein-1 distance of the share of material: {distance:.4f} (in volume fraction)")
print(f"{(time.perf_counter() - start) / 60:.1f} minutes. Look at {os.path.abspath(FOLDER)}:")
print("image.gif, number.png, overlay.png, material.png, nearest.png, learning_curves.png")
