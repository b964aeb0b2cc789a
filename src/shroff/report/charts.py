"""Vega-Lite specifications of our charts: every figure drawn with its interval."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import cast

from shroff.domain.messages import Language, say
from shroff.report.chart_tables import events_drawn
from shroff.report.document import DotChart, DotRow, Event, TrendChart, TrendPoint
from shroff.report.figures import Figure, Form
from shroff.stats.estimate import Status

__all__ = ["FONT", "Spec", "specification"]

Spec = dict[str, object]

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Noto Sans SC', sans-serif"
)
"""Fonts in order of preference; the reader's browser draws the text of an SVG."""

_INK, _MUTED, _RULE = "#1f2933", "#5f6c7b", "#e4e8ed"
_BLUE, _AMBER, _GREY = "#1f5f99", "#b45309", "#8a94a1"
_SIZE = 12
_ROW_HEIGHT = 26
_CLOSEST = 18
_AT: Spec = {"field": "at"}
_AXIS_FORMAT = {
    Form.SHARE: "~%",
    Form.POINTS: "+~%",
    Form.COUNT: ",.0f",
    Form.NUMBER: "~g",
    Form.HOURS: "~g",
    Form.MINUTES: "~g",
}
_DAY_FORMAT = {Language.EN: "%-d %b", Language.ZH: "%-m月%-d日"}


def specification(
    chart: TrendChart | DotChart, *, language: Language = Language.EN, width: int = 440
) -> Spec:
    """Draw a chart as a Vega-Lite specification.

    Parameters
    ----------
    chart : TrendChart or DotChart
        What to draw.
    language : Language
        Language of titles and dates.
    width : int
        Width of the whole picture, in pixels.

    Returns
    -------
    dict
        A Vega-Lite 6 specification, data included.
    """
    body = (
        _trend(chart, language=language, width=width)
        if isinstance(chart, TrendChart)
        else _dots(chart, language=language, width=width)
    )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": chart.title.text(language),
        "background": "transparent",
        "config": _config(),
        **body,
    }


def _config() -> Spec:
    axis = {
        "labelFontSize": _SIZE,
        "titleFontSize": _SIZE,
        "labelColor": _MUTED,
        "titleColor": _MUTED,
        "titleFontWeight": "normal",
        "gridColor": _RULE,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
    }
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"fontSize": _SIZE, "color": _INK},
    }


# --- time series


def _trend(chart: TrendChart, *, language: Language, width: int) -> Spec:
    values = [_trend_value(point, language=language) for point in chart.points]
    x, y = _day_axis(chart.points, language=language), _height_axis(chart)
    layers = [
        *_goal_layers(chart.goal, channel="y", language=language),
        *_event_layers(chart),
        _band_layer(),
        _line_layer(),
        _bar_layer(),
        _point_layer(),
    ]
    return {
        "width": width,
        "height": 190,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 40, "top": 18, "bottom": 4},
        "data": {"values": values},
        "layer": [_placed(layer, x=x, y=y) for layer in layers],
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
    figures = [point.figure for point in chart.points]
    return {
        "type": "quantitative",
        "axis": {"format": _AXIS_FORMAT[chart.form], "tickCount": 4},
        "title": None,
        "scale": {"zero": False, "nice": True, "domainMin": _floor(figures)},
    }


def _placed(layer: Spec, *, x: Spec, y: Spec) -> Spec:
    """Give a layer's positions the axes of its chart."""
    encoding = cast("dict[str, Spec]", layer["encoding"])
    axes = {"x": x, "y": y}
    placed = {
        channel: {**axes[channel], **spec} if channel in axes and "field" in spec else spec
        for channel, spec in encoding.items()
    }
    return {**layer, "encoding": placed}


