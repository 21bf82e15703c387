"""The mean of many images."""

from typing import TYPE_CHECKING

import numpy as np

from keras_gans import checks
from keras_gans.ops.images import to_uint8, to_value_range
from keras_gans.protocols import ArrayLike, ValueRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIDE = 3.2  # inches of one picture


def plot_mean_images(
    real_images: ArrayLike, fake_images: ArrayLike | None = None, value_range: ValueRange = (-1, 1)
) -> "Figure":
    """Draws the mean of real images next to the mean of generated images.

    The means show where objects are in general. Where they differ, the generator draws something
    too often, too rarely, or in the wrong place. Where they agree, single images can still be bad.

    Args:
        real_images: Array `(N, H, W, C)`, in gray (C = 1) or color (C = 3): uint8, bool, or floats
            in `value_range`.
        fake_images: Array `(M, H, W, C)` of generated images, or None.
        value_range: Pair `(low, high)`, drawn as black and white.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the images have a different rank or number of channels, or if there are none.

    Example:

    >>> figure = plot_mean_images(np.zeros((100, 28, 28, 1)), np.ones((50, 28, 28, 1)))
    """
    from keras_gans.drawing.figure import new_figure

    value_range = checks.value_range("value_range", value_range, infinite=False)
    groups = {"real": _checked("real_images", real_images)}
    if fake_images is not None:
        groups["generated"] = _checked("fake_images", fake_images)
    figure = new_figure(figsize=(_SIDE * len(groups), _SIDE + 0.4), layout="constrained")
    panels = figure.subplots(1, len(groups), squeeze=False)[0]
    for axes, (name, images) in zip(panels, groups.items(), strict=True):
        mean = np.mean(to_value_range(images, value_range), axis=0, dtype="float64")
        pixels = to_uint8(mean, value_range)
        axes.imshow(
            pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels, "gray", vmin=0, vmax=255
        )
        axes.set_title(f"Mean of {len(images):,} {name} images", fontsize=10)
        axes.set_axis_off()
    return figure


def _checked(name, images):
    images = checks.numeric_array(name, images, finite=True)
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or images.size == 0:
        raise ValueError(
            "Images must have the shape (N, H, W, 1) or (N, H, W, 3), with N of at least 1. "
            f"Received: {checks.received(name, images)}. Add a channel to gray images with "
            "images[..., None]."
        )
    return images
