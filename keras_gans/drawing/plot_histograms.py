"""Histograms of a number per image, generated over real."""

from typing import TYPE_CHECKING

import numpy as np

from keras_gans import checks
from keras_gans.drawing.layout import PLAIN, check_layout
from keras_gans.protocols import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ARGUMENTS = {"generated": "fake_values", "real": "real_values"}
_MOST_BINS = 10_000


def plot_histograms(
    real_values: ArrayLike,
    fake_values: ArrayLike | None = None,
    bins: int | ArrayLike = 30,
    label: str = "",
    title: str | None = None,
) -> "Figure":
    """Draws a histogram of a number per real image, and of the same number per generated image.

    Both have the same bins. Heights are percentages of the images, so that sets of different sizes
    are comparable.

    Args:
        real_values: Array `(N,)`, such as the mean brightness of each real image.
        fake_values: Array `(M,)` of the same number for generated images, or None.
        bins: Integer, or the edges of the bins. Values outside are counted in the first or last
            bin.
        label: String below the axis: the name of the number, and its unit.
        title: String above the figure.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the values are not finite numbers, one per image.

    Example:

    >>> figure = plot_histograms([0.2, 0.3, 0.3], [0.1, 0.3], label="Share of material")
    """
    from keras_gans.drawing.figure import new_figure

    _, title = check_layout(None, title)
    repair = "Pass the name of the number and its unit."
    checks.instance("label", label, str, "a string", repair)
    groups = {"real": (real_values, "0.65", "stepfilled")}
    if fake_values is not None:
        groups["generated"] = (fake_values, "tab:blue", "step")
    values = {name: _checked(group[0], name) for name, group in groups.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(values.values())), _checked_bins(bins))
    figure = new_figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    for name, (_, color, kind) in groups.items():
        count, drawn = len(values[name]), np.clip(values[name], edges[0], edges[-1])
        style = {"histtype": kind, "linewidth": 1.8, "color": color}
        weights = np.full(count, 100 / count)
        axes.hist(drawn, edges, weights=weights, label=f"{count:,} {name}", **style)
    axes.set_xlabel(label, **PLAIN)
    axes.set_ylabel("Share of the images (%)")
    axes.set_title(title or "", fontsize=10, **PLAIN)
    axes.legend()
    return figure


def _checked_bins(bins):
    """Returns the number of bins, or their edges, after checking them."""
    if np.ndim(bins) == 0 and not isinstance(bins, dict):
        return checks.whole_number("bins", bins, 1, _MOST_BINS)
    edges = checks.numeric_array("bins", bins, finite=True)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
        raise checks.wrong("bins", "an integer, or increasing edges", edges, "30 is the default.")
    return edges


def _checked(values, name):
    values = checks.numeric_array(_ARGUMENTS[name], values).astype("float64")
    if values.ndim != 1 or len(values) == 0 or not np.all(np.isfinite(values)):
        raise ValueError(
            "There must be one finite number per image, shape (N,). "
            f"Received: {name} values of shape {values.shape}. "
            "Reduce each image to a number first, for example with images.mean(axis=(1, 2, 3))."
        )
    return values
