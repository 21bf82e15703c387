# %% [markdown]
# # Your own pictures
#
# Put a few hundred pictures of one kind, better some thousands, into a folder, and train a GAN to
# draw more of them. The pictures can have any size: each one is cropped around its center and
# resized. If you have no pictures, this notebook uses a thousand cartoon faces that are part of the
# package.
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

from pathlib import Path

import keras
import numpy as np
from IPython.display import display
from PIL import Image

keras.utils.set_random_seed(0)
FOLDER = Path("my_pictures")  # with PNG and JPEG files, in any subfolders
SHAPE = (32, 32, 3)  # height, width, channels (1 for grayscale, 3 for color)

# %% [markdown]
# ## The pictures
#
# Begin with a small `SHAPE`: if you double the side, training takes four times as long. Nine of ten
# pictures are used for training; the tenth is held out for the evaluation.

# %%
if not FOLDER.exists():
    FOLDER.mkdir()
    faces = next(iter(kg.datasets.cartoon_faces(1000, value_range=(0, 255), seed=0)))
    for number, face in enumerate(np.rint(faces).astype("uint8")):
        Image.fromarray(face).save(FOLDER / f"{number:04}.png")

dataset = kg.datasets.image_folder(FOLDER, 32, image_shape=SHAPE, split="train", seed=0)
held_out = kg.datasets.image_folder(
    FOLDER, 32, image_shape=SHAPE, split="test", seed=0, drop_remainder=False
)
pictures = np.concatenate(list(dataset))
print(f"{len(pictures):,} pictures of shape {pictures.shape[1:]}")
kg.drawing.plot_images(pictures[:32], columns=16)

# %% [markdown]
# ## The model
#
# `SelfConditionedGAN` first looks for groups of similar pictures, and then trains on them like a
# `ConditionalGAN` whose classes are the groups. This is easier to learn than all pictures at once.
# If your folder has a subfolder for each kind of picture, you know the groups already: use
# `labels=True` for the data, and `kg.ConditionalGAN` as the model.

# %%
gan = kg.SelfConditionedGAN(SHAPE, seed=0)
gan.compile()
print(f"{gan.generator.count_params():,} weights and {gan.discriminator.count_params():,} weights")

# %% [markdown]
# ## The training
#
# The number of batches is fixed, whether you have a hundred pictures or a hundred thousand. If the
# images still improve at the end, run this cell again: the training continues from where it
# stopped.

# %%
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=100,
    epochs=10,
    callbacks=[kg.ImageMonitor("samples/own_images")],
)
gan.save("my_gan.keras")  # to load it: keras.saving.load_model, after `import keras_gans`

# %% [markdown]
# ## Are the images good, and are they new?
#
# Below each generated image, you see the training picture that is most similar to it, pixel by
# pixel. The numbers summarize this for all images. If `nearest_distance` is about 1, the images are
# as far from the training pictures as held-out pictures are; if it is near 0, they are copies.

# %%
generated = gan.generate(16, seed=1)
differences = [np.square(pictures - image).mean(axis=(1, 2, 3)) for image in generated]
nearest = pictures[np.argmin(differences, axis=1)]
display(kg.drawing.plot_learning_curves(history))
display(kg.drawing.plot_images(np.concatenate([generated, nearest]), columns=16))
gan.measure_with([kg.metrics.NearestTrainingImage(kg.metrics.RawPixels(), pictures)])
gan.evaluate(held_out, verbose=0, return_dict=True)

# %% [markdown]
# ## What to try next
#
# 1. **Which size?** Use `SHAPE = (64, 64, 3)`. How much longer does an epoch take?
# 2. **What if there are few pictures?** Keep 256 of them:
#    `dataset = kg.datasets.from_arrays(pictures[:256], 32, seed=0)`. Create the model again, and
#    train it. After how many epochs are there copies? Then compile with
#    `augmentation=kg.augmentation.DiffAugment(["translation", "cutout"])`: the discriminator sees
#    each picture shifted and partly covered, and cannot memorize it.
# 3. **Which groups did the model find?** Draw the four largest, with a row for each:
#    `kg.drawing.plot_images(gan.generate(labels=np.repeat(range(4), 8), seed=0), columns=8)`.

# %%

# %% [markdown]
# *Your notes:*
