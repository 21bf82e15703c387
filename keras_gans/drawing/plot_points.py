"""Generated 2-D points over real ones."""

from typing import TYPE_CHECKING

from keras_gans import checks
from keras_gans.drawing.layout import PLAIN, check_layout
from keras_gans.ops.images import is_bounded
from keras_gans.protocols import Array, ArrayLike, ValueRange

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
        fake_points: Floats `(N, 2)`, the generated points.
        real_points: Floats `(M, 2)`, real points, drawn in gray behind the generated ones.
        value_range: Pair `(low, high)`, the limits of both axes; if None or infinite, they are
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

    _, title = check_layout(None, title)
    value_range = checks.optional(checks.value_range, "value_range", value_range)
    real, fake = _checked("real_points", real_points), _checked("fake_points", fake_points)
    figure = new_figure(figsize=(4, 4), dpi=100, layout="constrained")
    axes = figure.subplots()
    layers = {"real": (real, "0.7"), "generated": (fake, "tab:blue")}
    for label, (points, color) in layers.items():
        if points is None:
            continue
        axes.scatter(points[:, 0], points[:, 1], s=6, color=color, label=label, linewidths=0)
    if real_points is not None:
        figure.legend(loc="outside lower center", ncols=2)  # does not hide points
    if value_range is not None and is_bounded(value_range):
        axes.set_xlim(value_range)
        axes.set_ylim(value_range)
    axes.set_aspect("equal")
    axes.set_title(title or "", **PLAIN)
    return figure


def _checked(name: str, points: ArrayLike | None) -> Array | None:
    """Returns points as an array; real points may be None."""
    if points is None and name == "real_points":
        return None
    array = checks.numeric_array(name, points)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise ValueError(
            "Points must have the shape (N, 2), with N of at least 1. "
            f"Received: {checks.received(name, array)}. Choose two columns to draw."
        )
    return array
