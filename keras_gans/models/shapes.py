"""Checks of the shapes of images, latents, labels and outputs."""

from typing import Any

import keras

from keras_gans import checks
from keras_gans.checks.numbers import is_whole
from keras_gans.layers import ConditionalBatchNormalization, KMeans, LabelEmbedding, LabelPlanes
from keras_gans.models.latents import shapes_in
from keras_gans.models.state import parts_of
from keras_gans.protocols import Shape

_OF_CLASSES = ConditionalBatchNormalization | LabelEmbedding | LabelPlanes | keras.layers.Embedding


def checked_condition(
    num_classes: Any, condition_dim: int | None, condition_shape: Shape | None
) -> dict[str, Any]:
    """Returns a dict of the argument that is not None, or an empty dict.

    A `layers.KMeans` is replaced by its number of clusters.

    Args:
        num_classes: See `GAN`.
        condition_dim: See `GAN`.
        condition_shape: See `GAN`.

    Raises:
        ValueError: If several arguments are given, or a size has the wrong type or value.
    """
    sizes: dict[str, Any] = {"num_classes": num_classes, "condition_dim": condition_dim}
    sizes["condition_shape"] = condition_shape
    given = {name: size for name, size in sizes.items() if size is not None}
    if len(given) > 1:
        raise ValueError(
            "Labels must be either integer classes, float vectors, or images. Received: "
            f"{' and '.join(f'{name}={size}' for name, size in given.items())}. "
            "Pass only one of them."
        )
    if isinstance(num_classes, KMeans):
        return {"num_classes": num_classes.num_clusters}
    shape = given.get("condition_shape")
    if shape is not None:
        repair = "Pass the shape of one condition, for example (28, 28, 1)."
        return {"condition_shape": _checked_shape("condition_shape", shape, repair)}
    repair = "For conditions that are images or other arrays, use `condition_shape`."
    return {name: checks.size(name, size, 1, repair) for name, size in given.items()}


def _checked_shape(name, shape, repair):
    sizes = checks.whole_numbers(name, shape, 1, repair=repair)
    if not sizes or max(sizes) > checks.LARGEST_SIZE:
        raise checks.wrong(name, "a tuple of sizes from 1 to 1,000,000", shape, repair)
    return sizes


def check_required(model: Any, condition: dict[str, Any]) -> dict[str, Any]:
    """Returns the kind of labels, after checking that the recipe supports it.

    Args:
        model: The model, whose `required_labels` are names of arguments.
        condition: The dict that `checked_condition` returned.

    Raises:
        ValueError: If the recipe needs labels, and none or labels of another kind are given.
    """
    names = model.required_labels
    if names and not set(names) & set(condition):
        given = condition or dict.fromkeys(names)
        examples = {"num_classes": "10", "condition_dim": "3", "condition_shape": "(64, 64, 1)"}
        raise ValueError(
            f"A {type(model).__name__} must know its kind of labels. Received: "
            f"{', '.join(f'{name}={size}' for name, size in given.items())}. Pass "
            f"{' or '.join(f'{name}={examples[name]}' for name in names)}, or use another model."
        )
    return condition


def check_no_network(image_shape: Any) -> None:
    """Checks that no network is passed by position.

    Raises:
        ValueError: If the first argument is a network or a factory.
    """
    if isinstance(image_shape, keras.Model) or callable(image_shape):
        raise ValueError(
            "Networks must be passed by keyword: generator=..., discriminator=.... "
            f"Received: image_shape={image_shape!r}. Name both arguments."
        )


def checked_image_shape(image_shape: Any) -> Shape:
    """Returns the shape of one image as a tuple.

    Raises:
        ValueError: If it is None, or not a shape.
    """
    if image_shape is None:
        raise ValueError(
            "`image_shape` must be given unless a network is built already. Received: "
            "image_shape=None. Pass, for example, image_shape=(28, 28, 1), or a built network."
        )
    try:
        return _checked_shape("image_shape", image_shape, "")
    except ValueError as error:
        raise ValueError(
            "`image_shape` must be a tuple of known, positive sizes, such as (height, width, "
            "channels), or (n,) for vectors. Received: "
            f"{checks.received('image_shape', image_shape)}. Gray images have one channel: "
            "(28, 28, 1)."
        ) from error


def checked_latent_dim(latent_dim: Any) -> Any:
    """Returns `latent_dim`, after checking it.

    Raises:
        ValueError: If it is not an integer, a shape, a structure of shapes, or None.
    """
    if latent_dim is None:
        return None
    repair = "Pass an integer, such as 64, or the shapes of the generator's inputs."
    if not isinstance(latent_dim, list | tuple | dict):
        return checks.size("latent_dim", latent_dim, 0, repair)
    sizes = keras.tree.flatten(latent_dim)
    if not sizes or not all(is_whole(size) and 1 <= size <= checks.LARGEST_SIZE for size in sizes):
        expected = "an integer, or a structure of shapes of positive integers"
        raise checks.wrong("latent_dim", expected, latent_dim, repair)
    return latent_dim


