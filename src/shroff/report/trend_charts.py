"""Time series: a line with its band, hollow where unfinished, changes as dotted rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shroff.domain.messages import Language
from shroff.report.chart_parts import (
    AXIS_FORMAT,
    BLUE,
    GREY,
    MUTED,
    Spec,
    floor,
    goal_layers,
    placed,
)
from shroff.report.chart_tables import events_drawn
from shroff.report.document import Event, TrendChart, TrendPoint

__all__ = ["trend"]

_CLOSEST = 18
_FEW = 40
_AT: Spec = {"field": "at"}
_DAY_FORMAT = {Language.EN: "%-d %b", Language.ZH: "%-m月%-d日"}


def trend(chart: TrendChart, *, language: Language, width: int) -> Spec:
    """Draw a figure over time, as the part of a specification that is its own."""
    values = [_trend_value(point, language=language) for point in chart.points]
    values += [{**_trend_value(p, language=language), "how": "ahead"} for p in chart.ahead]
    shown = (*chart.points, *chart.ahead)
    x, y = _day_axis(shown, language=language), _height_axis(chart)
    layers = [
        *goal_layers(chart.goal, channel="y", language=language),
        *_event_layers(chart),
        *([_ahead_band(), _ahead_line()] if chart.ahead else []),
        _band_layer(),
        _line_layer(),
        _bar_layer(),
        _point_layer(len(chart.points)),
    ]
    return {
        "width": width,
        "height": 190,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 40, "top": 18, "bottom": 4},
        "data": {"values": values},
        "layer": [placed(layer, x=x, y=y) for layer in layers],
    }


def _trend_value(point: TrendPoint, *, language: Language) -> Spec:
    estimate = point.figure.estimate
    return {
        "at": point.at.isoformat(),
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "said": f"{point.at}: {point.figure.text(language)}",
        "how": "open" if not point.complete else "full",
    }


def _height_axis(chart: TrendChart) -> Spec:
    figures = [point.figure for point in (*chart.points, *chart.ahead)]
    return {
        "type": "quantitative",
        "axis": {"format": AXIS_FORMAT[chart.form], "tickCount": 4},
        "title": None,
        "scale": {"zero": False, "nice": True, "domainMin": floor(figures)},
    }


def _day_axis(points: Sequence[TrendPoint], *, language: Language) -> Spec:
    days = [point.at for point in points]
    step = max(1, -(-len(days) // 5))
    shown = days[::-1][::step][::-1]
    return {
        "type": "temporal",
        "scale": {"type": "utc", "padding": 8},
        "title": None,
        "axis": {
            "format": _DAY_FORMAT[language],
            "values": [_utc(day) for day in shown],
            "grid": False,
            "labelOverlap": True,
            "labelFlush": False,
        },
    }


def _utc(day: date) -> Spec:
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}


def _band_layer() -> Spec:
    return {
        "transform": [{"filter": "datum.value != null && datum.how == 'full'"}],
        "mark": {"type": "area", "color": BLUE, "opacity": 0.14},
        "encoding": {"x": _AT, "y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _line_layer() -> Spec:
    return {
        "transform": [{"filter": "datum.value != null && datum.how == 'full'"}],
        "mark": {"type": "line", "color": BLUE, "strokeWidth": 2},
        "encoding": {"x": _AT, "y": {"field": "value"}},
    }


def _bar_layer() -> Spec:
    """Draw an error bar where no band is: incomplete periods, and bounds."""
    return {
        "transform": [
            {"filter": "datum.low != null && (datum.value == null || datum.how == 'open')"}
        ],
        "mark": {"type": "rule", "color": BLUE, "opacity": 0.55, "strokeWidth": 2},
        "encoding": {"x": _AT, "y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _ahead_band() -> Spec:
    return {
        "transform": [{"filter": "datum.how == 'ahead'"}],
        "mark": {"type": "area", "color": GREY, "opacity": 0.2},
        "encoding": {"x": _AT, "y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _ahead_line() -> Spec:
    return {
        "transform": [{"filter": "datum.how == 'ahead'"}],
        "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.5, "strokeDash": [4, 3]},
        "encoding": {"x": _AT, "y": {"field": "value"}},
    }


def _point_layer(points: int) -> Spec:
    size = 34 if points <= _FEW else 12
    return {
        "transform": [{"filter": "datum.value != null && datum.how != 'ahead'"}],
        "mark": {"type": "point", "filled": True, "size": size, "strokeWidth": 1.6, "opacity": 1},
        "encoding": {
            "x": _AT,
            "y": {"field": "value"},
            "stroke": {"value": BLUE},
            "fill": {
                "condition": {"test": "datum.how == 'full'", "value": BLUE},
                "value": "white",
            },
            "description": {"field": "said"},
        },
    }


def _event_layers(chart: TrendChart) -> list[Spec]:
    """Draw numbered rules; the legend under the chart says what each number was."""
    drawn = events_drawn(chart)
    values = [{"at": event.at.isoformat()} for _, event in drawn]
    labels = [
        {
            "at": group[0][1].at.isoformat(),
            "number": ", ".join(str(number) for number, _ in group),
        }
        for group in _neighbours(drawn, chart=chart)
    ]
    if not values:
        return []
    rule: Spec = {
        "data": {"values": values},
        "mark": {"type": "rule", "color": GREY, "strokeDash": [2, 3]},
        "encoding": {"x": _AT},
    }
    number: Spec = {
        "data": {"values": labels},
        "mark": {"type": "text", "dy": -10, "y": 0, "fontSize": 11, "color": MUTED},
        "encoding": {"x": _AT, "text": {"field": "number"}},
    }
    return [rule, number]


def _neighbours(
    drawn: Sequence[tuple[int, Event]], *, chart: TrendChart
) -> list[list[tuple[int, Event]]]:
    """Put events together that stand too close for two numbers."""
    days = (chart.points[-1].at - chart.points[0].at).days if chart.points else 0
    groups: list[list[tuple[int, Event]]] = []
    for pair in drawn:
        if groups and (pair[1].at - groups[-1][-1][1].at).days * _CLOSEST < days:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return groups
