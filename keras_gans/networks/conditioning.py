"""Conditioning of networks on labels, and heads that predict labels."""

from collections.abc import Mapping

import keras

from keras_gans import checks
from keras_gans.layers import LabelEmbedding
from keras_gans.networks.precision import full_precision
from keras_gans.protocols import Shape, Tensor

_CONDITION_WIDTH = 64  # units of the hidden layers for float conditions


def label_input(num_classes: int | None, condition_dim: int | None) -> Tensor | None:
    """Returns the input `labels`, integers `(N,)` or floats `(N, condition_dim)`, or None.

    Raises:
        ValueError: If both kinds of labels are requested, or a size is less than one.
    """
    repair = "Omit it for a network without labels."
    for name, size in {"num_classes": num_classes, "condition_dim": condition_dim}.items():
        checks.optional(checks.size, name, size, repair=repair)
    if num_classes is not None and condition_dim is not None:
        raise ValueError(
            "Labels must be either integer classes or float vectors. "
            f"Received: num_classes={num_classes} and condition_dim={condition_dim}. "
            "Pass one of the two; a float vector can contain one-hot encoded classes."
        )
    if num_classes is not None:
        return keras.Input((), dtype="int32", name="labels")
    if condition_dim is not None:
        return keras.Input((condition_dim,), name="labels")
    return None


def join_labels(
    vectors: Tensor, labels: Tensor | None, num_classes: int | None, embedding_dim: int
) -> Tensor:
    """Concatenates `vectors` and an embedding of the labels.

    The embedding of classes has `embedding_dim` entries; that of float conditions is computed by
    two hidden layers.
    """
    if labels is None:
        return vectors
    if num_classes is None:
        embedding = _hidden_layers(labels)
    else:
        embedding = LabelEmbedding(embedding_dim, num_classes, name="label_embedding")(labels)
    return keras.layers.Concatenate()([vectors, embedding])


def _hidden_layers(conditions):
    """Applies hidden layers, so that networks can use nonlinear functions of the conditions."""
    for _ in range(2):
        conditions = keras.layers.Dense(_CONDITION_WIDTH)(conditions)
        conditions = keras.layers.LeakyReLU(negative_slope=0.2, dtype=full_precision())(conditions)
    return conditions


def project_to_logit(features: Tensor, labels: Tensor | None, num_classes: int | None) -> Tensor:
    """Returns one logit per row of `features`, including the product with the label embedding.

    Reference:
        - [Miyato and Koyama, 2018](https://arxiv.org/abs/1802.05637), equation 3. Unlike
          the paper, the features are not summed over the pixels first, and float conditions
          pass through two hidden layers.
    """
    logits = keras.layers.Dense(1, name="logits")(features)
    if labels is None:
        return logits
    labels = labels if num_classes else _hidden_layers(labels)
    embedding = LabelEmbedding(features.shape[-1], num_classes, name="label_embedding")
    agreement = keras.layers.Dot(axes=1, name="projection")([features, embedding(labels)])
    return keras.layers.Add()([logits, agreement])


def logits_with_heads(logits: Tensor, features: Tensor, heads: Mapping[str, int] | None) -> Tensor:
    """Returns the logits, or with heads a dict of the logits and the output of each head.

    Each head is a dense layer on the features.

    Raises:
        ValueError: If a head is named `"logits"`, or has less than one unit.
    """
    if heads is None:
        return logits
    named = isinstance(heads, Mapping) and all(isinstance(name, str) and name for name in heads)
    if not named:
        repair = 'Pass, for example, {"classes": 10}.'
        raise checks.wrong("heads", "a dict that maps names to numbers of units", heads, repair)
    if "logits" in heads:
        raise ValueError(
            '`heads` must not contain "logits", which is the name of the main output. '
            f"Received: heads={heads!r}. Name each head after what it predicts, such as "
            '{"classes": 10}.'
        )
    heads = {name: checks.size(f"heads[{name!r}]", units) for name, units in heads.items()}
    made = {name: keras.layers.Dense(units, name=name)(features) for name, units in heads.items()}
    return {"logits": logits, **made}


def resize_condition(condition: Tensor, image_shape: Shape) -> Tensor:
    """Returns an image used as condition, resized to the sides of the samples if necessary."""
    if condition.shape[1:-1] == image_shape[:-1]:
        return condition
    height, width, _ = image_shape
    resizing = keras.layers.Resizing(
        height, width, interpolation="bilinear", dtype=full_precision()
    )
    return resizing(condition)


def inputs_with_labels(first: Tensor, labels: Tensor | None) -> Tensor:
    """Returns `[first, labels]`, or `first` if there are no labels."""
    return first if labels is None else [first, labels]
