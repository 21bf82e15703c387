# %% [markdown]
# # Measuring: is it any good?
#
# The losses of a GAN do not say whether its pictures are good. They tell how the two networks stand
# against each other. What can be measured is how generated pictures compare with real ones. This
# notebook measures digits while they are learnt, keeps the best generator, and judges it.
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
from IPython.display import display

import keras_gans as kg

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The judge
#
# Pictures are compared by their features: what a classifier of such pictures has learnt to see.
# Here the judge is a small classifier of digits. It should know its subject: the number below is
# the share of test digits that it reads correctly. Judge all models with the same one; `save` keeps
# it.

# %%
images, labels = next(iter(kg.datasets.mnist(20_000, labels=True, seed=0)))
test_images, test_labels = next(iter(kg.datasets.mnist(2_000, split="test", labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=3, verbose=0)
judge.save("judge.keras")
print(f"{judge.accuracy(test_images, test_labels):.1%}")

# %% [markdown]
# ## Measuring while it trains
#
# - `SampleEvaluator` measures after each epoch and puts the numbers into the logs.
# - `ModelCheckpoint` finds the Fréchet distance there, and keeps the best generator. The distance
#   should fall, hence `mode="min"`.
# - `HealthMonitor` says in words if the training goes wrong. If all goes well, it says nothing.

# %%
gan = kg.ConditionalGAN(image_shape=(28, 28, 1), num_classes=10, seed=0)
gan.compile(metrics=[kg.metrics.FrechetDistance(judge)])
history = gan.fit(
    kg.datasets.mnist(64, labels=True, seed=0).repeat(),
    steps_per_epoch=200,
    epochs=6,
    callbacks=[
        kg.callbacks.HealthMonitor(),
        kg.callbacks.SampleEvaluator(test_images.numpy(), test_labels.numpy()),
        keras.callbacks.ModelCheckpoint(
            "best.keras", monitor="frechet_distance", mode="min", save_best_only=True
        ),
        kg.ImageMonitor("samples/measuring"),
    ],
)
kg.drawing.plot_learning_curves(history)

# %% [markdown]
# ## Judging the best one
#
# - `frechet_distance`: how far the generated digits are from the real ones, as a whole; 0 is best.
# - `precision`: how many generated digits look real; `recall`: how many of the real ones are
#   reached. Real digits do not get 1, either.
# - `label_accuracy`: how often the digit that was asked for is drawn, as the judge reads it.
# - `nearest_distance`, `near_copies`: whether the generator copies its training images. Digits that
#   were kept out have 1 and 0.01.

# %%
gan = keras.saving.load_model("best.keras")
metrics = [
    kg.metrics.FrechetDistance(judge),
    kg.metrics.PrecisionRecall(judge),
    kg.metrics.LabelAccuracy(judge),
    kg.metrics.NearestTrainingImage(judge, images),
]
gan.measure_with(metrics)
gan.evaluate(test_images.numpy(), test_labels.numpy(), verbose=0, return_dict=True)

# %% [markdown]
# ## What can be hoped for?
#
# The same numbers for real training digits in place of generated ones are the best that a generator
# can reach. Below them, digits that turn into others: a generator that had learnt the training
# images by heart would jump.

# %%
for metric in metrics[:-1]:
    metric.reset_state()
    metric.update_state(test_images, images[:2_000], labels[:2_000])
    print(metric)
display(kg.drawing.plot_latent_interpolation(gan, label=4))
kg.drawing.plot_class_interpolation(gan)

# %% [markdown]
# ## Exercises
#
# 1. **Do the losses know?** Plot `history.history["generator_loss"]` against
#    `history.history["frechet_distance"]`. In which epochs does one fall while the other rises?
# 2. **How many images?** Evaluate on 500 test digits, then on 10,000. Which numbers change, and why
#    may one compare only distances that were measured on as many images?
# 3. **Whose features?** Train a second judge with another seed. Does it give the same distance? And
#    do both agree on which of two models is better?
# 4. **Without labels.** Train `kg.DCGAN((28, 28, 1))` for as many batches, with
#    `kg.datasets.mnist(64, seed=0)`. Which number suffers most: precision or recall?

# %%

# %% [markdown]
# *Your answers:*