def check_classes(networks: Any, num_classes: int | None) -> None:
    """Checks that layers which turn classes into vectors support all classes of the model.

    Args:
        networks: The two networks.
        num_classes: Integer or None.

    Raises:
        ValueError: If a layer supports fewer classes.
    """
    for layer in parts_of(networks, _OF_CLASSES):
        known = getattr(layer, "num_classes", None) or getattr(layer, "input_dim", None)
        if known is not None and num_classes is not None and known < num_classes:
            raise ValueError(
                f"Networks must support {num_classes} classes. Received: num_classes={num_classes}"
                f" and a layer {type(layer).__name__} for {known} classes. Build the networks with "
                f"num_classes={num_classes}."
            )


def check_latents(shape: Any, latent_dim: Any) -> None:
    """Checks that the sizes of the generator's latents are known and match `latent_dim`.

    Args:
        shape: The shape of the generator's latents, a structure of shapes, or None.
        latent_dim: See `GAN`; None if it is inferred.

    Raises:
        ValueError: If a size is unknown or differs from `latent_dim`.
    """
    wanted = (latent_dim,) if isinstance(latent_dim, int) else latent_dim
    shapes = [] if shape is None else keras.tree.flatten(shape)
    fits = shape is None if latent_dim == 0 else _same(shape, wanted)
    if None in shapes or (latent_dim is not None and not fits):
        raise ValueError(
            "The sizes of the generator's latents must be known, and must match `latent_dim` if it "
            f"is given. Received: latent_dim={latent_dim} and a generator that takes {shape}. "
            "Omit `latent_dim` to infer it from the generator."
        )


def _same(shape, wanted):
    """Returns whether two structures of shapes are equal; lists are treated as tuples."""
    if shape is None or wanted is None:
        return shape is wanted
    return str(_plain(shape)) == str(_plain(wanted))


def _plain(structure):
    if isinstance(structure, dict):
        return {key: _plain(structure[key]) for key in sorted(structure)}
    return [_plain(one) for one in structure] if isinstance(structure, list | tuple) else structure


def check_shapes(
    outputs: Shape, logits: Shape, seen: Shape, image_shape: Shape, latent_shape: Any
) -> None:
    """Checks that the generator makes images of the shape that the discriminator takes.

    Args:
        outputs: Tuple, the shape of one output of the generator.
        logits: Tuple, the shape of the discriminator's logits for one image.
        seen: Tuple, the shape of one image that the discriminator takes.
        image_shape: Tuple, the shape of one image of the model.
        latent_shape: The shape of the latents, a structure of shapes, or None.

    Raises:
        ValueError: If the shapes do not match, or the logits have unknown sizes.
    """
    judges = logits in ((), (1,))
    if outputs == (1,) and not judges and latent_shape and logits in shapes_in(latent_shape):
        raise ValueError(
            "The generator must make images, and the discriminator logits. Received: a generator "
            f"that makes {outputs}, and a discriminator that makes {logits}. "
            "The two networks seem to be swapped: swap them."
        )
    if seen == outputs == image_shape:
        _check_logits(logits)
        return
    channels = outputs == image_shape and seen[:-1] == outputs[:-1]
    repair = _about_channels(seen[-1], outputs[-1]) if channels else "Give both the same shape."
    raise ValueError(
        "The generator must make the images that the discriminator takes. Received: a generator "
        f"that makes {outputs}, a discriminator that takes {seen}, and image_shape={image_shape}. "
        f"{repair}"
    )


def _check_logits(logits):
    if None in logits:
        raise ValueError(
            "The sizes of the discriminator's logits must be known. Received: "
            f"output shape {('N', *logits)}. Give its input a known shape."
        )
    if len(logits) == 1 and logits != (1,):
        raise ValueError(
            "The discriminator must return one number per image, shape (N, 1), or a map of "
            f"logits. Received: output shape {('N', *logits)}. Return classes or codes in a "
            'dict, {"logits": ..., "classes": ...}. If all of them are logits, reshape them '
            f"with keras.layers.Reshape(({logits[0]}, 1))."
        )


def _about_channels(seen, made):
    """Returns a fix for a discriminator that takes another number of channels."""
    packs, rest = divmod(seen, made)
    repair = "Give both networks the same number of channels."
    if seen > made:
        repair += (
            f" If the {seen - made} additional channels are labels, use ConditionalGAN with a "
            "discriminator that takes [images, labels] and begins with keras_gans.layers."
            "LabelPlanes."
        )
    if seen > made and not rest:
        repair += (
            f" To classify {packs} images together, begin it with keras_gans.layers.Pack({packs})."
        )
    return repair


def wrong_outputs(player: str, outputs: Any) -> ValueError:
    """Returns the error for a network with outputs that a model cannot use.

    Args:
        player: `"generator"` or `"discriminator"`.
        outputs: The structure of its outputs.
    """
    names = f" named {', '.join(outputs)}" if isinstance(outputs, dict) else ""
    received = f"Received: {len(keras.tree.flatten(outputs))} outputs{names}. "
    if player == "generator":
        return ValueError(
            f"The generator must have one output, the images. {received}Return a single output; "
            "concatenate parts of an image."
        )
    return ValueError(
        "The discriminator must have one output, the logits, or a dict of outputs with the key "
        f'"logits". {received}Return a dict: keras.Model(images, {{"logits": ..., "classes": '
        "...})."
    )
