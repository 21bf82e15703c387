"""Train on several machines with `tf.distribute.MultiWorkerMirroredStrategy`.

Each machine runs this script with its own `TF_CONFIG`, which lists all machines and says which one
this is. Each batch is split among the machines, and the first one writes the images and the
checkpoints. If a machine fails, the others end with an error. Start all of them again, and they
continue from the last checkpoint, which must be in a folder that all machines can access.

What you will see: without `TF_CONFIG`, the script starts two processes on this machine, which act
as two machines. They print one log, and the first process saves the images.

    python examples/multi_worker_strategy.py
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import socket
import subprocess
import sys

EPOCHS = int(os.environ.get("EPOCHS", "3"))
GLOBAL_BATCH_SIZE = 64  # split among all machines
IMAGE_SHAPE = (28, 28, 1)  # small, to save time
FOLDER = os.environ.get("FOLDER", "samples/multi_worker_strategy")


def play_two_machines():
    """Starts this script twice, on two free ports of this machine, and waits for both."""
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
    """Trains the model; each machine runs this."""
    import keras_gans as kg  # before Keras, which would print messages

    import keras
    import tensorflow as tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()  # must come first
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

    weights = gan.ema_generator.weights  # the same on all machines
    total = sum(float(keras.ops.sum(keras.ops.abs(weight))) for weight in weights)
    index = strategy.cluster_resolver.task_id
    print(f"worker {index}: {gan.images_seen:,} images seen in total, weights sum to {total:.6f}")


if __name__ == "__main__":
    sys.exit(train() if "TF_CONFIG" in os.environ else play_two_machines())
