"""The GAN: two networks, one game, `fit`. The algorithm is `train_step`."""

import keras
import tensorflow as tf
from keras import ops

from keras_gans.losses import NonSaturating
from keras_gans.models import compile_arguments
from keras_gans.models.averaging import share_of_the_past
from keras_gans.models.batches import unpack
from keras_gans.models.critic import Critic
from keras_gans.models.measured_model import HEALTH
from keras_gans.models.network_pair import NetworkPair
from keras_gans.models.pair_checks import build_pair, frozen_copy, resolve_value_range
from keras_gans.models.player_optimizers import PlayerOptimizers
from keras_gans.models.replicas import (
    draw_latents,
    global_batch_size,
    gradient_norm,
    logs_of,
    numbered_latents,
    scaled,
)
from keras_gans.models.value_watch import ValueWatch
from keras_gans.networks.conditioning import inputs_with_labels
from keras_gans.ops.images import to_value_range
from keras_gans.saving import serializable

_LOGS = ("discriminator_loss", "generator_loss", "real_score", "fake_score")


@serializable()
class GAN(NetworkPair):
    """A generator and a discriminator trained against each other with `fit`.

    Use it with two networks of your own; `DCGAN` and `ConditionalGAN` bring theirs.

    In a step, the generator works once, and its activations stay in memory through the
    discriminator's turn: 0.4 MB an image for TensorFlow's tutorial generator. The discriminator
    works three times, on real, fake and again fake images, all in training mode; if it has
    BatchNorm, its moving statistics move as often.

    Args:
        image_shape: Tuple `(height, width, channels)`, or `(n,)` for vectors. Read off a
            built network where there is one.
        latent_dim: Integer. Read off a built generator; 100 for factories.
        generator: Built `keras.Model` from latents `(N, latent_dim)`, or `[latents,
            labels]`, to images `(N, *image_shape)`; or a factory, a function of
            `image_shape=` and `latent_dim=` that returns one.
        discriminator: Built `keras.Model` from images, or `[images, labels]`, to logits
            `(N, 1)`; or a factory, a function of `image_shape=`. If its channels are a
            multiple `m` of the images', it judges packs of `m` images (`layers.Pack`).
        num_classes: Integer, if labels are classes in `[0, num_classes)`. Factories of a
            conditional model are called with it, or with `condition_dim=`.
        condition_dim: Integer, if labels are vectors of floats `(N, condition_dim)`.
        value_range: Pair `(low, high)`, values of the images. Read off the generator's
            last activation: (0, 1) for a sigmoid, (-1, 1) otherwise.
        seed: Integer, seed of the noise in training. Initial weights follow
            `keras.utils.set_random_seed`.

    Call arguments:
        inputs: Latents, floats `(N, latent_dim)`, or a pair of latents and labels.

    Output shape:
        Floats `(N, *image_shape)` in `value_range`, from the averaged generator.

    Raises:
        ValueError: If the networks do not fit together or contradict an argument.

    Example:

    >>> from keras_gans import networks
    >>> gan = GAN(
    ...     generator=networks.mlp_generator((2,), latent_dim=4),
    ...     discriminator=networks.mlp_discriminator((2,)))
    >>> gan.compile()
    >>> history = gan.fit(np.random.uniform(-1, 1, (64, 2)), verbose=0)
    >>> gan.generate(5, seed=0).shape
    (5, 2)

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), algorithm 1. Unlike
          the paper, one batch of fakes serves both players' turns.
    """

    def __init__(
        self,
        image_shape=None,
        latent_dim=None,
        generator=None,
        discriminator=None,
        num_classes=None,
        condition_dim=None,
        value_range=None,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator, self.discriminator = build_pair(
            generator, discriminator, image_shape, latent_dim, num_classes, condition_dim
        )
        self.image_shape = tuple(self.generator.output_shape[1:])
        self.latent_dim = self.generator.inputs[0].shape[1]
        self.num_classes, self.condition_dim = num_classes, condition_dim
        self.value_range = resolve_value_range(value_range, self.generator)
        self.ema_generator = frozen_copy(self.generator)
        self.seed = seed
        self._noise = keras.random.SeedGenerator(seed)
        self._images_seen = self._add_counter("images_seen")
        self._batches_seen = self._add_counter("batches_seen")
        self._trackers = {name: keras.metrics.Mean(name) for name in (*_LOGS, "penalty", *HEALTH)}
        self._watch = ValueWatch(self.value_range, num_classes)
        self.penalties = []
        self.built = True

    # compile ----------------------------------------------------------------------------

    def compile_defaults(self):
        """The recipe: what `compile` uses where an argument is None. Recipes override it."""
        return {
            "discriminator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
            "generator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
            "loss": NonSaturating(),
            "penalties": [],
            "augmentation": None,
            "discriminator_steps": 1,
            "ema_half_life": 10_000,
        }

    def compile(
        self,
        discriminator_optimizer=None,
        generator_optimizer=None,
        loss=None,
        penalties=None,
        augmentation=None,
        discriminator_steps=None,
        ema_half_life=None,
        metrics=None,
        **kwargs,
    ):
        """Says how the two networks are trained. None is the recipe's default.

        Args:
            discriminator_optimizer: Keras optimizer, its name or config.
            generator_optimizer: Another one; the two are never the same object.
            loss: Object of `keras_gans.losses`, or a `keras.losses.Loss` such as
                `BinaryCrossentropy` (real is one, fake is zero).
            penalties: List of callables `(critic, real_images, fake_images)` whose scalars
                are added to the discriminator's loss; `[]` for none.
            augmentation: Differentiable callable on images in [-1, 1], all that the
                discriminator sees in training.
            discriminator_steps: Integer, batches for the discriminator to one for both.
            ema_half_life: Float, in images: after so many, the past counts half in the
                averaged generator. 0 copies the generator. Or an `ops.CosineSchedule` of it.
            metrics: List of objects of `keras_gans.metrics`, see `measure_with`.
            **kwargs: Keras' `run_eagerly`, `steps_per_execution`, `jit_compile`.

        Raises:
            ValueError: If an optimizer is given twice or averages weights, a network is
                frozen, or loss and discriminator do not fit.
            TypeError: If a keyword is unknown; the error names the right one.
        """
        given = {name: value for name, value in locals().items() if value is not None}
        settings = compile_arguments.resolve(self, given, kwargs)
        self.measure_with(metrics or [])
        super().compile(optimizer=None, loss=None, **kwargs)
        for name, value in settings.items():
            self._forget(name)
            setattr(self, name, value)
        self.optimizer = PlayerOptimizers(self.discriminator_optimizer, self.generator_optimizer)
        self._compile_names = [*settings, *kwargs]
        self.compile_settings = self._describe_settings()  # as they are before training

    # the algorithm ----------------------------------------------------------------------

    def train_step(self, data):
        """One batch: a turn of the discriminator, then a turn of the generator."""
        real_images, labels = self._prepare(data)
        latents = draw_latents(real_images, self.latent_dim, self._noise)
        if self.discriminator_steps == 1:
            self._play_both_turns(real_images, latents, labels)
        else:
            tf.cond(
                (self._batches_seen.value + 1) % self.discriminator_steps == 0,
                lambda: self._play_both_turns(real_images, latents, labels),
                lambda: self._play_discriminator(real_images, self._fake(latents, labels), labels),
            )
        self._batches_seen.assign_add(1)
        self._images_seen.assign_add(ops.cast(global_batch_size(real_images), "int64"))
        return logs_of(self.metrics)

    def _play_both_turns(self, real_images, latents, labels):
        weights = self.generator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in weights])
            fake_images = self._fake(latents, labels)  # serves both turns
            with tape.stop_recording():
                real_logits = self._play_discriminator(real_images, fake_images, labels)
            fake_logits = self._discriminate(fake_images, labels)
            if self.loss.generator_compares:  # with what the updated discriminator says
                real_logits = self._discriminate(real_images, labels)
            loss = self.loss.generator_loss(real_logits, fake_logits)
            total = scaled(loss + sum(self.generator.losses), self.generator_optimizer)
        norm = self._apply(self.generator_optimizer, tape.gradient(total, weights), weights)
        self._move_average(global_batch_size(real_images) * self.discriminator_steps)
        self._track(generator_loss=loss, generator_gradient_norm=norm)
        return real_logits

    def _play_discriminator(self, real_images, fake_images, labels):
        weights = self.discriminator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([weight.value for weight in weights])
            critic = self._critic(labels)
            real_logits, fake_logits = critic(real_images), critic(fake_images)
            loss = self.loss.discriminator_loss(real_logits, fake_logits)
            penalty = sum(term(critic, real_images, fake_images) for term in self.penalties)
            total = loss + penalty + sum(self.discriminator.losses)
            total = scaled(total, self.discriminator_optimizer)
        norm = self._apply(self.discriminator_optimizer, tape.gradient(total, weights), weights)
        self._track(discriminator_loss=loss, discriminator_gradient_norm=norm, penalty=penalty)
        self._track_scores(real_logits, fake_logits)
        self._adapt_augmentation(real_logits, global_batch_size(real_images))
        return real_logits

    def _move_average(self, num_images):
        kept = share_of_the_past(self.ema_half_life, self._images_seen, num_images)
        learned = {id(weight) for weight in self.generator.trainable_variables}
        for average, weight in zip(self.ema_generator.weights, self.generator.weights, strict=True):
            if id(weight) in learned:
                average.assign(weight + ops.cast(kept, weight.dtype) * (average - weight))
            else:  # statistics of BatchNorm are averages already
                average.assign(weight)

    # the networks -----------------------------------------------------------------------

    def _prepare(self, data):
        images, labels = unpack(data, self.image_shape, self.num_classes, self.condition_dim)
        self._watch.record(images, labels)
        return to_value_range(images, self.value_range), labels

    def _fake(self, latents, labels):
        images = self.generator(inputs_with_labels(latents, labels), training=True)
        return ops.cast(images, "float32")

    def _discriminate(self, images, labels, training=True):
        if training and self.augmentation is not None:
            images = self._augment(images)
        logits = self.discriminator(inputs_with_labels(images, labels), training=training)
        return ops.cast(logits, "float32")

    def _apply(self, optimizer, gradients, weights):
        """Moves the weights, and returns the gradient's norm, for `track_health`."""
        norm = gradient_norm(gradients, optimizer) if self._tracks_health else None
        optimizer.apply(gradients, weights)
        return norm

    def _critic(self, labels):
        """The discriminator of images with these labels, as penalties see it."""
        return Critic(lambda x: self._discriminate(x, labels), self._images_seen, self._noise)

    # evaluation -------------------------------------------------------------------------

    def test_step(self, data):
        """Losses and scores of one batch."""
        return self.compare(data)[0]

    def compare(self, data):
        """Losses and scores of one batch; and its real images, as many fakes, and labels."""
        real_images, labels = self._prepare(data)
        latents = numbered_latents(real_images, self.latent_dim, self._evaluation_noise)
        fake_images = ops.cast(self(inputs_with_labels(latents, labels)), "float32")
        real_logits = self._discriminate(real_images, labels, training=False)
        fake_logits = self._discriminate(fake_images, labels, training=False)
        self._track(
            discriminator_loss=self.loss.discriminator_loss(real_logits, fake_logits),
            generator_loss=self.loss.generator_loss(real_logits, fake_logits),
        )
        self._track_scores(real_logits, fake_logits)
        return logs_of(self.metrics[: len(_LOGS)]), (real_images, fake_images, labels)

    @property
    def metrics(self):
        """The trackers behind the logs."""
        names = [*_LOGS] + ["penalty"] * bool(self.penalties)
        return [self._trackers[name] for name in names]

    def _track(self, **values):
        for tracker in (*self.metrics, *self.health_trackers):
            if tracker.name in values:
                tracker.update_state(values[tracker.name])

    def _track_scores(self, real_logits, fake_logits):
        score = self.loss.score
        self._track(real_score=score(real_logits), fake_score=score(fake_logits))
        real_accuracy, fake_accuracy = self.loss.accuracies(real_logits, fake_logits)
        self._track(real_accuracy=real_accuracy, fake_accuracy=fake_accuracy)
