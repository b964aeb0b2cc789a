"""The numbers of a chart as a table, for readers who cannot see it and for Markdown."""

from __future__ import annotations

from shroff.domain.messages import Message
from shroff.report.document import Align, Column, DotChart, Event, Row, Table, TrendChart
from shroff.report.line_charts import LineChart
from shroff.report.wording import Plain, Sentence

__all__ = ["chart_table", "events_drawn"]


def chart_table(chart: TrendChart | DotChart | LineChart) -> Table:
    """Give the numbers that a chart draws.

    Parameters
    ----------
    chart : TrendChart, DotChart or LineChart
        The chart.

    Returns
    -------
    Table
        One row a point.
    """
    if isinstance(chart, LineChart):
        return _lines(chart)
    if isinstance(chart, TrendChart):
        first = Message("report.chart.from_day")
        rows = tuple(
            Row(
                (
                    Plain(str(point.at)) if point.complete else _unfinished(str(point.at)),
                    point.figure,
                )
            )
            for point in (*chart.points, *chart.ahead)
        )
    else:
        first = Message("report.chart.slice")
        rows = tuple(Row((row.label, row.figure), part=row.part) for row in chart.rows)
    return Table((Column(first), Column(chart.title, Align.END)), rows)


def _lines(chart: LineChart) -> Table:
    places = [point.at for point in chart.lines[0].points]
    columns = (
        Column(chart.across),
        *(Column(line.name, Align.END) for line in chart.lines),
    )
    rows = tuple(
        Row((Plain(f"{at:.3g}"), *(line.points[place].figure for line in chart.lines)))
        for place, at in enumerate(places)
    )
    return Table(columns, rows)


def _unfinished(day: str) -> Sentence:
    return Sentence("report.chart.unfinished", {"day": day})


def events_drawn(chart: TrendChart) -> tuple[tuple[int, Event], ...]:
    """List the events that fall inside a chart, numbered as they are drawn.

    Parameters
    ----------
    chart : TrendChart
        The chart.

    Returns
    -------
    tuple of (int, Event)
        Number on the chart and event.
    """
    if not chart.points:
        return ()
    inside = [event for event in chart.events if event.at >= chart.points[0].at]
    return tuple(enumerate(sorted(inside, key=lambda event: event.at), 1))
