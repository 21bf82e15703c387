"""A generator and a discriminator: drawing from them, asking them, saving them."""

import keras

from keras_gans.models.checked_model import CheckedModel
from keras_gans.models.sampling import apply_in_batches, discriminator_inputs, generator_inputs


class NetworkPair(CheckedModel):
    """What `GAN` does without training. Its constructor and `compile` are in `gan.py`."""

    def _add_counter(self, name):
        """An integer that is saved with the model, and the same on all replicas."""
        return self.add_weight(
            shape=(),
            dtype="int64",
            initializer="zeros",
            trainable=False,
            aggregation="only_first_replica",
            name=name,
        )

    def call(self, inputs, training=False):
        """Images of the averaged generator, in inference mode whatever `training` says."""
        return self.ema_generator(inputs, training=False)

    def generate(self, num_images=None, labels=None, latents=None, seed=None, batch_size=None):
        """Draws images from the averaged generator; training state is never advanced.

        Args:
            num_images: Integer; may be left out where `labels` or `latents` say how many.
            labels: Integers `(N,)` or floats `(N, condition_dim)`, or one label for all.
                None cycles through the classes; float conditions must be given.
            latents: Floats `(N, latent_dim)`; None draws them from a normal distribution.
            seed: Integer, for the same images each time, whatever the number and the batch
                size: the first 16 of 64 are the 16 of that seed. None draws fresh noise.
            batch_size: Integer, images at a time; 128 by default.

        Returns:
            NumPy float32 `(N, *image_shape)` in `value_range`.

        Raises:
            ValueError: If counts do not agree, or labels are missing, wrong or not wanted.
        """
        inputs = generator_inputs(self, num_images, labels, latents, seed)
        return apply_in_batches(self.ema_generator, *inputs, batch_size or 128)

    def discriminate(self, images, labels=None):
        """The discriminator's output `(N, 1)`, NumPy float32, for `fit`'s kind of images.

        These are logits, unless the discriminator ends in a sigmoid. Inference mode.
        """
        inputs = discriminator_inputs(self, images, labels)
        return apply_in_batches(self.discriminator, *inputs, 128)

    def summary(self, **kwargs):
        """Prints both networks; arguments are those of `keras.Model.summary`."""
        self.generator.summary(**kwargs)
        self.discriminator.summary(**kwargs)

    @property
    def images_seen(self):
        """Number of real images that training has used so far, an integer."""
        return int(self._images_seen)

    # saving -----------------------------------------------------------------------------

    def get_config(self):
        """Returns the arguments of the constructor, the networks serialised."""
        config = {
            "name": self.name,
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "num_classes": self.num_classes,
            "condition_dim": self.condition_dim,
            "value_range": self.value_range,
            "seed": self.seed,
        }
        return {name: value for name, value in config.items() if value is not None}

    @classmethod
    def from_config(cls, config):
        """Creates the model from the dict that `get_config` returned."""
        return cls(**_deserialize(config))

    def get_compile_config(self):
        """Returns the arguments of `compile`, serialised."""
        arguments = {name: getattr(self, name) for name in self._compile_names}
        return {
            name: keras.saving.serialize_keras_object(value) for name, value in arguments.items()
        }

    def compile_from_config(self, config):
        """Compiles with the arguments that `get_compile_config` returned."""
        self.compile(**_deserialize(config))


def _deserialize(config):
    return {name: keras.saving.deserialize_keras_object(value) for name, value in config.items()}
