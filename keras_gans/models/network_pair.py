"""A generator and a discriminator: drawing from them, asking them, saving them."""

import inspect

import keras

from keras_gans.layers import Pack
from keras_gans.models import state
from keras_gans.models.checked_model import CheckedModel
from keras_gans.models.replicas import mean_of_replicas
from keras_gans.models.sampling import (
    apply_in_batches,
    discriminator_inputs,
    generator_inputs,
    is_mixture,
)
from keras_gans.networks import class_mixing_generator
from keras_gans.ops.images import rescale
from keras_gans.version import __version__

_RANGE = (-1.0, 1.0)


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
                None cycles through the classes; float conditions must be given. Floats
                `(N, num_classes)` in rows that sum to one mix classes.
            latents: Floats `(N, latent_dim)`; None draws them from a normal distribution.
            seed: Integer, for the same images each time, whatever the number and the batch
                size: the first 16 of 64 are the 16 of that seed. None draws fresh noise.
            batch_size: Integer, images at a time; 128 by default.

        Returns:
            NumPy float32 `(N, *image_shape)` in `value_range`.

        Raises:
            ValueError: If counts do not agree, or labels are missing, wrong or not wanted.
        """
        latents, labels = generator_inputs(self, num_images, labels, latents, seed)
        network = self.ema_generator
        if labels is not None and is_mixture(self, labels):
            network = class_mixing_generator(network, self.num_classes)
        return apply_in_batches(network, latents, labels, batch_size or 128)

    def discriminate(self, images, labels=None):
        """The discriminator's output `(N, 1)`, NumPy float32, for `fit`'s kind of images.

        These are logits, unless the discriminator ends in a sigmoid. Inference mode. Where it
        judges packs of `m` images, `ceil(N / m)` of them.
        """
        inputs = discriminator_inputs(self, images, labels)
        packs = [layer for layer in self.discriminator.layers if isinstance(layer, Pack)]
        together = packs[0].num_images if packs else 1
        return apply_in_batches(self.discriminator, *inputs, 128 // together * together)

    def summary(self, **kwargs):
        """Prints both networks; arguments are those of `keras.Model.summary`."""
        self.generator.summary(**kwargs)
        self.discriminator.summary(**kwargs)

    @property
    def images_seen(self):
        """Number of real images that training has used so far, an integer."""
        return int(self._images_seen.numpy())

    def _augment(self, images):
        """What `augmentation` makes of images, which it gets in (-1, 1)."""
        images = self.augmentation(rescale(images, self.value_range, _RANGE))
        return rescale(images, _RANGE, self.value_range)

    def _adapt_augmentation(self, real_logits, num_images):
        """Tells an augmentation whose strength moves how sure real images are judged."""
        if hasattr(self.augmentation, "update_strength"):
            sign = None
            if self.loss.threshold is not None:
                signs = keras.ops.sign(real_logits - self.loss.threshold)
                sign = mean_of_replicas(keras.ops.mean(signs))
            self.augmentation.update_strength(sign, num_images)

    # saving -----------------------------------------------------------------------------

    def export(self, filepath, format="tf_saved_model", **kwargs):  # noqa: A002
        """Writes the averaged generator for use without Keras, as `keras.Model.export`.

        Args:
            filepath: Path of a folder (SavedModel), or of a file.
            format: `"tf_saved_model"`: its endpoint `serve` takes latents `(N, latent_dim)`,
                or `[latents, labels]`, and returns images. `"onnx"` needs the package
                `tf2onnx`.
            **kwargs: As of `keras.Model.export`.
        """
        inputs = self.ema_generator.inputs
        one = [keras.ops.zeros((1, *tensor.shape[1:]), tensor.dtype) for tensor in inputs]
        self.ema_generator(one if len(one) > 1 else one[0])  # Keras exports what was called
        self.ema_generator.export(filepath, format=format, **kwargs)

    def get_state(self):
        """Everything that training changes, as a list of NumPy arrays.

        Weights, averaged generator, optimizers, counters and random states: a model with
        the same state, trained on the same batches, ends with the same weights to the bit.
        """
        return state.read_state(self)

    def set_state(self, arrays):
        """Sets what `get_state` returned.

        Raises:
            ValueError: If it is the state of another architecture or other optimizers.
        """
        state.write_state(self, arrays)

    def save_own_variables(self, store):
        """Saves counters and random states; the networks save themselves."""
        super().save_own_variables(store)
        state.save_random_states(self, store)

    def load_own_variables(self, store):
        """Loads what `save_own_variables` saved."""
        super().load_own_variables(state.load_random_states(self, store))

    def get_config(self):
        """Returns the arguments of the constructor, the networks serialised."""
        config = {
            "name": self.name,
            "version": __version__,
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
        """Creates the model from the dict that `get_config` returned.

        Raises:
            ValueError: If a newer version wrote it, with arguments that this one lacks.
        """
        config = dict(config)
        version = config.pop("version", "of unknown version")
        known = {
            name for kind in cls.__mro__ for name in inspect.signature(kind.__init__).parameters
        }
        unknown = sorted(set(config) - known)
        if unknown:
            raise ValueError(
                f"A saved model must have the arguments of {cls.__name__}. Received: a file of "
                f"keras_gans {version} with {', '.join(unknown)}, which keras_gans "
                f"{__version__} does not know. Upgrade keras_gans."
            )
        return cls(**_deserialize(config))

    def get_compile_config(self):
        """Returns the arguments of `compile`, serialised; None before `compile`."""
        if not self.compiled:
            return None
        arguments = {name: getattr(self, name) for name in self._compile_names}
        return {
            name: keras.saving.serialize_keras_object(value) for name, value in arguments.items()
        }

    def _forget(self, name):
        """Drops what an earlier `compile` set; Keras would go on tracking a replaced layer."""
        old = self.__dict__.get(name)
        if isinstance(old, keras.layers.Layer):
            self._layers.remove(old)

    def _describe_settings(self):
        """What `compile` set, as plain values: what cannot be serialised, by its name."""
        described = {}
        for name in self._compile_names:
            value = getattr(self, name)
            try:
                described[name] = keras.saving.serialize_keras_object(value)
            except (TypeError, ValueError, AttributeError):
                described[name] = getattr(value, "__qualname__", type(value).__qualname__)
        return described

    def compile_from_config(self, config):
        """Compiles with the arguments that `get_compile_config` returned."""
        self.compile(**_deserialize(config))


def _deserialize(config):
    return {name: keras.saving.deserialize_keras_object(value) for name, value in config.items()}
