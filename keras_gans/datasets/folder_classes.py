"""Classes of pictures that are sorted into a folder for each class."""

from collections.abc import Sequence

import numpy as np

from keras_gans.datasets.split_by_name import normalized
from keras_gans.pipelines.archives import File, Tree
from keras_gans.protocols import Array


def folder_classes(files: Sequence[File], tree: Tree) -> tuple[Array, list[str]]:
    """Returns the class of each picture, and the names of the classes in alphabetical order.

    Args:
        files: The pictures of `tree`.
        tree: `Tree`; its outermost folders are the classes.

    Returns:
        Classes, int32 `(N,)`, and a list of strings.

    Raises:
        ValueError: If a picture is not in a folder, a folder contains no pictures, or the names of
            two folders differ only in the encoding of accented letters.
    """
    parts = [file.name.removeprefix(tree.above).split("/") for file in files]
    loose = [file for file, part in zip(files, parts, strict=True) if len(part) == 1]
    if loose:
        raise ValueError(
            "With labels=True, every picture must be in a folder named after its class. "
            f"Received: {loose[0].place}, which is in none. Move it, or pass labels=False."
        )
    with_pictures = {part[0] for part in parts}
    empty = [name for name in tree.folders if name not in with_pictures]
    if empty:
        folder = files[0].place.removesuffix("/".join(parts[0])) + empty[0]
        raise ValueError(
            "With labels=True, every folder is a class and must contain pictures. Received: "
            f"{folder}, where none was found. Convert its files to PNG, or remove it, which "
            "changes the numbers of the classes after it."
        )
    names = sorted(map(normalized, tree.folders))
    numbers = {name: number for number, name in enumerate(names)}
    if len(numbers) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            "Each class must have one folder. Received: two folders named "
            f"{twice!r}, with different encodings of the accented letters. Join them to one folder."
        )
    return np.array([numbers[normalized(part[0])] for part in parts], "int32"), names
