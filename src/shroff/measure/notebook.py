"""A scorecard as a small HTML table, for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from shroff.domain.messages import count, number, percent
from shroff.domain.metrics import Metric
from shroff.measure.blocks import Block, Figure
from shroff.measure.brief import Brief

__all__ = ["html_table", "shown"]


_SIGNS = {"hours": " h", "minutes": " min"}
_HEAD = ("metric", "slice", "value", "interval", "n", "n eff.", "deff", "what it is worth")


def shown(value: float | None, metric: Metric) -> str:
    """Write a figure's value in its metric's unit."""
    if value is None:
        return "–"
    if metric.unit == "share":
        return percent(value)
    return number(value) + _SIGNS.get(metric.unit, "")


def html_table(blocks: Sequence[Block], brief: Brief) -> str:
    """Draw the figures as an HTML table.

    Parameters
    ----------
    blocks : sequence of Block
        The figures.
    brief : Brief
        What was asked.

    Returns
    -------
    str
        HTML without style of its own.
    """
    rows = "".join(_row(figure, brief) for block in blocks for figure in block)
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    title = escape(f"Scorecard, {brief.period.label()}")
    return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(figure: Figure, brief: Brief) -> str:
    metric, e = brief.metrics[figure.metric], figure.estimate
    cells = (
        metric.name_en,
        ", ".join(f"{name}={value}" for name, value in figure.slice.terms),
        shown(e.value, metric),
        _interval(figure, metric),
        count(e.n),
        "" if e.n_effective is None else count(e.n_effective),
        "" if e.design_effect is None else number(e.design_effect),
        str(e.status),
    )
    notes = escape(" ".join(caveat.text() for caveat in e.caveats))
    return (
        f'<tr title="{notes}">' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    )


def _interval(figure: Figure, metric: Metric) -> str:
    low, high = figure.estimate.low, figure.estimate.high
    if low is None or low == high:
        return ""
    return f"{shown(low, metric)} – {shown(high, metric) if high is not None else '?'}"
