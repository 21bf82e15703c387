"""Noise, gradients and counts when several replicas train one model.

The functions also work with a single replica.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from keras_gans.ops.replicas import mean_over_replicas, num_replicas, own_rows
from keras_gans.protocols import Tensor

_PHILOX_BITS = 128  # that the Philox generator produces at a time

_ONE_DEVICE = tf.distribute.OneDeviceStrategy


def present_strategy() -> Any:
    """Returns the current `tf.distribute.Strategy`, or None."""
    return tf.distribute.get_strategy() if tf.distribute.has_strategy() else None


def counter(model: Any, name: str) -> Any:
    """Adds an integer weight to a model, which is saved and is the same on all replicas."""
    return model.add_weight(
        (), "zeros", "int64", trainable=False, aggregation="only_first_replica", name=name
    )


def global_batch_size(images: Tensor) -> Tensor:
    """Returns the number of images on all replicas, each of which has as many as this one."""
    return ops.shape(images)[0] * num_replicas()


def numbered_noise(images: Tensor, size: int, seed: int, before: Any) -> Tensor:
    """Returns normal noise `(N, size)`; row `k` of a pass does not depend on the batch size.

    Args:
        images: Tensor, this replica's images.
        size: Integer, the number of random numbers in a row.
        seed: Integer.
        before: int64 `keras.Variable`, the number of previous images, which is increased.
    """
    num_images = global_batch_size(images)
    block = _PHILOX_BITS // (64 if keras.config.floatx() == "float64" else 32)
    blocks = -(-size // block)  # each count produces one block of numbers
    noise = tf.raw_ops.StatelessRandomNormalV2(
        shape=(num_images, blocks * block),
        key=tf.constant([seed], "uint64"),
        counter=[
            ops.cast(before, "uint64") * tf.constant(blocks, "uint64"),
            tf.constant(0, "uint64"),
        ],
        alg=tf.random.Algorithm.PHILOX.value,
        dtype=keras.config.floatx(),
    )
    before.assign_add(ops.cast(num_images, before.dtype))
    return own_rows(noise[:, :size])


def alternate(
    count: Any,
    every: int,
    function: Callable[..., Any],
    other: Callable[..., Any],
    *arguments: Tensor,
) -> None:
    """Calls one function in one of `every` calls, and another one in the other calls.

    Under a strategy, even with one replica, TensorFlow updates weights only outside of conditions.
    The condition is therefore evaluated once for all replicas, and its branches start the replicas.

    Args:
        count: Integer `keras.Variable`, the number of previous calls, the same on all replicas.
        every: Integer. With 1, `function` is always called.
        function: Function of the arguments.
        other: Function of the arguments.
        *arguments: This replica's tensors, or None.
    """
    if every == 1:
        function(*arguments)
        return
    is_last = (count.value + 1) % every == 0
    if not tf.distribute.has_strategy():
        tf.cond(is_last, lambda: function(*arguments), lambda: other(*arguments))
        return

    def on_all_replicas(strategy, is_last, *arguments):
        def call(chosen):
            strategy.run(chosen, args=arguments)
            return tf.constant(0)  # both branches of a condition must return the same type

        first = strategy.experimental_local_results(is_last)[0]
        tf.cond(first, lambda: call(function), lambda: call(other))

    tf.distribute.get_replica_context().merge_call(on_all_replicas, args=(is_last, *arguments))


def scaled(loss: Tensor, optimizer: Any) -> Tensor:
    """Returns the loss, scaled for the tape.

    The gradients of all replicas are summed, so each loss is divided by the number of replicas.
    Under `mixed_float16`, the optimizer also scales the loss up, so that small gradients do not
    underflow.
    """
    share = loss / num_replicas() if num_replicas() > 1 else loss
    return optimizer.scale_loss(share)


def gradient_norm(gradients: list[Any], optimizer: Any) -> Tensor:
    """Returns the Euclidean norm of the unscaled gradient of a player's loss on this replica."""
    dense = [tf.convert_to_tensor(g) for g in gradients if g is not None]  # some may be sparse
    squares = [ops.sum(ops.cast(gradient, keras.config.floatx()) ** 2) for gradient in dense]
    norm = ops.sqrt(sum(squares)) / scaled(ops.ones(()), optimizer)
    if not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return norm
    return ops.where(ops.isfinite(norm), norm, 0.0)  # if the scale is too large, there is no update


def apply(optimizer: Any, gradients: list[Any], weights: list[Any]) -> None:
    """Updates weights with the gradients of this replica's loss, scaled with `scaled`.

    The optimizer sums the gradients of all replicas, but clips them and looks for infinities
    before. For optimizers that do so, they are summed here, and only the first replica passes them
    to the optimizer.
    """
    if num_replicas() > 1 and _reads_gradients(optimizer):
        context, given = (
            tf.distribute.get_replica_context(),
            [g for g in gradients if g is not None],
        )
        # A factor of 0 keeps values that are not finite, so that all replicas skip such an update.
        first = ops.cast(context.replica_id_in_sync_group == 0, "float32")
        joint = iter(context.all_reduce(tf.distribute.ReduceOp.SUM, given))
        gradients = [None if g is None else _times(next(joint), first) for g in gradients]
    optimizer.apply(gradients, weights)


def _reads_gradients(optimizer):
    """Returns whether an optimizer clips or checks gradients before they are summed."""
    limits = "clipnorm", "global_clipnorm", "clipvalue"
    scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    return scales or any(getattr(optimizer, name) is not None for name in limits)


