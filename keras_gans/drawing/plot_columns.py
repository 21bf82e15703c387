"""Histograms of the columns of a table, generated over real."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from keras_gans import checks
from keras_gans.drawing.layout import PLAIN, check_layout
from keras_gans.protocols import Array, ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ARGUMENTS = {"generated": "fake_rows", "real": "real_rows"}
_MOST = 36  # largest number of histograms
_BINS = 24
_PERCENTILES = 1, 99  # of generated values, the ends of the bins
_WIDTH, _HEIGHT = 1.9, 1.4  # inches of one histogram


def plot_columns(
    fake_rows: ArrayLike,
    real_rows: ArrayLike | None = None,
    columns: int | None = None,
    title: str | None = None,
) -> "Figure":
    """Draws a small histogram of each column of a table, with generated rows over real ones.

    Both have the same bins, which cover the range of the real values or, without real rows, the 1st
    to the 99th percentile of the generated ones. Values outside are counted in the first or last
    bin. Heights are shares of the rows, so tables of different lengths are comparable. NaN is
    ignored.

    Args:
        fake_rows: Array `(N, n)` of generated rows. If there are more than 36 columns, the first 36
            are drawn, and the title says how many are omitted.
        real_rows: Array `(M, n)` of real rows, drawn in gray behind the generated ones.
        columns: Integer, the number of histograms in a row; None means about as many as rows.
        title: String above the figure.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the rows do not have the shape `(N, n)`, if there are none, or if the real
            rows have a different number of columns.

    Example:

    >>> real_rows = np.random.normal(size=(500, 6))
    >>> figure = plot_columns(np.random.normal(size=(200, 6)), real_rows)
    """
    from keras_gans.drawing.figure import new_figure

    fake = _checked(fake_rows, "generated")
    real = None if real_rows is None else _checked(real_rows, "real", fake.shape[1])
    columns, title = check_layout(columns, title)
    drawn = min(fake.shape[1], _MOST)
    columns = min(columns or math.ceil(math.sqrt(drawn)), drawn)
    grid = math.ceil(drawn / columns), columns
    size = (max(_WIDTH * columns, 4), _HEIGHT * grid[0] + 0.7)
    figure = new_figure(figsize=size, dpi=100, layout="constrained")
    charts = figure.subplots(*grid, squeeze=False)
    for number, chart in enumerate(charts.flat):
        if number < drawn:
            _draw(chart, fake[:, number], None if real is None else real[:, number])
            chart.set_title(f"column {number}", fontsize=8)
        else:
            chart.set_axis_off()
    if real is not None:
        legend = charts[0, 0].get_legend_handles_labels()
        figure.legend(*legend, loc="outside lower center", ncols=2, fontsize=8)
    left_out = fake.shape[1] - drawn
    note = f"the first {drawn} columns; {left_out} are omitted" if left_out else ""
    figure.suptitle(": ".join(filter(None, (title, note))), fontsize=11, **PLAIN)
    return figure


def _checked(rows: ArrayLike, name: str, width: int | None = None) -> Array:
    rows = checks.numeric_array(_ARGUMENTS[name], rows).astype("float64")
    if rows.ndim != 2 or rows.size == 0 or width not in (None, rows.shape[1]):
        columns = "n" if width is None else width
        raise ValueError(
            f"Rows of a table must have the shape (N, {columns}), with N of at least 1. "
            f"Received: {name} rows of shape {rows.shape}. Pass the same columns of both tables."
        )
    return rows


def _draw(chart: Any, fake: Array, real: Array | None) -> None:
    """Draws the histogram of one column."""
    layers = {"generated": (fake, "tab:blue", "stepfilled")}
    if real is not None:
        layers = {"real": (real, "0.65", "stepfilled"), "generated": (fake, "tab:blue", "step")}
    edges = _edges(fake, real)
    for label, (values, color, kind) in layers.items():
        values = np.clip(values[~np.isnan(values)], edges[0], edges[-1])
        weights = np.full(len(values), 1 / max(len(values), 1))
        chart.hist(
            values, edges, weights=weights, histtype=kind, color=color, label=label, linewidth=1.3
        )
    chart.set_yticks([])
    chart.tick_params(labelsize=7)
    chart.locator_params(axis="x", nbins=4)


def _edges(fake: Array, real: Array | None) -> Array:
    """Returns the edges of the bins, which are the same for both tables."""
    values = fake if real is None else real
    values = values[np.isfinite(values)]
    ends = (0, 100) if real is not None else _PERCENTILES
    low, high = np.percentile(values, ends) if len(values) else (0.0, 0.0)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, _BINS + 1)
