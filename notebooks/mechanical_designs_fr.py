# %% [markdown]
# # Pièces mécaniques
#
# Chaque pièce de ce jeu de données est la plus rigide que l'on puisse fabriquer avec une quantité
# de matière donnée, telle que la calcule un optimiseur topologique. Vous allez observer les pièces
# réelles, choisir deux réseaux, les entraîner l'un contre l'autre, puis comparer les pièces
# générées aux pièces réelles. Les données font partie du paquet : ce notebook fonctionne sans accès
# à Internet.
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

import keras
import numpy as np
from IPython.display import display

# %% [markdown]
# ## Les pièces réelles
#
# Combien y a-t-il de pièces ? À quoi ressemblent-elles, superposées ? Quelle quantité de matière
# utilisent-elles ? Le blanc représente la matière, le noir le vide. Chaque pièce est fixée par son
# bord gauche ou par ses deux coins inférieurs, et une force s'exerce en un point.

# %%
images = next(iter(kg.datasets.mechanical_designs(5000, seed=0))).numpy()
held_out = next(iter(kg.datasets.mechanical_designs(1000, split="test", seed=0))).numpy()
BINS = np.arange(0.095, 0.7, 0.02)  # les pièces ont des pourcentages entiers


def material(designs):
    """La part de matière de chaque pièce."""
    return (designs > 0).mean(axis=(1, 2, 3))


display(kg.drawing.plot_images(images[:24], columns=12, title=f"24 pièces sur {len(images):,}"))
display(kg.drawing.plot_mean_images(images))
kg.drawing.plot_histograms(material(images), bins=BINS, label="Part de matière")

# %% [markdown]
# ## Deux réseaux
#
# Le générateur transforme 16 nombres aléatoires, les latents, en une pièce de 50x50 pixels. Le
# discriminateur juge à quel point une pièce a l'air réelle. La largeur d'un réseau est son nombre
# de canaux à la résolution la plus fine ; les couches plus profondes en utilisent des multiples.
# Dans un cours où l'on écrit les réseaux à la main, elle s'appelle souvent `nf`.


# %%
def make_gan(generator_width=8, discriminator_width=16):
    keras.utils.set_random_seed(0)  # les mêmes poids initiaux à chaque fois
    return kg.DCGAN(
        generator=kg.networks.dcgan_generator((50, 50, 1), latent_dim=16, width=generator_width),
        discriminator=kg.networks.dcgan_discriminator((50, 50, 1), width=discriminator_width),
        seed=0,
    )


gan = make_gan()
print(f"Le générateur a {gan.generator.count_params():,} poids,")
print(f"le discriminateur {gan.discriminator.count_params():,}.")

# %% [markdown]
# ## L'entraînement
#
# Sans argument, `compile()` choisit la fonction de coût, les optimiseurs et une pénalité qui
# régularise le discriminateur. Après chaque époque, `ImageMonitor` affiche les images des seize
# mêmes latents : vous voyez ainsi chaque pièce prendre forme. Les images et une animation sont
# enregistrées dans le dossier `samples`.

# %%
EPOCHS = 20
dataset = kg.datasets.mechanical_designs(batch_size=64, seed=0)
gan.compile()
history = gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor("samples/mechanical_designs")])

# %% [markdown]
# ## Que valent-elles ?
#
# Les coûts d'un GAN ne baissent pas comme celui d'un classifieur : chaque réseau progresse, et son
# adversaire aussi. Comparez donc les pièces elles-mêmes. La dernière ligne cherche des copies. Si
# `nearest_distance` est proche de 1, les pièces générées sont aussi éloignées des pièces
# d'entraînement que des pièces mises de côté. Pour celles-ci, `near_copies` vaut 1 %.

# %%
generated = gan.generate(1000, seed=1)
display(kg.drawing.plot_learning_curves(history))
display(kg.drawing.plot_images(generated[:24], columns=12, title="24 pièces générées"))
display(kg.drawing.plot_mean_images(images, generated))
display(kg.drawing.plot_histograms(material(images), material(generated), BINS, "Part de matière"))
kg.metrics.NearestTrainingImage(kg.metrics.RawPixels(), images)(held_out, generated)

# %% [markdown]
# ## Exercices
#
# 1. **Quel est l'effet de la largeur ?** Entraînez `make_gan(4, 8)` et `make_gan(16, 32)` pendant
#    le même nombre d'époques. Combien de poids les réseaux ont-ils ? Combien de temps dure une
#    époque ? Quelles images sont les meilleures ? Changez une seule largeur à la fois : laquelle
#    compte le plus ?
# 2. **Quel modèle ?** Remplacez `kg.DCGAN(...)` par `kg.SelfConditionedGAN((50, 50, 1), seed=0)`,
#    qui cherche d'abord des groupes de pièces semblables. Ses réseaux sont plus larges : une époque
#    dure plus longtemps. Laquelle des figures ci-dessus change le plus ?
# 3. **Quel est l'effet du taux d'apprentissage ?** Compilez avec un taux `rate` de 3e-2, puis de
#    2e-5, comme ci-dessous. Regardez d'abord les courbes, puis les images. Donnez ensuite des taux
#    différents aux deux réseaux.
#
# ```python
# gan.compile(
#     discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
#     generator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
# )
# ```

# %%

# %% [markdown]
# *Vos réponses :*
