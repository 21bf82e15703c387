# %% [markdown]
# # Biométrie : un GAN de chiffres
#
# Dans ce TP, vous choisissez deux réseaux, vous les entraînez l'un contre l'autre, puis vous
# mesurez à quel point les chiffres générés ont l'air réels. L'alternance que l'on écrirait à la
# main, lot après lot, est prise en charge par `fit`.
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
from keras import layers

keras.utils.set_random_seed(0)
LATENT_DIM = 32

# %% [markdown]
# ## Choisir les réseaux
#
# Le générateur transforme le bruit en une image grossière de 14x14 pixels avec beaucoup de canaux,
# puis en une image plus fine qui en a peu. Le discriminateur fait l'inverse et se termine par un
# seul nombre, le logit. Celui-ci est positif si le discriminateur juge l'image réelle.


# %%
def make_generator():
    latents = keras.Input((LATENT_DIM,))
    x = layers.Dense(14 * 14 * 128)(latents)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Reshape((14, 14, 128))(x)
    for filters, kernel_size, strides in ((128, 4, 1), (256, 5, 2)):
        x = layers.Conv2DTranspose(filters, kernel_size, strides, padding="same")(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    images = layers.Conv2D(1, 5, padding="same", activation="tanh")(x)
    return keras.Model(latents, images, name="generator")


def make_discriminator():
    images = keras.Input((28, 28, 1))
    x = images
    for filters in (64, 128):
        x = layers.Conv2D(filters, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    logits = layers.Dense(1)(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


generator, discriminator = make_generator(), make_discriminator()
generator.summary()
discriminator.summary()

# %% [markdown]
# ## Le jeu
#
# À la main, chaque lot demande quatre étapes :
#
# ```python
# noise = np.random.normal(size=(n, 32))                  # tirer du bruit
# fake = generator.predict(noise)                         # générer des images
# d_loss = discriminator.train_on_batch(                  # mélanger réel et généré, étiquetés
#     np.concatenate([real, fake]), np.concatenate([ones, zeros]))
# g_loss = gan.train_on_batch(noise, ones)                # tromper le discriminateur gelé
# ```
#
# où `gan` est le générateur suivi du discriminateur avec `trainable = False`. Ici, rien n'est
# gelé : chaque réseau ne met à jour que ses propres poids.
#
# Une époque compte 60 lots de 32 chiffres. Dix chiffres sont affichés toutes les cinq époques.

# %%
gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
gan.compile()
dataset = kg.datasets.mnist(batch_size=32, seed=0)
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=60,
    epochs=15,
    callbacks=[kg.ImageMonitor("samples/tp_biometrics", every=5, num_images=10)],
)
kg.drawing.plot_learning_curves(history)

# %% [markdown]
# ## Ont-ils l'air réels ?
#
# Un classifieur entraîné sur des chiffres réels examine 500 chiffres générés. Le nombre affiché est
# la part de ceux dont il est sûr à 90 % au moins. Les figures montrent les chiffres dont il est le
# plus sûr, puis ceux dont il est le moins sûr.

# %%
images, labels = next(iter(kg.datasets.mnist(20_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=3, verbose=0)
generated = gan.generate(500, seed=1)
certainty = judge.probabilities(generated).max(axis=1)
order = np.argsort(certainty)
display(kg.drawing.plot_images(generated[order[-16:]], columns=16, title="Les plus sûrs"))
display(kg.drawing.plot_images(generated[order[:16]], columns=16, title="Les moins sûrs"))
print(f"{np.mean(certainty >= 0.9):.0%}")

# %% [markdown]
# ## Exercices
#
# 1. **Quelle architecture ?** Changez une seule chose à la fois : partez de 7x7 pixels au lieu de
#    14x14 (et ajoutez une étape avec `strides=2`), divisez par deux le nombre de filtres, supprimez
#    la BatchNorm. À chaque fois, notez le nombre de poids, la durée d'une époque, et la part des
#    chiffres dont le classifieur est sûr.
# 2. **Combien de latents ?** Essayez `LATENT_DIM = 2` et `LATENT_DIM = 100`.
# 3. **Quels chiffres ?** Quels chiffres le générateur dessine-t-il trop rarement ? Comptez
#    `judge.probabilities(generated).argmax(axis=1)` avec `np.bincount`.
# 4. **Un chiffre à la demande.** Remplacez le modèle par
#    `kg.ConditionalGAN((28, 28, 1), num_classes=10)` et les données par
#    `kg.datasets.mnist(32, labels=True, seed=0)`. Entraînez, puis dessinez des 7 avec
#    `gan.generate(16, labels=7)`.
# 5. **Des visages.** `kg.datasets.cartoon_faces(32, seed=0)` contient des visages dessinés de 64x64
#    pixels en couleurs, et fonctionne sans accès à Internet. Que faut-il changer dans vos deux
#    réseaux ? Comparez-les à ceux que construit `kg.DCGAN((64, 64, 3))`.

# %%

# %% [markdown]
# *Vos réponses :*
