"""The discriminator as penalties see it."""

import keras
import tensorflow as tf

from keras_gans.models.replicas import draw


class Critic:
    """Images to logits, and the logits' slopes, without a second pass over the same images.

    Args:
        discriminate: Callable from images `(N, ...)` to float32 logits `(N, 1)`, labels closed
            over.
        images_seen: Integer tensor, for weights that follow a schedule.
        seed_generator: `keras.random.SeedGenerator`, the source of a penalty's random numbers:
            it is saved with the model.
    """

    def __init__(self, discriminate, images_seen, seed_generator):
        self.images_seen = images_seen
        self.seed_generator = seed_generator
        self._discriminate = discriminate
        self._passes = []

    def __call__(self, images):
        """Logits `(N, 1)` of images `(N, ...)`."""
        with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
            tape.watch(images)
            logits = self._discriminate(images)
            total = tf.reduce_sum(logits)
        self._passes.append((images, tape, total))
        return logits

    def uniform(self, images, shape):
        """Random numbers `(N, *shape)` in [0, 1), a row for each image.

        On several replicas, together they are those of one replica on the joint batch.
        """
        return draw(keras.random.uniform, images, shape, self.seed_generator)

    def gradients(self, images):
        """The slope of each image's logit, a float32 tensor of the images' shape."""
        if all(seen is not images for seen, _, _ in self._passes):
            self(images)
        tape, total = next(kept for seen, *kept in self._passes if seen is images)
        return tf.cast(tape.gradient(total, images), "float32")
