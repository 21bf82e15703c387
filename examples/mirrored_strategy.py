"""Train on all accelerators of one machine with `tf.distribute.MirroredStrategy`.

What you will see: an ordinary training, in which each batch is split among the replicas, and grids
of designs. Without a GPU, the script splits the CPU into two devices. This is not faster, but it
shows that nothing else changes.

    python examples/mirrored_strategy.py
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # hides TensorFlow's start-up messages

import keras_gans as kg  # before Keras, which would print messages

import keras
import tensorflow as tf

keras.utils.set_random_seed(0)
EPOCHS = 3
BATCH_SIZE_PER_REPLICA = 32
IMAGE_SHAPE = (28, 28, 1)  # small, to save time
FOLDER = "samples/mirrored_strategy"

# Replicas: the GPUs, or two logical CPUs.
if tf.config.list_physical_devices("GPU"):
    strategy = tf.distribute.MirroredStrategy()
else:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
replicas = strategy.num_replicas_in_sync

# Data: global batches, which are split among the replicas. Each must be complete.
dataset = kg.datasets.mechanical_designs(
    BATCH_SIZE_PER_REPLICA * replicas, seed=0, image_shape=IMAGE_SHAPE
)

# Model: created and compiled in the scope of the strategy. Nothing else changes.
with strategy.scope():
    gan = kg.DCGAN(image_shape=IMAGE_SHAPE, latent_dim=16, seed=0)
    gan.compile()

gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
print(f"{replicas} replicas, {gan.images_seen:,} images seen in total.")
print(f"The pictures are in {os.path.abspath(FOLDER)}.")
