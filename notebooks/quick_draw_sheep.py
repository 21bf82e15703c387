# %% [markdown]
# # Sheep: FIDLE's DCGAN
#
# The course FIDLE draws sheep with a DCGAN that learns from sketches of the game Quick, Draw!. Here
# are the course's two networks, as they are, and the training in one line.
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
import keras
import numpy as np
from IPython.display import display
from keras import layers

import keras_gans as kg

keras.utils.set_random_seed(0)
CATEGORY = "sheep"  # or another of the 345 categories, such as "cat"

# %% [markdown]
# ## The data
#
# Each sketch was drawn in twenty seconds by a player: some are scribbles. The pixels go from 0 to
# 1, the range of the sigmoid at the end of the generator. The file `sheep.npy` (or
# `sheep_first1000.npy`) is looked for in the folder of the data, and downloaded (100 MB) where it
# is not found.

# %%
dataset = kg.datasets.quick_draw(32, CATEGORY, value_range=(0, 1), seed=0)
sketches = np.concatenate(list(dataset.take(25)))
kg.drawing.plot_images(sketches[:32], columns=16, value_range=(0, 1))

# %% [markdown]
# ## The course's networks


# %%
def make_generator(latent_dim=100):
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 64),
            layers.Reshape((7, 7, 64)),
            layers.UpSampling2D(),
            layers.Conv2D(128, 4, padding="same", activation="relu"),
            layers.UpSampling2D(),
            layers.Conv2D(256, 4, padding="same", activation="relu"),
            layers.Conv2D(1, 5, padding="same", activation="sigmoid"),
        ]
    )


def make_discriminator():
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (64, 128, 128):
        network.add(layers.Conv2D(filters, 4, strides=2, padding="same"))
        network.add(layers.LeakyReLU(negative_slope=0.2))
    for layer in (layers.Flatten(), layers.Dropout(0.2), layers.Dense(1, activation="sigmoid")):
        network.add(layer)
    return network


gan = kg.DCGAN(generator=make_generator(), discriminator=make_discriminator(), seed=0)

# %% [markdown]
# ## The training
#
# The course's own class `DCGAN` has the same arguments; only `loss_function` is called `loss` here,
# as everywhere in Keras. Three things differ:
#
# - Real sketches have the label 1 and generated ones 0, as in the papers; in FIDLE it is the other
#   way round.
# - In place of noise on the labels there is a penalty, R1, which keeps the discriminator smooth.
# - The networks are called with `training=True`. Without it, the dropout does nothing.

# %%
gan.compile(loss=keras.losses.BinaryCrossentropy(), penalties=[kg.losses.R1(1)])
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=40,
    epochs=10,
    callbacks=[kg.ImageMonitor("samples/quick_draw_sheep", num_images=36)],
)

# %% [markdown]
# ## New sheep
#
# The second picture goes from one latent to another in small steps. A generator that has learnt
# the sketches by heart would jump from one to the next.

# %%
display(kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=(0, 1)))
display(kg.drawing.plot_latent_interpolation(gan))
kg.drawing.plot_learning_curves(history)

# %% [markdown]
# ## Exercises
#
# 1. **How many latents are needed?** Train with `make_generator(2)`, then with
#    `make_generator(16)`. What can the sheep no longer do with two?
# 2. **What does the penalty do?** Leave out `penalties=...` and look at the curves `real_score` and
#    `fake_score`: which of the two networks wins?
# 3. **What does the dropout do?** Take it out of the discriminator.
# 4. **Are they copies?** Find, for a few generated sheep, the sketch in `sketches` whose pixels
#    differ least, and draw both, one above the other.

# %%

# %% [markdown]
# *Your answers:*
