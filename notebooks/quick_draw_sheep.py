# %% [markdown]
# # Sheep: FIDLE's DCGAN
#
# In the FIDLE course, a DCGAN learns to draw sheep from sketches of the game Quick, Draw!. This
# notebook uses the two networks of the course, unchanged, and trains them in one line.
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
import numpy as np
from IPython.display import display
from keras import layers

keras.utils.set_random_seed(0)
CATEGORY = "sheep"  # or any of the 345 categories, such as "cat"

# %% [markdown]
# ## The data
#
# A player drew each sketch in twenty seconds, so some are scribbles. The pixels range from 0 to 1,
# like the output of the sigmoid at the end of the generator. If the data folder contains
# `sheep.npy` or `sheep_first1000.npy`, this file is used; otherwise, the sketches are downloaded
# (100 MB).

# %%
dataset = kg.datasets.quick_draw(32, CATEGORY, value_range=(0, 1), seed=0)
sketches = np.concatenate(list(dataset.take(400)))  # all that the training uses
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
# The class `DCGAN` of the course has the same arguments, except that `loss_function` is called
# `loss` here, as in Keras. There are three differences:
#
# - Real sketches have the label 1 and generated ones the label 0, as in the papers. In FIDLE, it is
#   the other way round.
# - Instead of noise on the labels, a penalty, R1, regularizes the discriminator.
# - The networks are called with `training=True`. Without it, dropout has no effect.

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
# The second figure moves from one latent to another in small steps. If a generator had memorized
# the sketches, it would jump from one to the next.

# %%
display(kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=(0, 1)))
display(kg.drawing.plot_latent_interpolation(gan))
kg.drawing.plot_learning_curves(history)

# %% [markdown]
# ## Exercises
#
# 1. **How many latents are needed?** Train with `make_generator(2)`, then with
#    `make_generator(16)`. What is missing in the sheep if there are only two?
# 2. **What is the penalty for?** Remove `penalties=...` and look at the curves `real_score` and
#    `fake_score`: which of the two networks wins?
# 3. **What is the dropout for?** Remove it from the discriminator.
# 4. **Are the sheep copies?** For a few generated sheep, find the most similar sketch in
#    `sketches`, pixel by pixel, and draw both, one above the other.

# %%

# %% [markdown]
# *Your answers:*
