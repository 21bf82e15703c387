"""CycleGAN: image-to-image translation in both directions, learned from unpaired images."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Self

import keras
from keras import ops

from keras_gans import checks
from keras_gans.losses import LeastSquares
from keras_gans.models import compiling, configs, keywords, replicas, sampling
from keras_gans.models.averaging import AveragedGenerator
from keras_gans.models.call_arguments import arguments_of
from keras_gans.models.conditions import Conditions
from keras_gans.models.domain import Domain
from keras_gans.models.evaluation import Evaluation
from keras_gans.models.fitting import Fitting
from keras_gans.models.latents import Latents
from keras_gans.models.logs import Logs
from keras_gans.models.optimizers import get_optimizer
from keras_gans.models.player import Judge, Player, PlayerOptimizers
from keras_gans.models.shapes import checked_image_shape
from keras_gans.models.signature import Signature
from keras_gans.networks import patch_discriminator, unet_generator
from keras_gans.protocols import Array, ArrayLike, ShapeLike, Tensor, ValueRange
from keras_gans.saving import serializable


@serializable()
class CycleGAN(keras.Model):
    """A model that translates images of one kind into another, trained on unpaired images.

    One generator translates conditions into images, and the other one translates images into
    conditions. Each has a discriminator for its results. The generators also learn to return the
    original image after a translation in both directions. The model is trained with
    `fit(images, conditions)`, like `Pix2Pix`, but image `k` and condition `k` do not have to
    belong together.

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

    Keras' own callbacks and `ImageMonitor` are supported. Callbacks that need further methods of
    `GAN`, such as `Resume`, are not.

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
        conditions = Conditions(condition_shape=image_shape, value_range=ends)
        self._domain = Domain(image_shape, ends, Latents(None), conditions)
        made = _pair("generators", generators, unet_generator, image_shape, image_shape)
        judges = _pair("discriminators", discriminators, patch_discriminator, image_shape)
        self.generator, self.inverse_generator = made
        self.discriminator, self.inverse_discriminator = judges
        self.ema_generator, self.ema_inverse_generator = map(AveragedGenerator, made)
        self._generators = [Player(network, Signature(0)) for network in made]
        self._judges = [Judge(network, Signature(0)) for network in judges]
        self._images_seen = replicas.counter(self, "images_seen")
        self._logs, self._fitting = Logs(), Fitting(self._domain)
        self._evaluation = Evaluation(self._domain)
        self.built = True

    image_shape: tuple[int, ...] = property(attrgetter("_domain.image_shape"))  # type: ignore[assignment]
    value_range: ValueRange = property(attrgetter("_domain.value_range"))  # type: ignore[assignment]
    images_seen: int = property(lambda self: int(self._images_seen.numpy()))  # type: ignore[assignment]
    metrics: list[Any] = property(attrgetter("_logs.trackers"))  # type: ignore[assignment]
    condition_shape: tuple[int, ...] = property(attrgetter("_domain.image_shape"))  # type: ignore[assignment]
    num_classes = condition_dim = class_names = None
    latent_dim = 0
    test_function: Any

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
            cycle_weight: Float, weight of the mean absolute error after a translation in both
                directions.
            ema_half_life: Float, half-life of the averaged weights in images.
            metrics: List of objects of `keras_gans.metrics`, which compare translated images with
                real ones.
            **kwargs: Keras' `run_eagerly`, `steps_per_execution` and `jit_compile`.
        """
        compiling.check_keywords(kwargs)
        super().compile(optimizer=None, loss=None, **kwargs)
        self._evaluation.measure_with([] if metrics is None else metrics, Logs.names)
        loss = LeastSquares() if loss is None else loss
        self.loss = compiling.get_loss(loss, self.discriminator)
        self.cycle_weight = checks.finite_number("cycle_weight", cycle_weight, 0, 1e6)
        self.ema_half_life = compiling.checked_half_life(ema_half_life)
        given = discriminator_optimizer, generator_optimizer
        self.discriminator_optimizer, self.generator_optimizer = (
            _optimizer(name, optimizer, players)
            for name, optimizer, players in zip(
                ("discriminator", "generator"), given, (self._judges, self._generators), strict=True
            )
        )
        replicas.check_settings(self, (self.discriminator_optimizer, self.generator_optimizer))
        self.optimizer = PlayerOptimizers(self.discriminator_optimizer, self.generator_optimizer)
        self._logs.show(auxiliary=True)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Trains on one batch: the turn of both discriminators, then that of both generators."""
        images, conditions = self._fitting.watch.read(data)
        there, back = self._generators
        real = images, conditions
        with there.tape() as tape, back.tape() as other:
            fake = there(conditions, None), back(images, None)
            with tape.stop_recording(), other.stop_recording():
                judged = self._play_discriminators(real, fake)
            pairs = zip(self._judges, fake, judged, strict=True)
            logits = [(of_real, judge(made, None)["logits"]) for judge, made, of_real in pairs]
            loss = sum(self.loss.generator_loss(*pair) for pair in logits)
            cycle = ops.mean(ops.abs(there(fake[1], None) - images))
            cycle += ops.mean(ops.abs(back(fake[0], None) - conditions))
            total = (
                loss
                + self.cycle_weight * cycle
                + sum(player.own_losses() for player in self._generators)
            )
            total = replicas.scaled(total, self.generator_optimizer)
        gradients = there.gradients(tape, total) + back.gradients(other, total)
        weights = there.network.trainable_variables + back.network.trainable_variables
        replicas.apply(self.generator_optimizer, gradients, weights)
        count = replicas.global_batch_size(images)
        for average in (self.ema_generator, self.ema_inverse_generator):
            average.move(self.ema_half_life, self._images_seen, count)
        self._images_seen.assign_add(ops.cast(count, "int64"))
        norm = replicas.gradient_norm(gradients, self.generator_optimizer)
        self._logs.track_player("generator", images, loss, self.cycle_weight * cycle, norm)
        return replicas.logs_of(self.metrics)

    def _play_discriminators(self, real, fake):
        """Trains both discriminators, and returns their logits of the real images."""
        gradients, losses, judged = [], [], []
        for judge, *pair in zip(self._judges, real, fake, strict=True):
            with judge.tape() as tape:
                logits = [judge(images, None)["logits"] for images in pair]
                losses.append(self.loss.discriminator_loss(*logits))
                total = losses[-1] + judge.own_losses()
                total = replicas.scaled(total, self.discriminator_optimizer)
            gradients += judge.gradients(tape, total)
            judged.append(logits[0])
            self._logs.track_scores(self.loss, real[0], *logits)
        weights = [v for judge in self._judges for v in judge.network.trainable_variables]
        replicas.apply(self.discriminator_optimizer, gradients, weights)
        norm = replicas.gradient_norm(gradients, self.discriminator_optimizer)
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
        """Translates `labels`, conditions `(N, *image_shape)`; see `GAN.generate`.

        With `inverse=True`, `labels` are images, and the results are conditions.
        """
        inverse = checks.flag("inverse", inverse)
        average = self.ema_inverse_generator if inverse else self.ema_generator
        request = num_images, labels, latents, seed, batch_size, dtype
        return sampling.generate(average, Signature(Signature.labels), self._domain, *request)

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Trains on images and conditions, which do not have to be pairs; see `GAN.fit`."""
        call = self._fitting.begin(self, arguments_of("fit", self, x, y, *args, **kwargs))
        return self._fitting.run(super().fit, self, call)

    def make_train_function(self, force: bool = False) -> None:
        """Creates the train function, which also checks the values of the data regularly."""
        if self.train_function is None or force:
            super().make_train_function(force=True)
            self.train_function: Any = self._fitting.guarded(self)

    def evaluate(self, x: Any = None, y: Any = None, **kwargs: Any) -> dict[str, float]:
        """Returns a dict of the compiled metrics of translated images, compared with real ones."""
        call = arguments_of("evaluate", self, x, y, **kwargs)
        self._fitting.check(self, call, "evaluate")
        with self._evaluation.of(call) as measured:
            super().evaluate(**call)
        return measured

    def make_test_function(self, force: bool = False) -> None:
        """Creates a test function that passes each batch to the metrics."""
        if self.test_function is None or force:
            self.test_function = self._evaluation.test_function(self, self._compare)

    def _compare(self, data):
        images, conditions = self._fitting.watch.read(data)
        return replicas.logs_of(self.metrics), (images, self(conditions), conditions)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        config = {name: getattr(self, name) for name in ("image_shape", "value_range", "seed")}
        serialize = keras.saving.serialize_keras_object
        config["generators"] = [serialize(player.network) for player in self._generators]
        config["discriminators"] = [serialize(judge.network) for judge in self._judges]
        return config | {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the model from the dict that `get_config` returned."""
        return cls(**configs.deserialized(config))

    def get_compile_config(self) -> None:
        """Returns None: a loaded model can translate, but must be compiled again for training."""


def _pair(name, networks, factory, *shapes):
    """Returns two built networks, either the given ones or those of a factory."""
    if networks is None:
        return [factory(*shapes) for _ in range(2)]
    fits = isinstance(networks, list | tuple) and len(networks) == 2
    if not fits or not all(getattr(network, "inputs", None) for network in networks):
        raise checks.wrong(name, "a pair of built keras.Models", networks, "None means defaults.")
    return networks


def _own_losses(players):
    """Returns the sum of the networks' own losses, such as regularizers."""
    return sum(loss for player in players for loss in player.network.losses)


def _optimizer(name, given, players):
    optimizer = keras.optimizers.Adam(5e-4, beta_1=0.5) if given is None else given
    return get_optimizer(name, optimizer, *(player.network for player in players))
