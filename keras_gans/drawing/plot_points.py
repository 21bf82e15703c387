"""Generated 2-D points, over the real ones."""

from typing import TYPE_CHECKING

import numpy as np

from keras_gans.ops.images import is_bounded
from keras_gans.protocols import ArrayLike, ValueRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_points(
    fake_points: ArrayLike,
    real_points: ArrayLike | None = None,
    value_range: ValueRange | None = None,
    title: str | None = None,
) -> "Figure":
    """Draws 2-D points as a scatter plot.

    Args:
        fake_points: Floats `(N, 2)`, generated.
        real_points: Floats `(M, 2)`, drawn in grey behind them.
        value_range: Pair `(low, high)`, limits of both axes; if None or infinite, they are
            chosen from the points.
        title: String above the plot.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If points do not have two coordinates.

    Example:

    >>> figure = plot_points(np.random.normal(size=(100, 2)), value_range=(-3, 3))
    """
    from keras_gans.drawing.figure import new_figure

    figure = new_figure(figsize=(4, 4), dpi=100, layout="constrained")
    axes = figure.subplots()
    layers = {"real": (real_points, "0.7"), "generated": (fake_points, "tab:blue")}
    for label, (points, color) in layers.items():
        if points is None:
            continue
        points = np.asarray(points)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(
                f"Points must have the shape (N, 2). Received: {label} points of shape "
                f"{points.shape}. Choose two columns to draw."
            )
        axes.scatter(points[:, 0], points[:, 1], s=6, color=color, label=label, linewidths=0)
    if real_points is not None:
        figure.legend(loc="outside lower center", ncols=2)  # hides no points
    if value_range is not None and is_bounded(value_range):
        axes.set_xlim(value_range)
        axes.set_ylim(value_range)
    axes.set_aspect("equal")
    axes.set_title(title or "")
    return figure
