"""Series as line charts."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from keras_gans import checks
from keras_gans.drawing.layout import PLAIN, check_layout, place_captions
from keras_gans.ops.images import is_bounded
from keras_gans.protocols import Array, ArrayLike, ValueRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 2.0, 1.3  # inches of one chart
_MOST_NAMED = 8  # largest number of channels in a legend
_MARGIN = 0.05  # share of the value range, above and below it


def plot_series(
    series: ArrayLike,
    value_range: ValueRange | None = None,
    columns: int | None = None,
    captions: Sequence[str] | None = None,
    title: str | None = None,
) -> "Figure":
    """Draws each series as a small line chart with one line per channel and shared axes.

    Args:
        series: Array `(N, T, C)`.
        value_range: Pair `(low, high)`, the limits of the y axis; if None or infinite,
            the limits are chosen from the series.
        columns: Integer, the number of charts in a row; None means about as many as rows.
        captions: Strings, one per series (drawn above it), or one per row of several series
            (drawn next to it).
        title: String above the grid.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If the series have a different rank, if there are none, or if the number of
            captions does not match.

    Example:

    >>> waves = np.sin(np.linspace(0, 6, 50) + np.arange(4)[:, None])
    >>> figure = plot_series(waves[..., None], value_range=(-1, 1))
    """
    from keras_gans.drawing.figure import new_figure

    series = _checked(series)
    columns, title = check_layout(columns, title)
    value_range = checks.optional(checks.value_range, "value_range", value_range)
    columns = min(columns or math.ceil(math.sqrt(len(series))), len(series))
    rows = math.ceil(len(series) / columns)
    above, at_left = place_captions(captions, len(series), rows)
    size = (max(_WIDTH * columns, 4) + 0.4, _HEIGHT * rows + 0.6)
    figure = new_figure(figsize=size, dpi=100, layout="constrained")
    charts = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    _draw(charts.flat, series)
    for chart, text in zip(charts.flat, above, strict=False):
        chart.set_title(text, fontsize=9, **PLAIN)
    for chart, text in zip(charts[:, 0], at_left, strict=False):
        chart.set_ylabel(text, fontsize=9, rotation=0, ha="right", va="center", **PLAIN)
    if value_range is not None and is_bounded(value_range):
        margin = _MARGIN * (value_range[1] - value_range[0])
        charts[0, 0].set_ylim(value_range[0] - margin, value_range[1] + margin)
    _add_legend(figure, charts[0, 0], series.shape[-1])
    figure.suptitle(title or "", fontsize=11, **PLAIN)
    return figure


def _checked(series: ArrayLike) -> Array:
    series = checks.numeric_array("series", series)
    if series.ndim != 3 or series.size == 0:
        raise ValueError(
            "Series must have the shape (N, T, C), with N of at least 1. "
            f"Received: shape={series.shape}. Add a channel to series without one with "
            "series[..., None]."
        )
    return series


def _draw(charts: Any, series: Any) -> None:
    """Draws a series into each chart; the remaining charts stay empty."""
    from matplotlib import colormaps

    channels = series.shape[-1]
    many = colormaps["viridis"](np.linspace(0, 0.9, channels))
    colors = many if channels > _MOST_NAMED else [f"C{number}" for number in range(channels)]
    marker = "o" if series.shape[1] == 1 else None
    for index, chart in enumerate(charts):
        chart.set_axis_off() if index >= len(series) else chart.grid(alpha=0.3)
        chart.tick_params(labelsize=7)
        for channel in range(channels if index < len(series) else 0):
            line = series[index, :, channel]
            chart.plot(line, color=colors[channel], linewidth=1, marker=marker)
    chart.margins(x=0.02)


def _add_legend(figure: Any, chart: Any, channels: int) -> None:
    """Adds a legend of the channels if there are several, but not too many."""
    if 1 < channels <= _MOST_NAMED:
        names = [f"channel {number}" for number in range(channels)]
        figure.legend(chart.lines, names, loc="outside lower center", ncols=4, fontsize=8)
