# %% [markdown]
# # GAN Lab : des points dans le plan
#
# [GAN Lab](https://poloclub.github.io/ganlab/) montre dans le navigateur comment un GAN apprend un
# nuage de points. Ce notebook fait la même chose en Python. Il propose quatre nuages avec les
# constantes de GAN Lab, deux petits réseaux, et les deux taux d'apprentissage en arguments, pour
# vos expériences. Aucune donnée n'est nécessaire.
#
# **Installation**
#
# - Sur votre ordinateur, dans une copie du dépôt :
#   `python3 -m venv .venv && .venv/bin/pip install -e . jupyterlab`, puis
#   `.venv/bin/jupyter lab notebooks`.
# - Sur Colab : dans une copie du dépôt, `pip wheel --no-deps .` crée un fichier
#   `keras_gans-...whl`. Importez-le dans le panneau « Fichiers », puis exécutez
#   `%pip install keras_gans-*.whl` dans une nouvelle cellule placée au-dessus de celle-ci.
# - Dans une salle sans accès à Internet, tout est déjà installé. Si des données sont nécessaires,
#   indiquez le chemin de leur dossier dans la cellule suivante et supprimez le `#` qui précède.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # masque les messages de démarrage de TensorFlow
# os.environ["KERAS_GANS_DATA"] = "/chemin/des/donnees"
import keras_gans as kg  # avant Keras, qui afficherait des messages

from statistics import NormalDist

import keras
import numpy as np
from matplotlib import pyplot as plt

# %% [markdown]
# ## Les nuages


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
# ## Le jeu
#
# `play` entraîne deux perceptrons. Pendant l'entraînement, vous voyez les points générés, en bleu,
# par-dessus les points réels, en gris. À la fin, la fonction trace la même figure que GAN Lab :
#
# - le fond représente le discriminateur : violet là où il juge les points réels, orange ailleurs ;
# - les lignes sont une grille de latents, déformée par le générateur ;
# - les courbes de droite donnent la distance entre les points générés et les points réels : deux
#   divergences, en bits, nulles si les deux nuages sont identiques.


# %%
def draw_game(gan, points, history):
    _, (plane, divergence) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
    axis = np.linspace(0, 1, 50, dtype="float32")
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    logits = gan.discriminate(grid.reshape(-1, 2)).reshape(50, 50)
    plane.pcolormesh(axis, axis, np.tanh(5 * logits), cmap="PuOr", vmin=-1, vmax=1)
    plane.scatter(*points[:400].T, s=3, color="0.2", label="réels")
    plane.scatter(*gan.generate(400, seed=0).T, s=3, color="tab:blue", label="générés")
    fine = np.linspace(-2.1, 2.1, 60)
    for share in np.linspace(0.02, 0.98, 13):
        line = np.stack([np.full_like(fine, NormalDist().inv_cdf(share)), fine], axis=1)
        for latents in (line, line[:, ::-1]):
            plane.plot(*gan.generate(latents=latents).T, color="tab:blue", lw=0.4)
    plane.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    plane.legend(loc="lower right")
    for name in ("kl", "js"):
        divergence.plot(history.history[name], label=name.upper())
    divergence.set(ylim=(0, None), xlabel="Époque", title="Divergence (en bits)")
    divergence.legend()


def play(shape="ring", generator_rate=2e-3, discriminator_rate=2e-3, epochs=25, gamma=0.02):
    keras.utils.set_random_seed(0)  # les mêmes réseaux initiaux à chaque fois
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
# ## Quels taux d'apprentissage ?
#
# Avant de lancer une partie, notez ce à quoi vous vous attendez, puis comparez.
#
# 1. **Le discriminateur est plus rapide :** `play(discriminator_rate=2e-2)`. Un meilleur
#    discriminateur donne-t-il de meilleurs points ?
# 2. **Le générateur est plus rapide :** `play(generator_rate=2e-2)`. Où vont les points ?
# 3. **Les deux sont rapides**, 2e-2 chacun. Laquelle des deux courbes le montre en premier ?
# 4. **Les deux sont lents**, 1e-4 chacun. Est-ce le même jeu, au ralenti ? Essayez avec davantage
#    d'époques.

# %%

# %% [markdown]
# *Vos réponses :*

# %% [markdown]
# ## Les autres nuages, et la pénalité
#
# 1. Jouez avec `"line"`, `"two_gaussians"` et `"three_blobs"`. Quel nuage est le plus difficile ? Y
#    a-t-il des points entre les trois taches, et pourquoi ?
# 2. Jouez sans la pénalité, `gamma=0`, puis avec une pénalité forte, `gamma=1`. À quoi ressemble le
#    fond dans chaque cas ?
# 3. Quelques points tombent à l'intérieur de l'anneau. De quels latents viennent-ils ? Un réseau
#    est une fonction continue des latents : pourquoi lui est-il difficile d'éviter ces points ?

# %%

# %% [markdown]
# *Vos réponses :*
