"""What changes when several replicas train one model: noise, gradients, counts.

Each function is the plain one where there is a single replica.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from keras_gans.protocols import Dataset, Shape, Tensor

_PHILOX_BLOCK = 4  # random numbers that the Philox generator makes at a time


def num_replicas() -> int:
    """How many replicas work on one global batch; 1 without a `tf.distribute` strategy."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def present_strategy() -> Any:
    """The `tf.distribute.Strategy` in force, or None."""
    return tf.distribute.get_strategy() if tf.distribute.has_strategy() else None


def counter(model: Any, name: str) -> Any:
    """An integer weight of a model, which is saved with it and the same on all replicas."""
    return model.add_weight(
        (), "zeros", "int64", trainable=False, aggregation="only_first_replica", name=name
    )


def global_batch_size(images: Tensor) -> Tensor:
    """Images of all replicas together, where each has as many as this one."""
    return ops.shape(images)[0] * num_replicas()


def draw(sampler: Callable[..., Tensor], images: Tensor, shape: Shape, seed: Any) -> Tensor:
    """Random numbers `(N, *shape)`, a row for each of this replica's images.

    Those of the global batch are drawn from one seed, equal on all replicas, and each replica
    takes its rows: several replicas see what one would see on the joint batch.

    Args:
        sampler: Function of a shape and `seed=`, such as `keras.random.normal`.
        images: Tensor `(N, ...)`, this replica's images.
        shape: Tuple, of one row.
        seed: `keras.random.SeedGenerator`.
    """
    return _own_rows(sampler((ops.shape(images)[0] * num_replicas(), *shape), seed=seed))


def numbered_latents(images: Tensor, latent_dim: int, seed: int, before: Any) -> Tensor:
    """Normal latents `(N, latent_dim)`; the k-th image of a pass has the same in any batch.

    Args:
        images: Tensor, this replica's images.
        latent_dim: Integer.
        seed: Integer.
        before: int64 `keras.Variable`, the number of images before; it is moved on.
    """
    num_images = ops.shape(images)[0] * num_replicas()
    blocks = -(-latent_dim // _PHILOX_BLOCK)  # numbers come in blocks, one for each count
    latents = tf.raw_ops.StatelessRandomNormalV2(
        shape=(num_images, blocks * _PHILOX_BLOCK),
        key=tf.constant([seed], "uint64"),
        counter=[
            ops.cast(before, "uint64") * tf.constant(blocks, "uint64"),
            tf.constant(0, "uint64"),
        ],
        alg=tf.random.Algorithm.PHILOX.value,
    )
    before.assign_add(ops.cast(num_images, before.dtype))
    return _own_rows(latents[:, :latent_dim])


def _own_rows(rows):
    """This replica's part of the rows of all."""
    if num_replicas() == 1:
        return rows
    num_images = ops.shape(rows)[0] // num_replicas()
    replica = tf.distribute.get_replica_context().replica_id_in_sync_group
    return rows[replica * num_images : (replica + 1) * num_images]


def alternate(
    count: Any,
    every: int,
    function: Callable[..., Any],
    other: Callable[..., Any],
    *arguments: Tensor,
) -> None:
    """Calls one function of tensors every so many times, and another in between.

    TensorFlow synchronises replicas outside of conditions only. So the choice is made once for
    all of them, and each branch starts the replicas anew.

    Args:
        count: Integer `keras.Variable`, the calls before, equal on all replicas.
        every: Integer; 1 calls `function` always.
        function: Function of the arguments.
        other: Function of the arguments.
        *arguments: Tensors or None, this replica's.
    """
    if every == 1:
        function(*arguments)
        return
    is_last = (count.value + 1) % every == 0
    if num_replicas() == 1:
        tf.cond(is_last, lambda: function(*arguments), lambda: other(*arguments))
        return

    def on_all_replicas(strategy, is_last, *arguments):
        def call(chosen):
            strategy.run(chosen, args=arguments)
            return tf.constant(0)  # both branches of a condition return the same

        first = strategy.experimental_local_results(is_last)[0]
        tf.cond(first, lambda: call(function), lambda: call(other))

    tf.distribute.get_replica_context().merge_call(on_all_replicas, args=(is_last, *arguments))


def scaled(loss: Tensor, optimizer: Any) -> Tensor:
    """The loss as the tape should see it.

    Gradients of replicas are summed, so each brings its share of the mean; under
    `mixed_float16` the optimizer enlarges the loss, or small gradients would vanish.
    """
    share = loss / num_replicas() if num_replicas() > 1 else loss
    return optimizer.scale_loss(share)


def gradient_norm(gradients: list[Any], optimizer: Any) -> Tensor:
    """Euclidean norm of a player's gradient: of this replica's mean loss, before `scaled`."""
    dense = [tf.convert_to_tensor(g) for g in gradients if g is not None]  # embeddings are sparse
    squares = [ops.sum(ops.cast(gradient, "float32") ** 2) for gradient in dense]
    norm = ops.sqrt(sum(squares)) / scaled(ops.ones(()), optimizer)
    if not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return norm
    return ops.where(ops.isfinite(norm), norm, 0.0)  # it takes no step where its scale is too large


def mean_sign(logits: Tensor, threshold: float | None) -> Tensor | None:
    """How sure real images are judged, in [-1, 1]; None where logits have no threshold."""
    if threshold is None:
        return None
    sign = ops.mean(ops.sign(logits - threshold))
    if num_replicas() == 1:
        return sign
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, sign)


def gathered(value: Tensor, strategy: Any) -> Tensor:
    """What all replicas have of a tensor, as one tensor, in the order of the replicas."""
    if strategy.num_replicas_in_sync > 1:
        return strategy.gather(value, axis=0)
    return value


def logs_of(metrics: list[Any]) -> dict[str, Tensor]:
    """What a step returns: the results of all metrics, by name.

    Keras joins the logs of several machines along their first axis, which scalars lack.
    """
    results = {metric.name: metric.result() for metric in metrics}
    if isinstance(tf.distribute.get_strategy(), tf.distribute.MultiWorkerMirroredStrategy):
        return {name: ops.reshape(result, (1,)) for name, result in results.items()}
    return results


def check_strategy(created_under: Any) -> None:
    """Checks that a model is trained under the strategy that it was created under.

    Args:
        created_under: The `tf.distribute.Strategy` in force in its constructor.

    Raises:
        ValueError: If not: its weights would exist on one replica only.
    """
    if tf.distribute.has_strategy() and tf.distribute.get_strategy() is not created_under:
        raise ValueError(
            "A model must be created under the strategy that trains it. Received: `fit` inside "
            f"the scope of a {type(tf.distribute.get_strategy()).__name__}, and a model that was "
            "created outside. Create it, its optimizers and `compile` inside "
            "`with strategy.scope():`."
        )


def check_even_batches(dataset: Dataset, model: Any) -> None:
    """Checks that each replica gets as many images of each batch as the others.

    Args:
        dataset: A `tf.data.Dataset`.
        model: The model that is trained on it.

    Raises:
        ValueError: If the batch size is unknown, as when the last batch is smaller, or not a
            multiple of the number of replicas.
    """
    replicas = model.distribute_strategy.num_replicas_in_sync
    specification = tf.nest.flatten(dataset.element_spec)[0]
    size = None if specification.shape.rank is None else specification.shape[0]
    if replicas > 1 and (size is None or size % replicas):
        raise ValueError(
            "On several replicas every batch must have the same number of images for each of "
            f"them. Received: batches of {size or 'unknown'} images for {replicas} replicas. "
            "Batch with drop_remainder=True, and a multiple of the number of replicas."
        )
