"""A scorecard as a small HTML table, for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from shroff.domain.messages import count, number, percent
from shroff.domain.metrics import Metric
from shroff.measure.blocks import Block, Figure
from shroff.measure.brief import Brief

__all__ = ["html_table", "shown"]


def shown(value: float | None, metric: Metric) -> str:
    """Write a figure's value in its metric's unit."""
    if value is None:
        return "–"
    return percent(value) if metric.unit == "share" else number(value)


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
    head = "".join(
        f"<th>{name}</th>" for name in ("metric", "slice", "value", "interval", "n", "")
    )
    title = escape(f"Scorecard, {brief.period.label()}")
    return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(figure: Figure, brief: Brief) -> str:
    metric, e = brief.metrics[figure.metric], figure.estimate
    interval = f"{shown(e.low, metric)} – {shown(e.high, metric)}" if e.low is not None else "–"
    where = ", ".join(f"{name}={value}" for name, value in figure.slice.terms)
    cells = (metric.name_en, where, shown(e.value, metric), interval, count(e.n), str(e.status))
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
