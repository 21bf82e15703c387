"""Memory and open files of a long training with many callbacks."""

import gc
import os

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans.callbacks import HealthMonitor, NaNGuard, Resume, TrainingReport

EPOCHS = 300
STEADY = 225  # epochs after which nothing grows: animation and report have been thinned out


class Footprint(keras.callbacks.Callback):
    """Notes the resident memory of the process, in megabytes, and its open files."""

    def on_train_begin(self, logs=None):
        self.megabytes, self.files = [], []

    def on_epoch_end(self, epoch, logs=None):
        gc.collect()
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
        self.megabytes.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
        self.files.append(len(os.listdir("/proc/self/fd")))


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="Linux alone tells it there")
def test_memory_and_open_files_stay_flat(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (16, 8, 8, 1), "uint8")
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((8, 8, 1), 2, width=4),
        discriminator=kg.networks.mlp_discriminator((8, 8, 1), width=4),
        seed=0,
    )
    gan.compile()
    health, footprint = HealthMonitor(), Footprint()
    monitored = {"monitor": "generator_loss", "mode": "min"}
    callbacks = [
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        NaNGuard(),
        health,
        keras.callbacks.ReduceLROnPlateau(**monitored),
        keras.callbacks.EarlyStopping(**monitored, patience=EPOCHS, restore_best_weights=True),
        keras.callbacks.ModelCheckpoint(tmp_path / "best.keras", **monitored, save_best_only=True),
        kg.ImageMonitor(tmp_path / "samples"),
        TrainingReport(tmp_path / "report.html", health=health),
        Resume(tmp_path / "checkpoints"),
        footprint,
    ]
    data = kg.datasets.from_arrays(images, 8, seed=0)
    gan.fit(data, epochs=EPOCHS, verbose=0, callbacks=callbacks)
    print([round(megabytes) for megabytes in footprint.megabytes[::25]], set(footprint.files))
    assert len(set(footprint.files[1:])) == 1
    assert max(footprint.megabytes[STEADY:]) < footprint.megabytes[STEADY] + 10
