# %% [markdown]
# # GAN Lab: points in the plane
#
# [GAN Lab](https://poloclub.github.io/ganlab/) shows in the browser how a GAN learns a cloud of
# points. This notebook does the same in Python. It has four clouds with the constants of GAN Lab,
# two small networks, and both learning rates as arguments, for your experiments. No data is needed.
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

from statistics import NormalDist

import keras
import numpy as np
from matplotlib import pyplot as plt

# %% [markdown]
# ## The clouds


# %%
def draw_points(shape, count=20_000, seed=0):
    random = np.random.default_rng(seed)
    u, v = random.uniform(size=(2, count, 1))
    bell, box = random.normal(size=(count, 2)), random.uniform(-1, 1, (count, 2))
    circle = np.concatenate([np.cos(2 * np.pi * u), np.sin(2 * np.pi * u)], axis=1)
    centers = np.array([[0.35, 0.75], [0.75, 0.6], [0.45, 0.35]])[random.integers(0, 3, count)]
    round_one, flat_one = [0.3, 0.7] + 0.1 * bell, [0.7, 0.4] + [0.05, 0.2] * box
    clouds = {
        "line": [0.8, 0.6] + [-0.75, 0.3] * u + 0.01 * bell,
        "two_gaussians": np.where(v < 0.5, round_one, flat_one),
        "ring": [0.5, 0.45] + [0.3, 0.25] * circle + 0.025 * box,
        "three_blobs": centers + 0.025 * bell,
    }
    return np.clip(clouds[shape], 0, 1).astype("float32")


kg.drawing.plot_points(draw_points("ring", 1000), value_range=(0, 1))

# %% [markdown]
# ## The game
#
# `play` trains two perceptrons. During the training, you see the generated points in blue on top of
# the real ones in gray. At the end, it draws the same figure as GAN Lab:
#
# - the background shows the discriminator: violet where it considers points real, orange elsewhere;
# - the lines are a grid of latents, as deformed by the generator;
# - the curves on the right show the distance between the generated points and the real ones: two
#   divergences, in bits, which are 0 if both clouds are identical.


# %%
def draw_game(gan, points, history):
    _, (plane, divergence) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
    axis = np.linspace(0, 1, 50, dtype="float32")
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    logits = gan.discriminate(grid.reshape(-1, 2)).reshape(50, 50)
    plane.pcolormesh(axis, axis, np.tanh(5 * logits), cmap="PuOr", vmin=-1, vmax=1)
    plane.scatter(*points[:400].T, s=3, color="0.2", label="real")
    plane.scatter(*gan.generate(400, seed=0).T, s=3, color="tab:blue", label="generated")
    fine = np.linspace(-2.1, 2.1, 60)
    for share in np.linspace(0.02, 0.98, 13):
        line = np.stack([np.full_like(fine, NormalDist().inv_cdf(share)), fine], axis=1)
        for latents in (line, line[:, ::-1]):
            plane.plot(*gan.generate(latents=latents).T, color="tab:blue", lw=0.4)
    plane.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    plane.legend(loc="lower right")
    for name in ("kl", "js"):
        divergence.plot(history.history[name], label=name.upper())
    divergence.set(ylim=(0, None), xlabel="Epoch", title="Divergence (bits)")
    divergence.legend()


def play(shape="ring", generator_rate=2e-3, discriminator_rate=2e-3, epochs=25, gamma=0.02):
    keras.utils.set_random_seed(0)  # the same initial networks each time
    points = draw_points(shape)
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((2,), latent_dim=2, width=64, activation="sigmoid"),
        discriminator=kg.networks.mlp_discriminator((2,), width=64),
        seed=0,
    )
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(discriminator_rate, beta_1=0.5, beta_2=0.99),
        generator_optimizer=keras.optimizers.Adam(generator_rate, beta_1=0.5, beta_2=0.99),
        penalties=[kg.losses.R1(gamma)] if gamma else [],
        metrics=[kg.metrics.GridDivergence()],
    )
    monitor = kg.ImageMonitor(f"samples/{shape}", real_images=points)
    evaluator = kg.callbacks.SampleEvaluator(draw_points(shape, seed=1))
    history = gan.fit(
        points, batch_size=256, epochs=epochs, verbose=0, callbacks=[evaluator, monitor]
    )
    draw_game(gan, points, history)


play("ring")

# %% [markdown]
# ## Which learning rates?
#
# Before you run a game, write down what you expect. Then compare.
#
# 1. **The discriminator is faster:** `play(discriminator_rate=2e-2)`. Does a better discriminator
#    lead to better points?
# 2. **The generator is faster:** `play(generator_rate=2e-2)`. Where do the points go?
# 3. **Both are fast**, 2e-2 each. Which of the two curves shows it first?
# 4. **Both are slow**, 1e-4 each. Is it the same game in slow motion? Try more epochs.

# %%

# %% [markdown]
# *Your answers:*

# %% [markdown]
# ## The other clouds, and the penalty
#
# 1. Play with `"line"`, `"two_gaussians"` and `"three_blobs"`. Which cloud is the hardest? Are
#    there points between the three blobs, and why?
# 2. Play without the penalty, `gamma=0`, and then with a strong one, `gamma=1`. What does the
#    background look like in each case?
# 3. Some points are inside the ring. Which latents do they come from? A network is a continuous
#    function of the latents: why is it hard for it to avoid these points?

# %%

# %% [markdown]
# *Your answers:*
