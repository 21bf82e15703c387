"""SelfConditionedGAN: a conditional GAN whose classes are clusters of the data."""

from typing import Any

from keras_gans.layers import KMeans
from keras_gans.models.dcgan import dcgan_networks, dcgan_training
from keras_gans.models.gan import GAN
from keras_gans.protocols import ShapeLike, ValueRange
from keras_gans.saving import serializable

_MOST_CLUSTERS = 300


@serializable()
class SelfConditionedGAN(GAN):
    """A conditional GAN for data without labels, whose classes are clusters of the images.

    It generates better images than an unconditional model. `fit` finds the clusters in a sample of
    the data before the first step, unless `gan.clusters.adapt(images)` was called before. The
    training step then assigns each real image to a cluster, and passes the cluster to both
    networks. `generate` draws clusters in proportion to their size, or generates images of given
    clusters. Labels in the data are ignored.

    Args:
        image_shape: See `DCGAN`, also for the other arguments.
        latent_dim: Integer. Defaults to 64 for factories, because the images of one cluster vary in
            many small ways.
        generator: Built `keras.Model` from `[latents, labels]` to images, or a factory.
        discriminator: Built `keras.Model` from `[images, labels]` to logits, or a factory.
        num_classes: Integer, the largest number of clusters; or a `layers.KMeans`. Defaults to
            `layers.KMeans(300)`. With fewer than 50 images per cluster, there are fewer clusters.
        condition_dim: Not supported; see `ConditionalGAN`.
        condition_shape: Not supported; see `Pix2Pix`.
        prior: Object of `keras_gans.priors`.
        value_range: Pair `(low, high)`, the range of the images.
        seed: Integer, the seed of the noise in training.

    Raises:
        ValueError: If the networks do not match each other or an argument.

    Example:

    >>> gan = SelfConditionedGAN(image_shape=(8, 8, 1), latent_dim=4, num_classes=3)
    >>> gan.compile()
    >>> history = gan.fit(np.random.randint(0, 256, (150, 8, 8, 1), "uint8"), verbose=0)
    >>> gan.generate(16, seed=0).shape
    (16, 8, 8, 1)
    >>> bool(gan.clusters.shares.numpy().sum() > 0.999)
    True

    Reference:
        - [Liu et al., 2020](https://arxiv.org/abs/2006.10728). Unlike the paper, images are
          clustered by the principal components of their pixels, and only once.
        - [Lucic et al., 2019](https://arxiv.org/abs/1903.02271): clusters as conditions.
    """

    required_labels = ("num_classes",)

    def __init__(
        self,
        image_shape: ShapeLike | None = None,
        latent_dim: Any = None,
        *further: Any,
        generator: Any = None,
        discriminator: Any = None,
        num_classes: int | KMeans | None = None,
        condition_dim: int | None = None,
        condition_shape: ShapeLike | None = None,
        prior: Any = None,
        value_range: ValueRange | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            image_shape,
            latent_dim,
            *further,
            generator=generator,
            discriminator=discriminator,
            num_classes=_clusters(num_classes, condition_dim, condition_shape),
            condition_dim=condition_dim,
            condition_shape=condition_shape,
            prior=prior,
            value_range=value_range,
            seed=seed,
            **kwargs,
        )

    def default_networks(self, value_range: ValueRange | None) -> dict[str, Any]:
        """Returns the recipe's networks, used if the constructor is given none."""
        return dcgan_networks(value_range) | {"latent_dim": 64}

    def compile_defaults(self) -> dict[str, Any]:
        """Returns the recipe's defaults, used for arguments of `compile` that are None."""
        return {**super().compile_defaults(), **dcgan_training(self)}


def _clusters(num_classes, *conditions):
    """Returns a `KMeans` layer, or `num_classes` unchanged if other conditions are also given."""
    if isinstance(num_classes, KMeans) or any(given is not None for given in conditions):
        return num_classes
    return KMeans(_MOST_CLUSTERS if num_classes is None else num_classes)
