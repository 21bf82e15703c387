"""The averaged generator: moving averages of the generator's weights."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans import checks
from keras_gans.models.configs import cause
from keras_gans.models.spectra import Spectra
from keras_gans.models.state import parts_of
from keras_gans.ops.replicas import of_first_machine
from keras_gans.ops.schedules import CosineSchedule
from keras_gans.protocols import PathLike, Tensor

_LARGEST = 1e30  # images
_WARM_UP = 0.05  # a constant half-life is at most this fraction of the images seen


class AveragedGenerator(keras.Model):
    """The generator with averaged weights, in inference mode.

    The model has variables of its own, in the order of `generator.weights`, but no layers: it runs
    the code of the generator with these variables. It therefore works for every generator, even
    for one that Keras cannot copy.

    Args:
        generator: Built `keras.Model`. The averages start as copies of its weights.

    Call arguments:
        inputs: The inputs of the generator.

    Output shape:
        The output shape of the generator.
    """

    def __init__(self, generator: Any):
        super().__init__(name="ema_generator", autocast=False)
        # In a closure, because Keras would count the weights of an attribute as its own.
        self._generator = lambda: generator
        for weight in generator.weights:
            average = self.add_weight(
                weight.shape,
                dtype=weight.dtype,
                trainable=False,
                # Moving statistics differ between replicas; files contain those of the first.
                aggregation="none" if weight.trainable else "only_first_replica",
                name=weight.path.replace("/", "_"),
            )
            average.assign(weight)
        self._spectra = Spectra(generator)
        self._version_0_1: Callable[[], list[Any]] | None = None
        self.built = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Returns the generator's outputs with averaged weights; ignores `training`."""
        generator = self._generator()
        with self._in_place():
            return generator(inputs, training=False)

    def _in_place(self):
        """Returns a scope in which the averages replace the generator's weights."""
        pairs = zip(self._generator().weights, self.weights, strict=True)
        return keras.StatelessScope(state_mapping=[(one, average.value) for one, average in pairs])

    def move(
        self, half_life: float | CosineSchedule, images_seen: Tensor, num_images: Tensor
    ) -> None:
        """Moves the averages toward the generator's weights after a step on `num_images`.

        Trainable weights are averaged. The other weights, such as the moving statistics of
        BatchNorm, are copied, because they are averages already. The vectors of spectral
        normalization are neither averaged nor copied: they are computed from the averaged kernels.

        Args:
            half_life: Float or `CosineSchedule`; see `share_of_the_past`.
            images_seen: Integer tensor.
            num_images: Integer or integer tensor.
        """
        generator = self._generator()
        kept = share_of_the_past(half_life, images_seen, num_images)
        learned = {id(weight) for weight in generator.trainable_variables}
        for average, weight in zip(self.weights, generator.weights, strict=True):
            if id(weight) in learned:
                average.assign(weight + ops.cast(kept, weight.dtype) * (average - weight))
            elif not self._spectra.own(weight):
                average.assign(of_first_machine(weight))
        with self._in_place() as scope:
            self._spectra.follow()
        for average, weight in zip(self.weights, generator.weights, strict=True):
            if self._spectra.change(weight):
                average.assign(scope.get_current_value(weight))

    def as_network(self) -> Any:
        """Returns a copy of the generator with the averages as its weights, a `keras.Model`.

        Raises:
            ValueError: If Keras cannot copy the generator.
        """
        network = copy_of(self._generator())
        network.set_weights(self.get_weights())
        return network

    def export_as_network(
        self, filepath: PathLike, one_input: Tensor, *args: Any, **kwargs: Any
    ) -> None:
        """Exports `as_network()`, called on one input first: Keras exports only called models."""
        checks.path("filepath", filepath)
        network = self.as_network()
        network(one_input)
        network.export(filepath, *args, **kwargs)

    def save(self, filepath: PathLike, overwrite: bool = True, **kwargs: Any) -> None:
        """Saves a copy of the generator with averaged weights, which loads without keras_gans."""
        self.as_network().save(filepath, overwrite=overwrite, **kwargs)

    def summary(self, **kwargs: Any) -> None:
        """Prints the generator's summary, with the arguments of `keras.Model.summary`."""
        self._generator().summary(**kwargs)

    # Files of version 0.1 contain the averaged generator as a separate network. Keras loads
    # attributes in alphabetical order, and lists in list order. `layers` therefore returns the
    # layers of such a network, followed by one that copies the weights that they have loaded.

    def load_own_variables(self, store: Any) -> None:
        """Loads the averages, also from files of version 0.1."""
        if self.weights and not len(store.keys()):
            network = copy_of(self._generator())
            layers = [*network.layers, _TakeOver(self, network)]
            self._version_0_1 = lambda: layers
        else:
            super().load_own_variables(store)

    @property
    def layers(self) -> list[Any]:
        """An empty list; while a file of version 0.1 is being loaded, the layers in that file."""
        return self._version_0_1() if self._version_0_1 else []

    def take_over(self, network: Any) -> None:
        """Copies the weights that a network of version 0.1 has loaded."""
        self.set_weights(network.get_weights())
        self._version_0_1 = None


class _TakeOver(keras.layers.Layer):
    """A layer without weights whose loading signals that all layers before it are loaded."""

    def __init__(self, average, network):
        super().__init__()
        self._end = lambda: average.take_over(network)

    def load_own_variables(self, store):
        self._end()


def copy_of(network: Any) -> Any:
    """Returns a copy of a network, created from its config.

    The copy includes what layers save outside of their weights, such as the constants of an
    adapted `Normalization`.

    Raises:
        ValueError: If Keras cannot copy the network.
    """
    try:
        clone = keras.models.clone_model(network)
        clone.set_weights(network.get_weights())
        layers = (parts_of(one, keras.layers.Layer) for one in (network, clone))
        for layer, twin in zip(*layers, strict=True):
            store: dict[str, Any] = {}
            layer.save_own_variables(store)
            twin.load_own_variables(store)
    except (TypeError, ValueError, NotImplementedError, AttributeError) as error:
        raise ValueError(
            "This method needs a copy of the generator, which Keras creates from its config. "
            f"Received: generator={network.name!r}, which Keras cannot copy ({cause(error)}). "
            "Add a `get_config` to each of your own classes, and register it with "
            "`keras.saving.register_keras_serializable`."
        ) from error
    return clone


def share_of_the_past(
    half_life: float | CosineSchedule, images_seen: Tensor, num_images: Tensor
) -> Tensor:
    """Returns the share of the old average that remains after a step on `num_images`.

    Formula:

        0.5 ** (num_images / min(half_life, 0.05 (images_seen + num_images)))

    A schedule is used as is: it has a warm-up of its own.

        0.5 ** (num_images / half_life(images_seen))

    Args:
        half_life: Float, in images; or a `CosineSchedule` over the images seen. With 0, the share
            is 0.
        images_seen: Integer tensor, the number of images before this step.
        num_images: Integer or integer tensor.

    Returns:
        A float32 scalar in [0, 1).

    Reference:
        - [Karras et al., 2018](https://arxiv.org/abs/1710.10196), and the warm-up of
          StyleGAN2's code.
        - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), appendix, for the schedule.
    """
    seen, new = (ops.cast(number, keras.config.floatx()) for number in (images_seen, num_images))
    if callable(half_life):
        half_life = half_life(images_seen)
    else:
        # `tf.debugging.enable_check_numerics` would stop at infinity.
        half_life = ops.minimum(min(half_life, _LARGEST), _WARM_UP * (seen + new))
    return 0.5 ** (new / ops.maximum(half_life, 1e-8))
