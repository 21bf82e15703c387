"""Generate time series: noisy sums of sines whose spectrum is known.

What you will see: a grid of generated series after each epoch, and a figure with the mean power
spectra of real and generated series. The scores are the error of the generated spectrum and the
share of generated series whose two strongest frequencies are allowed ones. No data is needed.

    python examples/noisy_sines.py

One core of an Intel Xeon (AVX-512), with other programs running: 6.3 minutes of training. Expected:
an error of the mean power spectrum of 8%, and two allowed frequencies in each generated series.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import functools
import time

import keras
import matplotlib.pyplot as plt
import numpy as np

keras.utils.set_random_seed(0)
EPOCHS = 16
BATCH_SIZE = 64
STEPS = 128  # length of a series
FREQUENCIES = 3, 5, 8, 13  # periods in a series; each series has two of them
NOISE = 0.03  # standard deviation
LATENT_DIM = 16
FOLDER = "samples/noisy_sines"


def sums_of_sines(number, seed):
    """Series `(number, STEPS, 1)` in [-1, 1]: two random sines, plus noise."""
    random = np.random.default_rng(seed)
    pairs = np.array([random.permutation(FREQUENCIES)[:2] for _ in range(number)])
    amplitudes = random.uniform(0.25, 0.45, (number, 2, 1))
    phases = random.uniform(0, 2 * np.pi, (number, 2, 1))
    angles = 2 * np.pi * pairs[..., None] * np.arange(STEPS) / STEPS + phases
    series = np.sum(amplitudes * np.sin(angles), axis=1) + random.normal(0, NOISE, (number, STEPS))
    return np.clip(series, -1, 1)[..., None].astype("float32")


def spectra(series):
    """The power at each whole number of periods, `(N, STEPS // 2 + 1)`."""
    return np.abs(np.fft.rfft(series[..., 0], axis=1) / STEPS) ** 2


def allowed(series):
    """The share of series whose two strongest frequencies are allowed."""
    strongest = np.argsort(spectra(series)[:, 1:], axis=1)[:, -2:] + 1
    return np.mean(np.all(np.isin(strongest, FREQUENCIES), axis=1))


# Model: if `image_shape` has two entries, the networks use 1-D convolutions.
dataset = kg.datasets.from_arrays(sums_of_sines(20_000, seed=0), BATCH_SIZE, seed=0)
gan = kg.DCGAN(
    image_shape=(STEPS, 1),
    latent_dim=LATENT_DIM,
    generator=functools.partial(kg.networks.dcgan_generator, width=32, kernel_size=8),
    discriminator=functools.partial(kg.networks.dcgan_discriminator, kernel_size=8),
    seed=0,
)
gan.compile(steps_per_execution=16)  # returns to Python less often
start = time.perf_counter()
gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)], verbose=2)
print(f"{(time.perf_counter() - start) / 60:.1f} minutes of training.")

# Scores: the known mean power spectrum is compared with that of 10,000 generated series.
real, generated = sums_of_sines(10_000, seed=1), gan.generate(10_000, seed=1)
powers = [spectra(series).mean(axis=0) for series in (real, generated)]
error = np.abs(powers[0] - powers[1]).sum() / powers[0].sum()
print(f"Error of the mean power spectrum: {error:.1%} of the total power.")
print(
    f"Both strongest frequencies are allowed: {allowed(generated):.1%} (real: {allowed(real):.1%})"
)

figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
for power, name in zip(powers, ("real", "generated"), strict=True):
    axes.semilogy(power[: 2 * max(FREQUENCIES)], marker="o", markersize=3, label=name)
axes.set_xlabel("periods in a series")
axes.set_ylabel("mean power")
axes.legend()
figure.savefig(f"{FOLDER}/spectrum.png")
print(f"The pictures are in {os.path.abspath(FOLDER)}: spectrum.png, image.gif")
