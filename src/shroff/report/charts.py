"""Vega-Lite specifications of our charts: every figure drawn with its interval."""

from __future__ import annotations

from shroff.domain.messages import Language
from shroff.report.chart_parts import INK, MUTED, RULE, Spec
from shroff.report.document import DotChart, TrendChart
from shroff.report.dot_charts import dots
from shroff.report.line_charts import LineChart, lines
from shroff.report.trend_charts import trend

__all__ = ["FONT", "specification"]

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Noto Sans SC', sans-serif"
)
"""Fonts in order of preference; the reader's browser draws the text of an SVG."""

_SIZE = 12


def specification(
    chart: TrendChart | DotChart | LineChart,
    *,
    language: Language = Language.EN,
    width: int = 440,
) -> Spec:
    """Draw a chart as a Vega-Lite specification.

    Parameters
    ----------
    chart : TrendChart, DotChart or LineChart
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
    body = _body(chart, language=language, width=width)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": chart.title.text(language),
        "background": "transparent",
        "config": _config(),
        **body,
    }


def _body(chart: TrendChart | DotChart | LineChart, *, language: Language, width: int) -> Spec:
    if isinstance(chart, TrendChart):
        return trend(chart, language=language, width=width)
    if isinstance(chart, LineChart):
        return lines(chart, language=language, width=width)
    return dots(chart, language=language, width=width)


def _config() -> Spec:
    axis = {
        "labelFontSize": _SIZE,
        "titleFontSize": _SIZE,
        "labelColor": MUTED,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "gridColor": RULE,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
    }
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"fontSize": _SIZE, "color": INK},
    }
