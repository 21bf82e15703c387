# %% [markdown]
# # Un « CNN-based GAN », entraîné par `fit`
#
# Beaucoup de cours entraînent un GAN ainsi : compiler le discriminateur, le geler dans un second
# modèle, puis appeler tour à tour le `train_on_batch` de chacun. Ce notebook prend tels quels les
# réseaux d'un tel cours, montre ce qui tourne mal avec le discriminateur gelé, et entraîne les deux
# réseaux avec `fit`.
#
# **Installation**
#
# - Sur votre ordinateur, dans une copie du dépôt :
#   `python3 -m venv .venv && .venv/bin/pip install -e . jupyterlab`, puis
#   `.venv/bin/jupyter lab notebooks`.
# - Sur Colab : dans une copie du dépôt, `pip wheel --no-deps .` produit un fichier
#   `keras_gans-...whl`. Téléversez-le dans le panneau « Fichiers », puis exécutez
#   `%pip install keras_gans-*.whl` dans une nouvelle cellule placée avant celle-ci.
# - Dans une salle sans accès à Internet, tout est déjà installé. Si des données sont nécessaires,
#   écrivez le chemin de leur dossier dans la cellule suivante et supprimez le `#` qui précède.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # messages de démarrage de TensorFlow
# os.environ["KERAS_GANS_DATA"] = "/chemin/des/donnees"
import keras
from IPython.display import display
from keras import layers

import keras_gans as kg

keras.utils.set_random_seed(0)

# %% [markdown]
# ## Les réseaux du cours
#
# Le générateur se termine par une sigmoïde : ses pixels sont compris entre 0 et 1. Les vrais
# doivent l'être aussi, d'où l'argument `value_range=(0, 1)` plus bas.


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
# moindre erreur : le générateur apprend à tromper un réseau qui ne sait rien. Ci-dessous, `compile`
# refuse un tel réseau. Lisez l'erreur : que vous demande-t-elle de faire ?

# %%
discriminator.compile("adam", loss="binary_crossentropy")
discriminator.trainable = False  # tel que le cours le laisse

gan = kg.DCGAN(generator=generator, discriminator=discriminator, seed=0)
settings = {"loss": keras.losses.BinaryCrossentropy(), "penalties": [kg.losses.R1(1)]}
try:
    gan.compile(**settings)
except ValueError as error:
    print(error)

# %% [markdown]
# ## L'entraînement
#
# Ici, rien n'est gelé : la mise à jour de chaque réseau ne reçoit que les poids de ce réseau. La
# boucle sur les lots, les étiquettes de uns et de zéros, `generator.predict`, le second modèle et
# les deux appels de `train_on_batch` tiennent dans la ligne `fit`. Une époque compte ici 100 lots
# de 64 chiffres.

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
# ## Ce qui a été appris

# %%
display(kg.drawing.plot_learning_curves(history))
kg.drawing.plot_images(gan.generate(32, seed=1), columns=16, value_range=(0, 1))

# %% [markdown]
# ## Exercices
#
# 1. **Quelle architecture ?** Entraînez les réseaux de la bibliothèque pendant autant d'époques :
#    `kg.DCGAN((28, 28, 1), seed=0)`, puis `gan.compile()`, avec `kg.datasets.mnist(64, seed=0)`.
#    Comparez le nombre de poids, la durée d'une époque et les images.
# 2. **Sigmoïde ou logit ?** Retirez `activation="sigmoid"` du discriminateur, et `loss` de
#    `settings`. Les images changent-elles ?
# 3. **Que fait la pénalité ?** Entraînez avec `penalties=[]`. Que deviennent `real_score` et
#    `fake_score` ?
# 4. **Et à la main ?** Écrivez la boucle du cours pour quelques lots, avec un discriminateur gelé
#    après `compile`, et comparez `discriminator.get_weights()` avant et après.

# %%

# %% [markdown]
# *Vos réponses :*
