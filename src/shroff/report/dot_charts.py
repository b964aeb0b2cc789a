"""Slices under one another: a dot and its interval each."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from shroff.domain.messages import Language
from shroff.report.chart_parts import (
    AXIS_FORMAT,
    BLUE,
    GREY,
    INK,
    Spec,
    floor,
    goal_layers,
    placed,
)
from shroff.report.document import DotChart, DotRow
from shroff.report.figures import Figure
from shroff.stats.estimate import Status

__all__ = ["dots"]

_SIZE = 12
_ROW_HEIGHT = 26


def dots(chart: DotChart, *, language: Language, width: int) -> Spec:
    """Draw slices under one another, as the part of a specification that is theirs."""
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
            "format": AXIS_FORMAT[chart.form],
            "tickCount": max(3, round(width / 130)),
            "labelFlush": False,
        },
        "title": None,
        "scale": {"zero": False, "nice": True, "domainMin": floor(figures)},
    }
    y: Spec = {
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 0, "minExtent": room, "maxExtent": room, "labelColor": INK},
    }
    layers = [
        *_reference_layers(chart.reference),
        *goal_layers(chart.goal, channel="x", language=language),
        *_dot_layers(),
    ]
    return {
        "width": width,
        "height": {"step": _ROW_HEIGHT},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 16, "top": 18, "bottom": 4},
        "data": {"values": values},
        "layer": [placed(layer, x=x, y=y) for layer in layers],
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
        **({"part": dict(row.part.terms)} if row.part else {}),
    }


def _dot_layers() -> list[Spec]:
    bar: Spec = {
        "transform": [{"filter": "datum.low != null"}],
        "mark": {
            "type": "rule",
            "color": BLUE,
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
            "stroke": {"value": BLUE},
            "fill": {
                "condition": {"test": "datum.how == 'full'", "value": BLUE},
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
            "mark": {"type": "rule", "color": GREY, "strokeWidth": 1.2},
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
    return f"{text.rstrip(' …')}…"


def _em(text: str) -> float:
    """Estimate how wide a text is drawn, in font sizes; wide characters take a whole one."""
    return sum(1.1 if unicodedata.east_asian_width(char) in {"W", "F"} else 0.61 for char in text)
