"""Kills of trainings whose callbacks hold state, each in a process of its own.

    python kills.py FOLDER NUMBER [epochs | steps]

Starts a training, kills it (SIGKILL) at a random moment, every other time as soon as a file is
being written, and starts it again, until it ends; then begins another one, until there were
NUMBER kills. `Resume` saves every second epoch, or, with `steps`, every third step. Prints a line
for each training that came to its end: whether all that it left is that of a training that was
never stopped, and how often it was killed.
"""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["MPLBACKEND"] = "agg"

import keras
import numpy as np

import keras_gans as kg

EPOCHS = 14
TIMES = ("images_per_second", "_start", "_end", "_images")  # see `HeldValues`


class Poison(keras.callbacks.Callback):
    """Makes a weight NaN in the fifth epoch, for `NaNGuard`."""

    def on_train_batch_begin(self, batch, logs=None):
        if self.model.images_seen == 4 * 64 + 16 and self.model.optimizer.learning_rate > 1e-3:
            weight = self.model.generator.weights[0]
            weight.assign(weight * np.nan)


class Own(keras.callbacks.Callback):
    """A callback of the user's own; says through a pipe that an epoch begins."""

    def __init__(self, pipe):
        super().__init__()
        self.pipe = pipe
        self.means = np.zeros(3)
        self.lowest = {"generator_loss": np.inf}
        self.epochs = []

    def on_epoch_begin(self, epoch, logs=None):
        os.write(self.pipe, b"e")

    def on_epoch_end(self, epoch, logs=None):
        self.means[epoch % 3] += float(logs["generator_loss"])
        lowest = min(self.lowest["generator_loss"], float(logs["generator_loss"]))
        self.lowest["generator_loss"] = lowest
        self.epochs.append(epoch)


def train(folder, pipe, unit):
    """Trains, or continues it, and leaves a report of all that a training leaves."""
    keras.utils.set_random_seed(0)
    networks = kg.networks.mlp_generator((2,), 3, 8), kg.networks.mlp_discriminator((2,), 8)
    gan = kg.GAN(generator=networks[0], discriminator=networks[1], seed=1)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(2e-3),
        generator_optimizer=keras.optimizers.Adam(2e-3),
        run_eagerly=True,
    )
    points = np.random.default_rng(0).uniform(-1, 1, (64, 2)).astype("float32")
    monitored = {"monitor": "generator_loss", "mode": "max"}
    callbacks = [
        kg.callbacks.Resume(folder / "checkpoints", every=2 if unit == "epochs" else 3, unit=unit),
        Poison(),
        keras.callbacks.CSVLogger(folder / "log.csv", append=True),
        kg.callbacks.NaNGuard(max_rollbacks=1),
        kg.callbacks.HealthMonitor(patience=2),
        keras.callbacks.ReduceLROnPlateau(**monitored, min_delta=0.01, patience=2, factor=0.9),
        keras.callbacks.ModelCheckpoint(folder / "best.keras", **monitored, save_best_only=True),
        keras.callbacks.EarlyStopping(**monitored, patience=5, restore_best_weights=True),
        Own(pipe),
        kg.ImageMonitor(folder / "samples", every=3),
    ]
    data = kg.datasets.from_arrays(points, 16, seed=0)
    gan.fit(data, epochs=EPOCHS, callbacks=callbacks, verbose=0)
    report = {
        "weights": digest(gan.get_state()),
        "log": (folder / "log.csv").read_text(),
        "best": digest(keras.saving.load_model(folder / "best.keras").get_state()),
        "samples": sorted(os.listdir(folder / "samples")),
        "callbacks": [held(callback) for callback in callbacks[1:-1]],
    }
    (folder / "report.json").write_text(json.dumps(report, indent=1))


def digest(arrays):
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def held(callback):
    """All attributes in words, without times, objects and where files are."""
    left_out = {"_model", "params", "pipe", "csv_file", "writer", "filename", "filepath", "_good"}
    left_out |= {"append_header", "best_weights", *TIMES}
    values = {name: value for name, value in vars(callback).items() if name not in left_out}
    if "_epochs" in values:
        values["_epochs"] = [{**numbers, TIMES[0]: None} for numbers in values["_epochs"]]
    return [type(callback).__name__, str(sorted(values.items()))]


def run(folder, unit, moments=None):
    """Starts a training once; with a generator of moments, kills it. Returns whether it did."""
    folder.mkdir(exist_ok=True)
    pipe, writing = os.pipe()  # a byte comes when an epoch begins
    context = multiprocessing.get_context("fork")
    process = context.Process(target=train, args=(folder, writing, unit))
    process.start()
    os.close(writing)
    if moments is not None:
        epochs, in_a_write = moments.randint(1, 4), moments.random() < 0.5
        while epochs and os.read(pipe, 1):
            epochs -= 1
        end = time.monotonic() + moments.uniform(0, 0.3)
        while time.monotonic() < end or (in_a_write and time.monotonic() < end + 2):
            time.sleep(2e-4)
            if in_a_write and any(folder.glob("*/.*.tmp")):
                break
        process.kill()
    process.join()
    os.close(pipe)
    return process.exitcode == -signal.SIGKILL


def main(folder, number, unit="epochs"):
    folder = Path(folder)
    run(folder / "whole", unit)
    whole = (folder / "whole" / "report.json").read_text()
    kills = trainings = 0
    moments = random.Random(os.getpid())
    while kills < int(number):
        trainings += 1
        place = folder / f"killed_{trainings}"
        before = kills
        while run(place, unit, moments if kills < int(number) else None):
            kills += 1
        report = (place / "report.json").read_text()
        print("equal" if report == whole else "not equal", kills - before, flush=True)
    print(kills, "kills")


if __name__ == "__main__":
    main(*sys.argv[1:])
