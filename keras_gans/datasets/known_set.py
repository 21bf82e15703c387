"""Well-known datasets, which are in local files or are downloaded by Keras."""

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import tensorflow as tf

from keras_gans.datasets.data_folder import VARIABLE, data_folder
from keras_gans.datasets.from_arrays import check_order, from_arrays
from keras_gans.datasets.in_split import check_split
from keras_gans.datasets.local_files import find_known_set, is_named
from keras_gans.pipelines.paths import expanded, files_below, is_folder
from keras_gans.protocols import Array, PathLike, Shape, ValueRange


@dataclasses.dataclass(frozen=True)
class KnownSet:
    """A well-known dataset of images in ten classes.

    Args:
        title: String, its name in texts.
        source: Module of `keras.datasets`; its `load_data` downloads the dataset.
        pattern: Regular expression for the names of its files or folders, in lowercase with
            underscores.
        image_shape: Tuple, the shape of the stored images, without a channel axis of length 1.
        sizes: Dict from the names of splits to the number of images in the whole dataset.
        fetch: String, the files to download on another machine without internet access here.
        checksums: Dict from the md5 of the dataset's idx files to `x_train`, `y_train`, `x_test`
            or `y_test`.
        class_names: Strings, or None if the classes are digits.
    """

    title: str
    source: ModuleType
    pattern: str
    image_shape: Shape
    sizes: Mapping[str, int]
    fetch: str
    checksums: Mapping[str, str] = dataclasses.field(default_factory=dict)
    class_names: Sequence[str] | None = None

    @property
    def name(self) -> str:
        """The name of the dataset in `keras.datasets`."""
        return self.source.__name__.rpartition(".")[2]

    def dataset(
        self,
        batch_size: int,
        split: str,
        labels: bool,
        value_range: ValueRange,
        seed: int | None,
        drop_remainder: bool,
        data_dir: PathLike | None,
    ) -> tf.data.Dataset:
        """Returns a split as a dataset; the arguments are those of `keras_gans.datasets.mnist`."""
        check_order(batch_size, value_range, seed, drop_remainder, labels=labels)
        return named_dataset(
            self.load(split, data_dir),
            f"{self.title} {split} split",
            labels,
            self.class_names,
            batch_size=batch_size,
            value_range=value_range,
            seed=seed,
            drop_remainder=drop_remainder,
        )

    def load(self, split: str, data_dir: PathLike | None) -> tuple[Array, Array]:
        """Loads the images and labels of a split from local files, or with Keras.

        Args:
            split: `"train"` or `"test"`.
            data_dir: Folder to search first; None means `KERAS_GANS_DATA`.

        Returns:
            Images, uint8 `(N, H, W, C)`, and labels, integers `(N,)`.

        Raises:
            ValueError: If the split or the folder does not exist, or a file of the dataset is
                damaged or contains something else; the error names it.
            OSError: If the dataset is not found in local files and cannot be downloaded.
        """
        check_split(split, self.sizes)
        folder, size = data_folder(data_dir), self.sizes[split]
        arguments = self.pattern, self.image_shape, self.checksums, split
        found = find_known_set(folder, *arguments) if folder else None
        if found is None:
            images, labels = self._download(split, folder)
        else:
            path, images, labels = found
            if len(images) < size:
                print(f"{self.name}: {len(images):,} of {size:,} {split} images, from {path}")
        return images.reshape(len(images), *(*self.image_shape, 1)[:3]), labels

    def _download(self, split, folder):
        try:
            train, test = self.source.load_data()
        except Exception as error:  # Keras raises a plain Exception if a download fails
            named = ", ".join(str(path) for path in self._downloaded())
            damage = f" Or delete {named}: it may be damaged." if named else ""
            raise OSError(
                f"{self.name} was not found among local files and could not be downloaded. "
                f"Received: data_dir or {VARIABLE}={str(folder)!r}, and from the download: "
                f"{type(error).__name__}: {error} "
                f"On a machine with internet access, download {self.fetch}; put it into a folder "
                f"here, and set {VARIABLE} or `data_dir` to that folder.{damage}"
            ) from error
        images, labels = train if split == "train" else test
        return images, labels.reshape(-1)

    def _downloaded(self) -> list[Path]:
        """Returns the files that Keras downloaded earlier."""
        place = expanded(os.environ.get("KERAS_HOME", "~/.keras")) / "datasets"
        earlier = files_below(place) if is_folder(place) else []
        return [path for path in earlier if is_named(path, self.pattern)]


def named_dataset(
    arrays: tuple[Array, Array],
    source: str,
    labels: bool,
    class_names: Sequence[str] | None = None,
    **arguments: Any,
) -> tf.data.Dataset:
    """Returns a `tf.data.Dataset` of images, or of images and labels.

    Args:
        arrays: Images and labels.
        source: String, the names of the dataset and the split.
        labels: Whether to include labels.
        class_names: Strings, the attribute `class_names` of the dataset; None for no names.
        **arguments: Arguments of `from_arrays`.
    """
    images, classes = arrays
    dataset = from_arrays(images, labels=classes if labels else None, **arguments)
    dataset.source = source
    if class_names is not None:
        dataset.class_names = list(class_names)
    return dataset
