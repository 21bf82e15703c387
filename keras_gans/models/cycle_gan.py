"""CycleGAN: image-to-image translation in both directions, learned from unpaired images."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.losses import LeastSquares
from keras_gans.models import building, compiling, configs, keywords, replicas, sampling, state
from keras_gans.models.averaging import AveragedGenerator
from keras_gans.models.call_arguments import arguments_of
from keras_gans.models.conditions import Conditions
from keras_gans.models.domain import Domain
from keras_gans.models.evaluation import Evaluation
from keras_gans.models.fitting import Fitting
from keras_gans.models.latents import Latents
from keras_gans.models.logs import Logs
from keras_gans.models.optimizers import shared_optimizer
from keras_gans.models.player import Judge, Player, PlayerOptimizers, move_together
from keras_gans.models.shapes import checked_image_shape
from keras_gans.models.signature import Signature
from keras_gans.networks import patch_discriminator, unet_generator
from keras_gans.protocols import Array, ArrayLike, PathLike, ShapeLike, Tensor, ValueRange
from keras_gans.saving import serializable

_ARGUMENTS = "image_shape", "value_range", "seed"
_NETWORKS = "generator", "inverse_generator", "discriminator", "inverse_discriminator"
_SETTINGS = (
    "discriminator_optimizer",
    "generator_optimizer",
    "loss",
    "cycle_weight",
    "ema_half_life",
)


@serializable()
class CycleGAN(keras.Model):
    """A model that translates images of one kind into another, trained on unpaired images.

    One generator translates conditions into images, and the other one translates images into
    conditions. Each has a discriminator for its results. The generators also learn to return the
    original image after both translations. The model is trained with `fit(images, conditions)`,
    like `Pix2Pix`, but image `k` and condition `k` do not have to belong together.

    Args:
        image_shape: Tuple `(height, width, channels)`, the shape of both kinds of images.
        generators: Pair of built `keras.Model`s, from conditions to images and back; None means
            `networks.unet_generator` for both.
        discriminators: Pair of built `keras.Model`s, for images and for conditions; None means
            `networks.patch_discriminator` for both.
        value_range: Pair `(low, high)`, the range of both kinds of images.
        seed: Integer, the seed of the order of arrays in training.

    Call arguments:
        inputs: Conditions, floats `(N, *image_shape)` in `value_range`.

    Output shape:
        Floats `(N, *image_shape)`, translated by the averaged generator.

    Raises:
        ValueError: If the data do not match the model.

    Example:

    >>> gan = CycleGAN((16, 16, 1))
    >>> gan.compile()
    >>> images, conditions = np.random.uniform(-1, 1, (2, 32, 16, 16, 1))
    >>> history = gan.fit(images, conditions, verbose=0)
    >>> gan.generate(labels=conditions[:5]).shape
    (5, 16, 16, 1)

    Reference:
        - [Zhu et al., 2017](https://arxiv.org/abs/1703.10593), equations 1 to 3. Unlike the
          paper, the generators are U-Nets, their weights are averaged, and the discriminators are
          not trained on images from earlier steps.
    """

    def __init__(
        self,
        image_shape: ShapeLike,
        *further: Any,
        generators: Sequence[Any] | None = None,
        discriminators: Sequence[Any] | None = None,
        value_range: ValueRange = (-1.0, 1.0),
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**keywords.of_constructor(kwargs, further))
        self.seed = sampling.checked_seed(seed)
        ends = checks.value_range("value_range", value_range)
        image_shape = checked_image_shape(image_shape)
        conditions = Conditions(condition_shape=image_shape, value_range=ends, bounded=True)
        self._domain = Domain(image_shape, ends, Latents(None), conditions)
        made = building.pair("generators", generators, unet_generator, image_shape, image_shape)
        judges = building.pair("discriminators", discriminators, patch_discriminator, image_shape)
        self.generator, self.inverse_generator = made
        self.discriminator, self.inverse_discriminator = judges
        self.ema_generator, self.ema_inverse_generator = map(AveragedGenerator, made)
        self._generators = [Player(network, Signature(0)) for network in made]
        self._judges = [Judge(network, Signature(0)) for network in judges]
        self._images_seen = replicas.counter(self, "images_seen")
        self._fitting, self._evaluation = Fitting(self._domain), Evaluation(self._domain)
        self._logs, self._arguments, self.built = Logs(), compiling.Arguments({}), True

    image_shape: tuple[int, ...] = property(attrgetter("_domain.image_shape"))  # type: ignore[assignment]
    value_range: ValueRange = property(attrgetter("_domain.value_range"))  # type: ignore[assignment]
    images_seen: int = property(lambda self: int(self._images_seen.numpy()))  # type: ignore[assignment]
    metrics: list[Any] = property(attrgetter("_logs.trackers"))  # type: ignore[assignment]
    condition_shape: tuple[int, ...] = property(attrgetter("_domain.image_shape"))  # type: ignore[assignment]
    num_classes = condition_dim = class_names = clusters = None
    latent_dim = 0
    train_function: Any
    test_function: Any
    get_state, set_state = state.read_state, state.write_state

    def compile(
        self,
        discriminator_optimizer: Any = None,
        generator_optimizer: Any = None,
        loss: Any = None,
        cycle_weight: float = 10.0,
        ema_half_life: float = 10_000,
        metrics: list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Configures the training.

        Args:
            discriminator_optimizer: Keras optimizer of both discriminators; Adam by default.
            generator_optimizer: Keras optimizer of both generators; Adam by default.
            loss: Object of `keras_gans.losses`; `LeastSquares` by default.
            cycle_weight: Float, weight of the mean absolute error after both translations.
            ema_half_life: Float, half-life of the averaged weights in images.
            metrics: List of objects of `keras_gans.metrics`; see `measure_with` of `GAN`.
            **kwargs: Keras' `run_eagerly`, `steps_per_execution` and `jit_compile`.
        """
        compiling.check_keywords(kwargs)
        super().compile(optimizer=None, loss=None, **kwargs)
        self._evaluation.measure_with([] if metrics is None else metrics, Logs.names)
        self.loss = compiling.get_loss(LeastSquares() if loss is None else loss, self.discriminator)
        self.cycle_weight = checks.finite_number("cycle_weight", cycle_weight, 0, 1e6)
        self.ema_half_life = compiling.checked_half_life(ema_half_life)
        both = (
            shared_optimizer("discriminator", discriminator_optimizer, self._judges),
            shared_optimizer("generator", generator_optimizer, self._generators),
        )
        replicas.check_settings(self, both, kwargs.get("steps_per_execution", 1))
        self.discriminator_optimizer, self.generator_optimizer = both
        self.optimizer = PlayerOptimizers(*both)
        self._logs.show(auxiliary=True)
        self._arguments = compiling.Arguments({n: getattr(self, n) for n in _SETTINGS} | kwargs)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Trains on one batch: the turn of both discriminators, then that of both generators."""
        real = images, conditions = self._fitting.watch.read(data)
        there, back = self._generators
        with there.tape() as tape, back.tape() as other:
            fake = there(conditions, None), back(images, None)
            with tape.stop_recording(), other.stop_recording():
                judged = self._play_discriminators(real, fake)
            pairs = zip(self._judges, fake, judged, strict=True)
            logits = [(of_real, judge(made, None)["logits"]) for judge, made, of_real in pairs]
            loss = sum(self.loss.generator_loss(*pair) for pair in logits)
            cycle = ops.mean(ops.abs(there(fake[1], None) - images))
            cycle += ops.mean(ops.abs(back(fake[0], None) - conditions))
            total = there.total(loss + self.cycle_weight * cycle + back.own_losses())
        gradients = there.gradients(tape, total) + back.gradients(other, total)
        norm = move_together(self._generators, gradients)
        count = replicas.global_batch_size(images)
        for average in (self.ema_generator, self.ema_inverse_generator):
            average.move(self.ema_half_life, self._images_seen, count)
        self._images_seen.assign_add(ops.cast(count, "int64"))
        self._logs.track_player("generator", images, loss, self.cycle_weight * cycle, norm)
        return replicas.logs_of(self.metrics)

    def _play_discriminators(self, real, fake):
        """Trains both discriminators, and returns their logits of the real images."""
        gradients, losses, judged = [], [], []
        for judge, *pair in zip(self._judges, real, fake, strict=True):
            with judge.tape() as tape:
                logits = [judge(images, None)["logits"] for images in pair]
                losses.append(self.loss.discriminator_loss(*logits))
                total = judge.total(losses[-1])
            gradients += judge.gradients(tape, total)
            judged.append(logits[0])
            self._logs.track_scores(self.loss, real[0], *logits)
        norm = move_together(self._judges, gradients)
        self._logs.track_player("discriminator", real[0], sum(losses), 0.0, norm)
        return judged

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Translates conditions into images in inference mode; ignores `training`."""
        return self.ema_generator(inputs)

    def generate(
        self,
        num_images: int | None = None,
        labels: ArrayLike | None = None,
        latents: ArrayLike | None = None,
        seed: int | None = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        inverse: bool = False,
    ) -> Array:
        """Translates conditions (`labels`), or images if `inverse=True`; see `GAN.generate`."""
        inverse = checks.flag("inverse", inverse)
        average = self.ema_inverse_generator if inverse else self.ema_generator
        request = num_images, labels, latents, seed, batch_size, dtype
        return sampling.generate(average, Signature(Signature.labels), self._domain, *request)

    def discriminate(self, images: ArrayLike, labels: ArrayLike | None = None) -> Array:
        """Returns the logits of images `(N, *image_shape)`; conditions (`labels`) are ignored."""
        images, _ = self._domain.check_arrays(images, images if labels is None else labels)
        images, size = self._domain.to_floats(images), sampling.whole_packs(self.discriminator)
        return sampling.apply_in_batches(self._judges[0].infer, images, None, size)

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Trains on images and conditions, which do not have to be pairs; see `GAN.fit`."""
        call = self._fitting.begin(self, arguments_of("fit", self, x, y, *args, **kwargs))
        if self._logs.show(health=self._fitting.tracks_health):
            self.train_function = None  # Keras creates a new one, which returns the new logs
        with self._evaluation.keeping_reals():
            return self._fitting.run(super().fit, self, call)

    def make_train_function(self, force: bool = False) -> None:
        """Creates the train function, which also checks the values of the data regularly."""
        if self.train_function is None or force:
            super().make_train_function(force=True)
            self.train_function = self._fitting.guarded(self)

    def evaluate(self, x: Any = None, y: Any = None, **kwargs: Any) -> dict[str, float]:
        """Returns a dict of the compiled metrics of translated images, compared with real ones."""
        call = arguments_of("evaluate", self, x, y, **kwargs)
        self._fitting.check(self, call, "evaluate")
        with self._evaluation.of(call) as measured:
            super().evaluate(**call)
        self._fitting.watch.check()
        return measured

    def make_test_function(self, force: bool = False) -> None:
        """Creates a test function that passes each batch to the metrics."""
        if self.test_function is None or force:
            self.test_function = self._evaluation.test_function(self, self._compare)

    def sample_metrics(self) -> list[Any]:
        """Returns the metrics of `evaluate`."""
        return self._evaluation.metrics

    def save(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Saves the model to a `.keras` file, after checking that it can be loaded again."""
        configs.check_saving(self, filepath)
        super().save(filepath, overwrite=overwrite, **kwargs)

    def export(self, filepath: PathLike, *args: Any, **kwargs: Any) -> None:
        """Exports the averaged generator of images; see `GAN.export`."""
        self.ema_generator.export_as_network(filepath, self._domain.zeros(1)[1], *args, **kwargs)

    def _compare(self, data):
        images, conditions = self._fitting.watch.read(data)
        return replicas.logs_of(self.metrics), (images, self(conditions), conditions)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        networks = [getattr(self, name) for name in _NETWORKS]
        pairs = {"generators": networks[:2], "discriminators": networks[2:]}
        config = {name: getattr(self, name) for name in (*_ARGUMENTS, "name")}
        return config | keras.saving.serialize_keras_object(pairs)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the model from the dict that `get_config` returned."""
        return cls(**configs.deserialized(config))

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns the serialized arguments of `compile`, or None before `compile`."""
        return self._arguments.serialized() if self.compiled else None

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles with the arguments that `get_compile_config` returned."""
        self.compile(**configs.deserialized(config))

    @property
    def settings(self) -> dict[str, Any]:
        """The arguments of the constructor and of `compile`: two dicts of readable values."""
        model = {name: configs.readable(getattr(self, name)) for name in _ARGUMENTS + _NETWORKS}
        return {"model": model, "compile": self._arguments.described}

    def save_own_variables(self, store: Any) -> None:
        """Saves what Keras does not save with the networks and the optimizers."""
        super().save_own_variables(store)
        state.save_rest(self, store)

    def load_own_variables(self, store: Any) -> None:
        """Loads what `save_own_variables` saved."""
        super().load_own_variables(state.load_rest(self, store))