def _times(gradient, factor):
    """Multiplies a gradient, which may be the sparse gradient of an embedding, by a scalar."""
    if isinstance(gradient, tf.IndexedSlices):
        values = _times(gradient.values, factor)
        return tf.IndexedSlices(values, gradient.indices, gradient.dense_shape)
    return gradient * ops.cast(factor, gradient.dtype)


def update_strength(augmentation: Any, turn: Any, threshold: float | None) -> None:
    """Updates an augmentation of varying strength with the mean sign of the real logits."""
    if hasattr(augmentation, "update_strength"):
        sign = mean_sign(turn.real_logits, threshold)
        augmentation.update_strength(sign, global_batch_size(turn.real_images))


def mean_sign(logits: Tensor, threshold: float | None) -> Tensor | None:
    """Returns the mean sign of real logits, in [-1, 1]; None if logits have no threshold."""
    if threshold is None:
        return None
    return mean_over_replicas(ops.mean(ops.sign(logits - threshold)))


def gathered(value: Tensor, strategy: Any) -> Tensor:
    """Returns the values of a tensor from all replicas as one tensor, in the order of replicas."""
    if strategy.num_replicas_in_sync > 1:
        return strategy.gather(value, axis=0)
    return value


def logs_of(metrics: list[Any]) -> dict[str, Tensor]:
    """Returns a dict of the results of all metrics, as a step must return them.

    Keras concatenates the logs of several machines along their first axis, which scalars do not
    have.
    """
    results = {metric.name: metric.result() for metric in metrics}
    if isinstance(tf.distribute.get_strategy(), tf.distribute.MultiWorkerMirroredStrategy):
        return {name: ops.reshape(result, (1,)) for name, result in results.items()}
    return results


def check_strategy(created_under: Any, held: list[Any]) -> None:
    """Checks that a model is trained under the strategy under which it was created.

    Args:
        created_under: The `tf.distribute.Strategy` that was current in its constructor, or None.
        held: List of the variables of its losses, penalties, prior and augmentation.

    Raises:
        ValueError: If it is not, or if a variable was created outside of the strategy's scope and
            therefore exists on one replica only.
    """
    if tf.distribute.has_strategy() and tf.distribute.get_strategy() is not created_under:
        raise ValueError(
            "A model must be created under the strategy that trains it. Received: `fit` inside "
            f"the scope of a {type(tf.distribute.get_strategy()).__name__}, and a model that was "
            "created outside of it. Create the model and its optimizers, and call `compile`, "
            "inside `with strategy.scope():`."
        )
    several = created_under is not None and created_under.num_replicas_in_sync > 1
    once = [v for v in held if not isinstance(v.value, tf.distribute.DistributedValues)]
    if several and once:
        raise ValueError(
            "Losses, penalties, priors and augmentations with variables must be created under the "
            f"model's strategy. Received: the variable {once[0].path!r}, which exists only once. "
            "Create its object inside `with strategy.scope():`."
        )


def check_settings(model: Any, optimizers: Sequence[Any], steps_per_execution: int = 1) -> None:
    """Checks that a model's strategy supports the given optimizers.

    Args:
        model: The model.
        optimizers: Keras optimizers.
        steps_per_execution: Integer.

    Raises:
        ValueError: If an optimizer accumulates gradients, or an execution has several steps.
            TensorFlow updates the weights of replicas only outside of conditions and loops.
    """
    strategy = model.distribute_strategy
    with strategy.scope():
        alone = not tf.distribute.has_strategy() or isinstance(strategy, _ONE_DEVICE)
    inner = [getattr(optimizer, "inner_optimizer", optimizer) for optimizer in optimizers]
    steps = max(optimizer.gradient_accumulation_steps or 1 for optimizer in inner)
    numbers = {"gradient_accumulation_steps": 1 if alone else steps}
    if strategy.num_replicas_in_sync > 1:
        numbers["steps_per_execution"] = steps_per_execution
    for name, number in numbers.items():
        if number > 1:
            raise ValueError(
                f"`{name}` must be 1 in a model under a {type(strategy).__name__}. "
                f"Received: {name}={number}. Omit it, and pass larger batches to `fit`, or train "
                "on one device without a strategy."
            )


def check_even_batches(data: Any, model: Any, batch_size: int | None = None) -> None:
    """Checks that each batch can be divided evenly among the replicas.

    Args:
        data: A `tf.data.Dataset`, or an array. Other data are not checked.
        model: The model to train or evaluate.
        batch_size: Integer, the size of the batches of an array.

    Raises:
        ValueError: If the batch size is unknown, for example because the last batch may be smaller,
            or is not a multiple of the number of replicas.
    """
    replicas = model.distribute_strategy.num_replicas_in_sync
    last = 0  # the size of a last batch that is smaller; the first replicas would get all of it
    if isinstance(data, tf.data.Dataset):
        shape = tf.nest.flatten(data.element_spec)[0].shape
        size = None if shape.rank is None else shape[0]
        repair = "Use drop_remainder=True, and a batch size that is a multiple of their number."
    elif hasattr(data, "shape"):
        size = batch_size or len(data)
        last = len(data) % size
        repair = (
            "Use a batch size that is a multiple of the number of replicas and that divides the "
            "number of images."
        )
    else:
        return
    if replicas > 1 and (size is None or size % replicas or last):
        raise ValueError(
            "With several replicas, every batch must have the same number of images for each of "
            f"them. Received: batches of {last or size or 'unknown'} images for {replicas} "
            f"replicas. {repair}"
        )
