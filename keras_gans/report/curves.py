"""The curves of `TrainingReport`: a history in, a chart of plotly out."""

import html
import math

_GREY = "#888"  # readable on white and on black
_FAINT = "rgba(136,136,136,0.3)"
_PANEL = 230  # pixels


def curves_of(history: dict[str, list[float | None]]) -> str:
    """A chart of all logs as HTML: losses together, scores together, each other number alone.

    Args:
        history: Dict of lists of floats, or None where a number is missing; one an epoch.
    """
    import plotly.graph_objects as plotly
    from plotly.subplots import make_subplots

    panels = _panels(history)
    if not panels:
        return ""
    figure = make_subplots(
        rows=len(panels),
        shared_xaxes=True,
        subplot_titles=[
            _escaped(title) if len(names) == 1 else "" for title, names in panels.items()
        ],
        vertical_spacing=0.3 / len(panels),
    )
    epochs = max(map(len, history.values()))
    mode = "lines+markers" if epochs < 3 else "lines"
    for row, names in enumerate(panels.values(), 1):
        legend = f"legend{row}"  # one for each panel of several lines, in place of a title
        for name in names:
            line = {"x": list(range(1, epochs + 1)), "y": history[name], "name": _escaped(name)}
            shown = {"mode": mode, "legend": legend, "showlegend": len(names) > 1}
            figure.add_trace(plotly.Scatter(**line, **shown), row=row, col=1)
        top = figure.get_subplot(row, 1).yaxis.domain[1]
        above = {"x": 0, "y": top, "yanchor": "bottom", "orientation": "h"}
        figure.update_layout({legend: above})
    return _styled(figure, len(panels), epochs)


def _escaped(name):
    """A name in the subset of HTML that plotly reads, where quotation marks need no escape."""
    return html.escape(name, quote=False)


def _panels(history):
    """Names of logs by panel, in the order of the logs; those without a number are left out."""
    panels: dict[str, list[str]] = {}
    for name, values in history.items():
        if any(value is not None for value in values):
            panels.setdefault(_title(name), []).append(name)
    return panels


def _title(name):
    name = name.removeprefix("val_")
    for ending, title in (("_loss", "losses"), ("_score", "scores"), ("_accuracy", "accuracies")):
        if name.endswith(ending):
            return title
    return "gradient norms" if name.endswith("_gradient_norm") else name


def _styled(figure, panels, epochs):
    """The chart as HTML, readable on white and on black."""
    figure.update_layout(
        height=_PANEL * panels + 80,
        hovermode="x unified",
        hoverlabel={"namelength": -1},  # whole names
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": _GREY},
        margin={"l": 45, "r": 10, "t": 50, "b": 10},
    )
    figure.update_xaxes(gridcolor=_FAINT, dtick=math.ceil(epochs / 10), showticklabels=True)
    figure.update_xaxes(title_text="epoch", row=panels)
    figure.update_yaxes(gridcolor=_FAINT, zerolinecolor=_FAINT)
    figure.update_annotations(x=0, xanchor="left")  # the panels' titles
    return figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id="curves",
        config={"responsive": True, "displaylogo": False},
    )
