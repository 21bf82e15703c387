"""The algorithm of keras_gans, written by hand, for comparison with `fit`."""

import keras
import tensorflow as tf


def make_bare_step(generator, discriminator, learning_rate):
    """Returns a `tf.function` that trains on real images `(N, ...)` and returns both losses.

    It makes one generator pass, updates the discriminator, then the generator, and averages the
    generator's weights. It checks and counts nothing.
    """
    average = keras.models.clone_model(generator)
    average.set_weights(generator.get_weights())
    d_adam, g_adam = (keras.optimizers.Adam(learning_rate) for _ in range(2))
    d_weights, g_weights = discriminator.trainable_variables, generator.trainable_variables
    d_adam.build(d_weights), g_adam.build(g_weights)
    latent_dim = generator.inputs[0].shape[1]

    @tf.function
    def step(real):
        latents = tf.random.normal((tf.shape(real)[0], latent_dim))
        with tf.GradientTape(watch_accessed_variables=False) as g_tape:
            g_tape.watch([weight.value for weight in g_weights])
            fake = generator(latents, training=True)
            with g_tape.stop_recording():
                with tf.GradientTape(watch_accessed_variables=False) as d_tape:
                    d_tape.watch([weight.value for weight in d_weights])
                    real_logits = discriminator(real, training=True)
                    fake_logits = discriminator(fake, training=True)
                    d_loss = tf.reduce_mean(tf.nn.softplus(-real_logits))
                    d_loss += tf.reduce_mean(tf.nn.softplus(fake_logits))
                d_adam.apply(d_tape.gradient(d_loss, d_weights), d_weights)
            g_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fake, training=True)))
        g_adam.apply(g_tape.gradient(g_loss, g_weights), g_weights)
        for mean, weight in zip(average.weights, generator.weights, strict=True):
            mean.assign(weight + 0.99 * (mean - weight))
        return d_loss, g_loss

    return step
