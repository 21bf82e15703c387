"""A layer that assigns images to the clusters of a dataset."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import checks
from keras_gans.ops import clustering
from keras_gans.pipelines.random_sample import random_sample
from keras_gans.protocols import Array, Tensor, TensorShape
from keras_gans.saving import serializable

_MOST_SAMPLES = 10_000_000  # drawn by one call
_MOST_IMAGES = 20_000  # for clustering
_IMAGES_PER_CLUSTER = 50  # minimum of the average: smaller clusters are easily memorized
_FARTHEST = float(np.finfo("float32").max)  # finite, because debuggers stop at infinity
_MOST_NUMBERS = 2**27  # in the clustered images: half a gigabyte


@serializable()
class KMeans(keras.layers.Layer):
    """Assigns each image to one of the clusters that `adapt` has found in a dataset.

    Images are projected onto their principal components and assigned to the cluster with the
    nearest center. Like `keras.layers.Normalization`, the layer is not trained: `adapt` computes
    its weights from data. `SelfConditionedGAN` uses the clusters as classes.

    Args:
        num_clusters: Integer, the maximum number of clusters. There are fewer if the data
            contain fewer than 50 images per cluster.
        num_components: Integer, the number of principal components.
        features: Built `keras.Model` from images to vectors `(N, D)`, which are clustered instead
            of the pixels; None for the pixels.
        seed: Integer, seed of the random sample and of the initial centers.

    Input shape:
        Floats `(N, ...)`, images or other samples.

    Output shape:
        Integers `(N,)` in `[0, num_clusters)`, from the largest cluster to the smallest.

    Raises:
        ValueError: If a size or the seed is out of range, or `features` is not a built model.

    Example:

    >>> points = np.random.default_rng(0).normal(size=(400, 2)) + [[9, 0], [0, 9]] * 200
    >>> layer = KMeans(2)
    >>> layer.adapt(points)
    >>> layer.shares.numpy().tolist()
    [0.5, 0.5]
    >>> int(layer(np.array([[9.0, 0.0]]))[0]) == int(layer(points[:1])[0])
    True

    Reference:
        - [Liu et al., 2020](https://arxiv.org/abs/2006.10728), section 3. Unlike the paper, the
          default features are principal components of the pixels, which are clustered once.
    """

    def __init__(
        self,
        num_clusters: int,
        num_components: int = 40,
        features: Any = None,
        seed: int = 0,
        **kwargs: Any,
    ):
        kwargs = {"trainable": False, "dtype": "float32", **kwargs}
        super().__init__(**kwargs)
        repair = "For example, use KMeans(100)."
        self.num_clusters = checks.size("num_clusters", num_clusters, repair=repair)
        self.num_components = checks.size("num_components", num_components)
        if features is not None and not getattr(features, "inputs", None):
            repair = "Start a Sequential model with a keras.Input, or use None for the pixels."
            raise checks.wrong("features", "a built keras.Model", features, repair)
        self.features = features
        self.seed = checks.whole_number("seed", seed, 0, checks.LARGEST_SEED)

    def build(self, input_shape: TensorShape) -> None:
        """Creates the weights, which are all zero until `adapt` is called."""
        shape = input_shape if self.features is None else self.features.output_shape
        size = math.prod(shape[1:])
        components = min(size, self.num_components)
        weight = {"initializer": "zeros", "trainable": False}
        self.mean = self.add_weight(shape=(size,), name="mean", **weight)
        self.components = self.add_weight(shape=(size, components), name="components", **weight)
        self.centers = self.add_weight(
            shape=(self.num_clusters, components), name="centers", **weight
        )
        self.shares = self.add_weight(shape=(self.num_clusters,), name="shares", **weight)

    @property
    def adapted(self) -> bool:
        """Whether `adapt` has found clusters."""
        return self.num_found > 0

    @property
    def num_found(self) -> int:
        """The number of clusters that contain images."""
        return int(np.sum(self.shares.numpy() > 0)) if self.built else 0

    def adapt(self, data: Any) -> None:
        """Finds the clusters of images and the fraction of images in each.

        If there are more than 20,000 images, or 50 per cluster if that is more, a random sample of
        this size is clustered, and up to ten times as many images are read. The sample is smaller
        for images with more than 6,710 numbers each, so that it takes at most half a gigabyte.

        Args:
            data: Array of images `(N, ...)`, or a dataset or other iterable of batches of images,
                floats.

        Raises:
            ValueError: If there are no images, or some values are not finite numbers.
        """
        batches = [data] if hasattr(data, "shape") else data
        if isinstance(batches, str | bytes | dict) or not hasattr(batches, "__iter__"):
            repair = "Pass an array (N, ...) or a dataset of batches of images."
            raise checks.wrong("data", "images or batches of images", data, repair)
        batches = (_checked_batch(batch) for batch in batches)
        most = max(_MOST_IMAGES, _IMAGES_PER_CLUSTER * self.num_clusters)
        images = random_sample(batches, most, _MOST_NUMBERS, self.seed)
        if images is None:
            raise ValueError(
                "There must be images to cluster. Received: data without images. "
                "Check the filter or the path of the data."
            )
        if not self.built:
            self.build((None, *images.shape[1:]))
        rows = self._rows(images)
        if not np.isfinite(rows).all():
            raise ValueError(
                "Images must be finite to be clustered. Received: images that contain NaN or "
                "infinity. Remove these images from the data."
            )
        self._find_clusters(rows)

    def check_adapted(self) -> None:
        """Checks that `adapt` has found clusters.

        Raises:
            ValueError: If there are no clusters.
        """
        if not self.adapted:
            raise ValueError(
                "The clusters of the data must be known. Received: a KMeans layer that has not "
                "been adapted. Call `fit` of the model or `gan.clusters.adapt(images)` first."
            )

    def check_shape(self, image_shape: TensorShape) -> None:
        """Checks that the layer was built for images with the given shape.

        Raises:
            ValueError: If it was built for images with a different shape.
        """
        shape = (None, *image_shape)
        wanted = self.mean.shape[0] if self.features is None else self.features.input_shape
        if wanted not in (shape, math.prod(image_shape)):
            raise ValueError(
                f"The clusters must be those of images with the shape {tuple(image_shape)}. "
                f"Received: a KMeans layer for {wanted if self.features else f'{wanted} numbers'} "
                "per image. Create a separate KMeans layer for each image shape."
            )

    def check_clusters(self, clusters: Array) -> Array:
        """Returns an array of clusters, after checking that each of them contains images.

        Raises:
            ValueError: If a cluster is empty.
        """
        if self.adapted and len(clusters) and np.max(clusters) >= self.num_found:
            raise ValueError(
                f"Labels must be clusters that contain images, in [0, {self.num_found}). "
                f"Received: labels up to {np.max(clusters)}. The data contained too few images for "
                f"{self.num_clusters} clusters: use smaller labels."
            )
        return clusters

    def call(self, images: Tensor) -> Tensor:
        """Returns the index of each image's cluster."""
        rows = images if self.features is None else self.features(images, training=False)
        rows = ops.reshape(ops.cast(rows, "float32"), (-1, self.mean.shape[0]))
        projected = ops.matmul(rows - self.mean, self.components)
        # Subtract before squaring: otherwise, small distances far from the origin are imprecise.
        differences = ops.expand_dims(projected, 1) - self.centers
        distances = ops.sum(ops.square(differences), axis=-1)
        distances = ops.where(self.shares > 0, distances, _FARTHEST)
        return ops.cast(ops.argmin(distances, axis=1), "int32")

    def sample(self, num_images: int, seed: int | None = None) -> Array:
        """Draws clusters with the frequencies of the data, uniformly until `adapt` is called.

        Args:
            num_images: Integer, the number of clusters to draw.
            seed: Integer. With the same seed and a larger `num_images`, the first clusters are the
                same.

        Returns:
            NumPy int32 `(num_images,)`.
        """
        num_images = checks.whole_number("num_images", num_images, high=_MOST_SAMPLES)
        seed = checks.random_seed("seed", seed)
        shares = self.shares.numpy() if self.adapted else np.ones(self.num_clusters)
        ends = np.cumsum(shares, dtype="float64")
        chosen = np.random.default_rng(seed).random(num_images) * ends[-1]
        return np.searchsorted(ends, chosen, side="right").astype("int32")

    def compute_output_shape(self, input_shape: TensorShape) -> TensorShape:
        """Returns `(N,)`."""
        return (input_shape[0],)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments as a dict."""
        names = "num_clusters", "num_components", "seed"
        config = {name: getattr(self, name) for name in names}
        config["features"] = keras.saving.serialize_keras_object(self.features)
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "KMeans":
        """Creates the layer from the dict that `get_config` returned."""
        features = keras.saving.deserialize_keras_object(config["features"])
        return cls(**{**config, "features": features})

    def _find_clusters(self, rows):
        num_components = min(self.components.shape[1], len(rows))
        num_clusters = max(1, min(self.num_clusters, len(rows) // _IMAGES_PER_CLUSTER))
        mean = rows.mean(axis=0, dtype="float64").astype("float32")  # precise for many rows
        components = clustering.principal_components(rows - mean, num_components, self.seed)
        projected = (rows - mean) @ components
        centers = clustering.k_means(projected, num_clusters, self.seed)
        counts = np.bincount(clustering.nearest_centers(projected, centers), minlength=len(centers))
        order = np.argsort(-counts, kind="stable")
        self.mean.assign(mean)
        self.components.assign(_padded(components, self.components.shape))
        self.centers.assign(_padded(centers[order], self.centers.shape))
        self.shares.assign(_padded(counts[order] / counts.sum(), self.shares.shape))

    def _rows(self, images):
        """Returns the images, or their features, as float32 rows."""
        if self.features is not None:
            images = np.concatenate(
                [
                    ops.convert_to_numpy(self.features(images[i : i + 500], training=False))
                    for i in range(0, len(images), 500)
                ]
            )
        return np.asarray(images, "float32").reshape(len(images), -1)


def _checked_batch(batch):
    """Returns a batch of images as an array of numbers; it can be empty."""
    array = checks.numeric_array("data", batch)
    return array if array.size == 0 else checks.numeric_array("data", array, axes=2)


def _padded(array, shape):
    """Returns the array, padded with zeros at the end of each axis up to a shape."""
    missing = [(0, wanted - had) for had, wanted in zip(array.shape, shape, strict=True)]
    return np.pad(array, missing)
