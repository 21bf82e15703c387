"""The GAN: two networks trained against each other. The algorithm is `train_step`."""

from operator import attrgetter
from typing import Any, Self

import keras
from keras import ops

from keras_gans.models import building, compiling, configs, keywords, replicas, sampling, state
from keras_gans.models.averaging import AveragedGenerator
from keras_gans.models.call_arguments import arguments_of
from keras_gans.models.critic import Critic
from keras_gans.models.evaluation import Evaluation
from keras_gans.models.fitting import Fitting
from keras_gans.models.logs import Logs
from keras_gans.models.player import PlayerOptimizers
from keras_gans.models.turn import Turn
from keras_gans.ops.images import augmented
from keras_gans.protocols import Array, ArrayLike, PathLike, Penalty, ShapeLike, Tensor, ValueRange
from keras_gans.saving import serializable


@serializable()
class GAN(keras.Model):
    """Trains two networks of your own with `fit`; recipes such as `DCGAN` have defaults.

    Args:
        image_shape: Tuple, the shape of one image `(height, width, channels)`, or of a vector,
            series, volume and so on. Inferred from a built network if one is given.
        latent_dim: Integer, or the shape, or structure of shapes, of latents that are not vectors.
            Inferred from a built generator; 16, 32 or 64 for factories, see `DCGAN`.
        generator: `keras.Model` from latents, or `[latents, labels]`, to images; or a factory, a
            function of `image_shape=`, `latent_dim=` and the kind of labels.
        discriminator: `keras.Model` from images, or `[images, labels]`, to logits `(N, 1)`, to a
            map of logits, or to a dict with the key `"logits"`; or a factory.
        num_classes: Integer, if labels are classes in `[0, num_classes)` or one-hot rows; or a
            `layers.KMeans`, see `SelfConditionedGAN`. The attribute `class_names` names them.
        condition_dim: Integer, if labels are vectors of floats.
        condition_shape: Tuple, if labels are images or other arrays of that shape.
        prior: Object of `keras_gans.priors`; None means standard normal.
        value_range: Pair `(low, high)`, the range of the images; if infinite, nothing is
            rescaled. None means (0, 1) if the generator ends in a sigmoid, (-1, 1) otherwise.
        seed: Integer, seed of the noise in training, not of the initial weights.

    Call arguments:
        inputs: Latents, or a pair of latents and labels; labels if there are no latents.

    Output shape:
        Floats `(N, *image_shape)` in `value_range`, from the averaged generator.

    Raises:
        ValueError: If the networks do not fit together or contradict an argument.

    Example:

    >>> layers = keras.Input((4,)), keras.layers.Dense(2, "tanh")
    >>> judge = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> gan = GAN(generator=keras.Sequential(layers), discriminator=judge)
    >>> gan.compile()
    >>> history = gan.fit(np.random.uniform(-1, 1, (64, 2)), verbose=0)
    >>> gan.generate(5, seed=0).shape
    (5, 2)

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), algorithm 1. Unlike
          the paper, the same batch of fakes is used in both players' turns.
    """

    def __init__(
        self,
        image_shape: ShapeLike | None = None,
        latent_dim: Any = None,
        *further: Any,
        generator: Any = None,
        discriminator: Any = None,
        num_classes: int | None = None,
        condition_dim: int | None = None,
        condition_shape: ShapeLike | None = None,
        prior: Any = None,
        value_range: ValueRange | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**keywords.of_constructor(kwargs, further))
        self.seed = sampling.checked_seed(seed)
        networks, labels = (generator, discriminator), (num_classes, condition_dim, condition_shape)
        self._players, self._domain = building.build(
            self, networks, image_shape, (latent_dim, prior), labels, value_range
        )
        self.generator, self.discriminator = (p.network for p in self._players.values())
        self.ema_generator = AveragedGenerator(self.generator)
        self._noise = keras.random.SeedGenerator(self.seed)
        self._images_seen = replicas.counter(self, "images_seen")
        self._batches_seen = replicas.counter(self, "batches_seen")
        self._logs, self.clusters = Logs(), self._domain.conditions.clusters
        self._fitting, self._evaluation = Fitting(self._domain), Evaluation(self._domain)
        self._arguments = compiling.Arguments({})  # of `compile`
        self.built = True

    required_labels: tuple[str, ...] = ()  # names of arguments, one of which a recipe needs
    image_shape: tuple[int, ...] = property(attrgetter("_domain.image_shape"))  # type: ignore[assignment]
    latent_dim: Any = property(attrgetter("_domain.latents.dim"))
    prior: Any = property(attrgetter("_domain.latents.prior"))
    num_classes: int | None = property(attrgetter("_domain.conditions.num_classes"))  # type: ignore[assignment]
    condition_dim: int | None = property(attrgetter("_domain.conditions.condition_dim"))  # type: ignore[assignment]
    condition_shape: tuple | None = property(attrgetter("_domain.conditions.condition_shape"))  # type: ignore[assignment]
    class_names: list[str] | None = property(  # type: ignore[assignment]
        attrgetter("_domain.conditions.class_names"),
        lambda self, names: self._domain.conditions.name_classes(names),
    )
    value_range: ValueRange = property(attrgetter("_domain.value_range"))  # type: ignore[assignment]
    images_seen: int = property(lambda self: int(self._images_seen.numpy()))  # type: ignore[assignment]

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """The recipe's networks, where none are given, and `latent_dim`, also for factories."""
        return {}

    # compile ----------------------------------------------------------------------------
    def compile_defaults(self) -> dict[str, Any]:
        """The recipe's values for arguments of `compile` that are None. Recipes override it."""
        return compiling.defaults()

    def compile(
        self,
        discriminator_optimizer: Any = None,
        generator_optimizer: Any = None,
        loss: Any = None,
        penalties: list[Penalty] | None = None,
        auxiliary_losses: list[Any] | None = None,
        augmentation: Any = None,
        discriminator_steps: int | None = None,
        simultaneous: bool | None = None,
        ema_half_life: Any = None,
        metrics: list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Configures how the two networks are trained. None means the recipe's default.

        Args:
            discriminator_optimizer: Keras optimizer, or its name or config.
            generator_optimizer: Likewise; it must be a different object.
            loss: Object of `keras_gans.losses` or `keras.losses` (real is one, fake is zero).
            penalties: List of objects such as `losses.R1`, see `losses.SlopePenalty`.
            auxiliary_losses: List of additional terms of the losses, see `losses.AuxiliaryLoss`.
            augmentation: Differentiable callable on all that the discriminator sees, in [-1, 1].
            discriminator_steps: Integer, updates of the discriminator per generator update.
            simultaneous: Whether the generator learns from the discriminator before its update.
            ema_half_life: Float, half-life of the average in images, or an `ops.CosineSchedule`;
                at most 5% of the images seen so far, which is the default.
            metrics: List of objects of `keras_gans.metrics`, see `measure_with`.
            **kwargs: Keras' `run_eagerly`, `steps_per_execution`, `jit_compile`.

        Raises:
            ValueError: If an argument does not fit the networks or another argument.
            TypeError: If a keyword is unknown.
        """
        values: tuple[Any, ...] = discriminator_optimizer, generator_optimizer, loss, penalties
        values += auxiliary_losses, augmentation, discriminator_steps, simultaneous, ema_half_life
        settings = compiling.resolve(self, values, kwargs, self._players["discriminator"])
        self.measure_with([] if metrics is None else metrics)
        super().compile(optimizer=None, loss=None, **kwargs)
        # Not with setattr: Keras would then always track layers among them and in their lists.
        self.__dict__.update(settings)
        for name, player in self._players.items():
            player.learn_with(settings[f"{name}_optimizer"])
        self._logs.show(penalty=bool(self.penalties), auxiliary=bool(self.auxiliary_losses))
        self.optimizer = PlayerOptimizers(self.discriminator_optimizer, self.generator_optimizer)
        self._arguments = compiling.Arguments({**settings, **kwargs})

    # the algorithm ----------------------------------------------------------------------
    def train_step(self, data: Any) -> dict[str, Tensor]:
        """One batch: a turn of the discriminator, then a turn of the generator."""
        real_images, labels = self._fitting.watch.read(data)
        latents = self._domain.latents.drawn(real_images, self._noise)
        turns = self._play_both_turns, self._play_alone  # the first once per `discriminator_steps`
        batch = real_images, latents, labels
        replicas.alternate(self._batches_seen, self.discriminator_steps, *turns, *batch)
        self._batches_seen.assign_add(1)
        self._images_seen.assign_add(ops.cast(replicas.global_batch_size(real_images), "int64"))
        return replicas.logs_of(self.metrics)

    def _play_both_turns(self, real_images, latents, labels):
        generator = self._players["generator"]
        with generator.tape() as tape:
            fake_images = generator(latents, labels)  # used in both turns
            with tape.stop_recording():
                turn, update = self._judge(real_images, fake_images, latents, labels)
                if not self.simultaneous:
                    update()
            critic = Critic(self._discriminate, labels, self._images_seen, self._noise)
            turn = turn.of_generator(critic, self.loss.generator_compares)
            loss = self.loss.generator_loss(turn.real_logits, turn.fake_logits)
            auxiliary = turn.sum_of(self.auxiliary_losses, "generator_loss")
            total = generator.total(loss + auxiliary)
        norm = generator.move(generator.gradients(tape, total))
        if self.simultaneous:
            update()
        num_images = replicas.global_batch_size(real_images) * self.discriminator_steps
        self.ema_generator.move(self.ema_half_life, self._images_seen, num_images)
        self._logs.track_player("generator", real_images, loss, auxiliary, norm)

    def _play_alone(self, real_images, latents, labels):
        fake_images = self._players["generator"](latents, labels)
        self._judge(real_images, fake_images, latents, labels)[1]()

    def _judge(self, real_images, fake_images, latents, labels):
        """The discriminator's turn, and the function that updates it."""
        discriminator = self._players["discriminator"]
        with discriminator.tape() as tape:
            critic = Critic(self._discriminate, labels, self._images_seen, self._noise)
            outputs = critic.outputs(real_images), critic.outputs(fake_images)
            turn = Turn(real_images, fake_images, labels, latents, *outputs, critic)
            loss = self.loss.discriminator_loss(turn.real_logits, turn.fake_logits)
            penalty = sum(term(critic, real_images, fake_images) for term in self.penalties)
            auxiliary = turn.sum_of(self.auxiliary_losses, "discriminator_loss")
            total = discriminator.total(loss + penalty + auxiliary)
        gradients = discriminator.gradients(tape, total)

        def update():
            norm = discriminator.move(gradients)
            self._logs.track_player("discriminator", real_images, loss, auxiliary, norm, penalty)
            self._logs.track_scores(self.loss, real_images, turn.real_logits, turn.fake_logits)
            replicas.update_strength(self.augmentation, turn, self.loss.threshold)

        return turn, update

    # the networks -----------------------------------------------------------------------
    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Images of the averaged generator, always in inference mode; `training` is ignored."""
        return self.ema_generator(self._players["generator"].inputs(*self._domain.parts(inputs)))

    def generate(
        self,
        num_images: int | None = None,
        labels: ArrayLike | None = None,
        latents: ArrayLike | None = None,
        seed: int | None = None,
        batch_size: int | None = None,
        dtype: str | None = None,
    ) -> Array:
        """Generates images with the averaged generator; the state of training does not change.

        Args:
            num_images: Integer; can be omitted if `labels` or `latents` determine the number.
            labels: As in `fit`, or names in `class_names`, or one label for all; None cycles
                through the classes. Floats `(N, num_classes)` that sum to one mix classes.
            latents: As `sample_latents` returns; None draws them from the prior.
            seed: Integer, for the same images each time: the first 16 of 64 images are the same
                as 16 images of that seed, whatever the batch size. None draws new noise.
            batch_size: Integer, number of images per batch; 128 by default.
            dtype: `"uint8"` for pixels from 0 to 255, to show or save; None for floats.

        Returns:
            NumPy floats `(N, *image_shape)` in `value_range`, float32 by default; or uint8.

        Raises:
            ValueError: If counts differ, labels are missing or wrong, or `dtype` does not fit.
        """
        how = self.ema_generator, self._players["generator"].inputs, self._domain
        return sampling.generate(*how, num_images, labels, latents, seed, batch_size, dtype)

    def sample_latents(self, num_images: int, seed: int | None = None) -> Any:
        """Draws latents `(num_images, latent_dim)`, or a structure of them, as NumPy floats."""
        return self._domain.latents.sampled(num_images, seed)

    def discriminate(self, images: ArrayLike, labels: ArrayLike | None = None) -> Array:
        """The discriminator's logits `(N, ...)`; for packs of `m` images, `(ceil(N / m), ...)`."""
        images, labels = self._domain.labelled(*self._domain.check_arrays(images, labels))
        judge, size = self._players["discriminator"].infer, sampling.whole_packs(self.discriminator)
        return sampling.apply_in_batches(judge, images, labels, size)

    def summary(self, **kwargs: Any) -> None:
        """Prints both networks; arguments are those of `keras.Model.summary`."""
        self.generator.summary(**kwargs)
        self.discriminator.summary(**kwargs)

    def _discriminate(self, images, labels):
        if self.augmentation is not None:
            images = augmented(self.augmentation, images, self.value_range)
        return self._players["discriminator"](images, labels)

    # fit and evaluate -------------------------------------------------------------------
    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Trains as `keras.Model.fit` does, on images, or on images and labels.

        `x` is an array, a `tf.data.Dataset`, a `PyDataset`, a generator or a `DataLoader`, of
        integers (0 to 255), bool, or floats in `value_range`. Data that do not fit raise a
        ValueError, at the latest after the first execution. The order of arrays, and of
        `keras_gans.datasets`, is a function of seed and epoch; `class_names` of a dataset is kept.
        """
        call = self._fitting.begin(self, arguments_of("fit", self, x, y, *args, **kwargs))
        if self._logs.show(health=self._fitting.tracks_health):
            self.train_function: Any = None  # Keras creates it again, because its logs change
        with self._evaluation.keeping_reals():
            return self._fitting.run(super().fit, self, call)

    def make_train_function(self, force: bool = False) -> None:
        """Creates Keras' train function, which also checks the data's values from time to time."""
        if self.train_function is None or force:
            super().make_train_function(force=True)
            self.train_function = self._fitting.guarded(self)

    def evaluate(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Like `keras.Model.evaluate`: losses, scores and the compiled metrics on held-out data.

        The averaged generator makes as many fakes, with a fixed seed and the labels of the data;
        both networks run in inference mode.
        """
        call = arguments_of("evaluate", self, x, y, *args, **kwargs)
        self._fitting.check(self, call, "evaluate")
        return_dict = call.pop("return_dict", False)
        with self._evaluation.of(call) as measured:
            super().evaluate(**call, return_dict=True)
        self._fitting.watch.check()
        logs = self._logs.of_all_replicas() | measured
        return logs if return_dict else list(logs.values())

    def make_test_function(self, force: bool = False) -> None:
        """Creates a test function that also passes each batch to the sample metrics."""
        if self.test_function is None or force:
            self.test_function: Any = self._evaluation.test_function(self, self._compare)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """Losses and scores of one batch."""
        return self._compare(data)[0]

    def _compare(self, data):
        """Losses and scores of one batch; its real images, as many fakes, and its labels."""
        real_images, labels = self._fitting.watch.read(data)
        inputs = self._players["generator"].inputs(self._evaluation.latents(real_images), labels)
        fake_images = ops.cast(self.ema_generator(inputs), keras.config.floatx())
        judge = self._players["discriminator"].infer
        logits = [judge(images, labels)["logits"] for images in (real_images, fake_images)]
        self._logs.track_all(self.loss, real_images, *logits)
        return replicas.logs_of(self._logs.in_evaluation), (real_images, fake_images, labels)

    def measure_with(self, metrics: list[Any]) -> None:
        """Sets the metrics of `evaluate`, as `compile` does; they are not saved with a model."""
        self._evaluation.measure_with(metrics, Logs.names)

    def sample_metrics(self) -> list[Any]:
        """The metrics of `evaluate`, a list. Not a property: Keras would save its contents."""
        return self._evaluation.metrics

    metrics: list[Any] = property(attrgetter("_logs.trackers"))  # type: ignore[assignment]

    def get_metrics_result(self) -> dict[str, Any]:
        """The means since the epoch began; NaN for a player that has had no turn."""
        return self._logs.results()

    # saving -----------------------------------------------------------------------------
    def save(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Saves everything in a `.keras` file; raises a ValueError if it could not be loaded."""
        configs.check_saving(self, filepath)
        super().save(filepath, overwrite=overwrite, **kwargs)

    def export(self, filepath: PathLike, *args: Any, **kwargs: Any) -> None:
        """Exports the averaged generator for use without Keras; `format="onnx"` needs `tf2onnx`."""
        one = self._players["generator"].inputs(*self._domain.zeros(1))
        self.ema_generator.export_as_network(filepath, one, *args, **kwargs)

    def get_state(self) -> list[Array]:
        """Returns everything that training changes, as a list of NumPy arrays."""
        return state.read_state(self)

    def set_state(self, arrays: list[Array]) -> None:
        """Restores what `get_state` returned; a state of another model raises a ValueError."""
        state.write_state(self, arrays)

    @property
    def settings(self) -> dict[str, Any]:
        """How the model was created and compiled: two dicts of plain, readable values."""
        return {"model": configs.described(self, GAN), "compile": self._arguments.described}

    def save_own_variables(self, store: Any) -> None:
        """Saves what Keras does not; the networks and optimizers save themselves."""
        super().save_own_variables(store)
        state.save_rest(self, store)

    def load_own_variables(self, store: Any) -> None:
        """Loads what `save_own_variables` saved."""
        super().load_own_variables(state.load_rest(self, store))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, including a subclass's that are attributes."""
        return configs.config_of(self, GAN)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the model from a dict of `get_config`; an error names unknown arguments."""
        return configs.model_from(config, cls)

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns the arguments of `compile`, serialised; None before `compile`."""
        return self._arguments.serialized() if self.compiled else None

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles with the arguments that `get_compile_config` returned."""
        self.compile(**configs.deserialized(config))
