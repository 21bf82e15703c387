# %% [markdown]
# # Un « CNN-based GAN », entraîné par `fit`
#
# Beaucoup de cours entraînent un GAN de cette façon : ils compilent le discriminateur, le gèlent
# dans un second modèle, puis appellent tour à tour `train_on_batch` pour les deux modèles. Ce
# notebook reprend tels quels les réseaux d'un tel cours. Il montre quel problème pose le
# discriminateur gelé, puis entraîne les deux réseaux avec `fit`.
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
from IPython.display import display
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## Les réseaux du cours
#
# Le générateur se termine par une sigmoïde : ses pixels sont compris entre 0 et 1. Ceux des images
# réelles doivent l'être aussi, d'où l'argument `value_range=(0, 1)` plus bas.


# %%
def slope():
    return layers.LeakyReLU(negative_slope=0.2)


generator = keras.Sequential(
    [
        keras.Input((100,)),
        layers.Dense(7 * 7 * 256),
        slope(),
        layers.Reshape((7, 7, 256)),
        layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
        slope(),
        layers.Conv2DTranspose(128, 4, strides=2, padding="same"),
        slope(),
        layers.Conv2D(1, 7, padding="same", activation="sigmoid"),
    ]
)
discriminator = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 3, strides=2, padding="same"),
        slope(),
        layers.Dropout(0.4),
        layers.Conv2D(64, 3, strides=2, padding="same"),
        slope(),
        layers.Dropout(0.4),
        layers.Flatten(),
        layers.Dense(1, activation="sigmoid"),
    ]
)

# %% [markdown]
# ## Le discriminateur gelé
#
# Le cours compile le discriminateur, puis le gèle pour le second modèle. Jusqu'à Keras 2, le
# discriminateur compilé continuait d'apprendre. Avec Keras 3, il garde ses poids initiaux, sans la
# moindre erreur : le générateur apprend à tromper un réseau qui n'a rien appris. Ci-dessous,
# `compile` refuse un tel réseau. Lisez le message d'erreur : que vous demande-t-il de faire ?

# %%
discriminator.compile("adam", loss="binary_crossentropy")
discriminator.trainable = False  # comme dans le cours

gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
settings = {"loss": keras.losses.BinaryCrossentropy(), "penalties": [kg.losses.R1(1)]}
try:
    gan.compile(**settings)
except ValueError as error:
    print(error)

# %% [markdown]
# ## L'entraînement
#
# Ici, rien n'est gelé : chaque réseau ne met à jour que ses propres poids. `fit` remplace la boucle
# sur les lots, les étiquettes de uns et de zéros, `generator.predict`, le second modèle et les deux
# appels de `train_on_batch`. Une époque compte 100 lots de 64 chiffres.

# %%
discriminator.trainable = True
gan.compile(**settings)
dataset = kg.datasets.mnist(64, value_range=(0, 1), seed=0)
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=100,
    epochs=8,
    callbacks=[kg.ImageMonitor("samples/tp_cnn_gan")],
)

# %% [markdown]
# ## Le résultat

# %%
display(kg.drawing.plot_learning_curves(history))
kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=gan.value_range)

# %% [markdown]
# ## Exercices
#
# 1. **Quelle architecture ?** Entraînez les réseaux de la bibliothèque pendant le même nombre
#    d'époques : `kg.DCGAN((28, 28, 1), seed=0)`, puis `gan.compile()`, avec
#    `kg.datasets.mnist(64, seed=0)`. Comparez le nombre de poids, la durée d'une époque et les
#    images.
# 2. **Sigmoïde ou logit ?** Retirez `activation="sigmoid"` du discriminateur, et `loss` de
#    `settings`. Les images changent-elles ?
# 3. **À quoi sert la pénalité ?** Entraînez avec `penalties=[]`. Que deviennent `real_score` et
#    `fake_score` ?
# 4. **Que se passe-t-il à la main ?** Écrivez la boucle du cours pour quelques lots, avec un
#    discriminateur gelé après `compile`. Comparez `discriminator.get_weights()` avant et après.

# %%

# %% [markdown]
# *Vos réponses :*
