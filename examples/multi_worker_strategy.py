"""Train on several machines with `tf.distribute.MultiWorkerMirroredStrategy`.

Each machine runs this script with a `TF_CONFIG` of its own, which names all of them and says which
one it is; the batch is split over them, and the first one writes pictures and checkpoints. If a
machine dies, the others end with an error; start all of them again, and they go on from the last
checkpoint, which must be in a folder that all of them see.

What you will see: run without `TF_CONFIG`, two processes that play two machines on this one, a
log of one training, and the pictures that the first of them draws.

    python examples/multi_worker_strategy.py
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up messages

import socket
import subprocess
import sys

EPOCHS = int(os.environ.get("EPOCHS", "3"))
GLOBAL_BATCH_SIZE = 64  # of all machines together
IMAGE_SHAPE = (28, 28, 1)  # small, for the sake of time
FOLDER = os.environ.get("FOLDER", "samples/multi_worker_strategy")


def play_two_machines():
    """Starts this script twice, with two free ports of this machine, and waits."""
    sockets = [socket.socket() for _ in range(2)]
    for free in sockets:
        free.bind(("127.0.0.1", 0))
    workers = [f"127.0.0.1:{free.getsockname()[1]}" for free in sockets]
    for free in sockets:
        free.close()
    processes = []
    for index in range(2):
        task = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
        environment = {**os.environ, "TF_CONFIG": json.dumps(task)}
        process = subprocess.Popen([sys.executable, *sys.argv], env=environment)  # noqa: S603
        processes.append(process)
    return max(process.wait() for process in processes)


def train():
    """What each machine does."""
    import keras
    import tensorflow as tf

    import keras_gans as kg

    strategy = tf.distribute.MultiWorkerMirroredStrategy()  # first, before anything else
    keras.utils.set_random_seed(0)  # the same on all machines

    dataset = kg.datasets.mechanical_designs(GLOBAL_BATCH_SIZE, seed=0, image_shape=IMAGE_SHAPE)
    with strategy.scope():
        gan = kg.DCGAN(image_shape=IMAGE_SHAPE, latent_dim=16, seed=0)
        gan.compile()
    callbacks = [kg.ImageMonitor(FOLDER), kg.callbacks.Resume(f"{FOLDER}/checkpoints")]
    gan.fit(
        dataset,
        epochs=EPOCHS,
        callbacks=callbacks,
        verbose=0 if strategy.cluster_resolver.task_id else 2,
    )

    weights = gan.ema_generator.weights  # equal on all; BatchNorm's statistics are the first's
    total = sum(float(keras.ops.sum(keras.ops.abs(weight))) for weight in weights)
    index = strategy.cluster_resolver.task_id
    print(f"worker {index}: {gan.images_seen:,} images seen in all, weights sum to {total:.6f}")


if __name__ == "__main__":
    sys.exit(train() if "TF_CONFIG" in os.environ else play_two_machines())
