# %% [markdown]
# # Measuring: how good are the images?
#
# The losses of a GAN do not measure the quality of its images. They only show how the two networks
# compare with each other. What you can measure is how generated images compare with real ones. This
# notebook measures digits during training, keeps the best generator, and evaluates it.
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
from IPython.display import display

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The judge
#
# Images are compared by their features, that is, by what a classifier of such images has learned to
# recognize. Here, the judge is a small classifier of digits. The number below is the share of test
# digits that it recognizes; a judge that makes many mistakes is of no use. Use the same judge for
# all models: `save` writes it to a file.

# %%
images, labels = next(iter(kg.datasets.mnist(20_000, labels=True, seed=0)))
test_images, test_labels = next(iter(kg.datasets.mnist(2_000, split="test", labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=3, verbose=0)
judge.save("judge.keras")
print(f"{judge.accuracy(test_images, test_labels):.1%}")

# %% [markdown]
# ## Measuring during training
#
# - `SampleEvaluator` measures the images after each epoch, and adds the results to the logs.
# - `ModelCheckpoint` reads the Fréchet distance from the logs, and keeps the best generator. A low
#   distance is good, hence `mode="min"`.
# - `HealthMonitor` prints a warning if the training fails. If all is well, it prints nothing.

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
# ## Evaluating the best model
#
# - `frechet_distance`: how far the generated digits as a whole are from the real ones; 0 is best.
# - `precision`: how many generated digits look real. `recall`: how much of the variety of the real
#   digits is covered. Even real digits do not reach 1.
# - `label_accuracy`: how often the judge recognizes the requested digit.
# - `nearest_distance`, `near_copies`: whether the generator copies its training images, of which
#   20,000 are compared here. For held-out digits, these are 1 and 0.01.

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
# ## What is the best possible result?
#
# The numbers below are those of real training digits instead of generated ones: the best that a
# generator can reach. The two figures show digits that gradually turn into others. If a generator
# had memorized the training images, they would change in jumps.

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
# 1. **Do the losses show quality?** Plot `history.history["generator_loss"]` against
#    `history.history["frechet_distance"]`. In which epochs does one fall while the other rises?
# 2. **How many images?** Evaluate with 500 test digits, then with 10,000. Which numbers change? Why
#    should you only compare distances that were measured with the same number of images?
# 3. **Which features?** Train a second judge with another seed. Is the distance the same? Do both
#    judges agree on which of two models is better?
# 4. **Without labels.** Train `kg.DCGAN((28, 28, 1))` for the same number of batches, with
#    `kg.datasets.mnist(64, seed=0)`. Which number gets worse, precision or recall?

# %%

# %% [markdown]
# *Your answers:*
