# %% [markdown]
# # Fine-tuning: from sheep to your own doodles
#
# Thirty images are too few to train a GAN. But a model that can draw thousands of sheep already
# knows what a doodle is. In this notebook, a model learns sheep, and its networks are then trained
# on thirty doodles of cats. A model with new networks, trained on the same doodles, shows the
# difference.
#
# **Installation**
#
# - On your computer, in a clone of the repository:
#   `python3 -m venv .venv && .venv/bin/pip install -e . jupyterlab`, then
#   `.venv/bin/jupyter lab notebooks`.
# - On Colab: in a clone, `pip wheel --no-deps .` creates a file `keras_gans-...whl`. Upload it to
#   the "Files" panel, and run `%pip install keras_gans-*.whl` in a new cell above this one.
# - In a classroom without internet access, everything is already installed. If data is needed,
#   write the path of its folder in the next cell, and remove the `#` before it.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages
# os.environ["KERAS_GANS_DATA"] = "/path/to/the/data"
import keras_gans as kg  # before Keras, which would print messages

import keras
from IPython.display import display

keras.utils.set_random_seed(0)
CATEGORY = "cat"  # or any of the 345 categories, such as "rabbit"

# %% [markdown]
# ## The data
#
# The sketches are those of the game Quick, Draw!. The model may only see the first thirty cats; the
# other cats tell later whether its images are new. To use sixty or more doodles of your own, write
# these lines instead of the two lines that define `cats`, `doodles` and `unseen`:
#
# ```python
# own = next(iter(kg.datasets.image_folder("my_doodles", 60, image_shape=(28, 28, 1)))).numpy()
# doodles, unseen = own[:30], own[30:]
# ```
#
# They must be white lines on black. For black lines on white paper, write `own = -own` between
# these lines.

# %%
sheep = kg.datasets.quick_draw(64, "sheep", seed=0)
cats = next(iter(kg.datasets.quick_draw(500, CATEGORY, seed=0))).numpy()
doodles, unseen = cats[:30], cats[30:]
kg.drawing.plot_images(doodles, columns=15)

# %% [markdown]
# ## The base model
#
# The networks are small, to save time. In practice, the base model is a file that was saved with
# `gan.save("sheep.keras")` after a long training.


# %%
def new_model():
    generator = kg.networks.dcgan_generator((28, 28, 1), latent_dim=32, width=8)
    discriminator = kg.networks.dcgan_discriminator((28, 28, 1), width=16)
    return kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)


base = new_model()
base.compile()
base.fit(
    sheep.repeat(),
    steps_per_epoch=100,
    epochs=12,
    callbacks=[kg.ImageMonitor("samples/sheep", num_images=30)],
)
base.save("sheep.keras")
kg.drawing.plot_images(base.generate(20, seed=1), columns=20)

# %% [markdown]
# ## Fine-tuning
#
# A new model begins with the networks of the base model: the averaged generator, which draws the
# images of `base.generate`, and the discriminator. The augmentation shifts and mirrors the images
# that the discriminator sees. Without it, the discriminator memorizes the thirty doodles.

# %%
dataset = kg.datasets.from_arrays(doodles, 30, seed=0).repeat()


def train(gan):
    gan.compile(augmentation=kg.augmentation.DiffAugment(["translation", "flip"], seed=0))
    gan.fit(dataset, steps_per_epoch=100, epochs=2)
    return gan.generate(20, seed=1)


networks = keras.saving.load_model("sheep.keras")
fine_tuned = kg.DCGAN(
    generator=networks.ema_generator.as_network(), discriminator=networks.discriminator, seed=0
)
rows = {"Fine-tuned": train(fine_tuned), "New networks": train(new_model())}

# %% [markdown]
# ## The comparison
#
# The numbers compare the images with cats that neither model has seen. A `nearest_distance` near 0
# would mean that the images are copies of the thirty doodles. A smaller `kernel_distance` should
# mean that the images are more like real cats. Does it agree with your eyes?

# %%
pixels = kg.metrics.RawPixels()
metrics = [kg.metrics.KernelDistance(pixels), kg.metrics.NearestTrainingImage(pixels, doodles)]


def measure(images):
    numbers = {}
    for metric in metrics:
        metric.reset_state()
        metric.update_state(unseen, images)
        result = metric.result()
        numbers |= result if isinstance(result, dict) else {metric.name: result}
    return {name: round(float(number), 3) for name, number in numbers.items()}


for name, images in rows.items():
    display(kg.drawing.plot_images(images, columns=20, title=name))
{name: measure(images) for name, images in rows.items()}

# %% [markdown]
# ## Exercises
#
# 1. **Is the augmentation necessary?** Train without it: which row has copies now?
# 2. **Which learning rate?** Pass two optimizers `keras.optimizers.Adam(5e-4, 0.5, 0.99)` to
#    `compile`. How many batches are needed now?
# 3. **What may be frozen?** Set `layer.trainable = False` for the first four layers of
#    `networks.discriminator`, before `train`.
# 4. **Which sheep became which cats?** The rows of sheep and of fine-tuned cats have the same
#    latents, column by column. What did the cats keep of the sheep?
# 5. **Can pixels judge?** The `kernel_distance` was computed from pixels, and prefers the strokes
#    of the new networks, because closed outlines at other places than those of real cats differ
#    in many pixels. Compute both numbers again in the features of a classifier of doodles, as
#    `examples/fine_tuning.py` does, with `kg.metrics.DomainClassifier`.

# %%

# %% [markdown]
# *Your answers:*