def _floor(figures: Sequence[Figure]) -> float:
    """Start the axis at zero where the figures are near it, else a little under them."""
    lows = [low for figure in figures if (low := figure.estimate.low) is not None]
    highs = [high for figure in figures if (high := figure.estimate.high) is not None]
    if not lows or min(lows) < 0.5 * max(highs):
        return min([0.0, *lows])
    return max(0.0, min(lows) - 0.25 * (max(highs) - min(lows)))


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
        "mark": {"type": "area", "color": _BLUE, "opacity": 0.14},
        "encoding": {"x": _AT, "y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _line_layer() -> Spec:
    return {
        "transform": [{"filter": "datum.value != null && datum.how == 'full'"}],
        "mark": {"type": "line", "color": _BLUE, "strokeWidth": 2},
        "encoding": {"x": _AT, "y": {"field": "value"}},
    }


def _bar_layer() -> Spec:
    """Draw an error bar where no band is: incomplete periods, and bounds."""
    return {
        "transform": [
            {"filter": "datum.low != null && (datum.value == null || datum.how != 'full')"}
        ],
        "mark": {"type": "rule", "color": _BLUE, "opacity": 0.55, "strokeWidth": 2},
        "encoding": {"x": _AT, "y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _point_layer() -> Spec:
    return {
        "transform": [{"filter": "datum.value != null"}],
        "mark": {"type": "point", "filled": True, "size": 34, "strokeWidth": 1.6, "opacity": 1},
        "encoding": {
            "x": _AT,
            "y": {"field": "value"},
            "stroke": {"value": _BLUE},
            "fill": {
                "condition": {"test": "datum.how == 'full'", "value": _BLUE},
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
        "mark": {"type": "rule", "color": _GREY, "strokeDash": [2, 3]},
        "encoding": {"x": _AT},
    }
    number: Spec = {
        "data": {"values": labels},
        "mark": {"type": "text", "dy": -10, "y": 0, "fontSize": 11, "color": _MUTED},
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


def _goal_layers(goal: float | None, *, channel: str, language: Language) -> list[Spec]:
    if goal is None:
        return []
    word = say("report.chart.goal", language)
    rule: Spec = {
        "data": {"values": [{"goal": goal, "word": word}]},
        "mark": {"type": "rule", "color": _AMBER, "strokeDash": [6, 4], "strokeWidth": 1.4},
        "encoding": {channel: {"field": "goal"}, "description": {"field": "word"}},
    }
    beside: Spec = {"x": "width", "align": "left", "dx": 6}
    above: Spec = {"y": 0, "align": "center", "dy": -8}
    at_edge = beside if channel == "y" else above
    name: Spec = {
        "data": {"values": [{"goal": goal, "word": word}]},
        "mark": {"type": "text", "color": _AMBER, "fontSize": 11, **at_edge},
        "encoding": {channel: {"field": "goal"}, "text": {"field": "word"}},
    }
    return [rule, name]


# --- dots under one another


def _dots(chart: DotChart, *, language: Language, width: int) -> Spec:
    figures = [row.figure for row in chart.rows]
    longest = 0.4 * width / _SIZE
    names = _distinct([_cut(row.label.text(language), ems=longest) for row in chart.rows])
    room = max((_em(name) for name in names), default=4) * _SIZE + 12
    values = [
        _dot_value(row, name=name, language=language)
        for row, name in zip(chart.rows, names, strict=True)
    ]
    x: Spec = {
        "type": "quantitative",
        "axis": {
            "format": _AXIS_FORMAT[chart.form],
            "tickCount": max(3, round(width / 130)),
            "labelFlush": False,
        },
        "title": None,
        "scale": {"zero": False, "nice": True, "domainMin": _floor(figures)},
    }
    y: Spec = {
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 0, "minExtent": room, "maxExtent": room, "labelColor": _INK},
    }
    layers = [
        *_reference_layers(chart.reference),
        *_goal_layers(chart.goal, channel="x", language=language),
        *_dot_layers(),
    ]
    return {
        "width": width,
        "height": {"step": _ROW_HEIGHT},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 16, "top": 18, "bottom": 4},
        "data": {"values": values},
        "layer": [_placed(layer, x=x, y=y) for layer in layers],
    }


def _dot_value(row: DotRow, *, name: str, language: Language) -> Spec:
    estimate = row.figure.estimate
    return {
        "name": name,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "said": f"{name}: {row.figure.text(language)}",
        "how": "proxy" if estimate.status is Status.PROXY else "full",
    }


def _dot_layers() -> list[Spec]:
    bar: Spec = {
        "transform": [{"filter": "datum.low != null"}],
        "mark": {
            "type": "rule",
            "color": _BLUE,
            "opacity": 0.5,
            "strokeWidth": 3,
            "strokeCap": "round",
        },
        "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "y": {"field": "name"}},
    }
    dot: Spec = {
        "transform": [{"filter": "datum.value != null"}],
        "mark": {"type": "point", "filled": True, "size": 62, "strokeWidth": 1.8, "opacity": 1},
        "encoding": {
            "x": {"field": "value"},
            "y": {"field": "name"},
            "stroke": {"value": _BLUE},
            "fill": {
                "condition": {"test": "datum.how == 'full'", "value": _BLUE},
                "value": "white",
            },
            "description": {"field": "said"},
        },
    }
    return [bar, dot]


def _reference_layers(reference: Figure | None) -> list[Spec]:
    if reference is None or reference.estimate.value is None:
        return []
    return [
        {
            "data": {"values": [{"all": reference.estimate.value}]},
            "mark": {"type": "rule", "color": _GREY, "strokeWidth": 1.2},
            "encoding": {"x": {"field": "all"}},
        }
    ]


def _distinct(names: Sequence[str]) -> list[str]:
    """Tell equal names apart, or Vega-Lite would draw their rows as one."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def _cut(text: str, *, ems: float) -> str:
    """Shorten a name that is too long to draw; the table beside the chart has it whole."""
    if _em(text) <= ems:
        return text
    while text and _em(text) > ems - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _em(text: str) -> float:
    """Estimate how wide a text is drawn, in font sizes; wide characters take a whole one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in {"W", "F"} else 0.56 for char in text)
