"""What all charts share: colours, axis formats, goals, placing layers on axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from shroff.domain.messages import Language, say
from shroff.report.figures import Figure, Form

__all__ = [
    "AXIS_FORMAT",
    "BLUE",
    "GREY",
    "INK",
    "MUTED",
    "RULE",
    "Spec",
    "floor",
    "goal_layers",
    "placed",
]

Spec = dict[str, object]

INK, MUTED, RULE = "#1f2933", "#5f6c7b", "#e4e8ed"
BLUE, GREY = "#1f5f99", "#8a94a1"
_AMBER = "#b45309"
AXIS_FORMAT = {
    Form.SHARE: "~%",
    Form.POINTS: "+~%",
    Form.COUNT: ",.0f",
    Form.NUMBER: "~g",
    Form.HOURS: "~g",
    Form.MINUTES: "~g",
}


def placed(layer: Spec, *, x: Spec, y: Spec) -> Spec:
    """Give a layer's positions the axes of its chart."""
    encoding = cast("dict[str, Spec]", layer["encoding"])
    axes = {"x": x, "y": y}
    placed = {
        channel: {**axes[channel], **spec} if channel in axes and "field" in spec else spec
        for channel, spec in encoding.items()
    }
    return {**layer, "encoding": placed}


def floor(figures: Sequence[Figure]) -> float:
    """Start the axis at zero where the figures are near it, else a little under them."""
    lows = [low for figure in figures if (low := figure.estimate.low) is not None]
    highs = [high for figure in figures if (high := figure.estimate.high) is not None]
    if not lows or min(lows) < 0.5 * max(highs):
        return min([0.0, *lows])
    return max(0.0, min(lows) - 0.25 * (max(highs) - min(lows)))


def goal_layers(goal: float | None, *, channel: str, language: Language) -> list[Spec]:
    """Draw a goal as a dashed line with its name, across the channel it is on; none without one."""
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
