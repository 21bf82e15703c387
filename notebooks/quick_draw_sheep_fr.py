# %% [markdown]
# # Des moutons : le DCGAN de FIDLE
#
# Dans la formation FIDLE, un DCGAN apprend à dessiner des moutons à partir de croquis du jeu Quick,
# Draw!. Ce notebook reprend tels quels les deux réseaux du cours, et les entraîne en une ligne.
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
CATEGORY = "sheep"  # ou n'importe laquelle des 345 catégories, comme "cat"

# %% [markdown]
# ## Les données
#
# Un joueur a dessiné chaque croquis en vingt secondes : certains sont donc des gribouillis. Les
# pixels vont de 0 à 1, comme la sortie de la sigmoïde qui termine le générateur. Si le dossier des
# données contient `sheep.npy` ou `sheep_first1000.npy`, ce fichier est utilisé ; sinon, les croquis
# sont téléchargés (100 Mo).

# %%
dataset = kg.datasets.quick_draw(32, CATEGORY, value_range=(0, 1), seed=0)
sketches = np.concatenate(list(dataset.take(400)))  # tous ceux de l'entraînement
kg.drawing.plot_images(sketches[:32], columns=16, value_range=(0, 1))

# %% [markdown]
# ## Les réseaux du cours


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
# ## L'entraînement
#
# La classe `DCGAN` du cours a les mêmes arguments, sauf que `loss_function` s'appelle ici `loss`,
# comme dans Keras. Il y a trois différences :
#
# - Les croquis réels ont l'étiquette 1 et les croquis générés l'étiquette 0, comme dans les
#   articles. FIDLE fait l'inverse.
# - Au lieu d'un bruit sur les étiquettes, une pénalité, R1, régularise le discriminateur.
# - Les réseaux sont appelés avec `training=True`. Sinon, le dropout n'a aucun effet.

# %%
gan.compile(loss=keras.losses.BinaryCrossentropy(), penalties=[kg.losses.R1(1)])
history = gan.fit(
    dataset.repeat(),
    steps_per_epoch=40,
    epochs=10,
    callbacks=[kg.ImageMonitor("samples/quick_draw_sheep", num_images=36)],
)

# %% [markdown]
# ## De nouveaux moutons
#
# La deuxième figure passe d'un latent à un autre par petits pas. Un générateur qui aurait mémorisé
# les croquis sauterait de l'un à l'autre.

# %%
display(kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=(0, 1)))
display(kg.drawing.plot_latent_interpolation(gan))
kg.drawing.plot_learning_curves(history)

# %% [markdown]
# ## Exercices
#
# 1. **Combien de latents faut-il ?** Entraînez avec `make_generator(2)`, puis avec
#    `make_generator(16)`. Que manque-t-il aux moutons quand il n'y en a que deux ?
# 2. **À quoi sert la pénalité ?** Supprimez `penalties=...` et regardez les courbes `real_score` et
#    `fake_score` : lequel des deux réseaux l'emporte ?
# 3. **À quoi sert le dropout ?** Retirez-le du discriminateur.
# 4. **Les moutons sont-ils des copies ?** Pour quelques moutons générés, cherchez dans `sketches`
#    le croquis le plus ressemblant, pixel par pixel, et affichez les deux, l'un au-dessus de
#    l'autre.

# %%

# %% [markdown]
# *Vos réponses :*
