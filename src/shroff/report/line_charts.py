"""Lines over numbers from 0 to 1, such as thresholds, each with its band."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.messages import Language
from shroff.report.chart_parts import AXIS_FORMAT, BLUE, GREY, Spec, placed
from shroff.report.figures import Figure, Form
from shroff.report.wording import Sayable

__all__ = ["Line", "LineChart", "LinePoint", "lines"]

_AMBER = "#b45309"
_COLOURS = (BLUE, _AMBER)
_AT: Spec = {"field": "at"}


@dataclass(frozen=True, slots=True)
class LinePoint:
    """A figure at a place.

    Parameters
    ----------
    at : float
        The place, 0 to 1.
    figure : Figure
        The figure.
    """

    at: float
    figure: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """A named line."""

    name: Sayable
    points: tuple[LinePoint, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """One or two lines with their bands.

    Parameters
    ----------
    id : str
        Unique in the document; letters, digits and hyphens.
    title : Sayable
        What is drawn.
    across : Sayable
        What runs across.
    lines : tuple of Line
        At most two; of the same places where they are two.
    form, across_form : Form
        How the two axes are written.
    diagonal : Sayable or None
        What the line from corner to corner stands for; None to draw none.
    """

    id: str
    title: Sayable
    across: Sayable
    lines: tuple[Line, ...]
    form: Form = Form.SHARE
    across_form: Form = Form.SHARE
    diagonal: Sayable | None = None


def lines(chart: LineChart, *, language: Language, width: int) -> Spec:
    """Draw lines with their bands, as the part of a specification that is theirs."""
    values = [
        _value(point, line=number, order=order, language=language)
        for number, line in enumerate(chart.lines)
        for order, point in enumerate(line.points)
    ]
    axis: Spec = {"format": AXIS_FORMAT[chart.form], "tickCount": 5}
    scale: Spec = {"domain": [0, 1]}
    x: Spec = {
        "type": "quantitative",
        "title": chart.across.text(language),
        "scale": scale,
        "axis": {
            "format": AXIS_FORMAT[chart.across_form],
            "tickCount": 5,
            "grid": False,
            "labelFlush": False,
        },
    }
    y: Spec = {"type": "quantitative", "title": None, "scale": scale, "axis": axis}
    layers = _diagonal(chart, language=language)
    for number, line in enumerate(chart.lines):
        layers += _line_layers(number, name=line.name.text(language), alone=len(chart.lines) == 1)
    return {
        "width": width,
        "height": 230,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 46, "top": 18, "bottom": 4},
        "data": {"values": values},
        "layer": [placed(layer, x=x, y=y) for layer in layers],
    }


def _value(point: LinePoint, *, line: int, order: int, language: Language) -> Spec:
    estimate = point.figure.estimate
    return {
        "at": point.at,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "line": line,
        "order": order,
        "said": f"{point.at:.3g}: {point.figure.text(language)}",
    }


def _line_layers(number: int, *, name: str, alone: bool) -> list[Spec]:
    colour = _COLOURS[number % len(_COLOURS)]
    mine: Spec = {"filter": f"datum.value != null && datum.line == {number}"}
    order: Spec = {"field": "order", "type": "quantitative"}
    band: Spec = {
        "transform": [mine],
        "mark": {"type": "area", "color": colour, "opacity": 0.14},
        "encoding": {"x": _AT, "y": {"field": "low"}, "y2": {"field": "high"}},
    }
    line: Spec = {
        "transform": [mine],
        "mark": {
            "type": "line",
            "color": colour,
            "strokeWidth": 2,
            **({} if number == 0 else {"strokeDash": [6, 3]}),
        },
        "encoding": {"x": _AT, "y": {"field": "value"}, "order": order},
    }
    point: Spec = {
        "transform": [mine],
        "mark": {"type": "point", "filled": True, "size": 12, "color": colour, "opacity": 1},
        "encoding": {"x": _AT, "y": {"field": "value"}, "description": {"field": "said"}},
    }
    return [band, line, point] + ([] if alone else [_name(number, name=name, colour=colour)])


def _name(number: int, *, name: str, colour: str) -> Spec:
    """Write a line's name above the chart, in its colour."""
    return {
        "data": {"values": [{"name": name}]},
        "mark": {
            "type": "text",
            "color": colour,
            "fontSize": 12,
            "fontWeight": "bold",
            "align": "left",
            "x": 8 + 150 * number,
            "y": -13,
        },
        "encoding": {"text": {"field": "name"}},
    }


def _diagonal(chart: LineChart, *, language: Language) -> list[Spec]:
    if chart.diagonal is None:
        return []
    name = chart.diagonal.text(language)
    rule: Spec = {
        "data": {"values": [{"at": 0, "value": 0}, {"at": 1, "value": 1}]},
        "mark": {"type": "line", "color": GREY, "strokeDash": [2, 3], "strokeWidth": 1.2},
        "encoding": {"x": _AT, "y": {"field": "value"}},
    }
    word: Spec = {
        "data": {"values": [{"at": 0.36, "value": 0.43, "name": name}]},
        "mark": {"type": "text", "color": GREY, "fontSize": 11, "align": "right"},
        "encoding": {"x": _AT, "y": {"field": "value"}, "text": {"field": "name"}},
    }
    return [rule, word]
