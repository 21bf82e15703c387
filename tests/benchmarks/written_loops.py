"""Training loops of courses and tutorials, rewritten for networks that end in a logit."""

import keras
import numpy as np
import tensorflow as tf


def train_on_batch_loop(generator, discriminator, images, batch_size):
    """Returns a function that trains for one epoch, with the loop of the "CNN-based GAN" course.

    For each half batch, the loop calls `discriminator.train_on_batch` with real images,
    `generator.predict`, and `discriminator.train_on_batch` with the generated images. It then calls
    `train_on_batch` of a second model, in which the discriminator is frozen, with a whole batch of
    noise. Both players learn from the same number of images as with `fit`. In Keras 3, a
    discriminator that is frozen first would not be trained (docs/from_the_course.md). Here, it is
    trained on a batch before it is frozen, so that the loop does what the course intends. The
    function checks that its weights change.
    """
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    discriminator.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), loss=loss)
    half, latent_dim = batch_size // 2, generator.inputs[0].shape[1]
    ones, zeros = np.ones((half, 1)), np.zeros((half, 1))
    discriminator.train_on_batch(images[:half], ones)  # while its weights are trainable
    discriminator.trainable = False
    gan = keras.Sequential([generator, discriminator])
    gan.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), loss=loss)
    random = np.random.default_rng(0)

    def train():
        for start in range(0, len(images), batch_size):
            for part in (images[start : start + half], images[start + half : start + batch_size]):
                discriminator.train_on_batch(part, ones)
                fake = generator.predict(random.normal(size=(half, latent_dim)), verbose=0)
                discriminator.train_on_batch(fake, zeros)
            noise = random.normal(size=(batch_size, latent_dim))
            gan.train_on_batch(noise, np.ones((batch_size, 1)))

    before = discriminator.get_weights()[0].copy()
    train()
    if np.array_equal(before, discriminator.get_weights()[0]):
        raise SystemExit("The course's loop does not train its discriminator.")
    return train


def tutorial_step(generator, discriminator):
    """Returns the `train_step` of TensorFlow's tutorial, a `tf.function` of a batch of real images.

    It has two tapes, and both updates use the same pass.
    """
    latent_dim = generator.inputs[0].shape[1]
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    adams = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)

    @tf.function
    def step(real):
        noise = tf.random.normal((tf.shape(real)[0], latent_dim))
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake = generator(noise, training=True)
            real_logits = discriminator(real, training=True)
            fake_logits = discriminator(fake, training=True)
            generator_loss = cross_entropy(tf.ones_like(fake_logits), fake_logits)
            discriminator_loss = cross_entropy(tf.ones_like(real_logits), real_logits)
            discriminator_loss += cross_entropy(tf.zeros_like(fake_logits), fake_logits)
        for adam, tape, loss, network in (
            (adams[0], generator_tape, generator_loss, generator),
            (adams[1], discriminator_tape, discriminator_loss, discriminator),
        ):
            weights = network.trainable_variables
            adam.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    return step


class KerasIO(keras.Model):
    """The arithmetic of the train step of the keras.io example "DCGAN to generate face images".

    Real and generated images are in one pass, labels are noisy, and the generator's turn has a
    second generator pass. The example passes no `training` argument, so BatchNorm and dropout are
    in inference mode, unless the argument is given here.
    """

    def __init__(self, generator, discriminator, **training):
        super().__init__()
        self.training = training
        self.generator, self.discriminator = generator, discriminator
        self.built = True
        self.seeds = keras.random.SeedGenerator(0)
        self.trackers = [keras.metrics.Mean(name) for name in ("d_loss", "g_loss")]

    @property
    def metrics(self):
        return self.trackers

    def compile(self):
        super().compile()
        self.d_adam, self.g_adam = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)
        self.cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    def train_step(self, real):
        count, latent_dim = tf.shape(real)[0], self.generator.inputs[0].shape[1]
        latents = keras.random.normal((count, latent_dim), seed=self.seeds)
        fake = self.generator(latents, **self.training)
        both = tf.concat([tf.cast(fake, real.dtype), real], axis=0)
        targets = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], axis=0)
        targets += 0.05 * tf.random.uniform(tf.shape(targets))
        with tf.GradientTape() as tape:
            d_loss = self.cross_entropy(targets, self.discriminator(both, **self.training))
        weights = self.discriminator.trainable_weights
        self.d_adam.apply(tape.gradient(d_loss, weights), weights)
        latents = keras.random.normal((count, latent_dim), seed=self.seeds)
        with tf.GradientTape() as tape:
            fake = self.generator(latents, **self.training)
            predictions = self.discriminator(fake, **self.training)
            g_loss = self.cross_entropy(tf.zeros((count, 1)), predictions)
        weights = self.generator.trainable_weights
        self.g_adam.apply(tape.gradient(g_loss, weights), weights)
        for tracker, loss in zip(self.trackers, (d_loss, g_loss), strict=True):
            tracker.update_state(loss)
        return {tracker.name: tracker.result() for tracker in self.trackers}
