"""The averaged generator: the average of the weights, and what the generator makes with it."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans.models.configs import cause
from keras_gans.ops.schedules import CosineSchedule
from keras_gans.protocols import PathLike, Tensor

_WARM_UP = 0.05  # the half-life is at most this share of the images seen


class AveragedGenerator(keras.Model):
    """The generator as it works with averages in place of its weights, in inference mode.

    It has variables of its own, in the order of `generator.weights`, and no layers: the
    generator's own code runs on them. So it is right for every generator, also for one that
    Keras cannot copy.

    Args:
        generator: Built `keras.Model`; the averages begin as copies of its weights.

    Call arguments:
        inputs: Those of the generator.

    Output shape:
        That of the generator.
    """

    def __init__(self, generator: Any):
        super().__init__(name="ema_generator", autocast=False)
        # In a closure: as an attribute, Keras would count the generator's weights as its own.
        self._generator = lambda: generator
        for weight in generator.weights:
            average = self.add_weight(
                weight.shape,
                dtype=weight.dtype,
                trainable=False,
                name=weight.path.replace("/", "_"),
            )
            average.assign(weight)
        self._version_0_1: Callable[[], list[Any]] | None = None
        self.built = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """What the generator makes of inputs; `training` is not used."""
        generator = self._generator()
        averages = zip(generator.weights, (average.value for average in self.weights), strict=True)
        with keras.StatelessScope(state_mapping=list(averages)):
            return generator(inputs, training=False)

    def move(
        self, half_life: float | CosineSchedule, images_seen: Tensor, num_images: Tensor
    ) -> None:
        """Moves the averages towards the generator's weights, by a step over so many images.

        Weights that are trained are averaged. The others, such as moving statistics of
        BatchNorm, which are averages already, are copied.

        Args:
            half_life: See `share_of_the_past`, as for the others.
            images_seen: Integer tensor.
            num_images: Integer or integer tensor.
        """
        generator = self._generator()
        kept = share_of_the_past(half_life, images_seen, num_images)
        learned = {id(weight) for weight in generator.trainable_variables}
        for average, weight in zip(self.weights, generator.weights, strict=True):
            if id(weight) in learned:
                average.assign(weight + ops.cast(kept, weight.dtype) * (average - weight))
            else:
                average.assign(weight)

    def as_network(self) -> Any:
        """A copy of the generator with the averages as its weights, a `keras.Model`.

        Raises:
            ValueError: If Keras cannot copy the generator.
        """
        network = copy_of(self._generator())
        network.set_weights(self.get_weights())
        return network

    def export_as_network(
        self, filepath: PathLike, one_input: Tensor, *args: Any, **kwargs: Any
    ) -> None:
        """Exports `as_network()`; Keras exports what was called, as it is on one input here."""
        network = self.as_network()
        network(one_input)
        network.export(filepath, *args, **kwargs)

    def save(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Saves a model of the generator's own kind, which loads without keras_gans."""
        self.as_network().save(filepath, overwrite=overwrite, **kwargs)

    def summary(self, **kwargs: Any) -> None:
        """Prints the generator's summary; arguments are those of `keras.Model.summary`."""
        self._generator().summary(**kwargs)

    # Files of version 0.1 hold the average as a network of its own. Keras walks the attributes
    # of what it loads in alphabetical order, and a list in its own: `layers` shows it the layers
    # of such a network, and behind them one that takes over what they have loaded.

    def load_own_variables(self, store: Any) -> None:
        """Loads the averages, also where version 0.1 wrote them."""
        if self.weights and not len(store.keys()):
            network = copy_of(self._generator())
            layers = [*network.layers, _TakeOver(self, network)]
            self._version_0_1 = lambda: layers
        else:
            super().load_own_variables(store)

    @property
    def layers(self) -> list[Any]:
        """None; while a file of version 0.1 is loaded, the layers that it holds."""
        return self._version_0_1() if self._version_0_1 else []

    def take_over(self, network: Any) -> None:
        """Takes the weights that a network of version 0.1 has loaded."""
        self.set_weights(network.get_weights())
        self._version_0_1 = None


class _TakeOver(keras.layers.Layer):
    """Loads nothing, and says that everything before it is loaded."""

    def __init__(self, average, network):
        super().__init__()
        self._end = lambda: average.take_over(network)

    def load_own_variables(self, store):
        self._end()


def copy_of(network: Any) -> Any:
    """A network of the same layers and weights, made from the config of the first.

    Raises:
        ValueError: If Keras cannot make it.
    """
    try:
        clone = keras.models.clone_model(network)
        clone.set_weights(network.get_weights())
    except (TypeError, ValueError, NotImplementedError, AttributeError) as error:
        raise ValueError(
            "This needs a copy of the generator, which Keras makes from its config. "
            f"Received: generator={network.name!r}, of which it makes none ({cause(error)}). "
            "Give each class of its own a `get_config`, and register it with "
            "`keras.saving.register_keras_serializable`."
        ) from error
    return clone


def share_of_the_past(
    half_life: float | CosineSchedule, images_seen: Tensor, num_images: Tensor
) -> Tensor:
    """The share of the average that a step over so many images keeps.

    Formula:

        0.5 ** (num_images / min(half_life, 0.05 (images_seen + num_images)))

    Args:
        half_life: Float, in images; or a `CosineSchedule` of it on images seen. 0 keeps nothing.
        images_seen: Integer tensor, images before this step.
        num_images: Integer or integer tensor.

    Returns:
        A float32 scalar in [0, 1).

    Reference:
        - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), and the warm-up of
          StyleGAN2's code.
    """
    seen, new = ops.cast(images_seen, "float32"), ops.cast(num_images, "float32")
    half_life = half_life(images_seen) if callable(half_life) else half_life
    half_life = ops.maximum(ops.minimum(half_life, _WARM_UP * (seen + new)), 1e-8)
    return 0.5 ** (new / half_life)
