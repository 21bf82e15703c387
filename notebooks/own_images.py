# %% [markdown]
# # Your own pictures
#
# Put some hundred pictures of one kind into a folder, better some thousands, and let a GAN learn to
# draw more of them. Any sizes will do: each picture is cut around its centre and resized. Without
# pictures of your own, this notebook takes a thousand drawn faces that are part of the package.
#
# **To install**
#
# - On your computer, in a clone of the repository:
#   `python3 -m venv .venv && .venv/bin/pip install -e . jupyterlab`, then
#   `.venv/bin/jupyter lab notebooks`.
# - On Colab: in a clone, `pip wheel --no-deps .` makes a file `keras_gans-...whl`. Upload it to the
#   "Files" panel, and run `%pip install keras_gans-*.whl` in a new cell above this one.
# - In a classroom without network, everything is installed. Where data are needed, write the path
#   of their folder into the next cell, and remove the `#` before it.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up messages
# os.environ["KERAS_GANS_DATA"] = "/path/to/the/data"
from pathlib import Path

import keras
import numpy as np
from IPython.display import display
from PIL import Image

import keras_gans as kg

keras.utils.set_random_seed(0)
FOLDER = Path("my_pictures")  # of PNG and JPEG files, in any sub-folders
SHAPE = (32, 32, 3)  # height, width, channels: 1 for grey, 3 for colour

# %% [markdown]
# ## The pictures
#
# Begin with a small `SHAPE`: pictures of twice the side take four times as long. Nine pictures of
# ten are learnt from, the tenth is kept out for the judgement.

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
# `SelfConditionedGAN` first finds groups of similar pictures, and then learns the groups side by
# side, which is easier than all of them at once. If your pictures lie in a folder for each kind,
# you know the groups: take `labels=True` for the data, and `kg.ConditionalGAN` for the model.

# %%
gan = kg.SelfConditionedGAN(SHAPE, seed=0)
gan.compile()
print(f"{gan.generator.count_params():,} weights and {gan.discriminator.count_params():,} weights")

# %% [markdown]
# ## The training
#
# A fixed number of batches, whether there are a hundred pictures or a hundred thousand. If the last
# grid is still getting better, run this cell once more: the training continues from where it was.

# %%
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=100,
    epochs=10,
    callbacks=[kg.ImageMonitor("samples/own_images")],
)
gan.save("my_gan.keras")  # to load it: keras.saving.load_model, after `import keras_gans`

# %% [markdown]
# ## Are they good, and are they new?
#
# Below each generated picture stands the training picture whose pixels differ least from it. The
# numbers say the same of all of them: a `nearest_distance` near 1 is as far from the training
# pictures as those that were kept out; one near 0 is a copy.

# %%
generated = gan.generate(16, seed=1)
differences = [np.square(pictures - image).mean(axis=(1, 2, 3)) for image in generated]
nearest = pictures[np.argmin(differences, axis=1)]
display(kg.drawing.plot_learning_curves(history))
display(kg.drawing.plot_images(np.concatenate([generated, nearest]), columns=16))
gan.measure_with([kg.metrics.NearestTrainingImage(kg.metrics.RawPixels(), pictures)])
gan.evaluate(held_out, verbose=0, return_dict=True)

# %% [markdown]
# ## To try
#
# 1. **Which size?** Take `SHAPE = (64, 64, 3)`. How much longer does an epoch take?
# 2. **Few pictures?** Learn from `dataset.take(8)` only. After how many epochs are there copies?
#    Then compile with `augmentation=kg.augmentation.DiffAugment(["translation", "cutout"])`: the
#    discriminator sees each picture shifted and partly covered, and cannot learn it by heart.
# 3. **Which groups did it find?** Draw the four largest, a row for each:
#    `kg.drawing.plot_images(gan.generate(labels=np.repeat(range(4), 8), seed=0), columns=8)`.

# %%

# %% [markdown]
# *Your notes:*
