"""The GAN: two networks, one game, `fit`. The algorithm is `train_step`."""

from operator import attrgetter
from typing import Any, Self

import keras
from keras import ops

from keras_gans.models import building, compiling, configs, replicas, sampling, state
from keras_gans.models.averaging import AveragedGenerator
from keras_gans.models.critic import Critic
from keras_gans.models.evaluation import Evaluation
from keras_gans.models.fitting import Fitting, arguments_of
from keras_gans.models.logs import Logs
from keras_gans.models.player import Player, PlayerOptimizers
from keras_gans.networks.conditioning import inputs_with_labels
from keras_gans.ops.images import SYMMETRIC, rescale
from keras_gans.protocols import Array, ArrayLike, PathLike, Penalty, Shape, Tensor, ValueRange
from keras_gans.saving import serializable


@serializable()
class GAN(keras.Model):
    """A generator and a discriminator trained against each other with `fit`.

    Use it with two networks of your own; recipes such as `DCGAN` bring theirs.

    Args:
        image_shape: Tuple `(height, width, channels)`, or `(n,)` for vectors. Read off a
            built network where there is one.
        latent_dim: Integer. Read off a built generator; 100 for factories.
        generator: `keras.Model` from latents `(N, latent_dim)`, or `[latents, labels]`, to
            images; or a factory, a function of `image_shape=` and `latent_dim=`.
        discriminator: `keras.Model` from images, or `[images, labels]`, to logits `(N, 1)`; or
            a factory, a function of `image_shape=`. If its channels are a multiple `m` of the
            images', it judges packs of `m` images (`layers.Pack`).
        num_classes: Integer, if labels are classes in `[0, num_classes)`; factories get it, too.
        condition_dim: Integer, if labels are vectors of floats; the same holds.
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

    >>> points, latents = keras.Input((2,)), keras.Input((4,))
    >>> gan = GAN(
    ...     generator=keras.Model(latents, keras.layers.Dense(2, "tanh")(latents)),
    ...     discriminator=keras.Model(points, keras.layers.Dense(1)(points)))
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
        image_shape: Shape | None = None,
        latent_dim: int | None = None,
        *,
        generator: Any = None,
        discriminator: Any = None,
        num_classes: int | None = None,
        condition_dim: int | None = None,
        value_range: ValueRange | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        networks = {"generator": generator, "discriminator": discriminator}
        condition = {"num_classes": num_classes, "condition_dim": condition_dim}
        self.generator, self.discriminator, self._domain = building.build(
            self, networks, image_shape, latent_dim, condition, value_range
        )
        self.ema_generator = AveragedGenerator(self.generator)
        self._players = {name: Player(getattr(self, name)) for name in networks}
        self.seed = seed
        self._noise = keras.random.SeedGenerator(seed)
        self._images_seen = replicas.counter(self, "images_seen")
        self._batches_seen = replicas.counter(self, "batches_seen")
        self._logs = Logs()
        self._fitting, self._evaluation = Fitting(self._domain), Evaluation(self._domain)
        self._arguments = compiling.Arguments({})  # of `compile`
        self.built = True

    image_shape: Shape = property(attrgetter("_domain.image_shape"))  # type: ignore[assignment]
    latent_dim: int = property(attrgetter("_domain.latent_dim"))  # type: ignore[assignment]
    num_classes: int | None = property(attrgetter("_domain.num_classes"))  # type: ignore[assignment]
    condition_dim: int | None = property(attrgetter("_domain.condition_dim"))  # type: ignore[assignment]
    value_range: ValueRange = property(attrgetter("_domain.value_range"))  # type: ignore[assignment]

    images_seen: int = property(lambda self: int(self._images_seen.numpy()))  # type: ignore[assignment]

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """The recipe: `generator`, `discriminator` and `latent_dim` where there are none."""
        return {}

    train_function: Any  # Keras makes both where they are None
    test_function: Any

    # compile ----------------------------------------------------------------------------
    def compile_defaults(self) -> dict[str, Any]:
        """The recipe: what `compile` uses where an argument is None. Recipes override it."""
        return compiling.defaults()

    def compile(
        self,
        discriminator_optimizer: Any = None,
        generator_optimizer: Any = None,
        loss: Any = None,
        penalties: list[Penalty] | None = None,
        augmentation: Any = None,
        discriminator_steps: int | None = None,
        ema_half_life: Any = None,
        metrics: list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Says how the two networks are trained. None is the recipe's default.

        Args:
            discriminator_optimizer: Keras optimizer, its name or config.
            generator_optimizer: Another one; the two are never the same object.
            loss: Object of `keras_gans.losses` or `keras.losses` (real is one, fake is zero).
            penalties: List of callables `(critic, real_images, fake_images)` whose scalars
                are added to the discriminator's loss; `[]` for none.
            augmentation: Differentiable callable on all that the discriminator sees, in [-1, 1].
            discriminator_steps: Integer, batches for the discriminator to one for both.
            ema_half_life: Float, images after which the past counts half in the averaged
                generator, or an `ops.CosineSchedule` of it. 0 copies the generator.
            metrics: List of objects of `keras_gans.metrics`, see `measure_with`.
            **kwargs: Keras' `run_eagerly`, `steps_per_execution`, `jit_compile`.

        Raises:
            ValueError: If an optimizer is given twice or averages weights, a network is
                frozen, or loss and discriminator do not fit.
            TypeError: If a keyword is unknown.
        """
        players = discriminator_optimizer, generator_optimizer
        game = loss, penalties, augmentation, discriminator_steps, ema_half_life
        settings = compiling.resolve(self, (*players, *game), kwargs)
        self.measure_with(metrics or [])
        super().compile(optimizer=None, loss=None, **kwargs)
        # Not by setattr: Keras would track a layer among them for good, and a list's members.
        self.__dict__.update(settings)
        for name, player in self._players.items():
            player.learn_with(settings[f"{name}_optimizer"])
        self._logs.show(penalty=bool(self.penalties))
        self.optimizer = PlayerOptimizers(self.discriminator_optimizer, self.generator_optimizer)
        self._arguments = compiling.Arguments({**settings, **kwargs})

    # the algorithm ----------------------------------------------------------------------
    def train_step(self, data: Any) -> dict[str, Tensor]:
        """One batch: a turn of the discriminator, then a turn of the generator."""
        real_images, labels = self._fitting.watch.read(data)
        latents = replicas.draw(keras.random.normal, real_images, (self.latent_dim,), self._noise)
        turns = self._play_both_turns, self._play_alone  # the first every so many batches
        batch = real_images, latents, labels
        replicas.alternate(self._batches_seen, self.discriminator_steps, *turns, *batch)
        self._batches_seen.assign_add(1)
        self._images_seen.assign_add(ops.cast(replicas.global_batch_size(real_images), "int64"))
        return replicas.logs_of(self.metrics)

    def _play_both_turns(self, real_images, latents, labels):
        generator = self._players["generator"]
        with generator.tape() as tape:
            fake_images = generator(latents, labels)  # serves both turns
            with tape.stop_recording():
                real_logits = self._play_discriminator(real_images, fake_images, labels)
            fake_logits = self._discriminate(fake_images, labels)
            if self.loss.generator_compares:  # with what the updated discriminator says
                real_logits = self._discriminate(real_images, labels)
            loss = self.loss.generator_loss(real_logits, fake_logits)
            total = generator.total(loss)
        norm = generator.move(tape, total)
        num_images = replicas.global_batch_size(real_images) * self.discriminator_steps
        self.ema_generator.move(self.ema_half_life, self._images_seen, num_images)
        self._logs.track(generator_loss=loss, generator_gradient_norm=norm)

    def _play_alone(self, real_images, latents, labels):
        self._play_discriminator(real_images, self._players["generator"](latents, labels), labels)

    def _play_discriminator(self, real_images, fake_images, labels):
        discriminator = self._players["discriminator"]
        with discriminator.tape() as tape:
            critic = Critic(self._discriminate, labels, self._images_seen, self._noise)
            real_logits, fake_logits = critic(real_images), critic(fake_images)
            loss = self.loss.discriminator_loss(real_logits, fake_logits)
            penalty = sum(term(critic, real_images, fake_images) for term in self.penalties)
            total = discriminator.total(loss + penalty)
        norm = discriminator.move(tape, total)
        self._logs.track(discriminator_loss=loss, discriminator_gradient_norm=norm, penalty=penalty)
        self._logs.track_scores(self.loss, real_logits, fake_logits)
        if hasattr(self.augmentation, "update_strength"):  # how sure real images are judged
            sign = replicas.mean_sign(real_logits, self.loss.threshold)
            self.augmentation.update_strength(sign, replicas.global_batch_size(real_images))
        return real_logits

    # the networks -----------------------------------------------------------------------
    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Images of the averaged generator, in inference mode whatever `training` says."""
        return self.ema_generator(inputs)

    def generate(
        self,
        num_images: int | None = None,
        labels: ArrayLike | None = None,
        latents: ArrayLike | None = None,
        seed: int | None = None,
        batch_size: int | None = None,
    ) -> Array:
        """Draws images from the averaged generator; training state is never advanced.

        Args:
            num_images: Integer; may be left out where `labels` or `latents` say how many.
            labels: Integers `(N,)` or floats `(N, condition_dim)`, or one label for all; None
                cycles through the classes. Floats `(N, num_classes)` of sum one mix classes.
            latents: Floats `(N, latent_dim)`; None draws them from a normal distribution.
            seed: Integer, for the same images each time: the first 16 of 64 are the 16 of that
                seed, whatever the batch size. None draws fresh noise.
            batch_size: Integer, images at a time; 128 by default.

        Returns:
            NumPy float32 `(N, *image_shape)` in `value_range`.

        Raises:
            ValueError: If counts do not agree, or labels are missing, wrong or not wanted.
        """
        latents, labels = sampling.generator_inputs(self._domain, num_images, labels, latents, seed)
        network = sampling.generator_for(self.ema_generator, self._domain, labels)
        return sampling.apply_in_batches(network, latents, labels, batch_size or 128)

    def discriminate(self, images: ArrayLike, labels: ArrayLike | None = None) -> Array:
        """The discriminator's output `(N, 1)`, NumPy float32, for `fit`'s kind of images.

        Logits, unless it ends in a sigmoid. Of packs of `m` images, `ceil(N / m)` of them.
        """
        images, labels = self._domain.check_arrays(images, labels)
        size = sampling.whole_packs(self.discriminator, 128)
        images = self._domain.to_floats(images)
        return sampling.apply_in_batches(self.discriminator, images, labels, size)

    def summary(self, **kwargs: Any) -> None:
        """Prints both networks; arguments are those of `keras.Model.summary`."""
        self.generator.summary(**kwargs)
        self.discriminator.summary(**kwargs)

    def _discriminate(self, images, labels, training=True):
        if training and self.augmentation is not None:
            images = self.augmentation(rescale(images, self.value_range, SYMMETRIC))
            images = rescale(images, SYMMETRIC, self.value_range)
        return self._players["discriminator"](images, labels, training=training)

    # fit and evaluate -------------------------------------------------------------------
    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As `keras.Model.fit`, on images, or on images and labels.

        `x` is an array, a `tf.data.Dataset`, a `PyDataset` or a generator of tuples, of uint8,
        bool, or floats in `value_range`; arrays of labels go to `y`. Data that do not fit are a
        ValueError, at the latest after the first execution. The order of arrays, and of
        `keras_gans.datasets`, is a function of seed and epoch. On several replicas, arrays leave
        out the images after the last full batch.
        """
        call = arguments_of(keras.Model.fit, self, x, y, *args, **kwargs)
        call = self._fitting.begin(self, call)
        if self._logs.show(health=self._fitting.tracks_health):
            self.train_function = None  # its logs change
        with self._evaluation.keeping_reals():
            history = super().fit(**call)
        self._fitting.watch.check()
        return history

    def make_train_function(self, force: bool = False) -> None:
        """As Keras makes it, with a look at the values of the data now and then."""
        if self.train_function is None or force:
            super().make_train_function(force=True)
            self.train_function = self._fitting.guarded(self)

    def evaluate(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As `keras.Model.evaluate`: losses, scores and the compiled metrics on held-out data.

        The averaged generator draws as many fakes, from a fixed seed, for the labels of the data;
        both networks work in inference mode. The k-th fake is the same whatever the batch size.
        In `fit`, metrics look at the real images of `validation_data` once.
        """
        call = arguments_of(keras.Model.evaluate, self, x, y, *args, **kwargs)
        self._fitting.check(self, call, "evaluate")
        return_dict = call.pop("return_dict", False)
        with self._evaluation.of(call) as measured:
            super().evaluate(**call, return_dict=True)
        self._fitting.watch.check()
        logs = self._logs.of_all_replicas() | measured
        return logs if return_dict else list(logs.values())

    def make_test_function(self, force: bool = False) -> None:
        """As Keras makes it; with metrics of samples, it shows them each batch."""
        if not self._evaluation.metrics:
            super().make_test_function(force)
        elif self.test_function is None or force:
            self.test_function = self._evaluation.test_function(self, self._compare)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """Losses and scores of one batch."""
        return self._compare(data)[0]

    def _compare(self, data):
        """Losses and scores of one batch; and its real images, as many fakes, and labels."""
        real_images, labels = self._fitting.watch.read(data)
        latents = self._evaluation.latents(real_images)
        fake_images = ops.cast(self(inputs_with_labels(latents, labels)), "float32")
        real_logits = self._discriminate(real_images, labels, training=False)
        fake_logits = self._discriminate(fake_images, labels, training=False)
        self._logs.track_all(self.loss, real_logits, fake_logits)
        return replicas.logs_of(self._logs.in_evaluation), (real_images, fake_images, labels)

    def measure_with(self, metrics: list[Any]) -> None:
        """Sets the metrics of `evaluate`, as `compile` does; they are not saved with a model.

        A ValueError says if two have the same name, or one does not fit the model.
        """
        self._evaluation.measure_with(metrics, Logs.names)
        self.test_function = None

    def sample_metrics(self) -> list[Any]:
        """The metrics of `evaluate`, a list. Not a property: Keras would save what it holds."""
        return self._evaluation.metrics

    metrics: list[Any] = property(attrgetter("_logs.trackers"))  # type: ignore[assignment]

    def get_metrics_result(self) -> dict[str, Any]:
        """The means since the epoch began; NaN of a player that had no turn in it."""
        return self._logs.results()

    # saving -----------------------------------------------------------------------------
    def save(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Saves everything in a `.keras` file, as `keras.Model.save`: training can continue.

        If the model could not be loaded again, nothing is written, and a ValueError says why.
        """
        configs.check_saving(self, filepath)
        super().save(filepath, overwrite=overwrite, **kwargs)

    def export(self, filepath: PathLike, *args: Any, **kwargs: Any) -> None:
        """Writes the averaged generator for use without Keras, as `keras.Model.export`.

        The endpoint `serve` of a SavedModel takes latents `(N, latent_dim)`, or `[latents,
        labels]`, and returns images. `format="onnx"` needs the package `tf2onnx`.
        """
        one = self._domain.one_input()
        self.ema_generator.export_as_network(filepath, one, *args, **kwargs)

    def get_state(self) -> list[Array]:
        """Everything that training changes, a list of NumPy arrays, to continue from."""
        return state.read_state(self)

    def set_state(self, arrays: list[Array]) -> None:
        """Sets what `get_state` returned, or says of what other model it is (ValueError)."""
        state.write_state(self, arrays)

    @property
    def settings(self) -> dict[str, Any]:
        """How the model was made and compiled, two dicts of plain values, for people."""
        return {"model": configs.described(self, GAN), "compile": self._arguments.described}

    def save_own_variables(self, store: Any) -> None:
        """Saves what Keras leaves out; the networks and optimizers save themselves."""
        super().save_own_variables(store)
        state.save_rest(self, store)

    def load_own_variables(self, store: Any) -> None:
        """Loads what `save_own_variables` saved."""
        super().load_own_variables(state.load_rest(self, store))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor; a subclass's too, if they are attributes."""
        return configs.config_of(self, GAN)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the model from the dict that `get_config` returned, or says what is newer."""
        return cls(**configs.arguments_from(config, cls))

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns the arguments of `compile`, serialised; None before `compile`."""
        return self._arguments.serialized() if self.compiled else None

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles with the arguments that `get_compile_config` returned."""
        self.compile(**configs.deserialized(config))
